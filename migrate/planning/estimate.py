"""The estimate: how many requests a plan takes, in the order in which they are sent, and how long."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from migrate.model.records import SITE
from migrate.planning.dealer import Dealer

ACTIVATION_REQUESTS = 2
"""Read, then change: it may be a toggle. Its answer says how the site is now; only one that doesn't takes a third."""
_FEWEST_PAGES = 2
"""The dealer's list has grown, so that no page seen before shows that the only one is the last: an empty one does."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """`requests` by what they are about: stations, sites, arming, devices, activation, lists."""

    requests: Mapping[str, int]
    minutes: float

    @property
    def total(self) -> int:
        """How many requests the plan takes."""
        return sum(self.requests.values())


def estimate(
    records: Mapping[str, pl.DataFrame], dealer: Dealer, *, batch_size: int, per_minute: float, page_size: int
) -> Estimate:
    """Return what carrying out the planned `records` takes; where sites are made, their list is read once more."""
    counted = ("_planned", "_action", "_changes", "_arming", "_activate", "external_site_id")
    planned = {
        name: frame.select(column for column in counted if column in frame.columns).filter(
            pl.col("_planned") == "planned"
        )
        for name, frame in records.items()
    }
    sites, devices = planned.get("site"), planned.get("device")
    requests = dict.fromkeys(("stations", "sites", "arming", "devices", "activation", "lists"), 0)
    if "station" in planned:
        requests["stations"] = planned["station"].height
    if sites is not None:
        requests["sites"] = sites.filter((pl.col("_action") == "create") | changes_site()).height
        requests["arming"] = sites["_arming"].count()
        requests["activation"] = ACTIVATION_REQUESTS * sites["_activate"].count()
    if devices is not None:
        batches = devices.group_by("external_site_id", "_action").agg(
            (pl.len() / batch_size).ceil().cast(pl.Int64).alias("batches")
        )
        requests["devices"] = int(batches["batches"].sum())
    made = 0 if sites is None else sites.filter(pl.col("_action") == "create").height
    if made:
        requests["lists"] = max(_FEWEST_PAGES, (dealer.sites.height + made) // page_size + 1)
    return Estimate(requests, sum(requests.values()) / per_minute)


def changes_site() -> pl.Expr:
    """Return whether `_changes` names a field that stands in the body of an update (quotes in values are escaped)."""
    return pl.col("_changes").str.contains_any([f'["{field}",' for field in SITE.updatable]).fill_null(value=False)
