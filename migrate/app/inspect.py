"""What is in a file, as the readers see it, and the mapping that is suggested for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from migrate.app.inputs import distinct, short_names
from migrate.app.new_file import there_already, write_new
from migrate.app.recognize import Recognized, recognize
from migrate.errors import Defect, InputError, MappingError, UsageError
from migrate.mapping.choose import choose
from migrate.mapping.grammar import MOST_TABLES
from migrate.mapping.lookup import look_up
from migrate.mapping.mapping import Mapping
from migrate.mapping.suggest.phrases import is_secret
from migrate.mapping.suggest.suggest import Suggestion, suggest
from migrate.model.sources import Source, Table
from migrate.readers.dump import dump
from migrate.readers.read import read

_OPTION = "--write"


@dataclass(frozen=True, slots=True)
class Inspected:
    """One file's tables, and where their rows were dumped."""

    path: Path
    tables: Sequence[Table]
    dumped: Sequence[Path] = ()


@dataclass(frozen=True, slots=True)
class Inspection:
    """The files, the mapping that is suggested for them, the shipped one that they were exported for, if any.

    `refused` says which files couldn't be read, and why.
    """

    files: tuple[Inspected, ...]
    suggestion: Suggestion
    recognized: Recognized | None
    written: Path | None = None
    refused: tuple[InputError, ...] = ()


def inspect_files(files: Iterable[Path], *, dump_to: Path | None = None, write_to: Path | None = None) -> Inspection:
    """Read files without a mapping and suggest one; with `write_to`, write it there, or the shipped one that fits.

    With `dump_to`, each sheet's rows are written there as they were read. Where a file can't be read, the others are
    inspected all the same, and no mapping is written.

    Raises:
        InputError: a file is named twice.
        UsageError: the mapping can't be written there, or nothing that it could read was found in a file.
    """
    paths = distinct(files)
    if write_to is not None and (write_to.exists() or write_to.is_symlink()):
        raise there_already(write_to, option=_OPTION)
    inspected, refused = _read(paths, dump_to)
    names = dict(zip(paths, short_names(paths), strict=True))
    sources = [Source(names[item.path], table) for item in inspected for table in item.tables]
    suggestion, recognized = suggest(sources), recognize(sources)
    if write_to is not None and not refused:
        text = _shipped_text(recognized) or _suggested_text(suggestion, str(write_to))
        write_new(write_to, text.encode(), option=_OPTION)
        Mapping.load(write_to)
        return Inspection(inspected, suggestion, recognized, write_to)
    return Inspection(inspected, suggestion, recognized, refused=refused)


def told_findings(table: Table) -> pl.DataFrame:
    """Return a table's findings without the example of a column that may hold secrets."""
    secrets = [column for column in table.columns if is_secret(column)]
    has_example = (pl.col("code") == "zeros_by_format") & pl.col("column").is_in(secrets)
    bare = pl.col("message").str.replace(r"(?s), such as .*", "")
    return table.findings.with_columns(message=pl.when(has_example).then(bare).otherwise("message"))


def _read(paths: Iterable[Path], dump_to: Path | None) -> tuple[tuple[Inspected, ...], tuple[InputError, ...]]:
    """Return what was read, and what kept other files from being read."""
    inspected, refused = list[Inspected](), list[InputError]()
    for path in paths:
        try:
            tables = read(path)
        except InputError as error:
            refused.append(error)
        else:
            inspected.append(Inspected(path, tables, dump(tables, dump_to) if dump_to is not None else ()))
    return tuple(inspected), tuple(refused)


def _shipped_text(recognized: Recognized | None) -> str | None:
    """Return the shipped mapping that reads the files as they are: who knew the export has said more than it shows."""
    if recognized is None or not recognized.fits:
        return None
    return (
        f"# A copy of the shipped mapping {recognized.name}, which reads these files; change it as you like.\n#\n"
        + (Mapping.load(recognized.name).text)
    )


def _suggested_text(suggestion: Suggestion, path: str) -> str:
    """Return the suggestion as a mapping that reads the files."""
    if unread := suggestion.unread_files:
        raise UsageError(
            f"{unread[0]}: nothing in it looks like stations, sites or devices, so no mapping is written; "
            "leave the file out, or begin with the nearest shipped mapping: chekt-migrate mappings"
        )
    if len(suggestion.tables) > MOST_TABLES:
        raise UsageError(
            f"{len(suggestion.tables)} tables would be needed, and a mapping has at most {MOST_TABLES}; "
            "give fewer files at once, or put sheets with the same columns together"
        )
    text = suggestion.text()
    try:
        mapping = Mapping.parse(text, path=path)
        choose(look_up(suggestion.sources, mapping), mapping)
    except MappingError as error:
        raise Defect(f"the mapping that was suggested does not hold: {error.mistakes[0]}") from error
    return text
