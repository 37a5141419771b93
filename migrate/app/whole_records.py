"""Whole records: those that needed a look and those that did not in one frame a kind, numbered as one."""

from collections.abc import Sequence

import polars as pl

from migrate.app.parts import Part
from migrate.app.spool import Spool
from migrate.checks.across import Across
from migrate.checks.links import PARENTS, link
from migrate.checks.validate import Validated
from migrate.model.records import MERGED, RECORDS

_PLACE = pl.col("_src").cast(pl.UInt64) * 2**32 + pl.col("_row")


def whole_records(
    validated: Validated, parts: Sequence[Part], looked_at: Sequence[pl.Series], *, spool: Spool, across: Across
) -> Validated:
    """Return what is valid without a look beside what was validated, as if all had been validated together.

    `parts` of it are those of the rows that had a look.
    """
    records = {
        kind: _counted(frame, kind, across) if kind in MERGED else _filled(frame, kind, parts, looked_at, spool)
        for kind, frame in validated.records.items()
    }
    order = pl.concat(
        [
            frame.select(_PLACE.alias("place"), pl.lit(at, dtype=pl.UInt8).alias("kind"))
            for at, frame in enumerate(records.values())
        ]
    )
    # The sort keeps the order of equals, as where all are numbered at once (`checks.rows`).
    order = order.with_row_index("_i").sort("place", maintain_order=True).drop("place").with_row_index("_number")
    numbers = order.sort("_i").select("kind", "_number")
    pairs = [pl.DataFrame(schema={"_n": pl.UInt32, "_new": pl.UInt32})]
    for at, (kind, frame) in enumerate(records.items()):
        own = numbers.filter(pl.col("kind") == at)["_number"]
        pairs.append(frame.select("_n", own.alias("_new")).drop_nulls("_n"))
        parent = PARENTS.get(kind)
        named = frame.drop([] if parent is None else f"_{parent.name}")
        records[kind] = named.with_columns(own.alias("_n"))
    known = pl.concat(pairs)
    return Validated(
        records=link(records),
        parts=_renumbered(validated.parts, known),
        findings=_renumbered(validated.findings, known),
        normalized=validated.normalized,
    )


def _counted(frame: pl.DataFrame, kind: str, across: Across) -> pl.DataFrame:
    """Return merged records with the number of all rows that each is made of."""
    rows = across.rows_in(kind).rename({"id": RECORDS[kind].id_field, "rows": "_all"})
    counted = frame.join(rows, on=RECORDS[kind].id_field, how="left", maintain_order="left")
    return counted.with_columns(pl.coalesce("_all", "_rows").alias("_rows")).drop("_all")


def _filled(
    frame: pl.DataFrame, kind: str, parts: Sequence[Part], looked_at: Sequence[pl.Series], spool: Spool
) -> pl.DataFrame:
    """Return records that are never merged with those that needed no look, in source order."""
    places, told = frame.select(_PLACE).to_series(), 0
    whole = [frame.clear()]
    for part, rows in zip(parts, looked_at, strict=True):
        if kind not in part.clean:
            continue
        clean = spool.take(part.clean[kind]).filter(~pl.col("_row").is_in(rows.implode()))
        fine = clean.with_columns(
            pl.lit(part.src, dtype=pl.UInt32).alias("_src"), pl.lit(1, dtype=pl.UInt32).alias("_rows")
        ).select(
            pl.col(name) if name in {"_src", "_rows", *clean.columns} else pl.lit(None, dtype=dtype).alias(name)
            for name, dtype in frame.schema.items()
        )
        end = int(places.search_sorted(part.src * 2**32 + part.last, side="right"))
        whole.append(pl.concat([frame[told:end], fine]).sort("_row", maintain_order=True))
        told = end
    return pl.concat(whole, rechunk=True)


def _renumbered(frame: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    joined = frame.join(known, on="_n", how="left", maintain_order="left")
    return joined.with_columns(pl.col("_new").alias("_n")).drop("_new")
