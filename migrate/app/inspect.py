"""What is in a file, as the readers see it."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from migrate.app.inputs import distinct
from migrate.errors import MappingError
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


def inspect_files(files: Iterable[Path], *, dump_to: Path | None = None) -> list[Inspected]:
    """Read files without a mapping; with `dump_to`, write each sheet's rows there as they were read.

    Raises:
        InputError: a file can't be read.
    """
    inspected = []
    for path in distinct(files):
        tables = read(path)
        inspected.append(Inspected(path, tables, dump(tables, dump_to) if dump_to is not None else ()))
    return inspected


def fitting_mapping(inspected: Sequence[Inspected]) -> str | None:
    """Return the name of the first shipped mapping that reads all of the files, None if there is none."""
    sources = [Source(item.path.name, table) for item in inspected for table in item.tables]
    for name in shipped_mappings():
        with suppress(MappingError):
            choose(sources, Mapping.load(name))
            return name
    return None
