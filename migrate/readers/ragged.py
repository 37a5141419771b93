"""Ragged rows of text files: longer or shorter than the header, where cells may stand under the wrong name."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from migrate.model.findings import as_findings, no_findings

_MASK = "***"


@dataclass(frozen=True, slots=True)
class Widths:
    """How many cells the rows of the table have: `header` of them in the header, `of_row` (`_row`, `width`) in each."""

    header: int
    of_row: pl.DataFrame


def widths_of(widths: pl.Series, *, first_row: int, header_index: int) -> Widths:
    """Return the widths of the rows under the header; without one, most rows have the width that it would have."""
    rows = pl.int_range(first_row, first_row + len(widths), dtype=pl.UInt32, eager=True)
    of_row = pl.DataFrame({"_row": rows, "width": widths})
    header = widths[header_index] if header_index >= 0 else widths.mode(maintain_order=True).max()
    return Widths(header=int(str(header)), of_row=of_row.slice(header_index + 1))


def long_rows(frame: pl.DataFrame, width: int) -> pl.Series:
    """Return the `_row` of rows that have something behind the last of `width` columns."""
    extra = frame.columns[1 + width :]
    if not extra:
        return frame["_row"].clear()
    return frame.filter(pl.any_horizontal(pl.col(extra).is_not_null()))["_row"]


def short_rows(frame: pl.DataFrame, widths: Widths) -> pl.Series:
    """Return the `_row` of rows with fewer cells than the header, unless half of the rows are so.

    Exporters leave out empty cells at the end of a row; where most rows are full, it is a broken line more often.
    """
    short = widths.of_row.filter(pl.col("width") < widths.header)["_row"]
    if short.is_empty():
        return short
    rows = frame.filter(pl.col("_row").is_in(short.implode()))["_row"]
    return rows if rows.len() * 2 < frame.height else rows.clear()


def ragged_findings(long: pl.Series, short: pl.Series) -> pl.DataFrame:
    """Return what is to be told about long and short rows."""
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
