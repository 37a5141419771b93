"""Profiles: what kind of values a column holds, counted over all rows, without credentials or torn rows."""

from collections.abc import Sequence

import pytest
from mapping_sources import source

from migrate.mapping.suggest.profile import SAMPLE_ROWS, Profile, is_sampled, profiles


def profile(values: Sequence[str | None], name: str = "x") -> Profile:
    return profiles(source({name: values}).table)[name]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("MAC addresses", ["AA:BB:CC:DD:EE:0F", "aa-bb-cc-dd-ee-10", "aabb.ccdd.ee11", "AABBCCDDEE12"]),
        ("numbers", ["123456789012", "210987654321"]),
        ("IP addresses", ["198.51.100.7", "198.51.100.8:8000"]),
        ("links", ["http://198.51.100.7/", "rtsp://cam/1"]),
        ("e-mail addresses", ["ann@example.com", "bob@example.org"]),
        ("phone numbers", ["(518) 555-0100", "+49 221 555100", "010-1234-5678"]),
        ("dates", ["2024-03-14", "3/14/2024 5:00 PM", "14.03.2024"]),
        ("time zones", ["Eastern", "America/Chicago", "한국 표준시", "EST"]),
        ("US states", ["NY", "TX", "Ohio"]),
        ("yes or no", ["yes", "No", "TRUE"]),
        ("codes with leading zeros", ["0042", "1043", "0044"]),
        ("codes", ["C-0042", "KR0101", "P2794"]),
        ("text", ["OK", "OK"]),
        ("text", ["Joe's Pizza", "Harbor Storage"]),
        ("empty", [None, " ", "\u200b"]),
    ],
)
def test_the_kind_of_a_column_is_told_by_nearly_all_of_its_values(kind: str, values: list[str | None]) -> None:
    assert profile(values).kind == kind
    assert profile([*values * 5, "something else altogether"]).kind == ("text" if kind == "empty" else kind)


def test_filled_and_different_values_are_counted_over_all_rows_and_the_commonest_come_first() -> None:
    found = profile(["b", "a ", " ", "a", None, "b", "c", "b"])
    assert (found.rows, found.filled, found.distinct, found.filled_share) == (8, 6, 3, 0.75)
    assert found.values.rows() == [("b", 3), ("a", 2), ("c", 1)]
    assert found.examples == ("b", "a", "c")


def test_of_a_long_table_a_column_of_few_values_is_counted_whole_so_that_none_is_missed() -> None:
    height = 3 * SAMPLE_ROWS
    rare = ["Active"] * height
    rare[1] = "Closed"
    table = source({"Status": rare, "Id": [f"C{at:06}" for at in range(height)]}).table
    found = profiles(table)
    assert is_sampled(table)
    assert found["Status"].values.rows() == [("Active", height - 1), ("Closed", 1)]
    assert (found["Id"].distinct, found["Id"].sampled) == (height, SAMPLE_ROWS)


def test_a_torn_row_is_no_part_of_a_profile() -> None:
    torn = {"_row": 3, "row": 3, "severity": "error", "code": "ragged_row", "message": "torn", "hint": "mend"}
    table = source({"Zone": ["1", "Front door", "2"]}, findings=[torn]).table
    assert profiles(table)["Zone"].values["value"].to_list() == ["1", "2"]
