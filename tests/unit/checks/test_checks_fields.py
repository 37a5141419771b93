"""Each field by itself: read, typed, judged."""

import polars as pl
import pytest
from checks_mapped import camera, check, codes, site, told, verdicts

from migrate.model.records import RECORDS


def test_records_have_every_field_typed_and_in_order() -> None:
    checked = check(site=[site("S1", security_type="3", is_activated="Yes", monitoring_station_id="17")])
    frame = checked.records["site"]
    ends = ["_verdict", "_code", "_message", "_rows", "_station"]
    assert frame.columns == ["_n", "_src", "_row", *RECORDS["site"].field_names, *ends]
    assert frame.select("security_type", "is_activated", "monitoring_station_id", "address2").row(0) == (
        3,
        True,
        17,
        None,
    )
    types = {"_n": pl.UInt32, "monitoring_station_id": pl.Int64, "is_activated": pl.Boolean, "address2": pl.String}
    assert {name: frame.schema[name] for name in types} == types
    assert verdicts(checked, "site") == [None]


def test_good_rows_have_no_findings() -> None:
    checked = check(site=[site("S1")], device=[camera("c1", mac="AA:BB:CC:DD:EE:01")])
    assert checked.findings.is_empty()
    assert checked.records["device"].select("_verdict", "_code", "_message").row(0) == (None, None, None)


@pytest.mark.parametrize(
    ("field", "text"),
    [("timezone", "Estern"), ("security_type", "9"), ("is_activated", "maybe"), ("monitoring_station_id", "CS-1")],
)
def test_a_text_that_stands_for_nothing_makes_the_record_invalid(field: str, text: str) -> None:
    checked = check(site=[{**site("S1"), field: text}])
    assert codes(checked, "error") == [field]
    assert verdicts(checked, "site") == ["invalid"]
    assert checked.records["site"].item(0, "_code") == field


def test_a_cell_that_can_not_be_read_is_not_called_empty_too() -> None:
    assert codes(check(site=[site("S1", timezone="Estern")])) == ["timezone"]
    assert codes(check(device=[camera("c1", device_type="Kamera")])) == ["device_type"]


def test_a_required_field_that_is_empty_is_an_error_with_a_way_out() -> None:
    checked = check(site=[site("S1"), site("S2", name=None)])
    (finding,) = told(checked, "required")
    assert finding["external_id"] == "S2"
    assert finding["hint"] == "fill the cell, or give a default under table.fields.name"


def test_a_required_field_that_the_mapping_lacks_is_told_so() -> None:
    (finding,) = told(check(site=[{"external_site_id": "S1", "name": "A"}]), "required")
    assert finding["field"] == "timezone"
    assert finding["hint"] == "map it under table.fields.timezone"


def test_a_record_without_an_id_is_an_error_without_a_default_as_hint() -> None:
    (finding,) = told(check(site=[site("S1"), site("S1", external_site_id=None)]), "required")
    assert finding["external_id"] is None
    assert "default" not in finding["hint"]


def test_an_id_that_may_stand_once_for_several_rows_has_filling_down_as_hint() -> None:
    first, second = told(check(device=[camera("c1", external_site_id=None, external_device_id=None)]), "required")
    assert (first["field"], second["field"]) == ("external_site_id", "external_device_id")
    assert "table.fill_down" in first["hint"]
    assert "table.fill_down" not in second["hint"]


def test_a_doubtful_zone_number_is_a_warning_and_is_sent() -> None:
    checked = check(device=[camera("c1", zone="1204")])
    assert codes(checked, "warning") == ["zone_number"]
    assert checked.records["device"].item(0, "zone_number") == "1204"
    assert verdicts(checked, "device") == [None]


def test_what_was_written_anew_is_counted_with_the_commonest_example() -> None:
    devices = [camera("c1", zone="7"), camera("c2", "S2", zone="7"), camera("c3", zone="8"), camera("c4", zone="009")]
    assert check(device=devices).normalized == {"device.zone_number": (3, "7 → 007")}


def test_rows_that_say_the_same_are_counted_each() -> None:
    checked = check(site=[site("S1", timezone="Eastern", is_activated="Y")] * 3)
    assert checked.normalized == {
        "site.timezone": (3, "Eastern → America/New_York"),
        "site.is_activated": (3, "Y → yes"),
    }


def test_addresses_written_anew_are_counted() -> None:
    devices = [camera("c1", mac="aabbccddeeff"), camera("c2", zone="2", mac="AA:BB:CC:DD:EE:01")]
    assert check(device=devices).normalized["device.mac"] == (1, "aabbccddeeff → AA:BB:CC:DD:EE:FF")


@pytest.mark.parametrize("mac", ["n/a", "00:00:00:00:00:00", "ff-ff-ff-ff-ff-ff"])
def test_a_doubtful_address_is_a_warning(mac: str) -> None:
    assert codes(check(device=[camera("c1", mac=mac)])) == ["mac"]


def test_a_device_that_lists_its_own_zone_sends_it_once() -> None:
    checked = check(
        device=[
            camera("c1", zone="2", additional_zone_numbers="3,2,4"),
            camera("c2", zone="5", additional_zone_numbers="5"),
            camera("c3", zone="12", additional_zone_numbers="112,122"),
        ]
    )
    assert codes(checked) == ["repeated_zone", "repeated_zone"]
    assert checked.records["device"]["additional_zone_numbers"].to_list() == ["003,004", None, "112,122"]


@pytest.mark.parametrize("text", ["Main\nStreet", "a\tb", "back\u202eward", "zero\u200bwidth", "\x00"])
def test_a_character_that_is_not_seen_is_a_warning(text: str) -> None:
    assert codes(check(site=[site("S1", address1=text)])) == ["control_character"]


def test_a_very_long_text_is_a_warning_that_counts_letters_not_bytes() -> None:
    assert codes(check(site=[site("S1", name="서" * 255)])) == ["cut_text"]
    (finding,) = told(check(site=[site("S1", name="서" * 256)]), "long_text")
    assert "256" in finding["message"]


def test_text_like_a_formula_is_no_finding() -> None:
    assert check(site=[site("S1", name="=1+1")]).findings.is_empty()


def test_ct_is_judged_by_its_column() -> None:
    among_names = check(site=[site("S1", timezone="CT"), site("S2", timezone="ET")])
    assert among_names.records["site"]["timezone"].to_list() == ["America/Chicago", "America/New_York"]
    assert codes(check(site=[site("S1", timezone="CT"), site("S2", timezone="NY")])) == ["timezone"]


def test_a_mapping_without_rows_gives_frames_without_rows() -> None:
    empty = check(site=[site("S1")], device=[])
    assert empty.records["device"].height == 0
    assert check().records == {}
