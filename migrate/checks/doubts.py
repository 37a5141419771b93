"""Doubts: findings in the making, known by record, row and field, not yet by cell."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from migrate.model.findings import Severity
from migrate.model.phrase import phrase
from migrate.model.sources import Source
from migrate.model.text import ACTING

DOUBTS_SCHEMA = pl.Schema(
    {
        "_n": pl.UInt32(),
        "_src": pl.UInt32(),
        "_row": pl.UInt32(),
        "_table": pl.UInt32(),
        "record": pl.String(),
        "field": pl.String(),
        "severity": pl.String(),
        "code": pl.String(),
        "message": pl.String(),
        "hint": pl.String(),
    }
)
_NONE = pl.DataFrame(schema=DOUBTS_SCHEMA)
_PLACE = ("_n", "_src", "_row", "_table")


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is said about a row; plain text or an expression over the row's columns."""

    severity: Severity
    code: str
    field: str | pl.Expr
    message: str | pl.Expr
    hint: str | pl.Expr


def doubts(rows: pl.DataFrame, record: str, complaint: Complaint) -> pl.DataFrame:
    """Return the doubts frame that makes the complaint about every row."""
    if rows.is_empty():
        return no_doubts()
    said = {
        "record": record,
        "field": complaint.field,
        "severity": complaint.severity,
        "code": complaint.code,
        "message": complaint.message,
        "hint": complaint.hint,
    }
    columns = (
        (pl.lit(text) if isinstance(text, str) else text).cast(pl.String).alias(name) for name, text in said.items()
    )
    return rows.select(*_PLACE, *columns)


def no_doubts() -> pl.DataFrame:
    """Return an empty doubts frame."""
    return _NONE.clone()


def repeats(rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Return the rows that repeat an earlier record's values in `by`, with that record's columns as `<name>_first`.

    Earlier means a smaller `_n`, but late records (`_late`) come after all others. No value in `by` may be null.
    """
    # Hashes first: they are quick, and where none meet, no values are equal. In order, equal ones stand side by side.
    hashes = rows.select(pl.struct(by).hash()).to_series()
    in_order = hashes.sort()
    met = in_order.filter(in_order == in_order.shift())
    repeated = rows.filter(hashes.is_in(met.implode())).sort("_late", "_n", maintain_order=True)
    firsts = repeated.unique(by, keep="first", maintain_order=True)
    return repeated.join(firsts, on=by, suffix="_first", maintain_order="left").filter(
        pl.col("_n") != pl.col("_n_first")
    )


def shown(name: str) -> pl.Expr:
    """Return the text of a column for a message: short, and with nothing in it that acts on a terminal."""
    return pl.col(name).cast(pl.String).str.slice(0, 60).str.replace_all(ACTING, "?").fill_null("")


def earlier_row(sources: Sequence[Source]) -> pl.Expr:
    """Return the words for the place of `_src_first`, `_row_first`: the row alone where it is in the same sheet."""
    names = [s.file if s.table.sheet is None else f'{s.file}, sheet "{s.table.sheet}"' for s in sources]
    source = pl.col("_src_first").replace_strict(range(len(names)), names, default="", return_dtype=pl.String)
    row = phrase("row {}", "_row_first")
    return pl.when(pl.col("_src") == pl.col("_src_first")).then(row).otherwise(phrase("{} of {}", row, source))
