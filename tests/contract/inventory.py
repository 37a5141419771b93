"""A small invented inventory on disk, with a mapping for it."""

import csv
from pathlib import Path

from migrate.mapping.mapping import Mapping

MAPPING = """
name = "Test inventory"

[[table]]
record = "station"
file = "stations.csv"
[table.fields]
external_monitoring_station_id = "id"
name = "name"

[[table]]
record = "site"
file = "sites.csv"
[table.fields]
external_site_id = "id"
name = "name"
timezone = "tz"
account_number = "account"
external_monitoring_station_id = "station"
security_type = "type"
is_activated = "active"

[[table]]
record = "device"
file = "devices.csv"
[table.fields]
external_site_id = "site"
external_device_id = "id"
device_type = { value = "camera" }
zone_number = "zone"
name = "name"
"""


def write_csv(path: Path, header: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def write_inventory(folder: Path, *, sites: int = 3, devices: int = 4, active: str = "") -> list[Path]:
    """Write stations.csv, sites.csv and devices.csv into `folder`; return their paths."""
    site_ids = [f"S-{number:03d}" for number in range(1, sites + 1)]
    return [
        write_csv(folder / "stations.csv", ["id", "name"], [["CS-1", "Sentinel"]]),
        write_csv(
            folder / "sites.csv",
            ["id", "name", "tz", "account", "station", "type", "active"],
            [
                [identity, f"Shop {identity}", "America/New_York", f"{number:04d}", "CS-1", "3", active]
                for number, identity in enumerate(site_ids)
            ],
        ),
        write_csv(
            folder / "devices.csv",
            ["site", "id", "zone", "name"],
            [
                [identity, f"{identity}-{channel}", f"{channel:03d}", f"Camera {channel}"]
                for identity in site_ids
                for channel in range(1, devices + 1)
            ],
        ),
    ]


def mapping() -> Mapping:
    return Mapping.parse(MAPPING, path="test.toml")
