"""Cells: what the parts of a workbook say about its sheets' cells, before they are shown."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from migrate.readers.grid import GRID_NOTES
from migrate.readers.layout import MERGED
from migrate.readers.limits import MAX_FORMAT_CODE, MAX_WALKED_CELLS, Unreadable
from migrate.readers.numberformat import NumberFormat

CELLS = pl.Schema(
    {"row": pl.UInt32(), "col": pl.UInt32(), "text": pl.String(), "number": pl.Float64(), "format": pl.UInt32()}
)
"""A cell (`row` from 1, `col` from 0): the text that it shows, or the number to show by a format, or both.

`format` is an index into the formats. A cell with neither takes its text from the frame that it is laid over.
"""

PLACES = pl.Schema({"row": pl.UInt32(), "col": pl.UInt32()})

GENERAL = 0
"""The index of the General format, which every list of formats begins with."""

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""The error values of the binary formats."""
UNKNOWN_ERROR = "#UNKNOWN!"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet before its cells are shown: what calamine read of it, if it did, and the cells to lay over that."""

    name: str
    cells: pl.DataFrame
    formats: tuple[NumberFormat, ...]
    frame: pl.DataFrame = field(default_factory=pl.DataFrame)
    unsaved: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PLACES))
    """Where formulas without a saved value are."""
    new_each_time: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PLACES))
    """Where formulas are whose value is a new one whenever the workbook is opened."""
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    merged: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MERGED))
    date1904: bool = False
    notes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=GRID_NOTES))
    """What is to be told beyond what the cells tell."""


class CellList:
    """Cells collected one by one, by the readers that walk through a sheet."""

    def __init__(self) -> None:
        self._cells: list[tuple[int, int, str | None, float | None, int]] = []

    def __len__(self) -> int:
        return len(self._cells)

    def add(self, row: int, col: int, value: str | float | None, *, format_: int, shown: str | None = None) -> None:
        """Add a cell, if it is not empty; `shown` is the text that a number is known to show."""
        if value is None or value == "":
            return
        if isinstance(value, str):
            self._cells.append((row, col, value, None, format_))
        else:
            self._cells.append((row, col, shown, value, format_))
        if len(self._cells) > MAX_WALKED_CELLS:
            raise Unreadable(f"has a sheet of more than {MAX_WALKED_CELLS:,} cells; split it, or save the file as XLSX")

    @property
    def rows(self) -> int:
        """The last row with a cell."""
        return max((cell[0] for cell in self._cells), default=0)

    @property
    def columns(self) -> int:
        """How many columns there are, from A on."""
        return max((cell[1] for cell in self._cells), default=-1) + 1

    def frame(self) -> pl.DataFrame:
        """Return the cells as a CELLS frame."""
        columns = zip(*self._cells, strict=True) if self._cells else [()] * len(CELLS)
        return pl.DataFrame(dict(zip(CELLS, columns, strict=True)), schema=CELLS)


class Formats:
    """The formats of a workbook, each code once, General first."""

    def __init__(self) -> None:
        self._index = {"General": GENERAL}

    def index(self, code: str) -> int:
        """Return the index of a code, a new one if need be."""
        if len(code) > MAX_FORMAT_CODE:
            raise Unreadable(
                f"has a number format of more than {MAX_FORMAT_CODE:,} characters; save the workbook again"
            )
        return self._index.setdefault(code, len(self._index))

    def indices(self, codes: Iterable[str]) -> list[int]:
        """Return the index of each code."""
        return [self.index(code) for code in codes]

    def parsed(self) -> tuple[NumberFormat, ...]:
        """Return the formats, taken apart."""
        return tuple(NumberFormat.parse(code) for code in self._index)
