"""Matching: which of the dealer's records a record is, by exact id, and whose id or place it nearly has."""

from collections.abc import Sequence

import polars as pl

from migrate.normalize.keys import near_key

_TIMES = "_times"


def with_remote_ids(
    frame: pl.DataFrame,
    theirs: pl.DataFrame,
    *,
    on: Sequence[str],
    remote_id: str,
    into: str = "_remote_id",
    several: str = "_several",
) -> pl.DataFrame:
    """Return `frame` with `into`, the id of the one record of `theirs` that has the same `on`.

    Where more than one has it, `into` is null and `several` lists their ids.
    """
    named = theirs.select(*on, remote_id).drop_nulls(on)
    nothing = {into: pl.lit(None, named.schema[remote_id]), several: pl.lit(None, pl.List(named.schema[remote_id]))}
    if named.is_empty():
        return frame.with_columns(**nothing)
    # lists are made of the few alone that need one: of a million records they would take as much as the records
    found = named.group_by(on).agg(pl.col(remote_id).min().alias(into), pl.len().alias(_TIMES))
    often = found.filter(pl.col(_TIMES) > 1).select(on)
    lists = named.join(often, on=on, how="semi").group_by(on).agg(pl.col(remote_id).sort().alias(several))
    alone = found.with_columns(pl.when(pl.col(_TIMES) == 1).then(into).alias(into)).drop(_TIMES)
    matched = frame.join(alone, on=on, how="left", maintain_order="left")
    if lists.is_empty():
        return matched.with_columns(nothing[several].alias(several))
    return matched.join(lists, on=on, how="left", maintain_order="left")


def unclaimed(theirs: pl.DataFrame, frame: pl.DataFrame, *, remote_id: str) -> pl.DataFrame:
    """Return those of the dealer's records that none of `frame` is."""
    return theirs.join(frame.select("_remote_id").drop_nulls(), left_on=remote_id, right_on="_remote_id", how="anti")


def near_ids(creates: pl.DataFrame, theirs: pl.DataFrame, *, on: str, within: Sequence[str] = ()) -> pl.DataFrame:
    """Return `creates` whose id `on` is one of `theirs` but for zeros, case, spaces or form, with that id in `_near`.

    Columns `within` must be equal too.
    """
    keyed = theirs.select(near_key(pl.col(on)).alias("_key"), pl.col(on).alias("_near"), *within)
    return (
        creates.with_columns(near_key(pl.col(on)).alias("_key"))
        .join(
            keyed.unique(["_key", *within], keep="first", maintain_order=True),
            on=["_key", *within],
            how="inner",
            maintain_order="left",
        )
        .drop("_key")
    )
