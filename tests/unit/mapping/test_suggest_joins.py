"""Joins of files that may have nothing to do with each other: no street, name or phone is an id by that alone."""

import tomllib
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from typing import Any

import pytest
from mapping_sources import source

from migrate.mapping.suggest.suggest import suggest

Columns = Dict[str, Sequence[str | None]]

STREETS = ["1 A Street", "2 B Street", "3 C Street", "4 D Street"]
CITIES = ["Troy", "Albany", "Utica", "Ithaca"]
SITES: Columns = {
    "Account": ["000501", "000502", "000503", "000504"],
    "Subscriber": ["Joe", "Zeta", "Exp", "Oak"],
    "TZ": ["Central"] * 4,
}
CAMERAS: Columns = {
    "Camera": ["Front", "Rear", "Front", "Till"],
    "Zone": ["1", "2", "1", "1"],
    "MAC": [f"AA:BB:CC:00:00:{number:02X}" for number in range(1, 5)],
}


def site_ids(sites: Columns, cameras: Columns) -> list[Any]:
    """Return what is suggested for the id of the site in the sites' table and in the devices'."""
    text = suggest([source(sites, file="a.csv"), source(cameras, file="b.csv")]).text()
    return [table["fields"]["external_site_id"] for table in tomllib.loads(text)["table"]]


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Address", STREETS),
        ("Where", STREETS),
        ("Street", ["Elm", "Oak", "Ash", "Fir"]),
        ("City", CITIES),
        ("Zip", ["12180", "12181", "12182", "12183"]),
        ("Phone", ["(518) 555-0100", "(518) 555-0101", "(518) 555-0102", "(518) 555-0103"]),
        ("Reach", ["518-555-0100", "518-555-0101", "518-555-0102", "518-555-0103"]),
        ("Contact", ["Ann", "Bob", "Cy", "Di"]),
    ],
)
def test_a_street_a_city_or_a_phone_that_two_files_share_is_no_id(header: str, values: list[str]) -> None:
    sites = {**SITES, header: values}
    if header not in {"Address", "Street", "City"}:
        sites = {**sites, "Road": ["Elm", "Oak", "Ash", "Fir"]}
    assert site_ids(sites, {**CAMERAS, header: values}) == ["Account", {"value": ""}]


def test_a_number_that_two_files_share_is_an_id_whatever_its_header() -> None:
    codes = ["K-17", "K-18", "K-19", "K-20"]
    assert site_ids({**SITES, "Ours": codes}, {**CAMERAS, "Theirs": codes}) == ["Ours", "Theirs"]
