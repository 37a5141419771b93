"""Rows: which source rows make which record, and which of them say something different."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from migrate.model.records import MERGED, RECORDS, RecordType


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one kind of record, in source order.

    `every` has a line per source row: `_n` (its record), `_src`, `_row`, `_table`, `_v`, `_late`. `different` has a
    line per row that says something new: these, `_times` (how many rows say just that), and all fields of the kind as
    mapped text; `_v` leads from a row to the one that stands for it. `_late` marks a row that gives way to all others,
    in `different` what only such rows say.
    """

    type: RecordType
    every: pl.DataFrame
    different: pl.DataFrame


def number_rows(frames: Mapping[str, pl.DataFrame], *, late: pl.DataFrame | None = None) -> dict[str, Rows]:
    """Number the records of all kinds in source order, from 0; a row without an id is a record of its own.

    `late` (`_src`, `_row`) names the rows that give way to all others.
    """
    kinds = [kind for kind in RECORDS if kind in frames]
    indexed = {kind: _index(_with_late(frames[kind], late), RECORDS[kind]) for kind in kinds}
    order = _source_order(indexed) if indexed else pl.DataFrame()
    return {
        kind: _rows(indexed[kind], RECORDS[kind], order.filter(pl.col("kind") == at).sort("_head"))
        for at, kind in enumerate(kinds)
    }


def _with_late(frame: pl.DataFrame, late: pl.DataFrame | None) -> pl.DataFrame:
    if late is None:
        return frame.with_columns(pl.lit(value=False).alias("_late"))
    marked = late.select("_src", "_row", pl.lit(value=True).alias("_late")).unique()
    joined = frame.join(marked, on=["_src", "_row"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("_late").fill_null(value=False))


def _index(frame: pl.DataFrame, kind: RecordType) -> pl.DataFrame:
    """Add `_i`, the index, `_head`, the index of the record's first row, and the fields that the mapping lacks."""
    lacking = [pl.lit(None, dtype=pl.String).alias(name) for name in kind.field_names if name not in frame.columns]
    indexed = frame.with_columns(lacking).with_row_index("_i")
    head = pl.col("_i")
    if kind.name in MERGED:
        head = pl.when(pl.col(kind.id_field).is_null()).then("_i").otherwise(pl.col("_i").first().over(kind.id_field))
    return indexed.with_columns(head.alias("_head"))


def _source_order(indexed: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    place = pl.col("_src").cast(pl.UInt64) * 2**32 + pl.col("_row")
    heads = [
        frame.filter(pl.col("_i") == pl.col("_head")).select("_head", place.alias("place"), pl.lit(at).alias("kind"))
        for at, frame in enumerate(indexed.values())
    ]
    # The sort keeps the order of equals: kinds as they were put in, and rows of one place by their table.
    return pl.concat(heads).sort("place", maintain_order=True).with_row_index("_n").select("_n", "_head", "kind")


def _rows(indexed: pl.DataFrame, kind: RecordType, order: pl.DataFrame) -> Rows:
    place = ("_n", "_src", "_row", "_table", "_v", "_late")
    if kind.name not in MERGED:
        whole = indexed.with_columns(order["_n"], pl.col("_i").alias("_v"), pl.lit(1, dtype=pl.UInt32).alias("_times"))
        return Rows(kind, whole.select(place), whole.select(*place, "_times", *kind.field_names))
    numbered = indexed.join(order.select("_n", "_head"), on="_head", how="left", maintain_order="left")
    voiced = numbered.with_columns(_voice(numbered, kind))
    times = voiced.group_by("_v").agg(pl.len().alias("_times"), pl.col("_late").all())
    different = voiced.filter(pl.col("_v") == pl.col("_i")).drop("_late").join(times, on="_v", maintain_order="left")
    return Rows(kind, voiced.select(place), different.select(*place, "_times", *kind.field_names))


def _voice(frame: pl.DataFrame, kind: RecordType) -> pl.Series:
    """Return for each row the index of the first row that says the same: most often its record's first one."""
    as_head = pl.all_horizontal(
        pl.col(name).eq_missing(pl.col(name).gather("_head")) for name in kind.field_names if name != kind.id_field
    )
    voice = frame.select("_i", "_head", *kind.field_names, as_head.alias("as_head"))
    odd = voice.filter(~pl.col("as_head"))
    own = odd.select("_i", pl.col("_i").first().over(kind.field_names).alias("_v"))
    return (
        voice.join(own, on="_i", how="left", maintain_order="left")
        .select(pl.coalesce("_v", "_head").alias("_v"))
        .to_series()
    )
