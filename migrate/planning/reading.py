"""Reading the dealer: the lists that the records call for, and no more."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from migrate.errors import ApiError, MigrateError
from migrate.model.answers import Device, Listing, Station
from migrate.planning.dealer import (
    ARMING_SCHEMA,
    DEVICES_SCHEMA,
    SITES_SCHEMA,
    STATIONS_SCHEMA,
    UNREADABLE_SCHEMA,
    Dealer,
    answers_frame,
)
from migrate.planning.links import site_links
from migrate.planning.remote import Reader

Progress = Callable[[int, int], object]
Job = Callable[[], Awaitable[None]]

_ABOUT_THE_SITE = (403, 404)  # anything else may be about the API as a whole
_INCOMPLETE = ("incomplete_list", "it can't be shown that the list of its devices is whole")


async def read_dealer(
    reader: Reader,
    records: Mapping[str, pl.DataFrame],
    *,
    read_at: datetime,
    scope: pl.Series | None = None,
    adopt: bool = False,
    concurrency: int = 8,
    progress: Progress | None = None,
) -> Dealer:
    """Return what the dealer has, as far as `records` touch it.

    Stations are read only where the records use them, devices and arming settings only of sites that are there already
    and have records to compare them with. `progress` is told how many of these sites' lists are read, and of how many.
    A site that the API won't show (403, 404) is noted in `unreadable`; where it shows none of several, its error is
    raised, as is any other.
    """
    station_list = await reader.all_stations() if _use_stations(records) else Listing[Station]((), complete=True)
    site_list = await reader.all_sites()
    stations = answers_frame(station_list.items, STATIONS_SCHEMA)
    sites = answers_frame(site_list.items, SITES_SCHEMA)
    existing = _existing_sites(records, sites=sites, stations=stations, adopt=adopt)
    read = _Read(reader)
    jobs = [
        *(read.devices_job(site_id) for site_id in _asked_for(existing, records.get("device"), scope)),
        *(read.arming_job(site_id) for site_id in _asked_for(existing, _typed(records.get("site")), scope)),
    ]
    if progress is not None and not jobs:
        progress(0, 0)
    await _side_by_side(jobs, concurrency=concurrency, progress=progress)
    read.raise_if_nothing_worked(len(jobs))
    return Dealer(
        stations=stations,
        sites=sites,
        devices=read.devices_frame(),
        arming=read.arming_frame(),
        unreadable=read.unreadable_frame(),
        read_at=read_at,
        stations_complete=station_list.complete,
        sites_complete=site_list.complete,
    )


def _use_stations(records: Mapping[str, pl.DataFrame]) -> bool:
    if "station" in records and not records["station"].is_empty():
        return True
    site = records.get("site")
    named = pl.any_horizontal(pl.col("monitoring_station_id", "external_monitoring_station_id").is_not_null())
    return site is not None and not site.filter(named).is_empty()


def _existing_sites(
    records: Mapping[str, pl.DataFrame], *, sites: pl.DataFrame, stations: pl.DataFrame, adopt: bool
) -> pl.DataFrame:
    """Return `external_site_id`, `site_id` of the dealer's sites as the records call them, repeated ids aside."""
    known = sites.select("external_site_id", "site_id").filter(pl.col("external_site_id").is_unique())
    if not adopt or "site" not in records:
        return known
    frame = site_links(records["site"], sites=sites, stations=stations, adopt=True).frame
    adopted = frame.filter("_adopted").select("external_site_id", site_id="_remote_id")
    return pl.concat([known, adopted])


def _typed(sites: pl.DataFrame | None) -> pl.DataFrame | None:
    return None if sites is None else sites.filter(pl.col("security_type").is_not_null())


def _asked_for(existing: pl.DataFrame, records: pl.DataFrame | None, scope: pl.Series | None) -> list[int]:
    """Return the ids of the existing sites that records to compare belong to, in order."""
    if records is None or existing.is_empty():
        return []
    due = [pl.col("_verdict").is_null(), *([] if scope is None else [pl.col("_n").is_in(scope.implode())])]
    # of a million records no more than this column: all that are due would be a copy of all there are
    named = records.select(pl.col("external_site_id").filter(pl.all_horizontal(due)).unique()).to_series()
    return existing.filter(pl.col("external_site_id").is_in(named.implode()))["site_id"].unique().sort().to_list()


@dataclass(slots=True)
class _Read:
    """What the reads side by side have brought so far."""

    reader: Reader
    devices: dict[int, tuple[Device, ...]] = field(default_factory=dict)
    arming: dict[int, int | None] = field(default_factory=dict)
    unreadable: dict[int, tuple[str, str]] = field(default_factory=dict)
    errors: list[ApiError] = field(default_factory=list)

    def devices_job(self, site_id: int) -> Job:
        async def read() -> None:
            listing = await self.reader.all_devices(site_id)
            self.devices[site_id] = listing.items
            if not listing.complete:
                self.unreadable[site_id] = _INCOMPLETE

        return lambda: self._guarded(read, site_id)

    def arming_job(self, site_id: int) -> Job:
        async def read() -> None:
            self.arming[site_id] = (await self.reader.get_arming_settings(site_id)).security_type

        return lambda: self._guarded(read, site_id)

    async def _guarded(self, read: Job, site_id: int) -> None:
        try:
            await read()
        except ApiError as error:
            if error.status_code not in _ABOUT_THE_SITE:
                raise
            self.errors.append(error)
            self.unreadable[site_id] = (error.code, error.message)

    def raise_if_nothing_worked(self, jobs: int) -> None:
        """Raise the first error if several sites were asked for and none answered: then it is not about one site."""
        if len(self.errors) == jobs and len(self.unreadable) > 1:
            raise self.errors[0]

    def devices_frame(self) -> pl.DataFrame:
        """Return the devices in the order of their sites' ids."""
        by_site = sorted(self.devices.items())
        site_ids = [site_id for site_id, items in by_site for _ in items]
        return answers_frame((device for _, items in by_site for device in items), DEVICES_SCHEMA, site_ids=site_ids)

    def arming_frame(self) -> pl.DataFrame:
        """Return the arming settings in the order of their sites' ids."""
        return pl.DataFrame(sorted(self.arming.items()), schema=ARMING_SCHEMA, orient="row")

    def unreadable_frame(self) -> pl.DataFrame:
        """Return the sites that the API did not show, or not whole."""
        rows = [(site_id, *why) for site_id, why in sorted(self.unreadable.items())]
        return pl.DataFrame(rows, schema=UNREADABLE_SCHEMA, orient="row")


async def _side_by_side(jobs: list[Job], *, concurrency: int, progress: Progress | None) -> None:
    queue, done = iter(jobs), 0

    async def work(queue: Iterator[Job]) -> None:
        nonlocal done
        for job in queue:
            await job()
            done += 1
            if progress is not None:
                progress(done, len(jobs))

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(concurrency, len(jobs))):
                group.create_task(work(queue))
    except ExceptionGroup as several:
        raise _first(several.exceptions) from None


def _first(errors: Iterable[Exception]) -> Exception:
    """Return the error to go on with: one raised on purpose before any other."""
    return min(errors, key=lambda error: not isinstance(error, MigrateError))
