"""Record frames and dealers made by hand, as checks and the API deliver them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl

from migrate.model.findings import no_findings
from migrate.model.records import DEVICE, SITE, STATION, RecordType
from migrate.planning.dealer import (
    ARMING_SCHEMA,
    DEVICES_SCHEMA,
    SITES_SCHEMA,
    STATIONS_SCHEMA,
    UNREADABLE_SCHEMA,
    Dealer,
)
from migrate.planning.make import make_plan
from migrate.planning.plan import Plan
from migrate.planning.rules import Rules

Row = Mapping[str, Any]

READ_AT = datetime(2025, 6, 1, 12, tzinfo=UTC)
_TYPES = {"text": pl.String(), "integer": pl.Int64(), "boolean": pl.Boolean()}


def record_frame(record: RecordType, rows: Sequence[Row], *, first: int, link: str | None = None) -> pl.DataFrame:
    """Return the frame of one kind, numbered from `first`."""
    schema: dict[str, pl.DataType] = {"_n": pl.UInt32(), "_src": pl.UInt32(), "_row": pl.UInt32()}
    schema |= {field.name: _TYPES[field.kind] for field in record.fields}
    schema |= {"_verdict": pl.String(), "_code": pl.String(), "_message": pl.String(), "_rows": pl.UInt32()}
    if link is not None:
        schema[link] = pl.UInt32()
    filled = [{"_n": first + at, "_src": 0, "_row": at + 2, "_rows": 1, **row} for at, row in enumerate(rows)]
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in filled], schema=schema)


def records(
    *, stations: Sequence[Row] | None = None, sites: Sequence[Row] | None = None, devices: Sequence[Row] | None = None
) -> dict[str, pl.DataFrame]:
    """Return record frames with links: stations are numbered from 0, sites from 1000, devices from 2000."""
    frames = {}
    numbers: dict[str, int] = {}
    if stations is not None:
        frames["station"] = record_frame(STATION, [{"name": "Central", **row} for row in stations], first=0)
        numbers = {row[STATION.id_field]: at for at, row in enumerate(stations)}
    site_numbers: dict[str, int] = {}
    if sites is not None:
        filled = [
            {
                "name": f"Name {row[SITE.id_field]}",
                "timezone": "America/New_York",
                "_station": numbers.get(row.get(STATION.id_field, "")),
                **row,
            }
            for row in sites
        ]
        frames["site"] = record_frame(SITE, filled, first=1000, link="_station")
        site_numbers = {row[SITE.id_field]: 1000 + at for at, row in enumerate(sites)}
    if devices is not None:
        filled = [
            {
                "device_type": "camera",
                "zone_number": f"{at + 1:03d}",
                "_site": site_numbers.get(row[SITE.id_field]),
                **row,
            }
            for at, row in enumerate(devices)
        ]
        frames["device"] = record_frame(DEVICE, filled, first=2000, link="_site")
    return frames


def dealer(
    *,
    stations: Sequence[Row] = (),
    sites: Sequence[Row] = (),
    devices: Sequence[Row] = (),
    arming: Mapping[int, int | None] | None = None,
    unreadable: Sequence[tuple[int, str, str]] = (),
    stations_complete: bool = True,
    sites_complete: bool = True,
) -> Dealer:
    """Return what the dealer has; sites and devices get the values that `records` gives by default."""

    def frame(rows: Sequence[Row], schema: pl.Schema) -> pl.DataFrame:
        return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)

    site_rows: Sequence[Row] = [
        {"name": f"Name {row.get('external_site_id')}", "timezone": "America/New_York", "is_activated": False, **row}
        for row in sites
    ]
    device_rows: Sequence[Row] = [{"device_type": "camera", **row} for row in devices]
    return Dealer(
        stations=frame([{"name": "Central", **row} for row in stations], STATIONS_SCHEMA),
        sites=frame(site_rows, SITES_SCHEMA),
        devices=frame(device_rows, DEVICES_SCHEMA),
        arming=pl.DataFrame(list((arming or {}).items()), schema=ARMING_SCHEMA, orient="row"),
        unreadable=pl.DataFrame(list(unreadable), schema=UNREADABLE_SCHEMA, orient="row"),
        read_at=READ_AT,
        stations_complete=stations_complete,
        sites_complete=sites_complete,
    )


def planned(frames: dict[str, pl.DataFrame], there: Dealer, **options: Any) -> Plan:
    """Return the plan, with no findings so far and the usual rules unless told otherwise."""
    options = {"findings": no_findings(), "rules": Rules(), **options}
    return make_plan(frames, there, **options)


def only(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the one row of `frame`."""
    return frame.row(0, named=True) if frame.height == 1 else {"height": frame.height}


def findings(plan: Plan, code: str) -> list[dict[str, Any]]:
    """Return the plan's findings with `code`."""
    return plan.findings.filter(pl.col("code") == code).to_dicts()
