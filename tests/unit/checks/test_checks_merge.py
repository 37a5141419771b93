"""Rows of sites and stations that agree on the id are one record."""

import polars as pl
from checks_mapped import camera, check, codes, site, told, verdicts


def test_rows_that_agree_are_one_record_at_the_first_row() -> None:
    checked = check(site=[site("S1"), site("S2"), site("S1"), site("S1")])
    frame = checked.records["site"]
    assert frame.select("external_site_id", "_row", "_rows").rows() == [("S1", 2, 3), ("S2", 3, 1)]
    assert checked.findings.is_empty()


def test_an_empty_cell_agrees_with_anything_and_what_is_required_is_judged_on_the_whole() -> None:
    checked = check(site=[site("S1", name="A", timezone=None), site("S1", name=None, timezone="Eastern")])
    assert checked.records["site"].select("name", "timezone").row(0) == ("A", "America/New_York")
    assert checked.findings.is_empty()


def test_rows_are_compared_after_normalizing() -> None:
    checked = check(site=[site("S1", timezone="Eastern"), site("S1", timezone="America/New_York")])
    assert codes(checked) == []


def test_rows_that_differ_are_an_error_on_the_later_row_that_names_the_earlier() -> None:
    checked = check(
        site=[site("S1", address1=None), site("S1", address1="1 Elm"), site("S1", address1="2 Oak"), site("S2")],
        device=[camera("c1"), camera("c2", "S2")],
    )
    (finding,) = told(checked, "disagreement")
    assert (finding["row"], finding["field"], finding["severity"]) == (4, "address1", "error")
    assert finding["message"] == 'address1 is "2 Oak" in row 4, but "1 Elm" in row 3'
    assert verdicts(checked, "site") == ["invalid", None]
    assert verdicts(checked, "device") == ["blocked", None]


def test_each_of_the_rows_that_differ_in_the_same_way_is_told() -> None:
    checked = check(site=[site("S1", name="A"), site("S1", name="B"), site("S1", name="A"), site("S1", name="B")])
    assert [finding["row"] for finding in told(checked, "disagreement")] == [3, 5]


def test_typed_fields_are_compared_by_value() -> None:
    assert codes(check(site=[site("S1", security_type="3"), site("S1", security_type="CHeKT Video")])) == []
    assert codes(check(site=[site("S1", security_type="3"), site("S1", security_type="4")])) == ["disagreement"]


def test_a_cell_that_can_not_be_read_does_not_disagree_as_well() -> None:
    checked = check(site=[site("S1", timezone="Estern"), site("S1", timezone="Eastern")])
    assert codes(checked) == ["timezone"]
    assert verdicts(checked, "site") == ["invalid"]


def test_an_error_on_any_of_its_rows_makes_a_record_invalid() -> None:
    checked = check(site=[site("S1"), site("S1", timezone="Estern"), site("S1", timezone="Estern")])
    assert [(finding["row"], finding["_n"]) for finding in told(checked, "timezone")] == [(3, 0), (4, 0)]
    assert checked.records["site"].select("_verdict", "_code").row(0) == ("invalid", "timezone")


def test_rows_without_an_id_are_not_merged() -> None:
    checked = check(site=[site("S1", external_site_id=None)] * 2)
    assert checked.records["site"]["_rows"].to_list() == [1, 1]


def test_ids_are_compared_exactly_and_near_ones_are_a_warning() -> None:
    checked = check(site=[site("0042"), site("42"), site("ab"), site("AB")])
    assert checked.records["site"].height == 4
    near = told(checked, "near_id")
    assert [finding["external_id"] for finding in near] == ["42", "AB"]
    assert near[0]["message"] == '"42" is nearly "0042" of row 2'


def test_stations_are_merged_like_sites() -> None:
    rows = [{"external_monitoring_station_id": "CS", "name": "Central"}] * 2
    checked = check(station=rows)
    assert checked.records["station"].select("_rows", "name").row(0) == (2, "Central")


def test_records_are_numbered_over_all_kinds_in_source_order() -> None:
    checked = check(
        station=[{"external_monitoring_station_id": "CS", "name": "C", "_row": 5}],
        site=[site("S1", _row=5), site("S2", _row=6), site("S1", _row=7)],
        device=[camera("c1", _row=5), camera("c2", zone="2", _row=7), camera("c3", zone="3", _src=1, _row=2)],
    )
    numbers = {kind: frame["_n"].to_list() for kind, frame in checked.records.items()}
    assert numbers == {"station": [0], "site": [1, 3], "device": [2, 4, 5]}


def test_two_records_of_one_kind_may_stand_in_one_row() -> None:
    rows = [camera("c1", _row=2, _table=2), camera("c2", zone="2", _row=2, _table=3), camera("c3", zone="3", _row=3)]
    frame = check(device=rows).records["device"]
    assert frame.select("_n", "_row", "external_device_id").rows() == [(0, 2, "c1"), (1, 2, "c2"), (2, 3, "c3")]


def test_many_rows_that_repeat_a_site_make_one_record() -> None:
    rows = [site(f"S{number // 20}", address1=f"{number // 20} Elm" if number % 20 else None) for number in range(200)]
    frame = check(site=rows).records["site"]
    assert frame.height == 10
    assert frame["_rows"].to_list() == [20] * 10
    assert frame.filter(pl.col("address1").is_null()).is_empty()
