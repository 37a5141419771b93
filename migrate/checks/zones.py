"""Zones: each at most once in a site; and channels of bridges, as far as their models tell."""

from collections.abc import Sequence

import polars as pl

from migrate.checks.doubts import Complaint, doubts, earlier_row, repeats, shown
from migrate.model.phrase import phrase
from migrate.model.sources import Source
from migrate.normalize.macs import is_mac, is_somebodys

_CHANNELS = r"(?i)(?:ckb[ -]?3|^|[^0-9v])0?(4|8|12|16)(?:[^0-9]|$)"
_PLACE = ("_n", "_src", "_row", "_table", "_late", "external_site_id", "external_device_id")


def duplicate_zones(devices: pl.DataFrame, *, sources: Sequence[Source]) -> pl.DataFrame:
    """Return an error on each device for each of its zones that an earlier device of its site has.

    `devices` is without those that repeat an id: such a device would clash with itself, and its error is told already.
    A device that is invalid for another reason holds its zones, so that all is told at once.
    """
    listed = pl.col("additional_zone_numbers").str.split(",").alias("zone")
    own = devices.select(*_PLACE, pl.col("zone_number").alias("zone"), pl.lit("zone_number").alias("field"))
    more = devices.filter(pl.col("additional_zone_numbers").is_not_null()).select(
        *_PLACE, listed, pl.lit("additional_zone_numbers").alias("field")
    )
    held = pl.concat([own, more.explode("zone")]).filter(
        pl.col("external_site_id").is_not_null(), pl.col("zone").is_not_null()
    )
    clashes = repeats(held, ["external_site_id", "zone"])
    message = phrase(
        'zone {} of site "{}" is taken by "{}" in {}',
        shown("zone"),
        shown("external_site_id"),
        shown("external_device_id_first"),
        earlier_row(sources),
    )
    hint = "give one of the two another zone, or take it out"
    return doubts(clashes, "device", Complaint("error", "duplicate_zone", pl.col("field"), message, hint))


def short_bridges(devices: pl.DataFrame) -> pl.DataFrame:
    """Return a warning on the first bridge of each site that has more cameras than channels.

    A site with a bridge whose model does not tell its channels is left out.
    """
    bridges = devices.filter(pl.col("device_type") == "bridge", pl.col("external_site_id").is_not_null())
    channels = channels_of()
    sites = (
        bridges.sort("_n")
        .group_by("external_site_id", maintain_order=True)
        .agg(
            pl.col("_n", "_src", "_row", "_table").first(),
            pl.when(channels.is_null().any()).then(None).otherwise(channels.sum()).alias("channels"),
        )
        .filter(pl.col("channels").is_not_null())
    )
    cameras = devices.filter(pl.col("device_type") == "camera").join(sites, on="external_site_id", how="semi")
    counted = sites.join(
        cameras.group_by("external_site_id").len("cameras"), on="external_site_id", maintain_order="left"
    )
    message = phrase(
        'site "{}" has {} cameras, its bridges have {} channels',
        shown("external_site_id"),
        "cameras",
        "channels",
    )
    hint = "a camera on a bridge takes one channel, a cloud camera none; see that the site has the bridges it needs"
    short = counted.filter(pl.col("cameras") > pl.col("channels"))
    return doubts(short, "device", Complaint("warning", "bridge_channels", "model", message, hint))


def channels_of() -> pl.Expr:
    """Return how many channels a bridge's model tells, null where it does not."""
    return pl.col("model").str.extract(_CHANNELS).cast(pl.UInt32)


def macs_at_two_sites(devices: pl.DataFrame, *, sources: Sequence[Source]) -> pl.DataFrame:
    """Return a warning on each device whose address an earlier one has at another site; channels of one share it."""
    known = devices.filter(pl.col("mac").is_not_null(), pl.col("external_site_id").is_not_null()).select(*_PLACE, "mac")
    other_site = pl.col("external_site_id") != pl.col("external_site_id_first")
    elsewhere = repeats(known, ["mac"]).filter(other_site, is_mac(pl.col("mac")), is_somebodys(pl.col("mac")))
    message = phrase('{} is at site "{}" too, in {}', "mac", shown("external_site_id_first"), earlier_row(sources))
    hint = "one device stands at one site; see which of the two is right"
    return doubts(elsewhere, "device", Complaint("warning", "mac_at_two_sites", "mac", message, hint))
