"""A client and the sandbox it talks to; the two were written apart."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random
from typing import Any

from migrate.api.client import PartnerClient
from migrate.api.rate import Rate
from migrate.api.retry import RetryPolicy
from migrate.api.transport import Transport
from migrate.app.options import Options
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox
from migrate.settings import Settings

SITE = {"external_site_id": "S-1", "name": "Gangnam Headquarters", "timezone": "Asia/Seoul"}
STATION = {"external_monitoring_station_id": "CS-1", "name": "CHeKT Central Station"}
AT_ONCE = RetryPolicy(first_pause_s=0.001, longest_pause_s=0.01)


def settings(sandbox: Sandbox, **changes: Any) -> Settings:
    told = sandbox.environment
    given = {
        "base_url": sandbox.url,
        "client_id": told["CHEKT_CLIENT_ID"],
        "client_secret": told["CHEKT_CLIENT_SECRET"],
        "access_token": "",
        "dealer_id": told["CHEKT_DEALER_ID"],
        **changes,
    }
    return Settings(env_file=None, **given)


@asynccontextmanager
async def talking(
    *faults: str, client: dict[str, Any] | None = None, **options: Any
) -> AsyncIterator[tuple[PartnerClient, Sandbox]]:
    """Start a sandbox in which `faults` happen, and a client that hardly waits."""
    defaults: dict[str, Any] = {
        "rate": Rate(100_000, 60.0),
        "burst": 500,
        "policy": AT_ONCE,
        "rng": Random(5),  # noqa: S311 - chance that can be repeated
    }
    sandbox = Sandbox(SandboxOptions(faults=Faults.parse(faults), **{"rate": None, **options}))
    async with sandbox, PartnerClient(settings(sandbox), **{**defaults, **(client or {})}) as caller:
        yield caller, sandbox


@asynccontextmanager
async def talker(
    sandbox: Sandbox, *, options: Options, transport: Transport | None = None
) -> AsyncIterator[PartnerClient]:
    """Start a client for a run with these options that hardly waits between its tries."""
    caller = PartnerClient(
        settings(sandbox),
        transport=transport,
        rate=Rate(100_000, 60.0),
        burst=500,
        concurrency=options.concurrency,
        timeout_s=options.timeout,
        policy=replace(AT_ONCE, longest_s=options.patience, refused_s=options.patience, unreachable_s=0.05),
        rng=Random(5),  # noqa: S311 - chance that can be repeated
    )
    async with caller:
        yield caller


def camera(zone: str, **changes: Any) -> dict[str, Any]:
    return {"external_device_id": f"cam-{zone}", "device_type": "camera", "zone_number": zone, **changes}
