"""What is in a file, as the readers see it."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from migrate.app.inputs import distinct
from migrate.errors import InputError, MappingError
from migrate.mapping.choose import choose
from migrate.mapping.mapping import Mapping
from migrate.model.sources import Source, Table
from migrate.readers.dump import dump
from migrate.readers.read import read
from migrate.shipped import shipped_mappings


@dataclass(frozen=True, slots=True)
class Inspected:
    """One file's tables, and where their rows were dumped."""

    path: Path
    tables: Sequence[Table]
    dumped: Sequence[Path] = ()


def inspect_files(files: Iterable[Path], *, dump_to: Path | None = None) -> tuple[list[Inspected], list[InputError]]:
    """Read files without a mapping, and tell of those that can't be read why.

    With `dump_to`, each sheet's rows are written there as they were read.

    Raises:
        InputError: a file is named twice.
    """
    inspected, refused = list[Inspected](), list[InputError]()
    for path in distinct(files):
        try:
            tables = read(path)
        except InputError as error:
            refused.append(error)
        else:
            inspected.append(Inspected(path, tables, dump(tables, dump_to) if dump_to is not None else ()))
    return inspected, refused


def fitting_mapping(inspected: Sequence[Inspected]) -> str | None:
    """Return the name of the first shipped mapping that reads all of the files, None if there is none."""
    sources = [Source(item.path.name, table) for item in inspected for table in item.tables]
    for name in shipped_mappings():
        with suppress(MappingError):
            choose(sources, Mapping.load(name))
            return name
    return None
