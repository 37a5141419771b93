"""A plain HTTP caller of the sandbox: no client of ours in between."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson

from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

SITE = {"external_site_id": "S-1", "name": "Gangnam Headquarters", "timezone": "Asia/Seoul"}
STATION = {"external_monitoring_station_id": "CS-1", "name": "CHeKT Central Station"}


@dataclass
class Clock:
    """A clock that only tests move; its sleep moves it."""

    now: float = 1_735_689_600.0  # 2025-01-01
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class Reply:
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        return orjson.loads(self.content)


@dataclass
class Caller:
    sandbox: Sandbox
    clock: Clock
    session: aiohttp.ClientSession
    dealer: str = "12345"
    token: str = ""

    async def send(self, method: str, url: str, **kwargs: Any) -> Reply:
        async with self.session.request(method, url, **kwargs) as response:
            return Reply(response.status, response.headers, await response.read())

    async def log_in(self, **changes: str) -> Reply:
        form = {
            "grant_type": "client_credentials",
            "client_id": "sandbox",
            "client_secret": "sandbox-secret",
            **changes,
        }
        reply = await self.send("POST", "/oauth/token", data=form)
        if reply.status == 200:
            self.token = reply.body["access_token"]
        return reply

    async def call(self, method: str, path: str, body: Any = None, **kwargs: Any) -> Reply:
        headers = {"Authorization": f"Bearer {self.token}", **kwargs.pop("headers", {})}
        data = None if body is None else orjson.dumps(body)
        return await self.send(
            method,
            f"/partner/v1/dealers/{self.dealer}{path}",
            data=data,
            headers=headers,
            allow_redirects=False,
            **kwargs,
        )

    async def make_site(self, **changes: Any) -> int:
        reply = await self.call("POST", "/sites", {**SITE, **changes})
        assert reply.status == 201, reply.content
        return int(reply.body["site_id"])

    async def make_devices(self, site_id: int, *zones: str) -> Reply:
        return await self.call("POST", f"/sites/{site_id}/devices", [camera(zone) for zone in zones])


def camera(zone: str, **changes: Any) -> dict[str, Any]:
    return {"external_device_id": f"cam-{zone}", "device_type": "camera", "zone_number": zone, **changes}


async def until(condition: Callable[[], bool]) -> None:
    """Let others go on until `condition` holds."""
    for _ in range(100_000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came")


@asynccontextmanager
async def calling(*faults: str, **changes: Any) -> AsyncIterator[Caller]:
    """Start a sandbox and log in to it."""
    clock = Clock()
    options = SandboxOptions(faults=Faults.parse(faults), **changes)
    async with (
        Sandbox(options, clock=clock, sleep=clock.sleep) as sandbox,
        aiohttp.ClientSession(sandbox.url) as session,
    ):
        caller = Caller(sandbox, clock, session)
        await caller.log_in()
        yield caller
