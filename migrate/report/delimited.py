"""Delimited: a frame to CSV, every field quoted, none of them a formula; whole columns, no row at a time."""

from typing import BinaryIO

import polars as pl
import polars.selectors as cs

from migrate.report.neutral import may_be_formula, neutral, neutral_column


def write_csv(handle: BinaryIO, frame: pl.DataFrame, *, has_header: bool = True) -> None:
    """Write `frame` to `handle` as UTF-8, text columns neutralised, an empty value as an empty text."""
    doubtful = [column.name for column in frame.select(may_be_formula(cs.string()).any()) if column.item()]
    safe = frame.with_columns(neutral_column(cs.by_name(name)) for name in doubtful)
    safe.rename(neutral).write_csv(handle, quote_style="always", include_header=has_header)
