"""Whole records: those that needed a look and those that did not in one frame a kind, numbered as one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from migrate.app.parts import Part
from migrate.app.spool import Spool
from migrate.checks.links import PARENTS, link
from migrate.checks.validate import Validated
from migrate.model.lean import lean
from migrate.model.records import MERGED, RECORDS

_LINKS = frozenset(f"_{parent.name}" for parent in PARENTS.values())
_PLACE = pl.col("_src").cast(pl.UInt64) * 2**32 + pl.col("_row")


def whole_records(
    validated: Validated,
    parts: Sequence[Part],
    looked_at: Sequence[pl.Series],
    *,
    spool: Spool,
    rows: Mapping[str, pl.DataFrame],
) -> Validated:
    """Return what is valid without a look beside what was validated, as if all had been validated together.

    `rows` (`id`, `rows`) tells for each merged kind how many rows its records are made of. `parts` of what is returned
    are those of the rows that had a look.
    """
    records = {
        kind: _counted(frame, kind, rows[kind]) if kind in MERGED else _filled(frame, kind, parts, looked_at, spool)
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


def _counted(frame: pl.DataFrame, kind: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Return merged records with the number of all rows that each is made of."""
    all_rows = rows.rename({"id": RECORDS[kind].id_field, "rows": "_all"})
    counted = frame.join(all_rows, on=RECORDS[kind].id_field, how="left", maintain_order="left")
    return counted.with_columns(pl.coalesce("_all", "_rows").alias("_rows")).drop("_all")


def _filled(
    frame: pl.DataFrame, kind: str, parts: Sequence[Part], looked_at: Sequence[pl.Series], spool: Spool
) -> pl.DataFrame:
    """Return records that are never merged with those that needed no look, in source order.

    Column by column, so that no more than one is there twice.
    """
    pieces = list(_pieces(frame, kind, parts, looked_at, spool))

    def column(name: str, dtype: pl.DataType) -> pl.Series:
        made = [frame[name].clear(), *(_column(piece, name, dtype, spool) for piece in pieces)]
        return pl.concat(made, rechunk=True)

    return lean(column(name, dtype) for name, dtype in frame.schema.items())


@dataclass(frozen=True, slots=True)
class _Piece:
    """The records of a part: those that had a `look`, those in the spool that are `fine`, and the `order` of both."""

    src: int
    look: pl.DataFrame
    number: int
    fine: pl.Series
    order: pl.Series


def _pieces(
    frame: pl.DataFrame, kind: str, parts: Sequence[Part], looked_at: Sequence[pl.Series], spool: Spool
) -> Iterator[_Piece]:
    places, told = frame.select(_PLACE).to_series(), 0
    for part, rows in zip(parts, looked_at, strict=True):
        if kind not in part.clean:
            continue
        at = spool.take(part.clean[kind], columns=["_row"])["_row"]
        fine = (~at.is_in(rows.implode())).arg_true()
        end = int(places.search_sorted(part.src * 2**32 + part.last, side="right"))
        look = frame[told:end]
        order = (
            pl.concat([look["_row"], at.gather(fine)])
            .to_frame("at")
            .with_row_index("by")
            .sort("at", maintain_order=True)
        )
        yield _Piece(part.src, look, part.clean[kind], fine, order["by"])
        told = end


def _column(piece: _Piece, name: str, dtype: pl.DataType, spool: Spool) -> pl.Series:
    given = {"_src": piece.src, "_rows": 1, "_n": None, "_verdict": None, "_code": None, "_message": None}
    if name in given or name in _LINKS:
        fine = pl.Series(name, [given.get(name)], dtype=dtype).new_from_index(0, piece.fine.len())
    else:
        fine = spool.take(piece.number, columns=[name])[name].gather(piece.fine)
    return pl.concat([piece.look[name], fine]).gather(piece.order)


def _renumbered(frame: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    joined = frame.join(known, on="_n", how="left", maintain_order="left")
    return joined.with_columns(pl.col("_new").alias("_n")).drop("_new")
