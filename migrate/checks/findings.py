"""Findings: doubts put on every row they hold for, thinned to one cause a cell, named, located and sorted."""

from collections.abc import Mapping, Sequence

import polars as pl

from migrate.checks.doubts import DOUBTS_SCHEMA
from migrate.checks.mapped import Mapped
from migrate.checks.rows import Rows
from migrate.model.findings import FINDINGS_SCHEMA
from migrate.model.phrase import phrase
from migrate.model.records import RECORDS

_FIELDS = [f"{kind.name}.{name}" for kind in RECORDS.values() for name in kind.field_names]


def on_all_rows(doubts: pl.DataFrame, rows: Rows) -> pl.DataFrame:
    """Return doubts about the rows that say something different as doubts about all the rows that say the same."""
    if doubts.is_empty() or rows.every.height == rows.different.height:
        return doubts
    voices = rows.different.select("_src", "_row", "_table", "_v")
    voiced = doubts.drop("_n").join(voices, on=["_src", "_row", "_table"], maintain_order="left")
    # With the voice's own place dropped, each row that says the same brings in its place.
    spread = voiced.drop("_src", "_row", "_table").join(rows.every, on="_v", maintain_order="left")
    return spread.select(list(DOUBTS_SCHEMA))


def errors(findings: pl.DataFrame) -> pl.DataFrame:
    """Return those that keep a record from being sent."""
    return findings.filter(pl.col("severity") == "error")


def without(doubts: pl.DataFrame, told: pl.DataFrame, on: Sequence[str]) -> pl.DataFrame:
    """Return the doubts about what nothing was told of yet."""
    return doubts if doubts.is_empty() else doubts.join(told, on=on, how="anti", maintain_order="left")


def emptied_by_extract(missing: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Return the doubts about missing fields; to fill the cell is no advice where the pattern made it empty."""
    lost = told.filter(pl.col("code") == "extract").select("_n", "field", _hint="hint").unique(["_n", "field"])
    beside = missing.join(lost, on=["_n", "field"], how="left", maintain_order="left")
    said = phrase("{} is empty, as the pattern of extract is not found", "field")
    return beside.with_columns(
        pl.when(pl.col("_hint").is_null()).then("message").otherwise(said).alias("message"),
        pl.coalesce("_hint", "hint").alias("hint"),
    ).drop("_hint")


def whole(parts: Sequence[pl.DataFrame], records: Mapping[str, pl.DataFrame], mapped: Mapped) -> pl.DataFrame:
    """Return all findings in one frame: with the record's id, located, in the order of rows, records and fields."""
    found = _named(pl.concat(parts, how="diagonal"), records)
    kind = pl.col("record").replace_strict(list(RECORDS), range(len(RECORDS)), default=None, return_dtype=pl.Int32)
    field = phrase("{}.{}", "record", "field")
    field = field.replace_strict(_FIELDS, range(len(_FIELDS)), default=None, return_dtype=pl.Int32)
    ordered = found.sort("_src", "_row", kind, "_n", field, maintain_order=True)
    return mapped.locate(ordered.with_columns(pl.col("_row").alias("row"))).select(list(FINDINGS_SCHEMA))


def _named(found: pl.DataFrame, records: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    of_records = found.filter(pl.col("_n").is_not_null())
    ids = [
        frame.select("_n", pl.col(RECORDS[kind].id_field).alias("_id")).join(of_records, on="_n", how="semi")
        for kind, frame in records.items()
    ]
    if not ids:
        return found
    named = found.join(pl.concat(ids), on="_n", how="left", maintain_order="left")
    return named.with_columns(pl.coalesce("_id", "external_id").alias("external_id")).drop("_id")
