"""What is sent is cut from the planned frames: a unit per site, in source order, with what belongs to it."""

from typing import Any

from pipeline_frames import frame

from migrate.pipeline.jobs import count_planned, fingerprint, requests_by_site, site_units, station_jobs
from migrate.pipeline.to_go import Sites, ToGo


def test_a_create_sends_the_fields_that_are_there_and_no_others() -> None:
    records = {"station": frame("station", {"_n": 0, "external_monitoring_station_id": "CS", "name": "Central"})}
    assert [(job.n, job.body) for job in station_jobs(records)] == [
        (0, {"external_monitoring_station_id": "CS", "name": "Central"})
    ]
    assert count_planned(records) == 1


def test_a_site_takes_its_devices_its_arming_and_its_activation_along() -> None:
    records = {
        "site": frame(
            "site",
            {"_n": 0, "external_site_id": "A", "name": "A", "timezone": "UTC", "_arming": 3, "_activate": True},
            {"_n": 3, "external_site_id": "B", "name": "B", "timezone": "UTC", "_station": 9, "security_type": 1},
        ),
        "device": frame(
            "device",
            {"_n": 5, "external_site_id": "B", "external_device_id": "b1", "_site": 3},
            {"_n": 1, "external_site_id": "A", "external_device_id": "a1", "zone_number": "001", "_site": 0},
            {"_n": 2, "external_site_id": "A", "external_device_id": "a2", "_site": 0, "_planned": "invalid"},
        ),
    }
    first, second = site_units(records)
    assert (first.n, first.arming, first.activate, first.not_in) == (0, 3, True, 1)
    assert first.job is not None
    assert first.job.body == {"external_site_id": "A", "name": "A", "timezone": "UTC"}
    assert [job.body for job in first.devices] == [{"external_device_id": "a1", "zone_number": "001"}]
    assert (second.n, second.station, [job.n for job in second.devices]) == (3, 9, [5])


def test_a_site_that_is_there_and_the_same_still_takes_its_new_devices_along() -> None:
    records = {
        "site": frame(
            "site", {"_n": 0, "external_site_id": "A", "_planned": "unchanged", "_action": "none", "_remote_id": 7}
        ),
        "device": frame(
            "device", {"_n": 1, "external_site_id": "A", "external_device_id": "a1", "_site": 0, "_site_id": 7}
        ),
    }
    (unit,) = site_units(records)
    assert (unit.job, unit.site_id, len(unit.devices)) == (None, 7, 1)


def test_a_site_that_needs_nothing_makes_no_unit() -> None:
    sites = frame(
        "site", {"_n": 0, "external_site_id": "A", "_planned": "unchanged", "_action": "none", "_remote_id": 7}
    )
    assert list(site_units({"site": sites})) == []


def test_devices_alone_go_to_the_site_that_the_dealer_has() -> None:
    devices = frame(
        "device",
        {"_n": 0, "external_site_id": "A", "external_device_id": "a1", "_site_id": 7},
        {"_n": 1, "external_site_id": "B", "external_device_id": "b1", "_site_id": 8},
        {"_n": 2, "external_site_id": "A", "external_device_id": "a2", "_site_id": 7},
    )
    units = list(site_units({"device": devices}))
    assert [(unit.n, unit.site_id, unit.external_site_id) for unit in units] == [(None, 7, "A"), (None, 8, "B")]
    assert [job.n for job in units[0].devices] == [0, 2]


def test_an_update_sends_what_changed_and_clears_what_is_to_be_cleared() -> None:
    records = {
        "site": frame(
            "site",
            {
                "_n": 0,
                "external_site_id": "A",
                "name": "New",
                "_action": "update",
                "_remote_id": 7,
                "_changes": '[["name","Old","New"],["address2","Suite 1",null]]',
            },
        ),
        "device": frame(
            "device",
            {
                "_n": 1,
                "external_site_id": "A",
                "external_device_id": "a1",
                "zone_number": "002",
                "_action": "update",
                "_remote_id": 70,
                "_changes": '[["zone_number","001","002"]]',
                "_site": 0,
            },
        ),
    }
    (unit,) = site_units(records)
    assert unit.job is not None
    assert unit.job.body == {"name": "New", "address2": ""}
    assert unit.devices[0].body == {"device_id": 70, "zone_number": "002"}


def test_a_site_of_which_only_the_security_type_differs_gets_no_update_of_its_own() -> None:
    sites = frame(
        "site",
        {
            "_n": 0,
            "external_site_id": "A",
            "_action": "update",
            "_remote_id": 7,
            "_changes": '[["security_type",1,3]]',
            "_arming": 3,
        },
    )
    (unit,) = site_units({"site": sites})
    assert (unit.job, unit.site_id, unit.arming) == (None, 7, 3)


def test_a_fingerprint_depends_on_the_values_and_not_on_their_order() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": "1"})


def test_what_is_planned_for_each_site_is_what_its_unit_has_to_go() -> None:
    there: dict[str, Any] = {"_planned": "unchanged", "_action": "none"}
    update: dict[str, Any] = {"_action": "update", "_remote_id": 7}
    records = {
        "site": frame(
            "site",
            {"_n": 0, "external_site_id": "A", "_arming": 3, "_activate": True},
            {"_n": 1, "external_site_id": "B", **there},
            {"_n": 2, "external_site_id": "C", **there, "_remote_id": 8},
            {"_n": 3, "external_site_id": "D", **update, "_changes": '[["security_type",1,3]]', "_arming": 3},
            {"_n": 4, "external_site_id": "E", **update, "_changes": '[["name","Old","New"]]'},
            {"_n": 5, "external_site_id": "F", "_planned": "invalid"},
        ),
        "device": frame(
            "device",
            *({"_n": 10 + at, "external_site_id": "A", "external_device_id": f"a{at}", "_site": 0} for at in range(5)),
            {"_n": 20, "external_site_id": "C", "external_device_id": "c1", "_site": 2, "_site_id": 8},
            {"_n": 21, "external_site_id": "C", "external_device_id": "c2", "_site": 2, "_site_id": 8, **update},
            {"_n": 22, "external_site_id": "Z", "external_device_id": "z1", "_site_id": 90},
            {"_n": 23, "external_site_id": "Y", "external_device_id": "y1", "_site_id": 80, "_planned": "invalid"},
            {"_n": 24, "external_site_id": "X", "external_device_id": "x1", "_site_id": 70},
        ),
    }
    for part in (records, {"device": records["device"]}, {"site": records["site"]}):
        left = [ToGo(unit, batch_size=2, done=lambda _: None, sites=Sites()).left for unit in site_units(part)]
        assert requests_by_site(part, batch_size=2).to_list() == left
    assert requests_by_site(records, batch_size=2).to_list() == [1 + 1 + 2 + 3, 2, 1, 1, 1, 1]


def test_what_falls_away_with_a_site_that_did_not_make_it_is_told_of_those_that_were_tried() -> None:
    units = list(site_units({"site": frame("site", *({"_n": n, "_arming": 3, "_activate": True} for n in range(3)))}))
    told: list[float] = []
    sites = Sites([4, 4, 4])
    first, second = (ToGo(unit, batch_size=50, done=told.append, sites=sites) for unit in units[:2])
    assert (sites.waiting, list(sites.last(5)), sites.under_way) == (4, [4], {first, second})
    first.end(made=False)
    second.done()
    assert (sites.judged, sites.fell_away, sites.under_way) == (8, 3, {second})
    second.end(made=True)
    assert (sites.fell_away, sites.under_way, sum(told)) == (3, set(), 8)
