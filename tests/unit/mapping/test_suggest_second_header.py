"""A header of two rows is told, and which row to take is left to a person; a row of data is none."""

from collections.abc import Sequence

import pytest
from mapping_sources import source

from migrate.mapping.suggest.second_header import second_header
from migrate.mapping.suggest.suggest import suggest

NAMES = ("Site code", "Site name", "TZ", "Cam 1", "E", "F", "Cam 2", "H", "I")
DATA = [
    ("M1", "East", "Eastern", "Gate", "1", "00:02:D1:00:00:01", "Dock", "2", "00:02:D1:00:00:02"),
    ("M2", "West", "Pacific", "Gate", "1", "00:02:D1:00:00:03", None, None, None),
    ("M3", "Mid", "Central", "Roof", "3", "00:02:D1:00:00:04", "Door", "4", "00:02:D1:00:00:05"),
]
SECOND = (None, None, None, "Name", "Zone", "MAC", "Name", "Zone", "MAC")


def columns(*rows: Sequence[str | None]) -> dict[str, list[str | None]]:
    return {name: [row[at] for row in rows] for at, name in enumerate(NAMES)}


def test_words_of_headers_that_repeat_under_a_header_are_a_second_one() -> None:
    found = source(columns(SECOND, *DATA), sheet="Matrix", header_row=3)
    assert second_header(found.table) == 4
    text = suggest([found]).text()
    tables = text.count("[[table]]")
    assert tables > 0
    assert text.count("# decide: row 4 looks like a second header row: header_row = 4 in this table") == tables


@pytest.mark.parametrize(
    "first",
    [
        DATA[0],
        ("Name", None, None, None, None, None, None, None, None),
        ("M1", "East", "Eastern", "Camera", "Camera", "Camera", "Camera", "Camera", "Camera"),
        (None, None, None, "Gate", "1", "n/a", "Gate", "1", "n/a"),
        (None,) * 9,
    ],
)
def test_a_row_of_data_is_no_second_header(first: Sequence[str | None]) -> None:
    found = source(columns(first, *DATA), sheet="Matrix")
    assert second_header(found.table) is None
    assert "second header" not in suggest([found]).text()


def test_without_a_header_there_is_no_second_one() -> None:
    assert second_header(source(columns(SECOND, *DATA), header_row=0).table) is None
