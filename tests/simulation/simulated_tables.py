"""Small random inventories as a customer's files would hold them, checked and planned as any other."""

import csv
import tempfile
from collections.abc import Mapping as PyMapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from simulated_faults import dice
from simulated_store import Store

from migrate.app.check import Checked, check
from migrate.mapping.mapping import Mapping

MAPPING = """
name = "Simulated inventory"

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

_STATIONS = ("id", "name")
_SITES = ("id", "name", "tz", "account", "station", "type", "active")
_DEVICES = ("site", "id", "zone", "name")
Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Inventory:
    """Files, what checking makes of them, and what the dealer has of them before the first run."""

    files: PyMapping[str, tuple[Sequence[str], Rows]]
    checked: Checked
    dealer: Store

    def write(self, folder: Path) -> list[Path]:
        """Write the files into a folder."""
        return [_written(folder / name, header, rows) for name, (header, rows) in self.files.items()]


@lru_cache(maxsize=64)
def inventory(shape: int) -> Inventory:
    rng = dice("inventory", shape)
    stations = [{"id": f"CS-{number}", "name": f"Central {number}"} for number in range(rng.choice((0, 1, 1, 2)))]
    sites = [_site(rng, number, stations) for number in range(rng.randint(1, 4))]
    devices = [device for site in sites for device in _devices(rng, site["id"])]
    files = {
        "stations.csv": (_STATIONS, stations),
        "sites.csv": (_SITES, sites),
        "devices.csv": (_DEVICES, devices),
    }
    with tempfile.TemporaryDirectory() as folder:
        paths = [_written(Path(folder, name), header, rows) for name, (header, rows) in files.items()]
        checked = check(paths, mapping())
    return Inventory(files, checked, _dealer(rng, stations, sites, devices))


def mapping() -> Mapping:
    return Mapping.parse(MAPPING, path="simulated.toml")


def _site(rng: Random, number: int, stations: Rows) -> dict[str, str]:
    return {
        "id": f"S-{number}",
        "name": "" if rng.random() < 0.05 else f"Shop {number}",
        "tz": "America/New_York",
        "account": f"{number:04d}",
        "station": rng.choice(stations)["id"] if stations and rng.random() < 0.7 else "",
        "type": rng.choice(("", "", "3", "4")),
        "active": rng.choice(("", "", "yes")),
    }


def _devices(rng: Random, site: str) -> Rows:
    return [
        {
            "site": site,
            "id": f"{site}-{channel}",
            "zone": "" if rng.random() < 0.03 else f"{channel:03d}",
            "name": f"Camera {channel}",
        }
        for channel in range(1, 1 + rng.randint(0, 5))
    ]


def _dealer(rng: Random, stations: Rows, sites: Rows, devices: Rows) -> Store:
    """Return a dealer who has nothing, or some of it, with other names."""
    store = Store()
    if rng.random() < 0.5:
        return store
    for station in stations:
        if rng.random() < 0.5:
            _add(store, "monitoring_station_id", external_monitoring_station_id=station["id"], name=station["name"])
    for site in sites:
        if rng.random() < 0.5:
            _add_site(rng, store, site, [device for device in devices if device["site"] == site["id"]])
    return store


def _add_site(rng: Random, store: Store, site: dict[str, str], devices: Rows) -> None:
    known = {"name": rng.choice((site["name"], "Old name")), "timezone": site["tz"], "account_number": site["account"]}
    number = _add(store, "site_id", external_site_id=site["id"], is_activated=0, **known)
    for device in devices:
        if rng.random() < 0.5:
            told = {"device_type": "camera", "zone_number": device["zone"], "name": rng.choice((device["name"], "Cam"))}
            _add(store, "device_id", external_device_id=device["id"], _site=number, **told)


def _add(store: Store, id_field: str, **values: Any) -> int:
    return int(store.add(id_field, values, 0.0, None)[id_field])


def _written(path: Path, header: Sequence[str], rows: Rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *([row[name] for name in header] for row in rows)])
    return path
