"""Measure: how wide and high columns, rows and comments of a workbook have to be for their text to be read."""

from collections.abc import Mapping
from math import ceil

import polars as pl

LINE_POINTS = 15
"""How high a line of a row is."""

_WIDTHS = (8, 36)
"""The least and the most that a column is wide by its content, in characters."""

BUTTON = 4
"""How many characters a filter's button takes beside a column's name."""

_DENSE = 1.05
"""How many characters of a text stand where the format counts one, a digit of the default font."""

_LINES_MAX = 27
"""The most lines of a row: the format ends at 409 points."""

_NOTE_WIDTH = 320
_NOTE_HEIGHT_MAX = 480
_NOTE_LINE = 16
_NOTE_MARGIN = 14
_NOTE_LINE_CHARS = 48
"""How many characters stand in a line of a comment; its sizes are in pixels."""


def fitted(frame: pl.DataFrame) -> dict[str, int]:
    """Return how wide each column is by its header and its widest cell, in characters."""
    least, most = _WIDTHS
    return {
        column.name: min(max(least, len(column.name) + BUTTON, ceil(_widest(column)) + 2), most) for column in frame
    }


def lines_of(frame: pl.DataFrame, wrapped: Mapping[str, int]) -> pl.Series | None:
    """Return how many lines each row of `frame` needs; `wrapped` are the columns that break lines, with their width.

    LibreOffice doesn't measure rows on its own when it opens a workbook, as Excel does.
    """
    if not wrapped:
        return None
    needed = [
        (_width(pl.col(name)) / (width * _DENSE)).ceil() + pl.col(name).str.count_matches("\n", literal=True)
        for name, width in wrapped.items()
    ]
    return frame.select(pl.max_horizontal(1, *needed).clip(1, _LINES_MAX).cast(pl.UInt16).alias("lines")).to_series()


def note_size(text: str) -> tuple[int, int]:
    """Return how wide and high a comment has to be for `text`, in pixels."""
    lines = sum(max(1, ceil((len(line) + len(line.encode())) / 2 / _NOTE_LINE_CHARS)) for line in text.split("\n"))
    return _NOTE_WIDTH, min(_NOTE_MARGIN + lines * _NOTE_LINE, _NOTE_HEIGHT_MAX)


def _widest(column: pl.Series) -> float:
    texts = column.cast(pl.String).to_frame("text")
    return float(texts.select(_width(pl.col("text")).max().fill_null(0)).item())


def _width(text: pl.Expr) -> pl.Expr:
    """Return how wide texts are: three bytes of UTF-8, as Korean has, are two columns."""
    return (text.str.len_chars().cast(pl.Float64) + text.str.len_bytes()) / 2
