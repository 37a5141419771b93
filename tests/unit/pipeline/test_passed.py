"""A run that goes on passes by the sites that are done and no others, and tells what the plan counts for them."""

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from pipeline_frames import frame

from migrate.journal.past import Past
from migrate.model.results import Result
from migrate.pipeline.device_jobs import numbers_of
from migrate.pipeline.jobs import SiteUnit, requests_by_site, site_units
from migrate.pipeline.ledger import Ledger
from migrate.pipeline.passed import passed_sites
from migrate.pipeline.to_go import Sites, ToGo

BATCH = 2
kinds = st.sampled_from(["planned", "planned", "planned", "unchanged", "invalid", None])
steps = st.sampled_from([(None, None)] * 4 + [(3, None), (None, True)])
sites = st.lists(st.tuples(kinds, steps).map(lambda drawn: (drawn[0], *drawn[1])), max_size=5)
devices = st.lists(st.tuples(st.sampled_from([0, 1, 2, 3, 4, None]), kinds), max_size=14)
ended = st.sets(st.integers(0, 40))


@settings(max_examples=150, deadline=None)
@given(sites=sites, devices=devices, not_made=ended, failed=ended, doubted=ended)
def test_sites_are_passed_by_of_which_nothing_is_left_to_do(
    sites: list[Any], devices: list[Any], not_made: set[int], failed: set[int], doubted: set[int]
) -> None:
    records = frames(sites, [(site, planned) for site, planned in devices if site is None or site < len(sites)])
    numbers = [n for frame in records.values() for n in frame["_n"] if n not in not_made]
    ledger = Ledger(
        Past({}, {}, doubted, set()),
        results=[Result(n, "failed") for n in numbers if n in failed],
        made=[({n: 7}, (201, 1, "t")) for n in numbers if n not in failed],
    )
    made = {n for n in numbers if n not in failed | doubted}

    passed, requests = passed_sites(records, ledger, batch_size=BATCH)

    units = {unit.n: unit for unit in site_units(records) if unit.n is not None}
    left = {unit.n for unit in site_units(records, without=passed)}
    done = {
        n
        for n, unit in units.items()
        if unit.arming is None
        and unit.activate is None
        and {*numbers_of(unit.devices), *([] if unit.job is None else [n])} <= made
    }
    counted: list[float] = []
    for n in done:
        ToGo(units[n], batch_size=BATCH, done=counted.append, sites=Sites()).end(made=True)
    assert left == {unit.n for unit in site_units(records)} - done
    assert requests == sum(counted)
    others = [to_go(unit) for unit in site_units(records, without=passed)]
    assert requests_by_site(records, batch_size=BATCH, without=passed).to_list() == others


def to_go(unit: SiteUnit) -> float:
    return ToGo(unit, batch_size=BATCH, done=lambda _: None, sites=Sites()).left


def frames(sites: list[Any], devices: list[Any]) -> dict[str, pl.DataFrame]:
    """Return planned frames: sites are numbered from 0, devices from 10."""
    of_sites = [
        {"_n": n, "external_site_id": f"S{n}", **sent(planned), "_arming": arming, "_activate": active}
        for n, (planned, arming, active) in enumerate(sites)
    ]
    of_devices = [
        {"_n": 10 + at, "_site": site, "_site_id": 1, **sent(planned), "external_device_id": f"D{at}"}
        for at, (site, planned) in enumerate(devices)
    ]
    return {"site": frame("site", *of_sites), "device": frame("device", *of_devices)}


def sent(planned: str | None) -> dict[str, Any]:
    return {"_planned": planned, "_action": "create" if planned == "planned" else "none"}
