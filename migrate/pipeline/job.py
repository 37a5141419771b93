"""A job: one record to create or update, with the body that the API gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from migrate.model.records import DEVICE, RECORDS, SITE, RecordType

_SENT = {record.name: record.sent for record in RECORDS.values()}


@dataclass(frozen=True, slots=True)
class Job:
    """One record to create or update: `body` is what the API gets, `remote_id` is known for updates."""

    n: int
    external_id: str
    action: str
    body: dict[str, Any]
    remote_id: int | None = None


def job_of(record: RecordType, row: Mapping[str, Any]) -> Job:
    """Return the job of a row of a planned frame."""
    values = dict(row)
    if record is SITE and values["_station_id"] is not None:
        values["monitoring_station_id"] = values["_station_id"]
    if row["_action"] == "update":
        changed = {change[0] for change in orjson.loads(row["_changes"] or "[]")}
        if "external_monitoring_station_id" in changed:
            changed.add("monitoring_station_id")
        body = {name: "" if values[name] is None else values[name] for name in record.updatable if name in changed}
        if record is DEVICE:
            body = {"device_id": row["_remote_id"], **body}
    else:
        body = {name: values[name] for name in _SENT[record.name] if values[name] is not None}
    return Job(row["_n"], row[record.id_field], row["_action"], body, row["_remote_id"])
