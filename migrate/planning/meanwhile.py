"""Meanwhile: what a plan would create and the dealer has by now, as a run goes on that was cut off."""

from collections.abc import Iterator, Mapping

import polars as pl

from migrate.model.records import DEVICE, RECORDS, SITE
from migrate.planning.dealer import Dealer
from migrate.planning.make import refuse_blind_creates
from migrate.planning.match import with_remote_ids

_LINKS = (
    *("_n", "_verdict", "_action", "_remote_id", "_site_id", "security_type", "monitoring_station_id"),
    *(record.id_field for record in RECORDS.values()),
)


def links_of(records: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return of planned records what says where they belong at the dealer, and no more."""
    return {name: frame.select(name for name in _LINKS if name in frame.columns) for name, frame in records.items()}


def made_by_others(records: Mapping[str, pl.DataFrame], dealer: Dealer, *, scope: pl.Series) -> list[str]:
    """Return a line for each planned record to create that the dealer has; `scope` holds the `_n` of those to look at.

    They are matched as where a plan is made, by their ids alone.

    Raises:
        Refused: stations or sites would be created after a list that can't be shown to be complete.
    """
    wanted = (pl.col("_action") == "create") & pl.col("_n").is_in(scope.implode())
    listed = dealer.sites.join(dealer.devices.select("site_id"), on="site_id", how="semi")[SITE.id_field]
    at_listed = pl.col(SITE.id_field).is_in(listed.implode())  # elsewhere no device can be found
    creates = {
        name: frame.filter(wanted & at_listed if name == DEVICE.name else wanted) for name, frame in records.items()
    }
    found = {name: _matched(name, frame, dealer) for name, frame in creates.items()}
    absent = pl.col("_remote_id").is_null() & pl.col("_several").is_null()
    refuse_blind_creates({name: frame.filter(absent).height for name, frame in found.items()}, dealer)
    return [*_told(found)]


def _matched(name: str, creates: pl.DataFrame, dealer: Dealer) -> pl.DataFrame:
    """Return the records with `_remote_id` and `_several`, by what the dealer has now."""
    record, bare = RECORDS[name], creates.drop("_remote_id")
    if record is not DEVICE:
        theirs = dealer.sites if record is SITE else dealer.stations
        return with_remote_ids(bare, theirs, on=[record.id_field], remote_id=record.remote_id_field)
    placed = with_remote_ids(
        bare.drop("_site_id"), dealer.sites, on=[SITE.id_field], remote_id="site_id", into="_site_id", several="_sites"
    )
    theirs = dealer.devices.rename({"site_id": "_site_id"})
    return with_remote_ids(placed, theirs, on=["_site_id", record.id_field], remote_id=record.remote_id_field)


def _told(found: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    for name, frame in found.items():
        for identity in frame.filter(pl.col("_remote_id").is_not_null())[RECORDS[name].id_field]:
            yield f"{name} {identity}: was not there when the plan was made, and is now"
