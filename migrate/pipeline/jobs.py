"""What is to be done, cut from the planned frames: one unit per site, made when its turn comes."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import polars as pl

from migrate.model.records import SITE, STATION
from migrate.pipeline.device_jobs import DevicesBySite
from migrate.pipeline.job import Job, job_of
from migrate.planning.estimate import ACTIVATION_REQUESTS, changes_site


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
    devices: Sequence[Job] = ()
    not_in: int = 0


def station_jobs(records: Mapping[str, pl.DataFrame]) -> list[Job]:
    """Return the stations to create or update, in source order."""
    frame = records.get("station")
    return [] if frame is None else [job_of(STATION, row) for row in _planned(frame).iter_rows(named=True)]


def site_units(records: Mapping[str, pl.DataFrame], *, without: pl.Series | None = None) -> Iterator[SiteUnit]:
    """Yield a unit for each site that needs something itself or has devices to send, in source order.

    `without` holds the `_n` of those to leave aside.
    """
    devices = DevicesBySite(records.get("device"), without=without)
    sites = _but(records.get("site"), without)
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
    return sum(int((frame["_planned"] == "planned").sum()) for frame in records.values())


def requests_by_site(
    records: Mapping[str, pl.DataFrame], *, batch_size: int, without: pl.Series | None = None
) -> pl.Series:
    """Return how many requests are planned for each of the units that `site_units` makes, in their order."""
    batches, sites = _batches(records.get("device"), batch_size), _but(records.get("site"), without)
    alone = batches.filter(pl.col("_n").is_null()).sort("_site_id")["_batches"]
    if sites is None:
        return alone
    is_planned = pl.col("_planned") == "planned"
    requests = (
        (is_planned & ((pl.col("_action") == "create") | changes_site())).cast(pl.UInt32)
        + pl.col("_arming").is_not_null()
        + ACTIVATION_REQUESTS * pl.col("_activate").is_not_null().cast(pl.UInt32)
        + pl.col("_batches").fill_null(0)
    )
    wanted = sites.select("_n", "_planned", "_action", "_changes", "_arming", "_activate")
    due = wanted.join(batches, on="_n", how="left", maintain_order="left").filter(
        pl.any_horizontal(is_planned, pl.col("_arming", "_activate", "_batches").is_not_null())
    )
    return pl.concat([due.select(requests.cast(pl.UInt32).alias("_batches")).to_series(), alone])


def fingerprint(body: object) -> str:
    """Return a short hash of what is sent, the same for the same body."""
    content = body if isinstance(body, bytes) else orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _but(sites: pl.DataFrame | None, without: pl.Series | None) -> pl.DataFrame | None:
    """Return the sites but for some (`_n`)."""
    if sites is None or without is None:
        return sites
    return sites.filter(~pl.col("_n").is_in(without.implode()))


def _planned(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("_planned") == "planned")


def _batches(devices: pl.DataFrame | None, size: int) -> pl.DataFrame:
    """Return in how many requests each site's devices go: `_n`, or `_site_id` where it is not a record; `_batches`."""
    if devices is None:
        return pl.DataFrame(schema={"_n": pl.UInt32, "_site_id": pl.Int64, "_batches": pl.UInt32})
    site_id = pl.when(pl.col("_site").is_null()).then("_site_id").alias("_site_id")
    creates = (pl.col("_action") == "create").alias("creates")
    narrow = devices.select(pl.col("_site").alias("_n"), site_id, creates, is_due=pl.col("_planned") == "planned")
    of_actions = narrow.filter("is_due").group_by("_n", "_site_id", "creates").agg(_batches=pl.len() / size)
    counted = pl.col("_batches").ceil().sum().cast(pl.UInt32)
    return of_actions.group_by("_n", "_site_id").agg(counted)


def _site_unit(row: Mapping[str, Any], devices: DevicesBySite) -> SiteUnit:
    n = row["_n"]
    job = job_of(SITE, row) if row["_planned"] == "planned" else None
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
