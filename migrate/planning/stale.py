"""Staleness: whether what a plan touches at the dealer is still as it was when the plan was made."""

from collections.abc import Mapping
from hashlib import sha256

import polars as pl

from migrate.planning.dealer import Dealer

ABSENT = "absent"


def touched(dealer: Dealer, records: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Return a fingerprint of each record of the dealer that the planned `records` touch, by what people call it.

    These are the stations and sites to be sent, those that others to be sent belong to, and the device lists of
    existing sites that get devices. What is not there is `absent`.
    """
    planned = {name: frame.filter(pl.col("_planned") == "planned") for name, frame in records.items()}
    prints: dict[str, str] = {}
    for label, keys, theirs, remote_id in (
        ("station", _stations(planned), dealer.stations, "monitoring_station_id"),
        ("site", _sites(planned), dealer.sites.join(dealer.arming, on="site_id", how="left"), "site_id"),
    ):
        prints |= _prints(label, _held(keys, theirs, remote_id=remote_id), keys)
    if "device" in planned:
        keys = (
            planned["device"]
            .select(_key="external_site_id", _remote_id="_site_id")
            .drop_nulls()
            .unique("_key")
            .sort("_key")
        )
        held = keys.join(
            dealer.devices.sort("device_id"), left_on="_remote_id", right_on="site_id", maintain_order="left_right"
        )
        prints |= _prints("devices of site", held.drop("_remote_id"), keys)
    return prints


def stale(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Return a line for each touched record that is no longer as it was; none: the plan still holds."""
    lines = []
    for name, old in before.items():
        new = after.get(name, ABSENT)
        if old == new:
            continue
        if old == ABSENT:
            lines.append(f"{name}: was not there when the plan was made, and is now")
        elif new == ABSENT:
            lines.append(f"{name}: is gone since the plan was made")
        else:
            lines.append(f"{name}: has changed since the plan was made")
    return lines


def _stations(planned: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    keys = [
        planned[name].select(_key="external_monitoring_station_id", _remote_id=remote_id)
        for name, remote_id in (("station", "_remote_id"), ("site", "_station_id"))
        if name in planned
    ]
    return _keys(keys)


def _sites(planned: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    keys = [
        planned[name].select(_key="external_site_id", _remote_id=remote_id)
        for name, remote_id in (("site", "_remote_id"), ("device", "_site_id"))
        if name in planned
    ]
    return _keys(keys)


def _keys(keys: list[pl.DataFrame]) -> pl.DataFrame:
    """Return the distinct keys, sorted; a record without a name is called by its number."""
    schema = {"_key": pl.String, "_remote_id": pl.Int64}
    named = pl.concat([pl.DataFrame(schema=schema), *keys])
    return (
        named.with_columns(pl.coalesce("_key", pl.col("_remote_id").cast(pl.String)).alias("_key"))
        .drop_nulls("_key")
        .group_by("_key")
        .agg(pl.col("_remote_id").drop_nulls().first())
        .sort("_key")
    )


def _held(keys: pl.DataFrame, theirs: pl.DataFrame, *, remote_id: str) -> pl.DataFrame:
    """Return the dealer's rows that have the external id of a key, or are the record it stands for; with `_key`."""
    by_name = keys.select("_key").join(theirs, left_on="_key", right_on=f"external_{remote_id}", how="inner")
    by_number = keys.join(theirs, left_on="_remote_id", right_on=remote_id, how="inner")
    pairs = pl.concat(
        [by_name.select("_key", remote_id), by_number.select("_key", pl.col("_remote_id").alias(remote_id))]
    )
    return pairs.unique().sort("_key", remote_id).join(theirs, on=remote_id, maintain_order="left")


def _prints(label: str, held: pl.DataFrame, keys: pl.DataFrame) -> dict[str, str]:
    rows = held.select("_key", _row=pl.struct(pl.exclude("_key")).struct.json_encode())
    texts = dict(rows.group_by("_key").agg(pl.col("_row").str.join("\n")).iter_rows())
    return {
        f"{label} {key}": sha256(texts[key].encode()).hexdigest()[:16] if key in texts else ABSENT
        for key in keys["_key"]
    }
