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

_COUNTED = {
    "station": ("_action",),
    "site": ("_action", "_changes", "_arming", "_activate"),
}


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
    planned = {
        name: frame.select(pl.col(_COUNTED[name]).filter(pl.col("_planned") == "planned"))
        for name, frame in records.items()
        if name in _COUNTED
    }
    sites, devices = planned.get("site"), records.get("device")
    requests = dict.fromkeys(("stations", "sites", "arming", "devices", "activation", "lists"), 0)
    if "station" in planned:
        requests["stations"] = planned["station"].height
    if sites is not None:
        requests["sites"] = sites.filter((pl.col("_action") == "create") | changes_site()).height
        requests["arming"] = sites["_arming"].count()
        requests["activation"] = ACTIVATION_REQUESTS * sites["_activate"].count()
    if devices is not None:
        of_sites = pl.concat([_of_sites(devices, action) for action in ("create", "update")])
        requests["devices"] = int((of_sites / batch_size).ceil().sum())
    made = 0 if sites is None else sites.filter(pl.col("_action") == "create").height
    if made:
        requests["lists"] = max(_FEWEST_PAGES, (dealer.sites.height + made) // page_size + 1)
    return Estimate(requests, sum(requests.values()) / per_minute)


def _of_sites(devices: pl.DataFrame, action: str) -> pl.Series:
    """Return how many of the planned devices each site has that are to be created, or to be updated."""
    which = (pl.col("_planned") == "planned") & (pl.col("_action") == action)
    return devices.select(pl.col("external_site_id").filter(which)).to_series().value_counts()["count"]


def changes_site() -> pl.Expr:
    """Return whether `_changes` names a field that stands in the body of an update (quotes in values are escaped)."""
    return pl.col("_changes").str.contains_any([f'["{field}",' for field in SITE.updatable]).fill_null(value=False)
