"""A run that goes on looks for what it would create; it finds what planning anew would find."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planning_frames import dealer, planned, records

from migrate.errors import Refused
from migrate.model.records import RECORDS
from migrate.planning.dealer import Dealer
from migrate.planning.meanwhile import links_of, made_by_others

STATIONS, SITES, DEVICES = ("A", "B"), ("S1", "S2", "S3"), ("D1", "D2")
there = st.lists(st.sampled_from([*STATIONS, *SITES, *(f"{site}/{device}" for site in SITES for device in DEVICES)]))


def has(made: list[str]) -> Dealer:
    """Return a dealer that has these, once for each time that they are named; a device at every site of its id."""
    numbered = [*enumerate(sorted(made), start=1)]
    sites = {at: name for at, name in numbered if name in SITES}
    stations = {at: name for at, name in numbered if name in STATIONS}
    devices: list[dict[str, Any]] = []
    for at, (of_site, _, name) in [(at, name.partition("/")) for at, name in numbered if "/" in name]:
        named = [n for n, site in sites.items() if site == of_site]
        devices += [{"device_id": 100 * at + n, "site_id": n, "external_device_id": name} for n in named]
    return dealer(
        stations=[{"monitoring_station_id": n, "external_monitoring_station_id": name} for n, name in stations.items()],
        sites=[{"site_id": n, "external_site_id": name} for n, name in sites.items()],
        devices=devices,
    )


@settings(max_examples=60, deadline=None)
@given(before=there, meanwhile=there, skipped=st.sets(st.sampled_from([0, 1, 1000, 1001, 2000, 2001, 2002])))
def test_what_is_there_by_now_is_what_a_new_plan_would_find(
    before: list[str], meanwhile: list[str], skipped: set[int]
) -> None:
    frames = records(
        stations=[{"external_monitoring_station_id": name} for name in STATIONS],
        sites=[{"external_site_id": name, "external_monitoring_station_id": "A"} for name in SITES],
        devices=[{"external_site_id": site, "external_device_id": name} for site in SITES for name in DEVICES],
    )
    kept, now = planned(frames, has(before)), has([*before, *meanwhile])
    due = pl.concat([frame.filter(pl.col("_planned") == "planned")["_n"] for frame in kept.records.values()])
    due = due.filter(~due.is_in(list(skipped)))

    fresh = planned(frames, now, scope=due).records
    found = [
        f"{name} {row[RECORDS[name].id_field]}: was not there when the plan was made, and is now"
        for name, frame in kept.records.items()
        for row, remote_id in zip(frame.to_dicts(), fresh[name]["_remote_id"], strict=True)
        if row["_action"] == "create" and row["_n"] in due.to_list() and remote_id is not None
    ]

    assert made_by_others(links_of(kept.records), now, scope=due) == found


def test_no_site_is_created_after_a_list_that_lost_its_end() -> None:
    plan = planned(records(sites=[{"external_site_id": "S1"}]), dealer())
    due = plan.records["site"]["_n"]
    with pytest.raises(Refused, match="list of sites"):
        made_by_others(links_of(plan.records), dealer(sites_complete=False), scope=due)
    assert made_by_others(links_of(plan.records), dealer(sites_complete=False), scope=due.clear()) == []
