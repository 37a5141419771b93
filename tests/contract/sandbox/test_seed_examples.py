"""The examples that the vendor's pages print: the client sends and reads them, the sandbox answers in their shape."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from multidict import CIMultiDict
from pydantic import BaseModel
from sandbox_caller import Caller, calling

from migrate.api.client import PartnerClient
from migrate.api.reply import Failure, Reply
from migrate.sandbox.endpoints import ENDPOINTS
from migrate.settings import Settings

SEEDS = Path(__file__).parents[2] / "fixtures" / "seeds"
EXAMPLES: dict[str, dict[str, Any]] = {
    f"{example['method']} {example['path'].removeprefix('/partner/v1/dealers/{dealerId}')}": example
    for page in sorted(SEEDS.glob("*.json"))
    for example in json.loads(page.read_text(encoding="utf-8"))["examples"]
}
SETTINGS = Settings(
    env_file=None,
    base_url="https://api.test",
    client_id="one",
    client_secret="invented",
    access_token="",
    dealer_id="12345",
)
CALLS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "POST /monitoring-stations": ("create_station", ()),
    "GET /monitoring-stations": ("list_stations", ()),
    "GET /monitoring-stations/{monitoringStationId}": ("get_station", (1,)),
    "PUT /monitoring-stations/{monitoringStationId}": ("update_station", (1,)),
    "DELETE /monitoring-stations/{monitoringStationId}": ("delete_station", (1,)),
    "POST /sites": ("create_site", ()),
    "GET /sites": ("list_sites", ()),
    "GET /sites/{siteId}": ("get_site", (1,)),
    "PUT /sites/{siteId}": ("update_site", (1,)),
    "DELETE /sites/{siteId}": ("delete_site", (1,)),
    "PATCH /sites/{siteId}/activation-status": ("update_activation_status", (1,)),
    "GET /sites/{siteId}/arming-settings": ("get_arming_settings", (1,)),
    "PATCH /sites/{siteId}/arming-settings": ("update_arming_settings", (1,)),
    "POST /sites/{siteId}/devices": ("create_devices", (1,)),
    "GET /sites/{siteId}/devices": ("list_devices", (1,)),
    "GET /sites/{siteId}/devices/{deviceId}": ("get_device", (1, 1)),
    "PUT /sites/{siteId}/devices": ("update_devices", (1,)),
    "POST /sites/{siteId}/devices/bulk-delete": ("delete_devices", (1,)),
}
"""Example → the client's method and the ids that it takes."""


class Page:
    """A transport: a token for who asks, the example for all else."""

    def __init__(self, example: Mapping[str, Any]) -> None:
        self.example = example
        self.sent: list[tuple[str, str, Any]] = []

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, timeout_s: float
    ) -> Reply | Failure:
        if url.endswith("/oauth/token"):
            return Reply(200, CIMultiDict(), b'{"access_token": "t", "token_type": "Bearer", "expires_in": 3600}')
        self.sent.append((method, url, orjson.loads(body) if body else None))
        answers = self.example.get("answers")
        return Reply(self.example["status"], CIMultiDict(), b"" if answers is None else orjson.dumps(answers))


def with_ids(path: str) -> str:
    return re.sub(r"\{\w+\}", "1", path)


def given(sends: Any) -> tuple[Any, ...]:
    """Return what the client's method takes of a body: the one thing in it, or all of it."""
    if sends is None:
        return ()
    only = {"deviceIds", "security_type"} & set(sends) if isinstance(sends, dict) else set()
    return (sends[only.pop()],) if only else (sends,)


def known(told: Any) -> Any:
    return told.model_dump(mode="json") if isinstance(told, BaseModel) else [known(one) for one in told]


def lacking(page: Any, told: Any, where: str = "answer") -> list[str]:
    """Return where what was read of a page isn't what the page says; 0 and 1 may be read as no and yes."""
    if isinstance(page, dict) and isinstance(told, dict):
        return [found for key in page for found in lacking(page[key], told.get(key), f"{where}.{key}")]
    if isinstance(page, list) and isinstance(told, list) and len(page) == len(told):
        return [found for one, other in zip(page, told, strict=True) for found in lacking(one, other, f"{where}[]")]
    return [] if page == told else [f"{where}: {told!r} instead of {page!r}"]


def shape(value: Any) -> Any:
    """Return the keys and types of a value, the items of a list each once."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        shapes = [shape(item) for item in value]
        return [one for number, one in enumerate(shapes) if one not in shapes[:number]]
    return type(value).__name__


def test_each_example_has_a_call_and_each_endpoint_of_the_pages_an_example() -> None:
    assert set(EXAMPLES) == set(CALLS)
    assert len(EXAMPLES) == len([one for one in ENDPOINTS if not one.name.startswith("contacts.")])


@pytest.mark.parametrize("name", EXAMPLES)
async def test_the_client_sends_the_example_and_reads_all_of_its_answer(name: str) -> None:
    example = EXAMPLES[name]
    method, ids = CALLS[name]
    page = Page(example)
    async with PartnerClient(SETTINGS, transport=page) as client:
        told = await getattr(client, method)(*ids, *given(example.get("sends")))
    ((verb, url, body),) = page.sent
    assert verb == example["method"]
    assert url.endswith(with_ids(example["path"].replace("{dealerId}", "12345")))
    assert body == example.get("sends")
    if "answers" in example:
        assert lacking(example["answers"], known(told)) == []
    else:
        assert told is None


async def fill(caller: Caller) -> None:
    """Make station 1, site 1 with that station, devices 1 and 2, as the pages' examples presuppose them."""
    await caller.call("POST", "/monitoring-stations", EXAMPLES["POST /monitoring-stations"]["sends"])
    await caller.call("POST", "/sites", here(EXAMPLES["POST /sites"]["sends"]))
    device = EXAMPLES["POST /sites/{siteId}/devices"]["sends"][0]
    bridge = {"external_device_id": "b", "device_type": "bridge", "zone_number": "010"}
    await caller.call("POST", "/sites/1/devices", [device, bridge])


def here(sends: Any) -> Any:
    """Return an example's body with the ids that the sandbox has in place of the page's."""
    match sends:
        case {"deviceIds": _}:
            return {"deviceIds": [1, 2]}
        case {"monitoring_station_id": _}:
            return {**sends, "monitoring_station_id": 1}
        case [{"device_id": _} as device]:
            return [{**device, "device_id": 1}]
        case [{"external_device_id": _} as device]:
            return [{**device, "zone_number": "020", "additional_zone_numbers": "021,022"}]
        case _:
            return sends


@pytest.mark.parametrize("name", EXAMPLES)
async def test_the_sandbox_takes_the_example_and_answers_in_its_shape(name: str) -> None:
    example = EXAMPLES[name]
    async with calling() as caller:
        await fill(caller)
        method, _, path = name.partition(" ")
        reply = await caller.call(method, with_ids(path), here(example.get("sends")))
    assert reply.status == example["status"]
    if "answers" not in example:
        assert reply.content == b""
        return
    told = reply.body
    if isinstance(told, list):
        told = told[:1]  # the second device is none of the page's
    assert shape(told) == shape(example["answers"])
