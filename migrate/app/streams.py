"""Streams: the inputs of a run, opened so that their rows come part by part."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

import polars as pl

from migrate.app.inputs import raise_refused, sha256_of, short_names, still
from migrate.errors import InputError
from migrate.mapping.mapping import Mapping, takes_file
from migrate.mapping.recover import may_lose_point_zero
from migrate.mapping.select import Reading
from migrate.model.sources import Input, Table
from migrate.readers.batches import Uneven
from migrate.readers.read import read, read_in_batches

PART_ROWS = 150_000
"""How many rows of a table that was read as a whole are looked at at once."""

_OF_COLUMNS = frozenset({"merged_cells"})
"""Findings that are judged by all rows of a column."""


@dataclass(slots=True)
class Stream:
    """One input: its tables, and further rows of the last one where `is_parted`; `rows` counts what was used.

    A part has about `part_bytes`; `done_bytes` of its `size_bytes` are looked at.
    """

    path: Path
    name: str
    sha256: str
    tables: list[Table]
    more: Iterator[Table]
    is_parted: bool
    part_bytes: int
    size_bytes: int = field(init=False)
    done_bytes: float = 0.0
    rows: int = 0
    _height: int = field(init=False)

    def __post_init__(self) -> None:
        self.size_bytes = 0
        with suppress(OSError):  # one that has gone is refused when it was read
            self.size_bytes = self.path.stat().st_size
        self._height = sum(table.frame.height for table in self.tables)

    def parts(self, table: Table, readings: Sequence[Reading]) -> Iterator[Table]:
        """Yield the rows of a table in parts; all at once where what they say shows in the whole alone.

        Raises:
            Uneven: so it is, but the file was opened in parts.
        """
        if not self.is_parted:
            yield from [table] if _is_one(table, readings) else cut(table, _slices(table.frame))
            return
        for part in chain([table], self.more):
            if may_lose_point_zero(part.frame, readings):
                raise Uneven
            yield part

    def looked_at(self, part: Table) -> None:
        """Take note of a part that was looked at."""
        size = self.part_bytes if self.is_parted else self.size_bytes * part.frame.height / max(self._height, 1)
        self.done_bytes = min(self.size_bytes, self.done_bytes + size)

    def told(self) -> Input:
        """Return the input, now that all of it was read.

        Raises:
            InputError: it changed meanwhile.
        """
        sha256, self.done_bytes = still(self.path, self.sha256), self.size_bytes
        return Input(self.path, self.name, sha256, self.rows)


def open_streams(
    paths: Sequence[Path], mapping: Mapping, *, as_a_whole: Collection[Path], batch_bytes: int
) -> list[Stream]:
    """Open the files; those `as_a_whole` are read at once.

    Raises:
        InputError: files can't be read; all of them are told.
    """
    found: list[Stream] = []
    refused: list[InputError] = []
    for path, name in zip(paths, short_names(paths), strict=True):
        try:
            sha256 = sha256_of(path)
            found.append(
                _opened(path, name, mapping, sha256=sha256, as_a_whole=path in as_a_whole, batch_bytes=batch_bytes)
            )
        except InputError as error:
            refused.append(error)
    raise_refused(refused)
    return found


def is_one(table: Table, readings: Sequence[Reading]) -> bool:
    """Tell whether what the rows of a table say shows in the whole of them alone."""
    return any(reading.filled for reading in readings) or may_lose_point_zero(table.frame, readings)


def _opened(path: Path, name: str, mapping: Mapping, *, sha256: str, as_a_whole: bool, batch_bytes: int) -> Stream:
    options, sheets = mapping.read_options(path.name)
    is_filled = any(table.fill_down for table in mapping.tables if takes_file(table, path.name))
    if not as_a_whole and not is_filled:
        try:
            tables = read_in_batches(path, options=options, sheets=sheets, batch_bytes=batch_bytes)
            return Stream(path, name, sha256, [next(tables)], tables, is_parted=True, part_bytes=batch_bytes)
        except Uneven:
            pass
    whole = read(path, options=options, sheets=sheets)
    return Stream(path, name, sha256, whole, iter(()), is_parted=False, part_bytes=batch_bytes)


def _is_one(table: Table, readings: Sequence[Reading]) -> bool:
    of_columns = table.findings["code"].is_in(list(_OF_COLUMNS)).any()
    return of_columns or table.frame.height <= PART_ROWS or is_one(table, readings)


def _slices(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    for start in range(0, frame.height, PART_ROWS):
        yield frame.slice(start, PART_ROWS)


def cut(table: Table, frames: Iterable[pl.DataFrame]) -> Iterator[Table]:
    """Yield the table in parts of these rows; what is told of the whole, and blank rows in front, stand in the first.

    What is told of the table is all in `table`; its rows needn't be.
    """
    told_of, after = pl.col("_row").fill_null(0), 0
    for frame, is_last in _with_last(frames):
        last = 2**32 - 1 if is_last else int(str(frame["_row"].max() or after))
        here = told_of.is_between(after, last)
        yield replace(table, frame=frame, findings=table.findings.filter(here), left_out=table.left_out.filter(here))
        after = last + 1


def _with_last(frames: Iterable[pl.DataFrame]) -> Iterator[tuple[pl.DataFrame, bool]]:
    """Yield each frame, and whether it is the last."""
    before: pl.DataFrame | None = None
    for frame in frames:
        if before is not None:
            yield before, False
        before = frame
    if before is not None:
        yield before, True
