"""Runs that somebody waits for: a plan is carried out against a server with a limit, and what is told of it is kept."""

import asyncio
import csv
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
from multidict import CIMultiDict
from simulated_faults import dice
from simulated_network import ROOT, TOKEN
from simulated_process import SETTINGS, CutOff, SimulatedWriter, in_memory, run_in_simulated_time
from simulated_store import Sending, Store
from simulated_tables import mapping
from simulated_time import now

from migrate.api.client import PartnerClient
from migrate.api.reply import Failure, Reply
from migrate.app.check import Checked, check
from migrate.app.driving import Work, traffic_of
from migrate.app.options import Options
from migrate.app.planned import plan as make_plan
from migrate.cli.phase import Phase
from migrate.cli.progress import TICK_S
from migrate.journal.journal import Journal
from migrate.pipeline.execute import Progress, execute
from migrate.pipeline.jobs import count_planned
from migrate.pipeline.stop import Stop
from migrate.pipeline.to_go import Sites
from migrate.planning.plan import Plan

_LOST = Failure("connection_lost", "closed the connection before its answer was whole")


class Limit:
    """A bucket that fills at `per_minute` and holds `capacity`; `told` is what its header says, None: it has none."""

    def __init__(self, per_minute: float, *, capacity: float = 10.0, told: int | None = None) -> None:
        self.per_minute, self.told = per_minute, told
        self._capacity = self._level = capacity
        self.at = 0.0

    def take(self, at: float) -> bool:
        """Return whether a request is let through."""
        self._level = min(self._capacity, self._level + (at - self.at) * self.per_minute / 60)
        self.at = at
        if self._level < 1 - 1e-9:
            return False
        self._level -= 1
        return True

    def headers(self) -> dict[str, str]:
        return {} if self.told is None else {"X-RateLimit-Limit": str(self.told)}


@dataclass
class Line:
    """A transport to a store behind a limit.

    `harm` says of a request by its number whether its answer gets lost, `refuse` of a site's body whether the site is
    refused; `turn` is called with each number, and may change the limit.
    """

    store: Store
    limit: Limit
    latency_s: Callable[[], float]
    harm: Callable[[int], bool] = lambda _: False
    refuse: Callable[[bytes], bool] = lambda _: False
    turn: Callable[[int, Limit], None] = lambda *_: None
    number: int = 0
    refused: int = 0

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, timeout_s: float
    ) -> Reply | Failure:
        parts, latency_s = urlsplit(url), self.latency_s()
        if parts.path == "/oauth/token":
            return _reply(200, {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 9_999_999})
        await asyncio.sleep(latency_s / 2)
        if not self.limit.take(now()):
            self.refused += 1
            await asyncio.sleep(latency_s / 2)
            return _reply(429, {"error_message": "too many"}, self.limit.headers())
        self.number += 1
        self.turn(self.number, self.limit)
        sending = Sending(self.number, now(), method, parts.path, body, "")
        path = parts.path.removeprefix(ROOT)
        if method == "POST" and path == "sites" and self.refuse(body or b""):
            status, answer = 400, {"error_message": "no"}
        else:
            status, answer = self.store.answer(path.split("/"), dict(parse_qsl(parts.query)), sending, at=now())
        await asyncio.sleep(latency_s / 2)
        return _LOST if self.harm(sending.number) else _reply(status, answer, self.limit.headers())


@dataclass
class Waited:
    """What was told at which moments of how long the rest takes, and when it was over."""

    began_at: float
    phase: Phase
    ended_at: float = 0.0
    told: list[tuple[float, float]] = field(default_factory=list)
    sent: int = 0

    def settled(self, number: int) -> None:
        self.phase.done += number

    def done(self, requests: float) -> None:
        self.phase.advance(requests, now=now())

    async def watch(self, client: PartnerClient) -> None:
        """Look as the progress bar does."""
        while True:
            traffic = traffic_of(client)
            self.phase.look(now(), traffic)
            self.told.append((now(), self.phase.left_s(traffic) or 0.0))
            await asyncio.sleep(TICK_S)

    def wrong(self, *, after: float | None = None) -> list[str]:
        """Return a line for each time that was told more than a tenth, and more than 2 s, beside the truth.

        The first tenth of the run is left out, or what was told before the moment `after`.
        """
        first = self.began_at + (self.ended_at - self.began_at) / 10 if after is None else after
        return [
            f"{at - self.began_at:.1f} s: told {left_s:.1f} s, was {self.ended_at - at:.1f} s"
            for at, left_s in self.told
            if at >= first and abs(left_s - (self.ended_at - at)) > max(2.0, 0.1 * (self.ended_at - at))
        ]


def wait(line: Line, *, sites: int, options: Options, stop_at_s: float | None = None) -> Waited:
    """Apply an inventory and wait; with `stop_at_s`, the run is stopped after so long, and it is the second half."""
    folder = Path(tempfile.mkdtemp(prefix="simulated-", dir=in_memory()))
    try:
        return run_in_simulated_time(_wait(line, folder, _plan(sites), options, stop_at_s))
    finally:
        shutil.rmtree(folder)


async def _wait(line: Line, folder: Path, plan: Plan, options: Options, stop_at_s: float | None) -> Waited:
    Journal.create(folder).close()
    if stop_at_s is not None:
        await _leg(line, folder, plan, options, stop_at_s=stop_at_s)
    return await _leg(line, folder, plan, options)


async def _leg(line: Line, folder: Path, plan: Plan, options: Options, *, stop_at_s: float | None = None) -> Waited:
    stop, estimate, sites = Stop(), plan.estimate, Sites.of(plan.records, batch_size=options.batch_size)
    waited = Waited(
        now(),
        Phase.sending(Work(count_planned(plan.records), estimate.total, estimate.requests["lists"], sites)),
    )
    if stop_at_s is not None:
        asyncio.get_running_loop().call_later(stop_at_s, stop.request)
    points = CutOff(None, stop)
    async with PartnerClient(SETTINGS, transport=line, rng=dice("waiting"), **options.for_client()) as client:
        ticking = asyncio.ensure_future(waited.watch(client))
        with Journal.open(folder) as journal:
            await execute(
                plan.records,
                remote=client,
                journal=journal,
                options=options.pipeline(),
                stop=stop,
                progress=Progress(waited.settled, lambda _: None, waited.done, sites),
                writer=partial(SimulatedWriter, points=points, pause_s=lambda: 0.005),
            )
        ticking.cancel()
        waited.ended_at, waited.sent = now(), client.counts.sent
    return waited


@lru_cache(maxsize=4)
def _plan(sites: int) -> Plan:
    """Return the plan of an inventory, made without a limit."""
    line = Line(Store(), Limit(1e9), lambda: 0.0)
    with tempfile.TemporaryDirectory() as folder:
        checked = check(_files(Path(folder), sites), mapping())
    return run_in_simulated_time(_made(checked, line))


async def _made(checked: Checked, line: Line) -> Plan:
    async with PartnerClient(SETTINGS, transport=line, rng=dice("plan")) as client:
        return (await make_plan(checked, client)).plan


def _files(folder: Path, sites: int) -> list[Path]:
    """Write an inventory whose later sites take more requests than the earlier ones, and far more devices."""
    rows = range(sites)
    late = [number >= sites // 2 for number in rows]
    site_rows = [
        [f"S-{n}", f"Shop {n}", "America/New_York", f"{n:04d}", "", "3" if late[n] else "", "yes" if n % 3 else ""]
        for n in rows
    ]
    devices = [[f"S-{n}", f"S-{n}-{d}", f"{d:03d}", f"Camera {d}"] for n in rows for d in range(1, 8 if late[n] else 2)]
    header = ["id", "name", "tz", "account", "station", "type", "active"]
    return [
        _written(folder / "sites.csv", [header, *site_rows]),
        _written(folder / "devices.csv", [["site", "id", "zone", "name"], *devices]),
        _written(folder / "stations.csv", [["id", "name"]]),
    ]


def _written(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def _reply(status: int, answer: Any, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(status, CIMultiDict(headers or {}), orjson.dumps(answer))
