"""Time zones in the words of inventories."""

from importlib.resources import files

import pytest

from migrate.normalize.timezones import read_timezone, timezone_reader, zone_of_city
from migrate.normalize.us_states import STATE_ZONES
from migrate.normalize.zone_names import AMBIGUOUS_NAMES, ZONE_NAMES

IANA = frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Eastern", "America/New_York"),
        ("eastern", "America/New_York"),
        ("ET", "America/New_York"),
        ("EDT", "America/New_York"),
        ("EST5EDT", "America/New_York"),
        ("Eastern  Time", "America/New_York"),
        ("Eastern Standard Time", "America/New_York"),
        ("Eastern Daylight Time", "America/New_York"),
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("(GMT-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("US/Eastern", "America/New_York"),
        ("us/eastern", "America/New_York"),
        ("US Eastern Standard Time", "America/Indiana/Indianapolis"),
        ("Central", "America/Chicago"),
        ("CST", "America/Chicago"),
        ("Central Standard Time (Mexico)", "America/Mexico_City"),
        ("Mountain", "America/Denver"),
        ("MT", "America/Denver"),
        ("US Mountain Standard Time", "America/Phoenix"),
        ("(UTC-07:00) Arizona", "America/Phoenix"),
        ("PST", "America/Los_Angeles"),
        ("Hawaiian Standard Time", "Pacific/Honolulu"),
        ("(UTC-10:00) Hawaii", "Pacific/Honolulu"),
        ("Alaskan Standard Time", "America/Anchorage"),
        ("Atlantic Time (Canada)", "America/Halifax"),
        ("Newfoundland", "America/St_Johns"),
        ("KST", "Asia/Seoul"),
        ("(UTC+09:00) Seoul", "Asia/Seoul"),
        ("한국 표준시", "Asia/Seoul"),
        ("Korea Standard Time", "Asia/Seoul"),
        ("GMT Standard Time", "Europe/London"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("UTC", "UTC"),
        ("etc/utc", "Etc/UTC"),
        ("america/new_york", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("AMERICA/ARGENTINA/BUENOS_AIRES", "America/Argentina/Buenos_Aires"),
        ("Etc/GMT+5", "Etc/GMT+5"),
        ("asia/calcutta", "Asia/Calcutta"),
        ("\uff25astern", "America/New_York"),
        ("NY", "America/New_York"),
        ("new york", "America/New_York"),
        ("AZ", "America/Phoenix"),
        ("Hi", "Pacific/Honolulu"),
    ],
)
def test_a_name_of_a_time_zone_becomes_its_iana_id(text: str, zone: str) -> None:
    reading = read_timezone(text)
    assert reading.value == zone
    assert reading.doubts == ()


@pytest.mark.parametrize(
    ("text", "zone"),
    [("EST", "America/New_York"), ("est", "America/New_York"), ("MST", "America/Denver"), ("HST", "Pacific/Honolulu")],
)
def test_an_abbreviation_that_is_an_iana_name_too_is_taken_as_a_dealer_means_it_with_a_warning(
    text: str, zone: str
) -> None:
    reading = read_timezone(text)
    assert reading.value == zone
    (doubt,) = reading.doubts
    assert (doubt.severity, doubt.code) == ("warning", "timezone_ambiguous")
    assert zone in doubt.message


@pytest.mark.parametrize("text", ["-5", "UTC-5", "GMT-05:00", "+09:00", "(UTC-05:00)", "-0500", "5", "-5.0", "utc +9"])
def test_a_bare_offset_is_an_error(text: str) -> None:
    reading = read_timezone(text)
    assert reading.value is None
    (doubt,) = reading.doubts
    assert (doubt.severity, doubt.code) == ("error", "timezone")
    assert "offset" in doubt.message


@pytest.mark.parametrize("state", ["AK", "FL", "ID", "IN", "KS", "KY", "MI", "ND", "NE", "NV", "OR", "SD", "TN", "TX"])
def test_a_state_with_two_time_zones_is_an_error_that_names_both(state: str) -> None:
    reading = read_timezone(state)
    assert reading.value is None
    assert all(zone in reading.doubts[0].message for zone in STATE_ZONES[state])


def test_the_states_with_two_time_zones_are_those_that_the_trade_names() -> None:
    two = {state for state, zones in STATE_ZONES.items() if len(state) == 2 and len(zones) == 2}
    assert two == {"AK", "FL", "ID", "IN", "KS", "KY", "MI", "ND", "NE", "NV", "OR", "SD", "TN", "TX"}


@pytest.mark.parametrize(
    ("text", "near"), [("Estern", "Eastern"), ("Mountan", "Mountain"), ("Amerca/Chicago", "America/Chicago")]
)
def test_an_unknown_name_is_an_error_that_suggests_the_nearest(text: str, near: str) -> None:
    (doubt,) = read_timezone(text).doubts
    assert doubt.message == f'time zone "{text}" is not known'
    assert doubt.hint == f'did you mean "{near}"? add it under table.fields.timezone.map'


def test_nothing_is_suggested_where_nothing_is_near() -> None:
    (doubt,) = read_timezone("the one with the palm trees").doubts
    assert "did you mean" not in doubt.hint


def test_ct_alone_is_an_error_for_it_may_be_connecticut() -> None:
    for texts in (["CT"], ["CT", "NY", "MT"]):
        reading = timezone_reader(texts)("CT")
        assert reading.value is None
        assert "Connecticut" in reading.doubts[0].message


def test_ct_is_central_time_in_a_column_that_names_time_zones() -> None:
    read = timezone_reader(["CT", "ET"])
    assert read("ct").value == "America/Chicago"
    assert read("ET").value == "America/New_York"


def test_a_column_with_too_many_texts_for_time_zones_gets_no_suggestions() -> None:
    texts = [f"Main Street {number}" for number in range(1_001)]
    assert "did you mean" not in timezone_reader(texts)("Estern").doubts[0].hint


@pytest.mark.parametrize(
    ("city", "zone"),
    [
        ("Amsterdam", "Europe/Amsterdam"),
        ("buenos aires", None),  # IANA has it twice, under two names
        ("New  York", "America/New_York"),
        ("Eastern", None),
        ("GMT+5", None),
        ("Springfield", None),
    ],
)
def test_a_city_tells_the_zone_that_alone_is_called_after_it(city: str, zone: str | None) -> None:
    assert zone_of_city(city) == zone


def test_every_name_leads_to_a_zone_that_iana_knows() -> None:
    assert set(ZONE_NAMES.values()) <= IANA
    assert {zone for zones in STATE_ZONES.values() for zone in zones} <= IANA


@pytest.mark.parametrize("name", sorted(ZONE_NAMES.keys() - AMBIGUOUS_NAMES.keys()))
def test_every_listed_name_is_read_as_its_zone(name: str) -> None:
    assert read_timezone(name).value == ZONE_NAMES[name]
