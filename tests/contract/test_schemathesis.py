"""Schemathesis against the sandbox and its description: no 5xx, every answer as described, what is wrong refused.

`CHEKT_SCHEMATHESIS_EXAMPLES=200` runs all phases with so many examples for each endpoint, and another seed each time.
"""

import asyncio
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import aiohttp
import orjson

from migrate.model.records import RECORDS
from migrate.sandbox.endpoints import ENDPOINTS
from migrate.sandbox.history import Request
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

HERE = Path(__file__).parent
EXAMPLES = os.environ.get("CHEKT_SCHEMATHESIS_EXAMPLES", "")
SHORT = ("--max-examples=4", "--generation-deterministic", "--no-shrink")
SITES = 4
"""As many as schemathesis_hooks.py expects, each with a station, a contact and two devices (site 2: 3 and 4)."""


async def fill(session: aiohttp.ClientSession) -> str:
    """Make what ids can hit; return the header that lets in."""
    form = {"grant_type": "client_credentials", "client_id": "sandbox", "client_secret": "sandbox-secret"}
    async with session.post("/oauth/token", data=form) as answer:
        bearer = f"Bearer {(await answer.json())['access_token']}"
    bodies: list[tuple[str, object]] = []
    for site in range(1, SITES + 1):
        bodies.append(("/monitoring-stations", {"external_monitoring_station_id": f"CS-{site}", "name": "Central"}))
        bodies.append(("/sites", {"external_site_id": f"S-{site}", "name": "One", "timezone": "Asia/Seoul"}))
        cameras = [
            {"external_device_id": f"{site}-{zone}", "device_type": "camera", "zone_number": zone} for zone in "12"
        ]
        bodies.append((f"/sites/{site}/devices", cameras))
        contact = {"external_contact_id": "C-1", "first_name": "Min", "last_name": "Kim"}
        bodies.append((f"/sites/{site}/contacts", contact))
    for path, body in bodies:
        url = f"/partner/v1/dealers/12345{path}"
        async with session.post(url, data=orjson.dumps(body), headers={"Authorization": bearer}) as answer:
            assert answer.status == 201
    return bearer


def answered(history: Iterable[Request]) -> dict[str, set[int | None]]:
    statuses: dict[str, set[int | None]] = {}
    for request in history:
        statuses.setdefault(request.endpoint, set()).add(request.status)
    return statuses


async def test_the_sandbox_answers_as_its_description_says_whatever_is_sent(tmp_path: Path) -> None:
    long = (f"--max-examples={EXAMPLES}", "--generation-database=none")
    async with (
        Sandbox(SandboxOptions(rate=None, token_life_s=86_400)) as sandbox,
        aiohttp.ClientSession(sandbox.url) as session,
    ):
        bearer = await fill(session)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", f"--config-file={HERE / 'schemathesis.toml'}"),
            *("run", f"{sandbox.url}/openapi.json", "--header", f"Authorization: {bearer}", "--warnings=off"),
            *("--no-color", "--continue-on-failure", *(long if EXAMPLES else SHORT)),
            env={**os.environ, "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(HERE), "COLUMNS": "120"},
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        told, _ = await process.communicate()
        statuses = answered(sandbox.history)
    assert process.returncode == 0, told.decode(errors="replace")
    assert {endpoint.name for endpoint in ENDPOINTS} <= set(statuses)
    assert not [status for of_one in statuses.values() for status in of_one if status is None or status >= 500]
    reached = {name for name, codes in statuses.items() if codes & {200, 201, 204}}
    assert {one.name for one in ENDPOINTS if one.method != "DELETE"} <= reached  # a delete may find nothing to delete


async def test_the_description_needs_no_token_and_has_every_endpoint_and_field() -> None:
    async with (
        Sandbox(SandboxOptions(dealers=("7", "8"))) as sandbox,
        aiohttp.ClientSession(sandbox.url) as session,
        session.get("/openapi.json") as answer,
    ):
        assert answer.status == 200
        described = await answer.json()
    assert described["openapi"].startswith("3.1")
    operations = {
        (method.upper(), path): operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }
    assert set(operations) == {("POST", "/oauth/token")} | {(one.method, one.path) for one in ENDPOINTS}
    assert operations["POST", "/oauth/token"]["security"] == []
    first = operations["GET", "/partner/v1/dealers/{dealer_id}/sites"]["parameters"]
    assert first[0]["schema"]["enum"] == ["7", "8"]
    assert {one["name"] for one in first if one["in"] == "query"} == {
        "fields",
        "filter",
        "sort",
        "dir",
        "limit",
        "offset",
    }
    schemas = described["components"]["schemas"]
    for record in RECORDS.values():
        assert tuple(schemas[f"{record.name.capitalize()}Sent"]["properties"]) == record.sent
        assert tuple(schemas[f"{record.name.capitalize()}Sent"]["required"]) == tuple(
            name for name in record.required if name in record.sent
        )
