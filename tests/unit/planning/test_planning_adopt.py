"""Sites that the dealer has under another id: taken over where that was asked for, else a reason to stop."""

import json

from planning_frames import dealer, only, planned, records

from migrate.planning.rules import Rules

ACCOUNT = {"external_monitoring_station_id": "CS", "account_number": "42"}
STATION = {"monitoring_station_id": 5, "external_monitoring_station_id": "CS"}


def test_a_site_at_the_dealer_under_another_id_is_adopted_where_that_was_asked_for() -> None:
    frames = records(
        sites=[{"external_site_id": "S1", "name": "New", **ACCOUNT}],
        devices=[{"external_site_id": "S1", "external_device_id": "D1"}],
    )
    there = dealer(
        stations=[STATION],
        sites=[{"site_id": 7, "name": "Old", "monitoring_station_id": 5, "account_number": "42"}],
    )
    plan = planned(frames, there, rules=Rules(adopt=True))
    row = only(plan.records["site"])
    assert (row["_action"], row["_planned"], row["_remote_id"]) == ("update", "planned", 7)
    assert json.loads(row["_changes"]) == [["external_site_id", None, "S1"]]
    assert only(plan.records["device"])["_site_id"] == 7
    assert plan.brakes == ()


def test_two_sites_that_match_one_are_not_adopted_but_braked() -> None:
    place = {"name": "Acme", "address1": "1 Main St, Suite 2"}
    frames = records(sites=[{"external_site_id": "S1", **place}, {"external_site_id": "S2", **place}])
    there = dealer(sites=[{"site_id": 7, "name": "ACME", "address1": "1 Main St", "address2": "Suite 2"}])
    plan = planned(frames, there, rules=Rules(adopt=True))
    assert plan.records["site"]["_action"].to_list() == ["create", "create"]
    [brake] = plan.brakes
    assert "S1 (there: site 7, by name and address)" in brake
