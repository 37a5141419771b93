"""Swallowed rows: a quoted cell whose lines are cut like rows, because a stray quote opened or closed it."""

import re

import polars as pl

from migrate.readers.encoding import Decoded
from migrate.readers.grid import GRID_NOTES

_WIDEST = 200
_SURE_FROM = 3
_END = r"(?:\r\n|\r|\n)"


def swallowed_notes(frame: pl.DataFrame, width: int, delimiter: str, *, first_row: int) -> pl.DataFrame:
    """Return what is to be told of records with a cell that looks as if it had swallowed others (GRID_NOTES).

    The first line of the cell ends a row of `width` cells, the last one begins one, those between are whole. Where
    rows have two cells, a text may look so by chance: there it is a warning.
    """
    rows = pl.Series("row", [], dtype=pl.UInt32)
    for index, cells in enumerate(frame.iter_columns() if 1 < width <= _WIDEST else ()):
        if index < width and cells.str.contains("[\r\n]").any():
            rows.append(cells.str.contains(_pattern(index, width, delimiter)).fill_null(value=False).arg_true())
    told = {
        "severity": "error" if width >= _SURE_FROM else "warning",
        "code": "swallowed_rows",
        "message": "a quoted cell of this row holds lines that are cut like rows, and are not read as rows",
        "hint": "look for a stray quotation mark in this row and in those lines, and take it out or double it",
    }
    found = (
        (rows.unique().sort() + first_row)
        .to_frame()
        .with_columns(pl.lit(text).alias(name) for name, text in told.items())
    )
    return found.select(
        pl.col(name).cast(dtype) if name in found.columns else pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in GRID_NOTES.items()
    )


def may_swallow(text: Decoded, quote: str, *, line_ends: int, records: int) -> bool:
    """Tell whether a cell may hold a line end: there are quotes, and more line ends than records."""
    return line_ends > records and text.source.find(quote.encode(), text.start) >= 0


def _pattern(index: int, width: int, delimiter: str) -> str:
    mark = re.escape(delimiter)
    cell = rf"[^{mark}\r\n]*"

    def line(marks: int) -> str:
        return rf"{cell}(?:{mark}{cell}){{{marks}}}"

    return f"^{line(width - 1 - index)}{_END}(?:{line(width - 1)}{_END})*{line(index)}$"
