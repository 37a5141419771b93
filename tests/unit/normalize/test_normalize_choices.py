"""Security types, yes and no, device types, station numbers."""

import pytest

from migrate.model.records import SECURITY_TYPES
from migrate.normalize.choices import read_device_type, read_security_type, read_station_number, read_yes_no


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("3.0", 3),
        ("04", 4),
        *((name, number) for number, name in SECURITY_TYPES.items()),
        ("alarm panel primary bridge", 1),
        ("Primary-Bridge", 1),
        ("Alarm panel with individual bridges", 2),
        ("CHEKT VIDEO", 3),
        ("chekt", 3),
        ("Alarm.com", 4),
        ("alarmcom", 4),
    ],
)
def test_a_security_type_is_read_by_number_or_name(text: str, number: int) -> None:
    reading = read_security_type(text)
    assert reading.value == number
    assert reading.doubts == ()


@pytest.mark.parametrize("text", ["0", "5", "-1", "1.5", "Alarm Panel", "bridge", "video", "Alarm"])
def test_no_security_type_is_guessed(text: str) -> None:
    reading = read_security_type(text)
    assert reading.value is None
    assert reading.doubts[0].code == "security_type"
    assert all(name in reading.doubts[0].hint for name in SECURITY_TYPES.values())


@pytest.mark.parametrize("text", ["yes", "Y", "TRUE", "1", "1.0", " Yes "])
def test_yes_is_read(text: str) -> None:
    assert read_yes_no(text).value is True
    assert read_yes_no(text).text == "yes"


@pytest.mark.parametrize("text", ["no", "N", "False", "0", "0.0"])
def test_no_is_read(text: str) -> None:
    assert read_yes_no(text).value is False
    assert read_yes_no(text).text == "no"


@pytest.mark.parametrize("text", ["active", "x", "2", "maybe", "on"])
def test_what_is_neither_yes_nor_no_is_an_error(text: str) -> None:
    assert read_yes_no(text).value is None
    assert read_yes_no(text).doubts[0].code == "is_activated"


@pytest.mark.parametrize(("text", "word"), [("camera", "camera"), ("CAMERA", "camera"), (" Bridge", "bridge")])
def test_a_device_type_is_read_in_any_case(text: str, word: str) -> None:
    assert read_device_type(text).value == word


def test_an_unknown_device_type_is_an_error_that_names_the_map() -> None:
    (doubt,) = read_device_type("IP Cam").doubts
    assert doubt.code == "device_type"
    assert "table.fields.device_type.map" in doubt.hint


@pytest.mark.parametrize(("text", "number"), [("12345", 12345), ("12345.0", 12345), ("007", 7)])
def test_a_station_number_is_a_positive_whole_number(text: str, number: int) -> None:
    assert read_station_number(text).value == number


@pytest.mark.parametrize("text", ["0", "-1", "CS-1", "1,234", "1e5", "9" * 19])
def test_what_is_no_station_number_is_an_error(text: str) -> None:
    assert read_station_number(text).doubts[0].code == "monitoring_station_id"
