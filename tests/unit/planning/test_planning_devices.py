"""Devices compared with the dealer's: their sites, what differs, zones that are taken."""

import json

import polars as pl
import pytest
from planning_frames import dealer, findings, only, planned, records

from migrate.checks.links import LEFT_OUT_HINT, REMOVED_HINT
from migrate.model.findings import findings_frame
from migrate.planning.rules import Rules

UPDATE = Rules(on_existing="update")
S1 = {"external_site_id": "S1"}
SITE_1 = {"site_id": 7, "external_site_id": "S1"}


def test_devices_alone_go_to_a_site_that_the_dealer_has() -> None:
    frames = records(devices=[{**S1, "external_device_id": "D1"}])
    row = only(planned(frames, dealer(sites=[SITE_1])).records["device"])
    assert (row["_action"], row["_planned"], row["_site_id"], row["_remote_id"]) == ("create", "planned", 7, None)


def test_a_device_of_a_site_of_this_run_has_no_remote_site_yet() -> None:
    frames = records(sites=[S1], devices=[{**S1, "external_device_id": "D1"}])
    row = only(planned(frames, dealer()).records["device"])
    assert (row["_planned"], row["_site_id"], row["_site"]) == ("planned", None, 1000)


def test_a_device_that_is_there_in_another_spelling_is_unchanged() -> None:
    frames = records(
        devices=[
            {
                **S1,
                "external_device_id": "D1",
                "zone_number": "001",
                "additional_zone_numbers": "002,003",
                "mac": "AA:BB:CC:DD:EE:FF",
            }
        ]
    )
    there = dealer(
        sites=[SITE_1],
        devices=[
            {
                "device_id": 3,
                "site_id": 7,
                "external_device_id": "D1",
                "device_type": "Camera",
                "zone_number": "1",
                "additional_zone_numbers": "3, 2",
                "mac": "aabb.ccdd.eeff",
            }
        ],
    )
    row = only(planned(frames, there).records["device"])
    assert (row["_action"], row["_planned"], row["_remote_id"]) == ("none", "unchanged", 3)


def test_a_device_that_differs_follows_what_was_asked_for() -> None:
    frames = records(devices=[{**S1, "external_device_id": "D1", "name": "Dock"}])
    there = dealer(
        sites=[SITE_1],
        devices=[{"device_id": 3, "site_id": 7, "external_device_id": "D1", "zone_number": "001", "name": "Door"}],
    )
    assert only(planned(frames, there).records["device"])["_planned"] == "skipped"
    assert only(planned(frames, there, rules=Rules(on_existing="fail")).records["device"])["_planned"] == "failed"
    row = only(planned(frames, there, rules=UPDATE).records["device"])
    assert (row["_action"], row["_planned"]) == ("update", "planned")
    assert json.loads(row["_changes"]) == [["name", "Door", "Dock"]]


def test_a_device_type_can_not_be_updated() -> None:
    frames = records(devices=[{**S1, "external_device_id": "D1", "device_type": "bridge", "name": "New"}])
    there = dealer(
        sites=[SITE_1], devices=[{"device_id": 3, "site_id": 7, "external_device_id": "D1", "zone_number": "001"}]
    )
    plan = planned(frames, there)
    assert only(plan.records["device"])["_planned"] == "skipped"
    [warning] = findings(plan, "differs")
    assert warning["hint"].startswith("delete it at the dealer")  # an update would be of no use
    plan = planned(frames, there, rules=UPDATE)
    row = only(plan.records["device"])
    assert (row["_action"], row["_planned"], row["_changes"]) == ("none", "invalid", None)
    [finding] = findings(plan, "not_updatable")
    assert (finding["severity"], finding["field"]) == ("error", "device_type")
    assert finding["hint"].startswith("delete it at the dealer")


def test_a_device_without_a_site_anywhere_is_an_error_in_place_of_the_checks_warning() -> None:
    frames = records(
        sites=[{"external_site_id": "S-100"}], devices=[{"external_site_id": "S100", "external_device_id": "D1"}]
    )
    doubt = findings_frame(
        [
            {"_src": 0, "_row": 2, "_n": 2000, "record": "device", "severity": "warning", "code": "unknown_site"},
            {"_src": 0, "_row": 2, "_n": 2000, "record": "device", "severity": "warning", "code": "mac"},
        ]
    )
    plan = planned(frames, dealer(), findings=doubt)
    assert plan.findings["code"].to_list() == ["mac", "unknown_site"]
    [finding] = findings(plan, "unknown_site")
    assert (finding["severity"], finding["value"], finding["external_id"]) == ("error", "S100", "D1")
    assert finding["hint"].startswith("did you mean S-100?")
    assert only(plan.records["device"])["_planned"] == "invalid"


@pytest.mark.parametrize(
    ("left", "hint"),
    [("left out by where in row 9", LEFT_OUT_HINT), ("removed from the corrected file (row 9)", REMOVED_HINT)],
)
def test_a_device_whose_site_is_left_out_is_told_so_and_not_to_take_another_site(left: str, hint: str) -> None:
    frames = records(
        sites=[{"external_site_id": "S-100"}], devices=[{"external_site_id": "S-101", "external_device_id": "D1"}]
    )
    about = {"_src": 0, "_row": 2, "_n": 2000, "record": "device", "severity": "warning", "code": "filtered_site"}
    left_out = {**about, "message": f'site "S-101" is {left}', "hint": hint}
    plan = planned(frames, dealer(), findings=findings_frame([left_out]))
    [finding] = findings(plan, "unknown_site")
    assert finding["message"] == f'site "S-101" is {left}, and is not at the dealer'
    assert (finding["severity"], finding["hint"]) == ("error", hint)


def test_the_warning_goes_where_the_dealer_has_the_site() -> None:
    doubt = findings_frame(
        [{"_src": 0, "_row": 2, "_n": 2000, "record": "device", "severity": "warning", "code": "unknown_site"}]
    )
    frames = records(devices=[{**S1, "external_device_id": "D1"}])
    assert planned(frames, dealer(sites=[SITE_1]), findings=doubt).findings.is_empty()


def test_the_warning_stays_where_the_dealer_has_the_site_that_where_leaves_out() -> None:
    about = {"_src": 0, "_row": 2, "_n": 2000, "record": "device", "severity": "warning", "code": "filtered_site"}
    left_out = {**about, "message": 'site "S1" is left out by where in row 9', "hint": LEFT_OUT_HINT}
    frames = records(devices=[{**S1, "external_device_id": "D1"}])
    plan = planned(frames, dealer(sites=[SITE_1]), findings=findings_frame([left_out]))
    [finding] = plan.findings.to_dicts()
    told = 'site "S1" is left out by where in row 9; the dealer has it, so the device is not left out'
    assert (finding["code"], finding["severity"], finding["message"]) == ("filtered_site", "warning", told)
    assert (finding["field"], finding["value"], finding["hint"]) == ("external_site_id", "S1", LEFT_OUT_HINT)
    assert only(plan.records["device"])["_planned"] == "planned"


def test_new_findings_get_their_places_from_locate() -> None:
    frames = records(devices=[{**S1, "external_device_id": "D1"}])
    plan = planned(frames, dealer(), locate=lambda found: found.with_columns(file=pl.lit("a.csv")))
    assert plan.findings["file"].to_list() == ["a.csv"]


def test_devices_of_a_site_found_invalid_are_blocked_and_name_it() -> None:
    frames = records(sites=[{**S1, "monitoring_station_id": 99}], devices=[{**S1, "external_device_id": "D1"}])
    row = only(planned(frames, dealer()).records["device"])
    assert (row["_planned"], row["_code"]) == ("blocked", "blocked")
    assert row["_message"] == 'site "S1" is invalid: the dealer has no station 99'


def test_a_device_of_a_site_that_is_out_of_scope_needs_it_at_the_dealer() -> None:
    frames = records(sites=[S1], devices=[{**S1, "external_device_id": "D1"}])
    scope = pl.Series([2000], dtype=pl.UInt32)
    assert only(planned(frames, dealer(), scope=scope).records["device"])["_code"] == "unknown_site"
    row = only(planned(frames, dealer(sites=[SITE_1]), scope=scope).records["device"])
    assert (row["_planned"], row["_site_id"]) == ("planned", 7)


def test_a_device_whose_site_or_self_the_dealer_has_twice_is_an_error() -> None:
    frames = records(devices=[{**S1, "external_device_id": "D1"}])
    plan = planned(frames, dealer(sites=[SITE_1, {"site_id": 8, "external_site_id": "S1"}]))
    assert only(plan.records["device"])["_code"] == "twice_at_dealer"
    twice = [{"device_id": at, "site_id": 7, "external_device_id": "D1", "zone_number": f"00{at}"} for at in (3, 4)]
    plan = planned(frames, dealer(sites=[SITE_1], devices=twice))
    assert only(plan.records["device"])["_code"] == "twice_at_dealer"
    assert "3, 4" in findings(plan, "twice_at_dealer")[0]["message"]


def test_a_zone_that_another_device_of_the_site_has_is_an_error() -> None:
    frames = records(
        devices=[
            {**S1, "external_device_id": "D1", "zone_number": "005"},
            {**S1, "external_device_id": "D2", "zone_number": "006", "additional_zone_numbers": "007"},
            {**S1, "external_device_id": "D3", "zone_number": "008"},
        ]
    )
    there = dealer(
        sites=[SITE_1, {"site_id": 8, "external_site_id": "S2"}],
        devices=[
            {
                "device_id": 3,
                "site_id": 7,
                "external_device_id": "X",
                "zone_number": "4",
                "additional_zone_numbers": "5",
            },
            {"device_id": 4, "site_id": 7, "name": "Dock", "zone_number": "7"},
            {"device_id": 5, "site_id": 8, "external_device_id": "Y", "zone_number": "008"},
            {"device_id": 6, "site_id": 7},
        ],
    )
    plan = planned(frames, there)
    assert plan.records["device"]["_planned"].to_list() == ["invalid", "invalid", "planned"]
    messages = [finding["message"] for finding in findings(plan, "duplicate_zone")]
    assert messages == [
        "zone 005 of this site belongs to device X at the dealer",
        "zone 007 of this site belongs to device Dock at the dealer",
    ]


def test_devices_may_swap_zones_by_updates() -> None:
    frames = records(
        devices=[
            {**S1, "external_device_id": "D1", "zone_number": "002"},
            {**S1, "external_device_id": "D2", "zone_number": "001"},
        ]
    )
    there = dealer(
        sites=[SITE_1],
        devices=[
            {"device_id": 3, "site_id": 7, "external_device_id": "D1", "zone_number": "001"},
            {"device_id": 4, "site_id": 7, "external_device_id": "D2", "zone_number": "002"},
        ],
    )
    assert planned(frames, there, rules=UPDATE).records["device"]["_planned"].to_list() == ["planned", "planned"]


def test_an_updated_device_keeps_the_zones_that_its_row_leaves_empty() -> None:
    frames = records(
        devices=[
            {**S1, "external_device_id": "D1", "zone_number": "002"},
            {**S1, "external_device_id": "D2", "zone_number": "009"},
        ]
    )
    there = dealer(
        sites=[SITE_1],
        devices=[
            {
                "device_id": 3,
                "site_id": 7,
                "external_device_id": "D1",
                "zone_number": "001",
                "additional_zone_numbers": "009",
            }
        ],
    )
    assert planned(frames, there, rules=UPDATE).records["device"]["_planned"].to_list() == ["planned", "invalid"]


def test_a_device_that_is_known_at_another_site_is_a_warning() -> None:
    frames = records(
        devices=[{**S1, "external_device_id": "D1"}, {"external_site_id": "S2", "external_device_id": "D9"}]
    )
    there = dealer(
        sites=[SITE_1, {"site_id": 8, "external_site_id": "S2"}],
        devices=[{"device_id": 3, "site_id": 8, "external_device_id": "D1", "zone_number": "040"}],
    )
    plan = planned(frames, there)
    assert plan.records["device"]["_planned"].to_list() == ["planned", "planned"]
    [finding] = findings(plan, "at_another_site")
    assert (finding["severity"], finding["value"]) == ("warning", "D1")
    assert "site S2" in finding["message"]


def test_devices_of_a_site_whose_list_the_api_would_not_show_fail() -> None:
    frames = records(devices=[{**S1, "external_device_id": "D1"}])
    there = dealer(sites=[SITE_1], unreadable=[(7, "http_403", "no access")])
    row = only(planned(frames, there).records["device"])
    assert (row["_action"], row["_planned"], row["_code"]) == ("none", "failed", "http_403")


def test_nothing_is_created_after_a_device_list_that_may_lack_some() -> None:
    frames = records(
        devices=[
            {**S1, "external_device_id": "D1"},
            {**S1, "external_device_id": "D2"},
        ]
    )
    there = dealer(
        sites=[SITE_1],
        devices=[{"device_id": 3, "site_id": 7, "external_device_id": "D1", "zone_number": "001"}],
        unreadable=[(7, "incomplete_list", "it can't be shown")],
    )
    rows = planned(frames, there).records["device"]
    assert rows["_planned"].to_list() == ["unchanged", "failed"]
    assert rows["_code"].to_list() == [None, "incomplete_list"]


@pytest.mark.parametrize(
    ("place", "warned"),
    [
        ({"name": "Bakery", "address1": "9 Elm St"}, True),
        ({"name": "Bakery", "address1": "1 MAIN ST,"}, False),
        ({"name": "name s1", "address1": "9 Elm St"}, False),
        ({"name": "Bakery"}, False),
    ],
)
def test_devices_for_a_site_that_has_another_name_and_another_address_are_warned_of(
    place: dict[str, str], *, warned: bool
) -> None:
    frames = records(
        sites=[{**S1, "address1": "1 Main St"}], devices=[{**S1, "external_device_id": "D1", "zone_number": "009"}]
    )
    plan = planned(frames, dealer(sites=[{**SITE_1, **place}]))
    assert only(plan.records["device"])["_planned"] == "planned"
    found = findings(plan, "other_place")
    assert bool(found) is warned
    if found:
        assert found[0]["severity"] == "warning"
        assert found[0]["message"] == 'site "S1" at the dealer is Bakery, 9 Elm St, not Name S1, 1 Main St'
