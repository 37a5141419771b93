"""Sources: the customer's tables as read, their rows as a person sees them, and rows that made no record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

LOOKED_UP_IN = "looked up in"
"""The column that says of which file and row the looked-up columns of a row are."""

LEFT_OUT_SCHEMA = pl.Schema({"_src": pl.UInt32(), "_row": pl.UInt32(), "why": pl.String()})


@dataclass(frozen=True, slots=True)
class Input:
    """One file given on the command line.

    `file` is the shortest path that tells the inputs apart; `rows` counts the source rows of the sheets that were used.
    """

    path: Path
    file: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet (or one text file) as it was read: all text, nothing shifted, nothing guessed.

    `frame` has `_row` (UInt32, as the spreadsheet program numbers it), then one String column per header name in sheet
    order; an empty cell is null. It holds every row under the header that is not blank. `left_out` (`_row`, `why`)
    names the rows that make no record: `blank` (not in `frame`), `total`, `repeated header` and `page number` (in it).
    `findings` is a findings frame without `_src`, `file`, `sheet`. `letters` gives each column its letters in the
    sheet; None: it was looked up in a second file and stands in no cell of this one.
    """

    path: Path
    sheet: str | None
    header_row: int
    frame: pl.DataFrame
    letters: Mapping[str, str | None]
    findings: pl.DataFrame
    left_out: pl.DataFrame
    format: str
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    hidden: bool = False
    dropped: tuple[str, ...] = field(default=())
    """Columns that look like credentials and were dropped."""
    above: tuple[int, ...] = ()
    """How many cells are filled in each row of the sheet above the header."""

    @property
    def columns(self) -> list[str]:
        """The header names, in sheet order."""
        return self.frame.columns[1:]

    def cell(self, column: str, row: int) -> str | None:
        """Return the address of a cell, None where the column was looked up."""
        letters = self.letters[column]
        return None if letters is None else f"{letters}{row}"

    def cells(self, column: str) -> pl.Expr:
        """Return the address of the column's cell in each `_row`, null where the column was looked up."""
        return pl.lit(self.letters[column], dtype=pl.String) + pl.col("_row").cast(pl.String)

    @property
    def rows(self) -> int:
        """How many source rows the table has, blank ones between its first and last row counted."""
        return self.frame.height + self.left_out.filter(pl.col("why") == "blank").height


@dataclass(frozen=True, slots=True)
class Source:
    """One table among a run's inputs; its index is `_src` in every frame.

    `looked_up`: the mapping's tables, by index, for which its rows give columns to those of another source.
    """

    file: str
    table: Table
    looked_up: tuple[int, ...] = ()
