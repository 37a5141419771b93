"""Invented inventories on disk, sound or with mistakes, and mappings for them."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook

MAPPING = """
name = "Invented inventory"

[[table]]
record = "station"
file = "stations.*"
[table.fields]
external_monitoring_station_id = "id"
name = "name"

[[table]]
record = "site"
file = "sites.*"
[table.fields]
external_site_id = "id"
name = "name"
timezone = "tz"
address1 = "street"
account_number = "account"
external_monitoring_station_id = "station"
security_type = "type"
is_activated = "active"

[[table]]
record = "device"
file = "devices.*"
[table.fields]
external_site_id = "site"
external_device_id = "id"
device_type = { value = "camera" }
zone_number = "zone"
name = "name"
"""

STATIONS = ("id", "name")
SITES = ("id", "name", "tz", "street", "account", "station", "type", "active")
DEVICES = ("site", "id", "zone", "name", "password")
"""The password is for nobody: no mapping reads it."""

Rows = list[list[str]]


def station_rows(prefix: str) -> Rows:
    return [[f"{prefix}-CS", f"Station {prefix}"]]


def site_rows(prefix: str, number: int, *, active: str = "yes") -> Rows:
    return [
        [
            f"{prefix}-{site}",
            f"Shop {prefix} {site}",
            "America/New_York",
            f"{site} {prefix} Street",
            f"{prefix}{site:03d}",
            f"{prefix}-CS",
            "3",
            active,
        ]
        for site in range(1, number + 1)
    ]


def device_rows(prefix: str, number: int, *, devices: int, password: str = "") -> Rows:
    return [
        [f"{prefix}-{site}", f"{prefix}-{site}-{zone}", f"{zone:03d}", f"Camera {zone}", password]
        for site in range(1, number + 1)
        for zone in range(1, devices + 1)
    ]


def write_mapping(folder: Path, text: str = MAPPING) -> Path:
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return path


def write_csv(path: Path, header: Iterable[str], rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([list(header), *rows])
    return path


def write_workbook(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]], *, sheet: str = "Sheet1") -> Path:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in [header, *rows]:
        page.append(list(row))
    book.save(path)
    return path


def write_inventory(
    folder: Path, *, prefix: str = "A", sites: int = 6, devices: int = 4, active: str = "yes", password: str = ""
) -> list[str]:
    """Write a sound inventory and its mapping; return the words that a command gets: the files, `-m`, the mapping."""
    write_mapping(folder)
    write_csv(folder / "stations.csv", STATIONS, station_rows(prefix))
    write_csv(folder / "sites.csv", SITES, site_rows(prefix, sites, active=active))
    write_csv(folder / "devices.csv", DEVICES, device_rows(prefix, sites, devices=devices, password=password))
    return ["stations.csv", "sites.csv", "devices.csv", "-m", "mapping.toml"]
