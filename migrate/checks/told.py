"""Told: what readers and the mapping found, judged by the field that it is about."""

from collections.abc import Mapping

import polars as pl

from migrate.checks.rows import Rows
from migrate.model.findings import DAMAGE
from migrate.model.records import IDENTIFYING, RecordType

_PLACE = ("_src", "_row", "_table")


def judge(found: pl.DataFrame, rows: Mapping[str, Rows]) -> pl.DataFrame:
    """Return the findings with `_n`, damage to key fields raised to an error, dates in other fields dropped.

    Dropped too is what is about a field of a row that made no such record. Where two tables make the same kind of
    record of a row, a finding that does not tell its `_table` is about both.
    """
    by_field = pl.col("record").is_not_null() & pl.col("field").is_not_null()
    whole_rows = found.filter(~by_field)
    parts = [whole_rows]
    for kind, of_kind in rows.items():
        mine = found.filter(by_field, pl.col("record") == kind).drop("_n")
        if mine.is_empty():
            continue
        on = [name for name in _PLACE if name in found.columns]
        numbered = mine.join(of_kind.every.select(*on, "_n"), on=on, maintain_order="left")
        is_key = pl.col("field").is_in(_key_fields(of_kind.type))
        raised = pl.when(is_key & pl.col("code").is_in(DAMAGE)).then(pl.lit("error")).otherwise("severity")
        kept = numbered.filter(is_key | (pl.col("code") != "date_cell"))
        parts.append(kept.with_columns(raised.alias("severity")).select(found.columns))
    return pl.concat(parts)


def _key_fields(kind: RecordType) -> frozenset[str]:
    """Return the fields of which a damaged value can't be sent: those that identify, and those that are required."""
    return IDENTIFYING.intersection(kind.field_names) | {*kind.required}
