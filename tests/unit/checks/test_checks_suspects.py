"""What a program has most likely made of a value is a warning where the field identifies something."""

import pytest
from checks_mapped import camera, check, codes, site, told, verdicts

DATES = [
    *("2-Jan", "02-Jan", "Jan-02", "1/2/2024", "01/02/24", "2024-01-02", "2024-01-02 00:00:00", "2-Jan-24"),
    *("2. Mrz", "02. Jan", "01.02.2024", "01월 02일", "2-janv", "ene-02", "Mar 2024"),
]
NO_DATES = ["JAN-02", "MAR-12", "12-001", "1-2", "1/2", "2024-001", "10.1.1.2020.5", "Jan-003", "Dec-ember", "A2-Jan"]


@pytest.mark.parametrize("text", DATES)
@pytest.mark.parametrize("field", ["external_site_id", "account_number"])
def test_a_text_like_a_date_in_an_identifying_field_is_suspected_and_sent_as_it_is(text: str, field: str) -> None:
    checked = check(site=[site("S1") | {field: text}])
    (finding,) = checked.findings.to_dicts()
    assert (finding["code"], finding["severity"], finding["field"], finding["row"]) == (
        "date_text",
        "warning",
        field,
        2,
    )
    assert checked.records["site"][field].to_list() == [text]
    assert verdicts(checked, "site") == [None]


@pytest.mark.parametrize("text", NO_DATES)
def test_what_no_spreadsheet_program_makes_of_a_date_is_none(text: str) -> None:
    assert codes(check(site=[site(text)])) == []


def test_a_date_in_a_text_that_identifies_nothing_is_no_finding() -> None:
    assert codes(check(site=[site("S1", name="2-Jan", address1="1/2/2024", address2="1,234.0")])) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,234", "thousands"),
        ("12,345,678", "thousands"),
        ("1234.0", "point_zero"),
        ("1234.00", "point_zero"),
        ("S1-12.0", "point_zero"),
        ("12.0-S1", "point_zero"),
        ("S1-2-Jan", "date_text"),
        ("S1/Jan-02", "date_text"),
        ("\u201c0042\u201d", "typographic"),
        ("O\u2019Brien", "typographic"),
        ("'P2794", "typographic"),
        ("2\u2032", "typographic"),
    ],
)
def test_a_suspect_identifier_is_a_warning_that_says_what_to_do(text: str, code: str) -> None:
    checked = check(device=[camera("c1", serial_number=text)])
    (finding,) = checked.findings.to_dicts()
    assert (finding["code"], finding["severity"], finding["field"]) == (code, "warning", "serial_number")
    assert text in finding["message"]
    assert finding["hint"]
    assert checked.records["device"]["serial_number"].to_list() == [text]


@pytest.mark.parametrize(
    "text", ["1,23", "1234,567", "1.05", "v1.0", "O'Brien", "A-1", "12.34.0", "A-2024-01-02", "S1-1/2/2024", "SR-1.05"]
)
def test_an_identifier_that_only_looks_suspect_is_no_finding(text: str) -> None:
    assert codes(check(device=[camera("c1", serial_number=text)])) == []


@pytest.mark.parametrize("length", [255, 32_767])
def test_a_text_as_long_as_programs_cut_it_is_suspected_in_any_field(length: int) -> None:
    (finding,) = told(check(site=[site("S1", address2="x" * length)]), "cut_text")
    assert (finding["severity"], finding["field"]) == ("warning", "address2")
    assert f"{length}" in finding["message"]
    assert told(check(site=[site("S1", address2="x" * (length - 1))]), "cut_text") == []


@pytest.mark.parametrize(
    ("field", "text", "code", "hint"),
    [
        ("zone_number", "2-Jan", "date_text", "such as 1-2"),
        ("additional_zone_numbers", "3,1/2/2024", "date_text", "such as 1-2"),
        ("zone_number", "2,003", "thousands", "additional_zone_numbers"),
        ("zone_number", "002,003", "thousands", "additional_zone_numbers"),
        ("zone_number", "2003", "zone_number", "if it was a list such as 002,003"),
        ("additional_zone_numbers", "2,003", "thousands", "format the column as text"),
        ("mac", "1122334455", "mac", "it is 001122334455: give pad = 12 under table.fields.mac"),
        ("mac", "1122", "mac", "twelve hex digits"),
    ],
)
def test_damage_to_zones_and_addresses_is_told_by_those_who_read_them(
    field: str, text: str, code: str, hint: str
) -> None:
    (finding,) = check(device=[camera("c1") | {field: text}]).findings.to_dicts()
    assert (finding["code"], finding["severity"], finding["field"]) == (code, "warning", field)
    assert hint in finding["hint"]
