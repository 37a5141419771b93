"""Passed: the sites of a run that goes on of which nothing is left to do, found by columns instead of one by one."""

from collections.abc import Mapping

import polars as pl

from migrate.pipeline.ledger import Ledger


def passed_sites(records: Mapping[str, pl.DataFrame], ledger: Ledger, *, batch_size: int) -> tuple[pl.Series, int]:
    """Return the `_n` of sites that were plainly made with all that belongs to them, and the plan's requests for these.

    One with a step after its creation, or with a record that was ever in doubt, is none of them.
    """
    nothing = pl.Series([], dtype=pl.UInt32)
    sites, devices = records.get("site"), records.get("device")
    made = [] if sites is None else ledger.plainly_made()
    if sites is None or not made:
        return nothing, 0
    is_made = pl.col("_n").is_in(pl.Series(made, dtype=pl.UInt32).implode())
    is_due = (pl.col("_planned") == "planned").fill_null(value=False)
    idle = sites.filter(pl.col("_arming").is_null(), pl.col("_activate").is_null(), ~is_due | is_made)
    of_sites = idle.select("_n", is_due.cast(pl.Int64).alias("own"))
    if devices is not None:
        due = devices.select("_site", "_n", "_planned").filter(is_due, pl.col("_site").is_not_null())
        known = due.select("_site", is_made.alias("is_made"))  # outside of the groups, each of which would look anew
        of_sites = of_sites.join(
            known.group_by("_site").agg(pl.col("is_made").all().alias("are_made"), pl.len().alias("devices")),
            left_on="_n",
            right_on="_site",
            how="left",
        ).filter(pl.col("are_made").fill_null(value=True))
        batches = (pl.col("devices").fill_null(0) / batch_size).ceil().cast(pl.Int64)
        of_sites = of_sites.with_columns(pl.col("own") + batches)
    return of_sites["_n"], int(of_sites["own"].sum())
