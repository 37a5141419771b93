"""Verdicts: a record with an error is invalid, one whose site or station is not fine is blocked."""

from collections.abc import Mapping

import polars as pl

from migrate.checks.doubts import shown
from migrate.checks.links import PARENTS
from migrate.checks.rows import Rows
from migrate.model.findings import DAMAGE
from migrate.model.phrase import phrase
from migrate.model.records import RecordType

_ABOUT_A_CELL = [*DAMAGE, "not_in_map"]
"""Codes whose message speaks of a cell; away from the cell it needs the field's name."""


def judge_records(
    records: Mapping[str, pl.DataFrame], findings: pl.DataFrame, rows: Mapping[str, Rows]
) -> dict[str, pl.DataFrame]:
    """Add `_verdict`, `_code`, `_message`; kinds go from stations down, so that what is blocked blocks in turn."""
    named = pl.when(pl.col("code").is_in(_ABOUT_A_CELL)).then(phrase("{}: {}", "field", "message"))
    errors = findings.filter(pl.col("severity") == "error").with_columns(message=named.otherwise("message"))
    invalid = _invalid(errors, rows)
    judged: dict[str, pl.DataFrame] = {}
    for kind, frame in records.items():
        own = frame.join(invalid, on="_n", how="left", maintain_order="left")
        parent = PARENTS.get(kind)
        if parent is not None and parent.name in judged:
            own = _blocked(own, judged[parent.name], parent)
        judged[kind] = own
    return {kind: frame.drop("_first") for kind, frame in judged.items()}


def _invalid(errors: pl.DataFrame, rows: Mapping[str, Rows]) -> pl.DataFrame:
    """Return a line for each record with an error, of its own or of a whole row; `_first` is the first message."""
    of_rows = errors.filter(pl.col("_n").is_null()).drop("_n")
    numbered = [errors]
    for kind, of_kind in rows.items():
        mine = of_rows.filter(pl.col("record").is_null() | (pl.col("record") == kind))
        if not mine.is_empty():
            numbered.append(_of_records(mine, of_kind).select(errors.columns))
    return (
        pl.concat(numbered)
        .filter(pl.col("_n").is_not_null())
        .group_by("_n", maintain_order=True)
        .agg(
            pl.lit("invalid").alias("_verdict"),
            pl.col("code").unique(maintain_order=True).str.join(";").alias("_code"),
            pl.col("message").unique(maintain_order=True).str.join("; ").alias("_message"),
            pl.col("message").first().alias("_first"),
        )
    )


def _of_records(of_rows: pl.DataFrame, rows: Rows) -> pl.DataFrame:
    """Return the errors of whole rows as errors of their records, with the row where a record stands elsewhere."""
    places = rows.every.select("_src", "_row", "_n")
    struck = of_rows.join(places, on=["_src", "_row"], maintain_order="left").filter(pl.col("_n").is_not_null())
    firsts = places.join(struck, on="_n", how="semi", maintain_order="left").unique("_n", keep="first")
    at = struck.join(firsts.select("_n", pl.col("_row").alias("_at")), on="_n", how="left", maintain_order="left")
    with_row = (
        pl.when(pl.col("_row") == pl.col("_at")).then("message").otherwise(phrase("row {}: {}", "_row", "message"))
    )
    return at.with_columns(with_row.alias("message"))


def _blocked(frame: pl.DataFrame, parents: pl.DataFrame, kind: RecordType) -> pl.DataFrame:
    """Block the records that are fine themselves, but not what they belong to."""
    link = f"_{kind.name}"
    bad = parents.filter(pl.col("_verdict").is_not_null())
    if bad.is_empty():
        return frame
    why = phrase('{} "{}" is {}: {}', pl.lit(kind.name), shown(kind.id_field), "_verdict", "_first")
    named = bad.select(pl.col("_n").alias(link), why.alias("_why"))
    beside = frame.join(named, on=link, how="left", maintain_order="left")
    blocked = pl.col("_verdict").is_null() & pl.col("_why").is_not_null()
    said = {
        "_verdict": pl.lit("blocked"),
        "_code": pl.lit("blocked"),
        "_message": pl.col("_why"),
        "_first": pl.col("_why"),
    }
    return beside.with_columns(pl.when(blocked).then(to).otherwise(name).alias(name) for name, to in said.items()).drop(
        "_why"
    )
