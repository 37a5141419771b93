"""Links between records, accounts at stations, and what blocks what."""

from typing import Any

import polars as pl
from checks_mapped import Given, camera, check, codes, frames, site, told, verdicts

from migrate.checks.links import LEFT_OUT_HINT
from migrate.checks.validate import validate


def station(number: str, **fields: str) -> dict[str, str]:
    return {"external_monitoring_station_id": number, "name": "Central", **fields}


def at_station(number: str, account: str | None, station: str | None = "CS") -> dict[str, Any]:
    return site(number, external_monitoring_station_id=station, account_number=account)


def test_devices_know_their_site_and_sites_their_station() -> None:
    checked = check(
        station=[station("CS")],
        site=[at_station("S1", "1"), site("S2")],
        device=[camera("c1", "S2"), camera("c2", "S1")],
    )
    numbers = dict(checked.records["site"].select("external_site_id", "_n").iter_rows())
    assert checked.records["device"]["_site"].to_list() == [numbers["S2"], numbers["S1"]]
    assert checked.records["site"]["_station"].to_list() == [checked.records["station"].item(0, "_n"), None]


def test_a_device_whose_site_is_not_in_the_inputs_is_a_warning() -> None:
    checked = check(site=[site("0042")], device=[camera("c1", "42"), camera("c2", "9")])
    near, far = told(checked, "unknown_site")
    assert near["message"] == 'site "42" is not in the inputs; "0042" is'
    assert far["message"] == 'site "9" is not in the inputs'
    assert (near["severity"], near["field"]) == ("warning", "external_site_id")
    assert verdicts(checked, "device") == [None, None]


def test_a_device_whose_site_where_leaves_out_is_told_so_with_the_row() -> None:
    left_out = pl.DataFrame(
        {"_src": [0, 0, 1], "_row": [7, 9, 4], "external_site_id": ["S2", "S2", "S3"]},
        schema={"_src": pl.UInt32, "_row": pl.UInt32, "external_site_id": pl.String},
    )
    rows = frames(site=[site("S1")], device=[camera("c1", "S2"), camera("c2", "S3"), camera("c3")])
    found = validate(Given(rows, filtered={"site": left_out})).findings.to_dicts()
    assert [finding["message"] for finding in found] == [
        'site "S2" is left out by where in row 7',
        'site "S3" is left out by where in row 4 of b.xlsx, sheet "Cameras"',
    ]
    assert {(finding["code"], finding["severity"], finding["hint"]) for finding in found} == {
        ("filtered_site", "warning", LEFT_OUT_HINT)
    }


def test_a_device_file_alone_has_no_unknown_sites() -> None:
    checked = check(device=[camera("c1")])
    assert checked.findings.is_empty()
    assert checked.records["device"]["_site"].to_list() == [None]


def test_a_site_whose_station_is_not_among_the_stations_is_a_warning() -> None:
    checked = check(station=[station("CS")], site=[at_station("S1", "1", "XX")])
    assert codes(checked) == ["unknown_station"]


def test_stations_that_no_table_makes_are_one_note_with_their_number_as_check_cannot_ask_the_dealer() -> None:
    sites = [at_station("S1", "1", None), at_station("S2", "2", "CS-1"), at_station("S3", "3", "CS-2")]
    checked = check(site=[*sites, at_station("S4", "4", "CS-1")])
    (note,) = told(checked, "unknown_station")
    assert (note["severity"], note["row"], note["field"]) == ("note", 3, "external_monitoring_station_id")
    assert note["message"] == ('2 stations will be looked up at the dealer, as no table makes them, such as "CS-1"')
    assert verdicts(checked, "site") == [None] * 4
    assert codes(check(site=[site("S1")])) == []


def test_what_belongs_to_a_record_that_is_not_fine_is_blocked_all_the_way_down() -> None:
    checked = check(
        station=[{"external_monitoring_station_id": "CS", "name": None}],
        site=[at_station("S1", "1"), at_station("S2", "2", None)],
        device=[camera("c1"), camera("c2", "S2"), camera("c3", zone="2", device_type="x")],
    )
    assert verdicts(checked, "station") == ["invalid"]
    assert verdicts(checked, "site") == ["blocked", None]
    assert verdicts(checked, "device") == ["blocked", None, "invalid"]
    row = checked.records["device"].select("_code", "_message").row(0)
    assert row == ("blocked", 'site "S1" is blocked: station "CS" is invalid: name is empty')


def test_a_blocked_record_is_told_the_first_problem_alone() -> None:
    checked = check(site=[site("S1", name=None, timezone="Estern")], device=[camera("c1")])
    assert checked.records["site"].item(0, "_code") == "required;timezone"
    assert checked.records["site"].item(0, "_message") == 'name is empty; time zone "Estern" is not known'
    assert checked.records["device"].item(0, "_message") == 'site "S1" is invalid: name is empty'


def test_an_account_number_that_an_earlier_site_of_the_station_has_is_an_error() -> None:
    checked = check(site=[at_station("S1", "0042"), at_station("S2", "0042"), at_station("S3", "0042", "CS-2")])
    (finding,) = told(checked, "duplicate_account")
    assert (finding["external_id"], finding["severity"]) == ("S2", "error")
    assert finding["message"] == 'account number "0042" at station "CS" is that of site "S1" in row 2'
    assert verdicts(checked, "site") == [None, "invalid", None]


def test_stations_known_by_the_dealers_number_are_stations_too() -> None:
    rows = [site(number, monitoring_station_id="7", account_number="1") for number in ("S1", "S2")]
    assert codes(check(site=rows), "error") == ["duplicate_account"]


def test_without_stations_a_repeated_account_number_is_a_warning() -> None:
    checked = check(site=[at_station("S1", "1", None), at_station("S2", "1", None)])
    (finding,) = told(checked, "duplicate_account")
    assert (finding["external_id"], finding["severity"]) == ("S2", "warning")


def test_a_station_without_an_account_number_is_a_warning() -> None:
    checked = check(site=[at_station("S1", None), at_station("S2", None, None)])
    assert [finding["external_id"] for finding in told(checked, "no_account")] == ["S1"]


def test_a_prefix_that_stands_in_station_and_account_is_a_warning() -> None:
    stations = [station("CS", prefix="P2"), station("CS-2")]
    checked = check(
        station=stations, site=[at_station("S1", "P2794"), at_station("S2", "2794"), at_station("S3", "P2794", "CS-2")]
    )
    assert [finding["external_id"] for finding in told(checked, "prefix_repeated")] == ["S1"]
