"""What holds for every text that a normalizer may meet."""

import re
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.normalize.choices import read_device_type, read_security_type, read_station_number, read_yes_no
from migrate.normalize.keys import near_key
from migrate.normalize.macs import clean_macs
from migrate.normalize.reading import Reading
from migrate.normalize.timezones import read_timezone
from migrate.normalize.zones import read_zone, read_zones

READERS = [
    read_zone,
    read_zones,
    read_timezone,
    read_security_type,
    read_yes_no,
    read_device_type,
    read_station_number,
]
TEXT = st.one_of(
    st.text(min_size=1, max_size=20), st.from_regex(r"(?:zone|z|#|utc)?[ -]?[0-9.,;:]{1,8}", fullmatch=True)
)
IDS = st.text(alphabet="0019aAbBﬁ\u00a0 -\uff11", min_size=1, max_size=8).filter(str.strip)


@pytest.mark.parametrize("read", READERS)
@given(text=TEXT)
def test_a_reading_has_a_value_or_says_why_not(read: Callable[[str], Reading], text: str) -> None:
    reading = read(text)
    is_error = any(doubt.severity == "error" for doubt in reading.doubts)
    assert is_error == (reading.value is None) or (read is read_zones and not text.replace(",", "").strip())


@pytest.mark.parametrize("read", READERS)
@given(text=TEXT)
def test_reading_a_clean_value_again_changes_nothing(read: Callable[[str], Reading], text: str) -> None:
    clean = read(text).text
    if clean is not None:
        assert read(clean).text == clean


@pytest.mark.parametrize("read", READERS)
@given(text=TEXT)
def test_what_is_said_about_a_text_is_one_harmless_line(read: Callable[[str], Reading], text: str) -> None:
    for doubt in read(text).doubts:
        assert len(doubt.message) < 250
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e]", doubt.message)
        assert not doubt.message[0].isupper()
        assert not doubt.message.endswith(".")


@given(number=st.integers(1, 999), zeros=st.integers(0, 4), before=st.sampled_from(["", "Z", "Zone ", "zone-", "#"]))
def test_every_spelling_of_a_zone_number_becomes_the_same_three_digits(number: int, zeros: int, before: str) -> None:
    assert read_zone(f"{before}{'0' * zeros}{number}").value == f"{number:03}"


@given(st.lists(st.integers(1, 999), min_size=1, unique=True))
def test_a_list_keeps_all_of_its_zones_in_order(numbers: list[int]) -> None:
    assert read_zones(", ".join(map(str, numbers))).value == ",".join(f"{number:03}" for number in numbers)


@given(st.binary(min_size=6, max_size=6), st.sampled_from(["", ":", "-", ".", " "]), st.booleans())
def test_every_spelling_of_an_address_becomes_the_same(address: bytes, separator: str, upper: bool) -> None:
    pairs = [f"{byte:02X}" if upper else f"{byte:02x}" for byte in address]
    assert clean_macs(pl.Series([separator.join(pairs)])).item() == address.hex(":").upper()


@given(st.lists(st.one_of(st.none(), TEXT), max_size=5))
def test_cleaning_addresses_twice_changes_nothing(texts: list[str | None]) -> None:
    once = clean_macs(pl.Series(texts, dtype=pl.String))
    assert clean_macs(once).equals(once)


@given(IDS)
def test_a_near_key_is_blind_to_zeros_in_front_case_and_spaces(text: str) -> None:
    spelled = pl.DataFrame({"id": [text, f"00{text}", text.lower(), f" {text} "]})
    assert spelled.select(near_key(pl.col("id")).n_unique()).item() == 1
