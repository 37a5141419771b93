"""The dealer's state, as frames: what is there before anything is sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from pydantic import BaseModel

from migrate.model.records import DEVICE, SITE, STATION, RecordType

_TYPES: dict[str, pl.DataType] = {"text": pl.String(), "integer": pl.Int64(), "boolean": pl.Boolean()}
_NOT_ANSWERED = {"site": {"security_type"}, "device": {"external_site_id"}}


def _schema(record: RecordType, **extra: pl.DataType) -> pl.Schema:
    left_out = _NOT_ANSWERED.get(record.name, set())
    fields = {field.name: _TYPES[field.kind] for field in record.fields if field.name not in left_out}
    return pl.Schema({record.remote_id_field: pl.Int64(), **extra, **fields})


STATIONS_SCHEMA = _schema(STATION)
SITES_SCHEMA = _schema(SITE)
DEVICES_SCHEMA = _schema(DEVICE, site_id=pl.Int64())
ARMING_SCHEMA = pl.Schema({"site_id": pl.Int64(), "security_type": pl.Int64()})
UNREADABLE_SCHEMA = pl.Schema({"site_id": pl.Int64(), "code": pl.String(), "message": pl.String()})


@dataclass(frozen=True, slots=True)
class Dealer:
    """What the dealer has; text is trimmed, and empty text is null.

    `devices` and `arming` hold only the sites that were asked for. `unreadable` (`site_id`, `code`, `message`) names
    the sites whose devices or arming settings the API would not show, or not to the end (`incomplete_list`).
    """

    stations: pl.DataFrame
    sites: pl.DataFrame
    devices: pl.DataFrame
    arming: pl.DataFrame
    unreadable: pl.DataFrame
    read_at: datetime
    stations_complete: bool = True
    sites_complete: bool = True


def answers_frame(
    answers: Iterable[BaseModel], schema: pl.Schema, *, site_ids: Iterable[int] | None = None
) -> pl.DataFrame:
    """Return answers as the frame of `schema`; `site_ids` gives each its `site_id` where the answer itself has none."""
    rows = list(answers)
    columns: dict[str, list[Any]] = {
        name: [getattr(row, name) for row in rows] for name in schema if site_ids is None or name != "site_id"
    }
    if site_ids is not None:
        columns["site_id"] = list(site_ids)
    texts = [name for name, dtype in schema.items() if dtype == pl.String]
    frame = pl.DataFrame(columns, schema={name: schema[name] for name in columns})
    return frame.select(schema.names()).with_columns(pl.col(texts).str.strip_chars().replace("", None))
