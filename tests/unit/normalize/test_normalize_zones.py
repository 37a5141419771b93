"""Zone numbers and lists of them."""

import pytest

from migrate.normalize.zones import read_zone, read_zones


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("1", "001"),
        ("01", "001"),
        ("001", "001"),
        ("0001", "001"),
        ("1.0", "001"),
        ("1.", "001"),
        ("Z1", "001"),
        ("z-1", "001"),
        ("Zone 12", "012"),
        ("ZONE #12", "012"),
        ("zone-3", "003"),
        ("zn.7", "007"),
        ("#4", "004"),
        ("# 4", "004"),
        (" 4 ", "004"),
        ("\uff11\uff12", "012"),
        ("999", "999"),
    ],
)
def test_a_zone_number_becomes_three_digits(text: str, zone: str) -> None:
    reading = read_zone(text)
    assert reading.value == zone
    assert reading.doubts == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0", "is 0"),
        ("000", "is 0"),
        ("1000", "above 999"),
        ("1204.0", "above 999"),
        ("1.5", "not a number"),
        ("-3", "not a number"),
        ("A1", "not a number"),
        ("12B", "not a number"),
        ("1-2", "not a number"),
        ("zone", "not a number"),
    ],
)
def test_what_is_no_zone_number_stays_as_it_is_with_a_warning(text: str, why: str) -> None:
    reading = read_zone(text)
    assert reading.value == text
    (doubt,) = reading.doubts
    assert (doubt.severity, doubt.code) == ("warning", "zone_number")
    assert why in doubt.message


@pytest.mark.parametrize(
    ("text", "zones"),
    [
        ("2", "002"),
        ("2, 3", "002,003"),
        ("Z2,zone 3 ,#4", "002,003,004"),
        ("002,,003,", "002,003"),
        ("12,13", "012,013"),
    ],
)
def test_a_list_is_read_zone_by_zone(text: str, zones: str) -> None:
    reading = read_zones(text)
    assert reading.value == zones
    assert reading.doubts == ()


def test_a_list_of_nothing_is_empty() -> None:
    assert read_zones(" , ").value is None


def test_a_zone_that_stands_twice_is_kept_once_with_a_warning() -> None:
    reading = read_zones("2,3,02")
    assert reading.value == "002,003"
    assert [doubt.code for doubt in reading.doubts] == ["repeated_zone"]
    assert "002" in reading.doubts[0].message


@pytest.mark.parametrize("text", ["2,003", "12,013,014"])
def test_a_list_that_may_have_been_a_number_with_thousands_is_split_with_a_warning(text: str) -> None:
    reading = read_zones(text)
    assert reading.value is not None
    assert [doubt.code for doubt in reading.doubts] == ["thousands"]


@pytest.mark.parametrize("text", ["002,003", "2,03", "102,103", "2,0033"])
def test_a_list_that_no_number_format_makes_is_not_taken_for_a_number(text: str) -> None:
    assert "thousands" not in [doubt.code for doubt in read_zones(text).doubts]


def test_a_bad_zone_of_a_list_stays_in_it_with_a_warning() -> None:
    reading = read_zones("2,yard,3")
    assert reading.value == "002,yard,003"
    assert '"yard"' in reading.doubts[0].message


@pytest.mark.parametrize(("text", "advice"), [("2;3", "split"), ("2003", "one number of a list"), ("yard", "1 to 999")])
def test_the_hint_for_a_bad_list_fits_what_went_wrong(text: str, advice: str) -> None:
    (doubt,) = read_zones(text).doubts
    assert doubt.code == "zone_number"
    assert advice in doubt.hint
