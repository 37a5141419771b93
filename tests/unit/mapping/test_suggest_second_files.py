"""A list of zones beside an export: suggested as a lookup, unless a column stands in the way."""

import tomllib
from collections.abc import Sequence

from mapping_sources import source

from migrate.mapping.suggest.suggest import suggest

SERIALS: Sequence[str] = [f"AB12{number:04d}" for number in range(12)]
EXPORT = {"Serial": SERIALS, "Model": ["P3265"] * 12, "Name": [f"Camera {number}" for number in range(12)]}
ZONES = {
    "Serial": [serial.lower() for serial in SERIALS],
    "Site": [f"A{number // 4}" for number in range(12)],
    "Zone": [f"{number % 4 + 1}" for number in range(12)],
}


def lookups(export: dict[str, Sequence[str]]) -> list[object]:
    text = suggest([source(export, file="export.csv"), source(ZONES, file="zones.csv")]).text()
    return [table["lookup"] for table in tomllib.loads(text)["table"] if "lookup" in table]


def test_a_list_with_the_zones_of_an_export_is_looked_up() -> None:
    assert lookups(EXPORT) == [{"key": ["Serial"], "columns": ["Site", "Zone"]}]


def test_an_export_with_the_column_that_says_where_is_not_suggested_one_that_would_be_refused() -> None:
    assert not lookups({**EXPORT, "Looked up in": ["x"] * 12})
