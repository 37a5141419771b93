"""What is in a file, as the readers see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrate.app.inputs import distinct
from migrate.model.sources import Table
from migrate.readers.dump import dump
from migrate.readers.read import read


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
