"""Clashes: account numbers and zones that another of the dealer's records holds, once the plan is carried out."""

from collections.abc import Callable, Sequence

import polars as pl

from migrate.planning.draft import Draft


def settle_clashes(
    draft: Draft,
    *,
    claims: pl.DataFrame,
    held: pl.DataFrame,
    on: Sequence[str],
    moved: pl.Series,
    reject: Callable[[pl.DataFrame], None],
) -> None:
    """Call `reject` with the `claims` on what another record holds, until none is left.

    `claims` are rows of the draft's frame with what they would hold (`on`), a row for each such thing. `held`
    (`_holder`, `_by`, `on`) is what the dealer's records hold now; the records numbered in `moved` give theirs up for
    their claims, unless they are rejected themselves.
    """
    while True:
        open_ = draft.open(columns=("_n",))
        live = claims.join(open_, on="_n", how="semi", maintain_order="left")
        movers = live.filter(pl.col("_n").is_in(moved.implode()))
        will_hold = pl.concat(
            [
                held.join(movers, left_on="_holder", right_on="_remote_id", how="anti"),
                movers.select(*on, _holder="_remote_id", _by=draft.record.id_field),
            ],
            how="diagonal",
        )
        hits = _clashes(live, will_hold, on=on)
        if hits.is_empty():
            return
        reject(hits)


def _clashes(claims: pl.DataFrame, held: pl.DataFrame, *, on: Sequence[str]) -> pl.DataFrame:
    """Return one line per record that claims what another holds."""
    met = claims.join(held, on=on, how="inner", maintain_order="left")
    return met.filter(pl.col("_holder").ne_missing(pl.col("_remote_id"))).unique(
        "_n", keep="first", maintain_order=True
    )
