"""The plan as a whole: stations, estimate, numbers, staleness, brakes; and that it comes back from the journal."""

from dataclasses import fields

import polars as pl
import pytest
from planning_frames import dealer, findings, only, planned, records
from polars.testing import assert_frame_equal

from migrate.errors import Refused
from migrate.planning.dealer import Dealer
from migrate.planning.plan import Plan
from migrate.planning.present import numbers
from migrate.planning.rules import Rules
from migrate.planning.stale import changed, changes, stale, touched

UPDATE = Rules(on_existing="update")


def _plan() -> Plan:
    frames = records(
        stations=[{"external_monitoring_station_id": "CS"}],
        sites=[
            {
                "external_site_id": "S1",
                "external_monitoring_station_id": "CS",
                "security_type": 3,
                "is_activated": True,
            },
            {"external_site_id": "S2", "name": "New"},
            {"external_site_id": "S3"},
        ],
        devices=[
            *({"external_site_id": "S1", "external_device_id": f"A{at}"} for at in range(101)),
            {"external_site_id": "S3", "external_device_id": "B1"},
        ],
    )
    there = dealer(
        sites=[{"site_id": 8, "external_site_id": "S2"}, {"site_id": 9, "external_site_id": "S3"}],
        devices=[{"device_id": 3, "site_id": 9, "external_device_id": "B0", "zone_number": "001"}],
    )
    return planned(frames, there)


def test_stations_are_compared_like_the_rest() -> None:
    frames = records(
        stations=[
            {"external_monitoring_station_id": "A"},
            {"external_monitoring_station_id": "B", "prefix": "CH"},
            {"external_monitoring_station_id": "C"},
        ]
    )
    there = dealer(
        stations=[
            {"monitoring_station_id": 1, "external_monitoring_station_id": "A"},
            {"monitoring_station_id": 2, "external_monitoring_station_id": "B", "prefix": "XX"},
        ]
    )
    plan = planned(frames, there, rules=UPDATE)
    assert plan.records["station"]["_action"].to_list() == ["none", "update", "create"]
    assert plan.records["station"]["_planned"].to_list() == ["unchanged", "planned", "planned"]


def test_the_estimate_counts_requests_by_kind() -> None:
    plan = _plan()
    assert plan.estimate.requests == {
        "stations": 1,
        "sites": 1,
        "arming": 1,
        "devices": 4,
        "activation": 2,
        "lists": 2,  # the dealer's sites, and a page without any, which shows that these are all
    }
    assert plan.estimate.total == 11
    assert plan.estimate.minutes == pytest.approx(11 / 60)


def test_only_where_sites_are_made_their_list_is_read_once_more() -> None:
    frames = records(sites=[{"external_site_id": "S1", "name": "New"}], devices=[])
    plan = planned(frames, dealer(sites=[{"site_id": 7, "external_site_id": "S1"}]), rules=UPDATE)
    assert {name: number for name, number in plan.estimate.requests.items() if number} == {"sites": 1}


def test_a_plan_that_sends_nothing_takes_no_requests() -> None:
    frames = records(sites=[{"external_site_id": "S1"}], devices=[])
    plan = planned(frames, dealer(sites=[{"site_id": 7, "external_site_id": "S1"}]))
    assert plan.estimate.total == 0
    assert plan.fingerprint == {}


def test_a_plan_of_no_records_is_empty() -> None:
    plan = planned({}, dealer())
    assert (plan.records, plan.brakes, plan.estimate.total) == ({}, (), 0)
    assert plan.findings.is_empty()
    assert numbers(plan).skipped.is_empty()


def test_the_numbers_count_each_record_of_the_run_once() -> None:
    shown = numbers(_plan())
    assert shown.counts == {
        "station": {"planned": 1},
        "site": {"planned": 1, "skipped": 1, "unchanged": 1},
        "device": {"planned": 102},
    }
    assert shown.actions["site"] == {"create": 1, "none": 2}
    skipped = only(shown.skipped)
    assert (skipped["record"], skipped["external_id"]) == ("site", "S2")
    assert "name: Name S2 → New" in skipped["message"]
    assert shown.updates.is_empty()


def test_a_plan_comes_back_from_its_frames_and_text() -> None:
    plan = _plan()
    back = Plan.from_json(plan.to_json(), plan.frames())
    assert back.to_json() == plan.to_json()
    assert back.frames().keys() == plan.frames().keys()
    for name, frame in plan.frames().items():
        assert_frame_equal(back.frames()[name], frame)
    assert {field.name for field in fields(Dealer)} == {
        *(name.removeprefix("dealer.") for name in plan.frames() if name.startswith("dealer.")),
        "read_at",
        "stations_complete",
        "sites_complete",
    }


def test_planned_frames_begin_with_the_columns_of_the_record_frames() -> None:
    frames = records(stations=[], sites=[], devices=[])
    plan = planned(frames, dealer())
    extra = ["_action", "_planned", "_remote_id", "_changes"]
    assert plan.records["station"].columns == [*frames["station"].columns, *extra]
    assert plan.records["site"].columns == [*frames["site"].columns, *extra, "_arming", "_activate", "_station_id"]
    assert plan.records["device"].columns == [*frames["device"].columns, *extra, "_site_id"]
    assert plan.records["site"].select("_remote_id", "_arming", "_activate", "_station_id").dtypes == [
        pl.Int64,
        pl.Int64,
        pl.Boolean,
        pl.Int64,
    ]


@pytest.mark.parametrize("what", ["station", "site"])
def test_nothing_is_created_after_a_list_that_may_lack_some(what: str) -> None:
    frames = records(
        stations=[{"external_monitoring_station_id": "CS"}] if what == "station" else None,
        sites=[{"external_site_id": "S1"}] if what == "site" else None,
    )
    there = dealer(stations_complete=what != "station", sites_complete=what != "site")
    with pytest.raises(Refused, match=f"list of {what}s"):
        planned(frames, there)


def test_updates_go_on_after_a_list_that_may_lack_some() -> None:
    there = dealer(sites=[{"site_id": 7, "external_site_id": "S1", "name": "Old"}], sites_complete=False)
    plan = planned(records(sites=[{"external_site_id": "S1"}]), there, rules=UPDATE)
    assert only(plan.records["site"])["_planned"] == "planned"


def test_a_plan_holds_while_the_dealer_stays_as_it_was() -> None:
    plan = _plan()
    assert stale(plan.fingerprint, touched(plan.dealer, plan.records)) == []
    assert plan.fingerprint["site S1"] == plan.fingerprint["station CS"] == "absent"
    assert set(plan.fingerprint) == {"station CS", "site S1", "site S3", "devices of site S3"}


def test_a_plan_that_was_applied_is_stale() -> None:
    frames = records(sites=[{"external_site_id": "S1"}])
    plan = planned(frames, dealer())
    lines = stale(plan.fingerprint, touched(dealer(sites=[{"site_id": 7, "external_site_id": "S1"}]), plan.records))
    assert lines == ["site S1: was not there when the plan was made, and is now"]


def test_what_changed_or_went_is_told() -> None:
    frames = records(
        sites=[{"external_site_id": "S1", "security_type": 3}, {"external_site_id": "S2"}],
        devices=[{"external_site_id": "S1", "external_device_id": "D1"}],
    )
    sites = [{"site_id": 7, "external_site_id": "S1"}, {"site_id": 8, "external_site_id": "S2", "name": "Old"}]
    plan = planned(frames, dealer(sites=sites, arming={7: 1}), rules=UPDATE)
    after = dealer(
        sites=sites[:1],
        arming={7: 2},
        devices=[{"device_id": 3, "site_id": 7, "external_device_id": "X", "zone_number": "050"}],
    )
    prints = touched(after, plan.records)
    names = changed(plan.fingerprint, prints)
    assert names == ["site S1", "site S2", "devices of site S1"]
    assert changes(plan.dealer, after, plan.records, names) == {"site S1": "security_type: 1 → 2"}
    assert stale(plan.fingerprint, prints) == [
        "site S1: has changed since the plan was made",
        "site S2: is gone since the plan was made",
        "devices of site S1: were not there when the plan was made, and are now",
    ]


def test_what_changed_among_a_sites_devices_is_told_device_by_device() -> None:
    site = {"site_id": 7, "external_site_id": "S1"}
    there = [
        {"device_id": at, "site_id": 7, "external_device_id": f"X{at}", "zone_number": f"05{at}"} for at in range(8)
    ]
    frames = records(devices=[{"external_site_id": "S1", "external_device_id": "D1"}])
    plan = planned(frames, dealer(sites=[site], devices=there[:3]))
    now = [{**there[0], "name": "Dock"}, there[1], there[3]]
    after = dealer(sites=[site], devices=now)
    told = changes(plan.dealer, after, plan.records, ["devices of site S1"])
    assert told == {"devices of site S1": "X0 name: (empty) → Dock; X2 is gone; X3 is new"}
    [line] = stale(plan.fingerprint, touched(after, plan.records), told)
    assert line == f"devices of site S1: have changed since the plan was made ({told['devices of site S1']})"
    many = changes(plan.dealer, dealer(sites=[site], devices=there[3:]), plan.records, ["devices of site S1"])
    assert many["devices of site S1"].endswith("; and 3 more")


def test_only_records_that_are_named_are_compared_one_by_one() -> None:
    there = [{"site_id": at, "external_site_id": name} for at, name in enumerate(("S1", "S2", "S3"))]
    frames = records(sites=[{"external_site_id": name, "name": "New"} for name in ("S1", "S2", "S3")])
    plan = planned(frames, dealer(sites=there), rules=UPDATE)
    after = dealer(sites=[there[0], *({**site, "name": "Other"} for site in there[1:])])
    assert changed(plan.fingerprint, touched(after, plan.records)) == ["site S2", "site S3"]
    assert changes(plan.dealer, after, plan.records, ["site S2"]) == {"site S2": "name: Name S2 → Other"}
    assert changes(plan.dealer, after, plan.records, []) == {}


def test_an_adopted_site_is_watched_by_its_number() -> None:
    place = {"name": "Acme", "address1": "1 Main St"}
    frames = records(sites=[{"external_site_id": "S1", **place}])
    plan = planned(frames, dealer(sites=[{"site_id": 7, **place}]), rules=Rules(adopt=True))
    assert plan.fingerprint["site S1"] != "absent"
    after = touched(dealer(sites=[{"site_id": 7, **place, "account_number": "1"}]), plan.records)
    assert stale(plan.fingerprint, after) == ["site S1: has changed since the plan was made"]


def test_too_many_updates_brake_the_plan() -> None:
    sites = [{"external_site_id": f"S{at}"} for at in range(10)]
    there = [{"site_id": at, "external_site_id": f"S{at}", **({"name": "Old"} if at < 4 else {})} for at in range(10)]
    [brake] = planned(records(sites=sites), dealer(sites=there), rules=UPDATE).brakes
    assert brake.startswith("it would update 4 of the 10 records that the dealer already has (40%, more than 30%)")
    assert "site S0 (name: Old → Name S0)" in brake
    there[3] = {"site_id": 3, "external_site_id": "S3"}
    assert planned(records(sites=sites), dealer(sites=there), rules=UPDATE).brakes == ()
    assert planned(records(sites=sites[:9]), dealer(sites=there), rules=UPDATE).brakes == ()


def test_updates_that_finish_a_parent_run_do_not_brake() -> None:
    ids = [f"S{at}" for at in range(10)]
    frames = records(sites=[{"external_site_id": key, "security_type": 3} for key in ids])
    there = dealer(
        sites=[{"site_id": at, "external_site_id": key} for at, key in enumerate(ids)],
        arming=dict.fromkeys(range(10), 1),
    )
    assert planned(frames, there, rules=Rules(own=frozenset(ids))).brakes == ()


def test_lost_zeros_brake_the_plan_and_the_listing_says_what_it_leaves_out() -> None:
    sites = [{"external_site_id": f"{at}"} for at in range(1, 13)]
    there = [{"site_id": at, "external_site_id": f"{at:04d}"} for at in range(1, 13)]
    plan = planned(records(sites=sites), dealer(sites=there))
    [brake] = plan.brakes
    assert "12 of 12 sites to create: 1 (there: 0001)" in brake
    assert brake.endswith(", and 2 more")
    assert len(findings(plan, "near_id")) == 12
    assert planned(records(sites=sites), dealer(sites=there[:4])).brakes == ()


@pytest.mark.parametrize(("near", "creates", "braked"), [(5, 25, False), (5, 24, True), (4, 4, False)])
def test_near_ids_brake_from_five_and_above_a_fifth_of_the_creates(near: int, creates: int, *, braked: bool) -> None:
    sites = [{"external_site_id": f"s{at}"} for at in range(creates)]
    there = [{"site_id": at, "external_site_id": f"S{at}"} for at in range(near)]
    assert bool(planned(records(sites=sites), dealer(sites=there)).brakes) is braked


@pytest.mark.parametrize(("updates", "existing", "braked"), [(9, 9, False), (3, 10, False), (4, 10, True)])
def test_updates_brake_from_ten_existing_records_and_above_thirty_percent(
    updates: int, existing: int, *, braked: bool
) -> None:
    sites = [{"external_site_id": f"S{at}"} for at in range(existing)]
    there = [
        {"site_id": at, "external_site_id": f"S{at}", **({"name": "Old"} if at < updates else {})}
        for at in range(existing)
    ]
    assert bool(planned(records(sites=sites), dealer(sites=there), rules=UPDATE).brakes) is braked


def test_near_ids_of_several_kinds_are_counted_together_too() -> None:
    frames = records(
        sites=[{"external_site_id": f"s{at}"} for at in range(3)],
        devices=[{"external_site_id": "X", "external_device_id": f"d{at}"} for at in range(3)],
    )
    there = dealer(
        sites=[{"site_id": 7, "external_site_id": "X"}]
        + [{"site_id": 10 + at, "external_site_id": f"S{at}"} for at in range(3)],
        devices=[
            {"device_id": at, "site_id": 7, "external_device_id": f"D{at}", "zone_number": f"10{at}"} for at in range(3)
        ],
    )
    [brake] = planned(frames, there).brakes
    assert "3 of 3 sites to create" in brake
    assert "3 of 3 devices to create" in brake


def test_a_site_that_is_there_by_account_brakes_the_plan() -> None:
    account = {"external_monitoring_station_id": "CS", "account_number": "42"}
    there = dealer(
        stations=[{"monitoring_station_id": 5, "external_monitoring_station_id": "CS"}],
        sites=[{"site_id": 7, "external_site_id": "OLD", "monitoring_station_id": 5, "account_number": "42"}],
    )
    [brake] = planned(records(sites=[{"external_site_id": "S1", **account}]), there).brakes
    assert "S1 (there: site 7, by station and account number)" in brake
    assert "--adopt" in brake


def test_a_site_at_the_place_of_another_site_of_ours_does_not_brake() -> None:
    place = {"name": "Acme", "address1": "1 Main St"}
    frames = records(sites=[{"external_site_id": "S1", **place}, {"external_site_id": "S2", **place}])
    assert planned(frames, dealer(sites=[{"site_id": 7, "external_site_id": "S1", **place}])).brakes == ()
