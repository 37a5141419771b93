"""What readers and the mapping found, as checks judge it."""

from typing import Any

import polars as pl
import pytest
from checks_mapped import Given, camera, check, codes, frames, site, told, verdicts

from migrate.checks.validate import validate
from migrate.model.findings import FINDINGS_SCHEMA, findings_frame


def found(code: str, field: str | None, *, record: str | None = "device", **more: Any) -> dict[str, Any]:
    said = {"severity": "warning", "code": code, "message": f"it is {code}", "_src": 0, "_row": 2}
    return {**said, "record": record, "field": field, **more}


@pytest.mark.parametrize(
    "code", ["e_notation", "excel_error", "rounded_digits", "formula_without_value", "date_cell", "hidden_by_format"]
)
@pytest.mark.parametrize(
    "field",
    [
        *("external_device_id", "external_site_id", "zone_number", "additional_zone_numbers", "mac", "serial_number"),
        "device_type",
    ],
)
def test_damage_to_a_field_that_identifies_or_is_required_is_an_error(code: str, field: str) -> None:
    checked = check(device=[camera("c1")], findings=[found(code, field)])
    assert codes(checked, "error") == [code]
    assert checked.records["device"].select("_verdict", "_code", "_message").row(0) == (
        "invalid",
        code,
        f"{field}: it is {code}",
    )


def test_damage_to_another_field_stays_a_warning_and_dates_there_are_dropped() -> None:
    checked = check(device=[camera("c1")], findings=[found("e_notation", "name"), found("date_cell", "name")])
    assert [(finding["code"], finding["severity"]) for finding in checked.findings.to_dicts()] == [
        ("e_notation", "warning")
    ]
    assert verdicts(checked, "device") == [None]


def test_what_was_recovered_for_sure_stays_a_note() -> None:
    checked = check(device=[camera("c1")], findings=[found("unwrapped", "external_device_id", severity="note")])
    assert codes(checked, "note") == ["unwrapped"]
    assert verdicts(checked, "device") == [None]


def test_a_finding_about_a_field_gets_the_record_it_is_about() -> None:
    checked = check(site=[site("S1")], device=[camera("c1")], findings=[found("extract", "name")])
    (finding,) = told(checked, "extract")
    assert (finding["_n"], finding["external_id"]) == (1, "c1")


def test_a_cell_that_is_an_error_already_is_not_told_in_other_words() -> None:
    damaged = [found("excel_error", "zone_number"), found("not_in_map", "device_type", severity="error")]
    checked = check(device=[camera("c1", zone="#N/A", device_type="x")], findings=damaged)
    assert codes(checked) == ["not_in_map", "excel_error"]
    empty = check(device=[camera("c1", zone_number=None)], findings=damaged[:1])
    assert codes(empty) == ["excel_error"]


def test_a_cell_that_is_an_error_already_is_not_said_to_name_nothing_or_to_be_there_twice() -> None:
    station = {"external_monitoring_station_id": "CS-1", "name": "Central"}
    sites = [
        site("S1", external_monitoring_station_id="#N/A", account_number="1"),
        site("S2", external_monitoring_station_id="CS-1", account_number="6E+02", _row=3),
        site("S3", external_monitoring_station_id="CS-1", account_number="6E+02", _row=4),
    ]
    damaged = [
        found("excel_error", "external_monitoring_station_id", record="site"),
        *(found("e_notation", "account_number", record="site", _row=row) for row in (3, 4)),
    ]
    checked = check(station=[station], site=sites, findings=damaged)
    assert codes(checked) == ["excel_error", "e_notation", "e_notation"]
    assert verdicts(checked, "site") == ["invalid"] * 3


def test_a_field_that_extract_made_empty_is_not_asked_to_be_filled() -> None:
    lost = found("extract", "zone_number", hint="mend the pattern")
    checked = check(
        device=[camera("c1", zone_number=None), camera("c2", zone_number=None, _row=3)],
        findings=[lost],
    )
    assert [(finding["message"], finding["hint"]) for finding in told(checked, "required")] == [
        ("zone_number is empty, as the pattern of extract is not found", "mend the pattern"),
        ("zone_number is empty", "fill the cell, or give a default under table.fields.zone_number"),
    ]


def test_what_the_reader_told_of_a_cell_is_not_told_again() -> None:
    checked = check(device=[camera("c1", name="a\x1b[2J")], findings=[found("control_character", "name")])
    assert codes(checked) == ["control_character"]


def test_a_finding_that_tells_its_table_is_about_that_tables_record_alone() -> None:
    rows = [camera("c1", _row=2, _table=2), camera("c2", zone="2", _row=2, _table=3)]
    damage = findings_frame([found("e_notation", "zone_number")])
    both = validate(Given(frames(device=rows), damage))
    assert verdicts(both, "device") == ["invalid", "invalid"]
    one = validate(Given(frames(device=rows), damage.with_columns(pl.lit(3, dtype=pl.UInt32).alias("_table"))))
    assert verdicts(one, "device") == [None, "invalid"]


def test_an_error_about_a_whole_row_makes_all_of_its_records_invalid() -> None:
    ragged = found("ragged_row", None, record=None, severity="error")
    checked = check(
        site=[site("S1"), site("S2", _row=3)], device=[camera("c1"), camera("c2", "S2", _row=3)], findings=[ragged]
    )
    assert verdicts(checked, "site") == ["invalid", None]
    assert verdicts(checked, "device") == ["invalid", None]
    assert codes(checked) == ["ragged_row"]


def test_an_error_about_a_later_row_of_a_site_makes_the_site_invalid() -> None:
    ragged = found("ragged_row", None, record=None, severity="error", _row=3)
    assert verdicts(check(site=[site("S1"), site("S1")], findings=[ragged]), "site") == ["invalid"]


def test_what_stands_in_a_row_that_is_an_error_as_a_whole_is_not_told_cell_by_cell() -> None:
    ragged = found("ragged_row", None, record=None, severity="error", _row=3)
    checked = check(
        site=[site("S1", name="Shop"), site("S1", name="4th floor", timezone="Active", _row=3)],
        device=[camera("c1"), camera("c2", zone_number=None, device_type="3", mac="here", _row=3)],
        findings=[ragged],
    )
    assert codes(checked) == ["ragged_row"]
    assert checked.records["site"]["_message"].to_list() == ["row 3: it is ragged_row"]
    assert checked.records["device"]["_message"].to_list()[1] == "it is ragged_row"
    assert verdicts(checked, "site") == ["invalid"]
    assert verdicts(checked, "device") == ["blocked", "invalid"]


def test_what_is_about_a_row_without_such_a_record_is_dropped() -> None:
    checked = check(device=[camera("c1")], findings=[found("excel_error", "zone_number", _row=99)])
    assert checked.findings.is_empty()


def test_what_is_about_the_whole_file_passes_through() -> None:
    checked = check(device=[camera("c1")], findings=[found("encoding_guessed", None, record=None, _row=None)])
    assert codes(checked) == ["encoding_guessed"]


def test_findings_are_whole_and_stand_in_source_order() -> None:
    checked = check(
        site=[site("S1", timezone="x", _row=3), site("S2", name=None, timezone="x", _row=2)],
        device=[camera("c1", zone="x", _row=2), camera("c2", zone="y", _src=1, _row=1)],
    )
    assert checked.findings.schema == FINDINGS_SCHEMA
    order = [(f["_src"], f["row"], f["record"], f["field"]) for f in checked.findings.to_dicts()]
    assert order == [
        (0, 2, "site", "name"),
        (0, 2, "site", "timezone"),
        (0, 2, "device", "zone_number"),
        (0, 3, "site", "timezone"),
        (1, 1, "device", "zone_number"),
    ]
    assert checked.findings["file"].to_list() == ["a.csv"] * 4 + ["b.xlsx"]
    assert checked.findings["column"].to_list()[2] == "Zone"
