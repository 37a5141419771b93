"""Grid: the cells of one sheet as text, before anyone asks which row is the header."""

from dataclasses import dataclass

import polars as pl

GRID_NOTES = pl.Schema(
    {
        "row": pl.UInt32(),
        "col": pl.UInt32(),
        "severity": pl.String(),
        "code": pl.String(),
        "value": pl.String(),
        "message": pl.String(),
        "hint": pl.String(),
    }
)
"""A place in the sheet (`row` as the spreadsheet numbers it, `col` 0 for A; null: the whole) and what is with it."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet's cells as text: row 1 of the frame is row `first_row` of the sheet.

    `frame` has String columns named "0", "1", ..., always from the sheet's column A; blank rows are in it, an empty
    cell is null. `notes` (GRID_NOTES) tells what the reader had to repair, or could not.
    """

    sheet: str | None
    frame: pl.DataFrame
    first_row: int
    notes: pl.DataFrame
    hidden: bool = False
