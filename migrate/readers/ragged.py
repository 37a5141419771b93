"""Ragged rows of text files: longer or shorter than the header, where cells may stand under the wrong name."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from migrate.model.findings import as_findings, no_findings

_MASK = "***"
_FEWEST_FULL = 2


@dataclass(frozen=True, slots=True)
class Widths:
    """How many cells the rows of the table have: `header` of them in the header, `of_row` (`_row`, `width`) in each.

    `usual` is what a row should have: more than the header where most rows do, as those that end in a delimiter.
    """

    header: int
    usual: int
    of_row: pl.DataFrame


def widths_of(widths: pl.Series, *, first_row: int, header_index: int) -> Widths:
    """Return the widths of the rows under the header; without one, most rows have the width that it would have."""
    rows = pl.int_range(first_row, first_row + len(widths), dtype=pl.UInt32, eager=True)
    of_row = pl.DataFrame({"_row": rows, "width": widths})
    header = widths[header_index] if header_index >= 0 else widths.mode(maintain_order=True).max()
    below = of_row.slice(header_index + 1)
    wider = below.filter(pl.col("width") > header)["width"]
    most = wider.mode().max() if wider.len() * 2 > below.height else header
    return Widths(header=int(str(header)), usual=int(str(most)), of_row=below)


def long_rows(frame: pl.DataFrame, width: int) -> pl.Series:
    """Return the `_row` of rows that have something behind the last of `width` columns."""
    extra = frame.columns[1 + width :]
    if not extra:
        return frame["_row"].clear()
    return frame.filter(pl.any_horizontal(pl.col(extra).str.strip_chars() != ""))["_row"]


def wide_rows(frame: pl.DataFrame, widths: Widths, long: pl.Series) -> pl.Series:
    """Return the `_row` of rows with more cells than they should have, the last ones empty.

    Exporters end each row in a delimiter; where most rows don't, a delimiter within a cell has shifted the others.
    """
    wide = _among(frame, widths.of_row.filter(pl.col("width") > widths.usual)["_row"])
    return wide.filter(~wide.is_in(long.implode()))


def short_rows(frame: pl.DataFrame, widths: Widths) -> pl.Series:
    """Return the `_row` of rows with fewer cells than they should have; of half of them, those that surely lack some.

    Exporters leave out empty cells at the end of a row; where most rows are full, it is a broken line more often, and
    where all full rows fill a column, too.
    """
    is_short = widths.of_row.filter(pl.col("width") < widths.usual)
    short = _among(frame, is_short["_row"])
    if short.len() * 2 < frame.height:
        return short
    full = frame.filter(~pl.col("_row").is_in(short.implode()))
    if full.height < _FEWEST_FULL:
        return short.clear()
    columns = full.columns[1 : widths.header + 1]
    filled = [at for at, name in enumerate(columns) if not full[name].null_count()]
    tail = max(widths.usual - (frame.width - 1), 0)
    least = max(filled, default=-1) + 1 + tail
    return _among(frame, is_short.filter(pl.col("width") < least)["_row"])


def _among(frame: pl.DataFrame, rows: pl.Series) -> pl.Series:
    return rows if rows.is_empty() else frame.filter(pl.col("_row").is_in(rows.implode()))["_row"]


def ragged_findings(long: pl.Series, wide: pl.Series, short: pl.Series) -> pl.DataFrame:
    """Return what is to be told about long, wide and short rows."""
    if not (long.len() or wide.len() or short.len()):
        return no_findings()
    return pl.concat(
        [
            no_findings(),
            _findings(
                long,
                severity="error",
                code="ragged_row",
                message="the row has more cells than the header, so cells may stand under the wrong name",
                hint="put quotation marks around the cell that holds the delimiter, or put the cells under their names",
            ),
            _findings(
                wide,
                severity="warning",
                code="wide_row",
                message="the row has more cells than the header, the last of them empty; cells may stand under the "
                "wrong name",
                hint="look whether a cell holds the delimiter; if so, put quotation marks around it",
            ),
            _findings(
                short,
                severity="warning",
                code="short_row",
                message="the row has fewer cells than the header; those at its end are taken as empty",
                hint="if a line break has split the row, put quotation marks around the cell that holds it",
            ),
        ]
    )


def mask_beside(frame: pl.DataFrame, long: pl.Series, *, dropped: Sequence[str], width: int) -> pl.DataFrame:
    """Return the frame with the cells masked that a too long row may have shifted out of a credential column."""
    columns = frame.columns[1:]
    reach = len(columns) - width
    beside = {name for credential in dropped for name in columns[columns.index(credential) :][1 : reach + 1]} - set(
        dropped
    )
    is_long = pl.col("_row").is_in(long.implode())
    return frame.with_columns(
        pl.when(is_long & pl.col(name).is_not_null()).then(pl.lit(_MASK)).otherwise(pl.col(name)).alias(name)
        for name in columns
        if name in beside and not long.is_empty()
    )


def _findings(rows: pl.Series, **constants: str) -> pl.DataFrame:
    return as_findings(pl.DataFrame({"_row": rows, "row": rows}), **constants)
