"""Planned frames made by hand."""

from typing import Any

import polars as pl

from migrate.model.records import RECORDS

_TYPES: dict[str, Any] = {"text": pl.String, "integer": pl.Int64, "boolean": pl.Boolean}
_EXTRA: dict[str, dict[str, Any]] = {
    "station": {},
    "site": {"_station": pl.UInt32, "_station_id": pl.Int64, "_arming": pl.Int64, "_activate": pl.Boolean},
    "device": {"_site": pl.UInt32, "_site_id": pl.Int64},
}


def frame(record: str, *rows: dict[str, Any]) -> pl.DataFrame:
    """Return a planned frame; what a row lacks is null, and it is to be created."""
    fields = {field.name: _TYPES[field.kind] for field in RECORDS[record].fields}
    inner = {
        "_n": pl.UInt32,
        "_action": pl.String,
        "_planned": pl.String,
        "_remote_id": pl.Int64,
        "_changes": pl.String,
    }
    schema = pl.Schema({**inner, **fields, **_EXTRA[record]})
    default = {"_action": "create", "_planned": "planned"}
    return pl.DataFrame([{name: {**default, **row}.get(name) for name in schema} for row in rows], schema=schema)
