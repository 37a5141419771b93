"""The devices to create or update, site by site, cut from the planned frame when a site's turn comes."""

from collections.abc import Iterator, Sequence
from typing import overload

import orjson
import polars as pl

from migrate.model.records import DEVICE
from migrate.pipeline.job import Job, job_of

_NOT_IN = ("invalid", "blocked", "failed")
_CHUNK = 4_000  # devices that become bytes at once: a slice for each site alone takes many times as long

SiteKey = tuple[int | None, int | None]
"""A site's record number, or its remote id where it is not a record."""


class Creates(Sequence[Job]):
    """Devices to create, as columns: record numbers, external ids, and the JSON that the API gets of each."""

    action = "create"

    def __init__(self, numbers: list[int], ids: list[str], bodies: list[bytes]) -> None:
        self.numbers = numbers
        self.ids = ids
        self._bodies = bodies

    @property
    def content(self) -> bytes:
        """The body of a request that creates them all."""
        return b"[" + b",".join(self._bodies) + b"]"

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, at: int) -> Job: ...

    @overload
    def __getitem__(self, at: slice) -> "Creates": ...

    def __getitem__(self, at: int | slice) -> "Job | Creates":
        if isinstance(at, slice):
            return Creates(self.numbers[at], self.ids[at], self._bodies[at])
        return Job(self.numbers[at], self.ids[at], self.action, orjson.loads(self._bodies[at]))


class DevicesBySite:
    """The devices to send, with where each site's slice of them lies; jobs are made when they are asked for.

    Those of the sites `without` (`_n`) are left aside.
    """

    def __init__(self, devices: pl.DataFrame | None, *, without: pl.Series | None = None) -> None:
        self.slices: dict[SiteKey, tuple[int, int]] = {}
        self._not_in: dict[int, int] = {}
        self._updates: set[SiteKey] = set()
        self._chunk_at, self._chunk = 0, Creates([], [], [])
        if devices is None:
            return
        site_id = pl.when(pl.col("_site").is_null()).then(pl.col("_site_id")).alias("_site_id")
        planned = devices.select(
            pl.int_range(pl.len(), dtype=pl.UInt32).alias("_at"),
            "_site",
            site_id,
            "_n",
            (pl.col("_action") == "create").alias("_creates"),
            (pl.col("_planned") == "planned").alias("_is_due"),
        ).filter("_is_due")
        if without is not None:
            planned = planned.filter(~pl.col("_site").is_in(without.implode()).fill_null(value=False))
        ordered = _in_order(planned)
        self._frame, self._order = devices, ordered["_at"]
        self.slices = dict(_runs(ordered.select("_site", "_site_id")))
        self._updates = {*ordered.filter(~pl.col("_creates")).select("_site", "_site_id").unique().iter_rows()}
        lost = devices.select("_site", "_planned").filter(
            pl.col("_planned").is_in(_NOT_IN), pl.col("_site").is_not_null()
        )
        self._not_in = dict(lost.group_by("_site").len().iter_rows())

    def external_site_id(self, key: SiteKey) -> str:
        """Return the external id of a site that has devices."""
        offset, _ = self.slices[key]
        return str(self._frame["external_site_id"][self._order[offset]])

    def jobs(self, key: SiteKey) -> Sequence[Job]:
        """Return the jobs of one site; quickest if sites are asked for in the order of their slices."""
        if key not in self.slices:
            return ()
        offset, length = self.slices[key]
        if key in self._updates:
            return tuple(job_of(DEVICE, row) for row in self._rows(offset, length).iter_rows(named=True))
        start = offset - self._chunk_at
        if not 0 <= start <= len(self._chunk) - length:
            self._chunk_at, start = offset, 0
            self._chunk = _creates(self._rows(offset, max(length, _CHUNK)))
        return self._chunk[start : start + length]

    def not_in(self, n: int) -> int:
        """Return how many devices of site `n` planning found no way to send."""
        return self._not_in.get(n, 0)

    def _rows(self, offset: int, length: int) -> pl.DataFrame:
        """Return a part of the devices in their order; the whole in that order would be as large as the plan."""
        return self._frame.select("_n", "_action", "_changes", "_remote_id", *DEVICE.sent)[
            self._order.slice(offset, length)
        ]


def _in_order(devices: pl.DataFrame) -> pl.DataFrame:
    """Return devices site by site, those of sites that are records first; not copied where they stand so already."""
    sites = devices["_site"]
    if not sites.has_nulls() and sites.is_sorted() and devices["_n"].is_sorted():
        return devices
    return devices.sort("_site", "_site_id", "_n", nulls_last=True)


def _runs(sites: pl.DataFrame) -> Iterator[tuple[SiteKey, tuple[int, int]]]:
    """Yield where the rows of each site begin, and how many they are; they stand together."""
    other = pl.any_horizontal(pl.all().ne_missing(pl.all().shift(1))) | (pl.int_range(pl.len()) == 0)
    starts = sites.select(other).to_series().arg_true()
    ends = [*starts, sites.height][1:]
    for (n, of_dealer), start, end in zip(sites[starts].iter_rows(), starts, ends, strict=True):
        yield (n, of_dealer), (start, end - start)


def numbers_of(jobs: Sequence[Job]) -> Sequence[int]:
    """Return the record numbers of devices."""
    return jobs.numbers if isinstance(jobs, Creates) else [job.n for job in jobs]


def count_creates(jobs: Sequence[Job]) -> int:
    """Return how many of the devices are to be created."""
    return len(jobs) if isinstance(jobs, Creates) else sum(job.action == "create" for job in jobs)


def _creates(devices: pl.DataFrame) -> Creates:
    """Return devices as what creates them; fields that are null or empty are not sent."""
    sent = devices.select(name for name in DEVICE.sent if devices[name].null_count() < devices.height)
    lines = sent.write_ndjson().encode()
    for name in sent.columns[1:]:  # inside of a text a quote has a backslash before it, so `,"` never is in one
        for nothing in ("null", '""'):
            lines = lines.replace(f',"{name}":{nothing}'.encode(), b"")
    return Creates(devices["_n"].to_list(), devices[DEVICE.id_field].to_list(), lines.splitlines())
