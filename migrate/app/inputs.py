"""The inputs of a run: which files, what they are called, what is in them."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath

from migrate.errors import InputError, UnreadableFiles
from migrate.mapping.lookup import look_up
from migrate.mapping.mapping import Mapping
from migrate.model.sources import Input, Source, Table
from migrate.readers.near_file import near_file
from migrate.readers.read import read

_CHUNK_BYTES = 1 << 20
_SURROGATES = re.compile("[\ud800-\udfff]")
"""What Python makes of bytes of a file's name that it can't decode."""


def short_names(paths: Sequence[Path]) -> list[str]:
    """Return for each path the shortest end of it that tells the inputs apart, with forward slashes."""
    parts = [path.absolute().parts for path in paths]
    names = []
    for own in parts:
        length = 1
        while length < len(own) and sum(other[-length:] == own[-length:] for other in parts) > 1:
            length += 1
        names.append(PurePath(*own[-length:]).as_posix())
    return names


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex.

    Raises:
        InputError: the file can't be read.
    """
    digest = hashlib.sha256()
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a folder; name the files in it")
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
    except FileNotFoundError as error:
        near = near_file(path) or "; check its name and folder"
        raise InputError(f"{path}: there is no such file{near}") from error
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror}); check your rights to it") from error
    return digest.hexdigest()


def distinct(paths: Iterable[str | Path]) -> list[Path]:
    """Return the paths as given, in order; one that is given twice is an error.

    Raises:
        InputError: a file is named twice, or its name is not text, so that no report could say it.
    """
    found: dict[Path, Path] = {}
    for path in map(Path, paths):
        if _SURROGATES.search(str(path.absolute())):
            raise InputError(f"{path}: its name has bytes that are no text; rename the file or its folder")
        key = path.resolve()
        if key in found:
            raise InputError(f"{path}: is given twice; name each file once")
        found[key] = path
    return list(found.values())


def read_inputs(paths: Sequence[Path], mapping: Mapping) -> tuple[tuple[Input, ...], tuple[Source, ...]]:
    """Read the files as the mapping wants them read; `Input.rows` is 0 until it is known which sheets are used.

    Raises:
        InputError: files can't be read, or changed while they were read; all of them are told.
        MappingError: the mapping looks up what it can't.
    """
    inputs: list[Input] = []
    sources: list[Source] = []
    refused: list[InputError] = []
    for path, name in zip(paths, short_names(paths), strict=True):
        try:
            sha256, tables = _read_still(path, mapping)
        except InputError as error:
            refused.append(error)
            continue
        inputs.append(Input(path, name, sha256, 0))
        sources.extend(Source(name, table) for table in tables)
    raise_refused(refused)
    return tuple(inputs), look_up(sources, mapping)


def raise_refused(refused: Sequence[InputError]) -> None:
    """Raise what kept files from being read, if anything did.

    Raises:
        InputError: what is in `refused`, as one error.
    """
    if refused:
        raise refused[0] if len(refused) == 1 else UnreadableFiles(refused)


def still(path: Path, sha256: str) -> str:
    """Return the SHA-256 of a file that was read, which is that of before.

    Raises:
        InputError: somebody changed it meanwhile.
    """
    if sha256_of(path) != sha256:
        raise InputError(f"{path}: changed while it was read; close it in other programs and start again")
    return sha256


def _read_still(path: Path, mapping: Mapping) -> tuple[str, list[Table]]:
    """Read a file that nobody changes meanwhile; return its SHA-256 too."""
    before = sha256_of(path)
    options, sheets = mapping.read_options(path.name)
    tables = read(path, options=options, sheets=sheets)
    return still(path, before), tables
