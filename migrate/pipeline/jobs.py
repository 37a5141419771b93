"""What is to be done, cut from the planned frames: one unit per site, made when its turn comes."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import polars as pl

from migrate.model.records import DEVICE, SITE, STATION, RecordType

_NOT_IN = ("invalid", "blocked", "failed")
_SiteKey = tuple[int | None, int | None]  # a site's record number, or its remote id where it is not a record


@dataclass(frozen=True, slots=True)
class Job:
    """One record to create or update: `body` is what the API gets, `remote_id` is known for updates."""

    n: int
    external_id: str
    action: str
    body: dict[str, Any]
    remote_id: int | None = None


@dataclass(frozen=True, slots=True)
class SiteUnit:
    """A site and what belongs to it, sent in order: the site, its arming, its devices, its activation.

    `job` is None where the site itself needs nothing; `n` is None where it is not among the records (devices alone).
    `not_in` counts its devices that planning found no way to send.
    """

    external_site_id: str
    n: int | None = None
    site_id: int | None = None
    job: Job | None = None
    station: int | None = None
    arming: int | None = None
    activate: bool | None = None
    devices: tuple[Job, ...] = ()
    not_in: int = 0


class _Devices:
    """The devices to send, sorted by site, with where each site's slice lies; jobs are made when they are asked for."""

    def __init__(self, devices: pl.DataFrame | None) -> None:
        self.slices: dict[_SiteKey, tuple[int, int]] = {}
        self._not_in: dict[int, int] = {}
        if devices is None:
            return
        known = devices.with_columns(_site_id=pl.when(pl.col("_site").is_null()).then(pl.col("_site_id")))
        self._frame = _planned(known).sort("_site", "_site_id", "_n", nulls_last=True)
        runs = self._frame.with_row_index("_at").group_by("_site", "_site_id", maintain_order=True)
        for n, site_id, offset, length in runs.agg(pl.col("_at").first(), pl.len()).iter_rows():
            self.slices[n, site_id] = (offset, length)
        lost = known.filter(pl.col("_planned").is_in(_NOT_IN) & pl.col("_site").is_not_null())
        self._not_in = dict(lost.group_by("_site").len().iter_rows())

    def external_site_id(self, key: _SiteKey) -> str:
        offset, _ = self.slices[key]
        return str(self._frame["external_site_id"][offset])

    def jobs(self, key: _SiteKey) -> tuple[Job, ...]:
        if key not in self.slices:
            return ()
        return tuple(_job(DEVICE, row) for row in self._frame.slice(*self.slices[key]).iter_rows(named=True))

    def not_in(self, n: int) -> int:
        return self._not_in.get(n, 0)


def station_jobs(records: Mapping[str, pl.DataFrame]) -> list[Job]:
    """Return the stations to create or update, in source order."""
    frame = records.get("station")
    return [] if frame is None else [_job(STATION, row) for row in _planned(frame).iter_rows(named=True)]


def site_units(records: Mapping[str, pl.DataFrame]) -> Iterator[SiteUnit]:
    """Yield a unit for each site that needs something itself or has devices to send, in source order."""
    devices = _Devices(records.get("device"))
    sites = records.get("site")
    if sites is not None:
        with_devices = pl.Series([n for n, _ in devices.slices if n is not None], dtype=pl.UInt32)
        due = pl.any_horizontal(
            pl.col("_planned") == "planned", pl.col("_arming").is_not_null(), pl.col("_activate").is_not_null()
        )
        for row in sites.filter(due | pl.col("_n").is_in(with_devices.implode())).iter_rows(named=True):
            yield _site_unit(row, devices)
    for key in devices.slices:
        if key[0] is None:
            yield SiteUnit(devices.external_site_id(key), site_id=key[1], devices=devices.jobs(key))


def count_planned(records: Mapping[str, pl.DataFrame]) -> int:
    """Return how many records are to be sent."""
    return sum(_planned(frame).height for frame in records.values())


def fingerprint(body: object) -> str:
    """Return a short hash of what is sent, the same for the same body."""
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def _planned(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("_planned") == "planned")


def _site_unit(row: Mapping[str, Any], devices: _Devices) -> SiteUnit:
    n = row["_n"]
    job = _job(SITE, row) if row["_planned"] == "planned" else None
    if job is not None and job.action == "update" and not job.body:
        job = None  # only its arming or activation differs
    return SiteUnit(
        row["external_site_id"],
        n=n,
        site_id=row["_remote_id"],
        job=job,
        station=row["_station"] if row["_station_id"] is None else None,
        arming=row["_arming"],
        activate=row["_activate"],
        devices=devices.jobs((n, None)),
        not_in=devices.not_in(n),
    )


def _job(record: RecordType, row: Mapping[str, Any]) -> Job:
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
        body = {name: values[name] for name in record.sent if values[name] is not None}
    return Job(row["_n"], row[record.id_field], row["_action"], body, row["_remote_id"])
