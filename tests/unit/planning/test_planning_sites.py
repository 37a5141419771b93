"""Sites compared with the dealer's: stations, what differs, accounts, arming, activation."""

import json

import polars as pl
import pytest
from planning_frames import dealer, findings, only, planned, records

from migrate.model.findings import findings_frame
from migrate.planning.rules import Rules

UPDATE, FAIL = Rules(on_existing="update"), Rules(on_existing="fail")


def test_a_site_that_the_dealer_lacks_is_created() -> None:
    plan = planned(records(sites=[{"external_site_id": "S1"}]), dealer())
    row = only(plan.records["site"])
    assert (row["_action"], row["_planned"], row["_remote_id"], row["_changes"]) == ("create", "planned", None, None)
    assert plan.findings.is_empty()


def test_a_site_that_is_there_the_same_is_unchanged() -> None:
    frames = records(sites=[{"external_site_id": "S1", "account_number": "0042"}])
    there = dealer(sites=[{"site_id": 7, "external_site_id": "S1", "account_number": "0042", "address1": "1 Main St"}])
    row = only(planned(frames, there).records["site"])
    assert (row["_action"], row["_planned"], row["_remote_id"]) == ("none", "unchanged", 7)


def test_another_spelling_of_the_time_zone_is_no_difference() -> None:
    frames = records(sites=[{"external_site_id": "S1"}])
    there = dealer(sites=[{"site_id": 7, "external_site_id": "S1", "timezone": "US/Eastern"}])
    assert only(planned(frames, there).records["site"])["_planned"] == "unchanged"


def test_an_id_that_differs_in_case_is_another_site() -> None:
    plan = planned(
        records(sites=[{"external_site_id": "s1"}]), dealer(sites=[{"site_id": 7, "external_site_id": "S1"}])
    )
    assert only(plan.records["site"])["_action"] == "create"
    [near] = findings(plan, "near_id")
    assert (near["severity"], near["value"]) == ("warning", "s1")
    assert "the dealer has S1" in near["message"]


def test_a_different_site_is_left_alone_with_a_warning_that_says_what_differs() -> None:
    frames = records(sites=[{"external_site_id": "S1", "name": "New", "address1": "2 Main St"}])
    there = dealer(sites=[{"site_id": 7, "external_site_id": "S1", "name": "Old"}])
    plan = planned(frames, there)
    row = only(plan.records["site"])
    assert (row["_action"], row["_planned"], row["_code"]) == ("none", "skipped", "differs")
    assert json.loads(row["_changes"]) == [["name", "Old", "New"], ["address1", None, "2 Main St"]]
    [finding] = findings(plan, "differs")
    assert "name: Old → New; address1: (empty) → 2 Main St" in finding["message"]
    assert finding["severity"] == "warning"
    assert finding["field"] is None


def test_a_warning_about_one_difference_names_its_field() -> None:
    there = dealer(sites=[{"site_id": 7, "external_site_id": "S1", "name": "Old"}])
    [finding] = findings(planned(records(sites=[{"external_site_id": "S1"}]), there), "differs")
    assert finding["field"] == "name"


def test_a_different_site_is_updated_where_that_was_asked_for() -> None:
    there = dealer(sites=[{"site_id": 7, "external_site_id": "S1", "name": "Old"}])
    plan = planned(records(sites=[{"external_site_id": "S1"}]), there, rules=UPDATE)
    row = only(plan.records["site"])
    assert (row["_action"], row["_planned"], row["_code"]) == ("update", "planned", None)
    assert json.loads(row["_changes"]) == [["name", "Old", "Name S1"]]
    assert row["_message"] == "name: Old → Name S1"
    assert plan.findings.is_empty()


def test_a_different_site_fails_where_that_was_asked_for_and_its_devices_are_blocked() -> None:
    frames = records(
        sites=[{"external_site_id": "S1"}], devices=[{"external_site_id": "S1", "external_device_id": "D1"}]
    )
    plan = planned(frames, dealer(sites=[{"site_id": 7, "external_site_id": "S1", "name": "Old"}]), rules=FAIL)
    site, device = only(plan.records["site"]), only(plan.records["device"])
    assert (site["_action"], site["_planned"], site["_code"]) == ("none", "failed", "exists_different")
    assert (device["_planned"], device["_code"]) == ("blocked", "blocked")
    assert "S1" in device["_message"]


def test_an_empty_value_differs_only_where_the_mapping_clears() -> None:
    frames = records(sites=[{"external_site_id": "S1"}])
    there = dealer(sites=[{"site_id": 7, "external_site_id": "S1", "address2": "Suite 5"}])
    assert only(planned(frames, there, rules=UPDATE).records["site"])["_planned"] == "unchanged"
    clearing = Rules(on_existing="update", clear={"site": frozenset({"address2", "name"})})
    row = only(planned(frames, there, rules=clearing).records["site"])
    assert json.loads(row["_changes"]) == [["address2", "Suite 5", None]]


def test_a_site_that_the_dealer_has_twice_is_never_picked() -> None:
    frames = records(
        sites=[{"external_site_id": "S1"}], devices=[{"external_site_id": "S1", "external_device_id": "D1"}]
    )
    there = dealer(sites=[{"site_id": 9, "external_site_id": "S1"}, {"site_id": 7, "external_site_id": "S1"}])
    plan = planned(frames, there)
    row = only(plan.records["site"])
    assert (row["_action"], row["_planned"], row["_remote_id"]) == ("none", "invalid", None)
    [finding] = findings(plan, "twice_at_dealer")
    assert finding["message"] == "the dealer has 2 sites with this id: 7, 9"
    assert only(plan.records["device"])["_planned"] == "blocked"


def test_verdicts_of_the_checks_are_carried() -> None:
    frames = records(
        sites=[
            {"external_site_id": "S1", "_verdict": "invalid", "_code": "required", "_message": "name is missing"},
            {"external_site_id": None, "_verdict": "invalid", "_code": "required", "_message": "id is missing"},
        ],
        devices=[{"external_site_id": "S1", "external_device_id": "D1", "_verdict": "blocked", "_code": "blocked"}],
    )
    plan = planned(frames, dealer())
    assert plan.records["site"]["_planned"].to_list() == ["invalid", "invalid"]
    assert plan.records["site"]["_action"].to_list() == ["none", "none"]
    assert plan.records["site"]["_code"].to_list() == ["required", "required"]
    assert only(plan.records["device"])["_planned"] == "blocked"


def test_a_station_is_looked_up_at_the_dealer_by_its_external_id() -> None:
    frames = records(sites=[{"external_site_id": "S1", "external_monitoring_station_id": "CS"}])
    there = dealer(stations=[{"monitoring_station_id": 5, "external_monitoring_station_id": "CS"}])
    row = only(planned(frames, there).records["site"])
    assert (row["_planned"], row["_station_id"]) == ("planned", 5)


def test_the_dealers_own_external_station_id_is_no_difference() -> None:
    frames = records(sites=[{"external_site_id": "S1", "external_monitoring_station_id": "CS"}])
    there = dealer(
        stations=[{"monitoring_station_id": 5, "external_monitoring_station_id": "CS"}],
        sites=[{"site_id": 7, "external_site_id": "S1", "monitoring_station_id": 5}],
    )
    assert only(planned(frames, there).records["site"])["_planned"] == "unchanged"


def test_a_station_of_this_run_has_no_number_yet_and_differs_from_any() -> None:
    frames = records(
        stations=[{"external_monitoring_station_id": "CS"}],
        sites=[{"external_site_id": "S1", "external_monitoring_station_id": "CS"}],
    )
    there = dealer(sites=[{"site_id": 7, "external_site_id": "S1", "monitoring_station_id": 5}])
    row = only(planned(frames, there, rules=UPDATE).records["site"])
    assert (row["_station_id"], row["_station"]) == (None, 0)
    assert json.loads(row["_changes"]) == [["monitoring_station_id", 5, "CS (new)"]]


@pytest.mark.parametrize(
    ("fields", "value"),
    [({"external_monitoring_station_id": "CS-2"}, "CS-2"), ({"monitoring_station_id": 8}, "8")],
)
def test_a_station_that_nobody_has_is_an_error(fields: dict[str, object], value: str) -> None:
    there = dealer(stations=[{"monitoring_station_id": 5, "external_monitoring_station_id": "CS-1"}])
    plan = planned(records(sites=[{"external_site_id": "S1", **fields}]), there)
    assert only(plan.records["site"])["_planned"] == "invalid"
    [finding] = findings(plan, "unknown_station")
    assert (finding["severity"], finding["value"]) == ("error", value)


def test_that_a_station_is_to_be_looked_up_is_settled_once_the_dealer_has_it() -> None:
    note = {"_src": 0, "_row": 2, "_n": 0, "record": "site", "severity": "note", "code": "unknown_station"}
    there = dealer(stations=[{"monitoring_station_id": 5, "external_monitoring_station_id": "CS-1"}])
    frames = records(sites=[{"external_site_id": "S1", "external_monitoring_station_id": "CS-1"}])
    assert planned(frames, there, findings=findings_frame([note])).findings.is_empty()


def test_the_nearest_station_is_named() -> None:
    there = dealer(stations=[{"monitoring_station_id": 5, "external_monitoring_station_id": "CS-1"}])
    plan = planned(records(sites=[{"external_site_id": "S1", "external_monitoring_station_id": "CS1"}]), there)
    [finding] = findings(plan, "unknown_station")
    assert "did you mean CS-1?" in finding["hint"]


def test_a_station_that_the_dealer_has_twice_is_never_picked() -> None:
    frames = records(sites=[{"external_site_id": "S1", "external_monitoring_station_id": "CS"}])
    twice = [{"monitoring_station_id": at, "external_monitoring_station_id": "CS"} for at in (5, 6)]
    plan = planned(frames, dealer(stations=twice))
    assert only(plan.records["site"])["_code"] == "twice_at_dealer"


def test_a_site_whose_station_can_not_be_sent_is_blocked() -> None:
    frames = records(
        stations=[{"external_monitoring_station_id": "CS"}],
        sites=[{"external_site_id": "S1", "external_monitoring_station_id": "CS"}],
    )
    twice = [{"monitoring_station_id": at, "external_monitoring_station_id": "CS"} for at in (5, 6)]
    plan = planned(frames, dealer(stations=twice))
    assert only(plan.records["station"])["_planned"] == "invalid"
    site = only(plan.records["site"])
    why = 'station "CS" is invalid: the dealer has 2 stations with this id: 5, 6'
    assert (site["_planned"], site["_message"]) == ("blocked", why)


def test_a_new_site_gets_its_arming_and_is_activated_only_on_a_yes() -> None:
    frames = records(
        sites=[
            {"external_site_id": "S1", "security_type": 3, "is_activated": True},
            {"external_site_id": "S2", "is_activated": False},
        ]
    )
    rows = planned(frames, dealer()).records["site"]
    assert rows["_arming"].to_list() == [3, None]
    assert rows["_activate"].to_list() == [True, None]


def test_arming_and_activation_of_an_existing_site_are_differences() -> None:
    frames = records(
        sites=[
            {"external_site_id": "S1", "security_type": 3, "is_activated": True},
            {"external_site_id": "S2", "security_type": 1, "is_activated": False},
        ]
    )
    there = dealer(
        sites=[
            {"site_id": 7, "external_site_id": "S1"},
            {"site_id": 8, "external_site_id": "S2", "is_activated": True},
        ],
        arming={7: 1, 8: 1},
    )
    rows = planned(frames, there, rules=UPDATE).records["site"]
    assert rows["_arming"].to_list() == [3, None]
    assert rows["_activate"].to_list() == [True, False]
    assert json.loads(rows["_changes"][0]) == [["security_type", 1, 3], ["is_activated", False, True]]
    skipped = planned(frames, there).records["site"]
    assert skipped["_planned"].to_list() == ["skipped", "skipped"]
    assert skipped["_arming"].null_count() == skipped["_activate"].null_count() == 2


def test_a_site_of_which_the_dealer_does_not_tell_counts_as_inactive() -> None:
    frames = records(
        sites=[{"external_site_id": "S1", "is_activated": False}, {"external_site_id": "S2", "is_activated": True}]
    )
    there = dealer(
        sites=[{"site_id": at, "external_site_id": f"S{at}", "is_activated": None} for at in (1, 2)],
    )
    assert planned(frames, there, rules=UPDATE).records["site"]["_activate"].to_list() == [None, True]


def test_arming_of_a_site_that_the_parent_run_created_is_done_even_where_the_rest_is_left_alone() -> None:
    frames = records(sites=[{"external_site_id": "S1", "name": "New", "security_type": 3}])
    there = dealer(sites=[{"site_id": 7, "external_site_id": "S1", "name": "Old"}], arming={7: 1})
    plan = planned(frames, there, rules=Rules(own=frozenset({"S1"})))
    row = only(plan.records["site"])
    assert (row["_action"], row["_planned"], row["_arming"]) == ("update", "planned", 3)
    assert json.loads(row["_changes"]) == [["security_type", 1, 3]]
    assert [finding["field"] for finding in findings(plan, "differs")] == ["name"]
    assert plan.estimate.requests["sites"] == 0


def test_a_site_whose_arming_settings_the_api_would_not_show_fails() -> None:
    frames = records(sites=[{"external_site_id": "S1", "security_type": 3}])
    there = dealer(sites=[{"site_id": 7, "external_site_id": "S1"}], unreadable=[(7, "http_403", "no access")])
    row = only(planned(frames, there).records["site"])
    assert (row["_planned"], row["_code"]) == ("failed", "http_403")
    assert "no access" in row["_message"]


ACCOUNT = {"external_monitoring_station_id": "CS", "account_number": "42"}
STATION = {"monitoring_station_id": 5, "external_monitoring_station_id": "CS"}


def test_an_account_that_another_site_has_at_the_station_is_an_error() -> None:
    there = dealer(
        stations=[STATION],
        sites=[{"site_id": 7, "external_site_id": "OLD", "monitoring_station_id": 5, "account_number": "42"}],
    )
    plan = planned(records(sites=[{"external_site_id": "S1", **ACCOUNT}]), there)
    assert only(plan.records["site"])["_planned"] == "invalid"
    [finding] = findings(plan, "duplicate_account")
    assert finding["message"] == "account 42 at station CS belongs to site OLD at the dealer"


def test_an_account_may_move_on_when_its_site_gives_it_up() -> None:
    frames = records(
        sites=[
            {"external_site_id": "S1", **ACCOUNT, "account_number": "43"},
            {"external_site_id": "S2", **ACCOUNT},
        ]
    )
    there = dealer(
        stations=[STATION],
        sites=[{"site_id": 7, "external_site_id": "S1", "monitoring_station_id": 5, "account_number": "42"}],
    )
    assert planned(frames, there, rules=UPDATE).records["site"]["_planned"].to_list() == ["planned", "planned"]
    assert planned(frames, there).records["site"]["_planned"].to_list() == ["skipped", "invalid"]


def test_a_refused_move_keeps_its_account_from_others() -> None:
    frames = records(
        sites=[
            {"external_site_id": "S1", **ACCOUNT, "account_number": "50"},
            {"external_site_id": "S2", **ACCOUNT},
        ]
    )
    there = dealer(
        stations=[STATION],
        sites=[
            {"site_id": 7, "external_site_id": "S1", "monitoring_station_id": 5, "account_number": "42"},
            {"site_id": 8, "external_site_id": "X", "monitoring_station_id": 5, "account_number": "50"},
        ],
    )
    plan = planned(frames, there, rules=UPDATE)
    assert plan.records["site"]["_code"].to_list() == ["duplicate_account", "duplicate_account"]


def test_a_site_moved_to_another_station_takes_its_account_along() -> None:
    frames = records(sites=[{"external_site_id": "S1", "external_monitoring_station_id": "CS"}])
    there = dealer(
        stations=[STATION],
        sites=[
            {"site_id": 7, "external_site_id": "S1", "monitoring_station_id": 4, "account_number": "42"},
            {"site_id": 8, "external_site_id": "X", "monitoring_station_id": 5, "account_number": "42"},
        ],
    )
    assert only(planned(frames, there, rules=UPDATE).records["site"])["_code"] == "duplicate_account"


def test_records_out_of_scope_are_context_alone() -> None:
    frames = records(sites=[{"external_site_id": "S1"}, {"external_site_id": "S2"}])
    plan = planned(frames, dealer(), scope=pl.Series([1001], dtype=pl.UInt32))
    assert plan.records["site"]["_planned"].to_list() == [None, "planned"]
    assert plan.records["site"]["_action"].to_list() == ["none", "create"]
    assert plan.estimate.requests["sites"] == 1


def test_a_site_whose_station_is_out_of_scope_and_not_there_is_an_error() -> None:
    frames = records(
        stations=[{"external_monitoring_station_id": "CS"}],
        sites=[{"external_site_id": "S1", "external_monitoring_station_id": "CS"}],
    )
    plan = planned(frames, dealer(), scope=pl.Series([1000], dtype=pl.UInt32))
    assert only(plan.records["site"])["_code"] == "unknown_station"
