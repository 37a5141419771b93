"""Lists: every parameter of the overview, on all of them."""

from typing import Any

import pytest
from sandbox_caller import STATION, Caller, calling, camera


async def ids(caller: Caller, *params: tuple[str, str]) -> list[int]:
    reply = await caller.call("GET", "/sites", params=params)
    assert reply.status == 200, reply.content
    return [site["site_id"] for site in reply.body]


async def make_four(caller: Caller) -> None:
    await caller.call("POST", "/monitoring-stations", STATION)
    for number, name in enumerate(["Delta", "Alpha", "Charlie", "Bravo"], start=1):
        await caller.make_site(
            external_site_id=f"S-{number}", name=name, **({"monitoring_station_id": 1} if number == 2 else {})
        )


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ([], [1, 2, 3, 4]),
        ([("sort", "name")], [2, 4, 3, 1]),
        ([("sort", "name"), ("dir", "desc")], [1, 3, 4, 2]),
        ([("sort", "timezone"), ("limit", "2"), ("offset", "1")], [2, 3]),
        ([("offset", "3")], [4]),
        ([("limit", "0")], []),
        ([("filter", "name,Alpha")], [2]),
        ([("filter", "name,Alpha,eq")], [2]),
        ([("filter", "name,Alpha,neq")], [1, 3, 4]),
        ([("filter", "site_id,2,lt")], [1]),
        ([("filter", "site_id,2,lte")], [1, 2]),
        ([("filter", "site_id,2,gt")], [3, 4]),
        ([("filter", "site_id,2,gte")], [2, 3, 4]),
        ([("filter", "site_id,10,lt")], [1, 2, 3, 4]),
        ([("filter", "name,^[AB],regex")], [2, 4]),
        ([("filter", "site_id,1,gt"), ("filter", "name,a$,regex")], [2]),
        ([("filter", "external_monitoring_station_id,CS-1")], [2]),
        ([("filter", "monitoring_station_id,.,regex")], [2]),
    ],
)
async def test_sites_are_filtered_sorted_and_paged(params: list[tuple[str, str]], expected: list[int]) -> None:
    async with calling() as caller:
        await make_four(caller)
        assert await ids(caller, *params) == expected


async def test_fields_choose_the_columns() -> None:
    async with calling() as caller:
        await make_four(caller)
        reply = await caller.call("GET", "/sites", params=[("fields", "name,site_id"), ("limit", "1")])
        assert reply.body == [{"name": "Delta", "site_id": 1}]


@pytest.mark.parametrize(
    "params",
    [
        {"fields": "name,secret"},
        {"fields": "security_type"},
        {"filter": "nothing,1"},
        {"filter": "name"},
        {"filter": "name,a,b,eq"},
        {"filter": "name,a,like"},
        {"filter": "name,(,regex"},
        {"sort": "name; DROP TABLE sites"},
        {"dir": "up"},
        {"limit": "ten"},
        {"offset": "-1"},
        {"page": "2"},
    ],
)
async def test_what_a_list_does_not_know_is_refused(params: dict[str, str]) -> None:
    async with calling() as caller:
        reply = await caller.call("GET", "/sites", params=params)
        assert reply.status == 400
        assert reply.body["error_message"]


async def test_stations_devices_and_contacts_take_the_same_parameters() -> None:
    async with calling() as caller:
        await make_four(caller)
        await caller.make_devices(1, "001", "002", "003")
        contact = {"external_contact_id": "C", "first_name": "A", "last_name": "B"}
        await caller.call("POST", "/sites/1/contacts", contact)
        last = [("sort", "device_id"), ("dir", "desc"), ("limit", "1")]
        assert (await caller.call("GET", "/sites/1/devices", params=last)).body[0]["zone_number"] == "003"
        none = {"filter": "name,nobody"}
        assert (await caller.call("GET", "/monitoring-stations", params=none)).body == []
        some = {"fields": "last_name"}
        assert (await caller.call("GET", "/sites/1/contacts", params=some)).body == [{"last_name": "B"}]


async def test_a_page_cap_shortens_lists_without_a_word() -> None:
    async with calling(page_cap=2) as caller:
        await make_four(caller)
        assert await ids(caller) == [1, 2]
        assert await ids(caller, ("limit", "3"), ("offset", "1")) == [2, 3]
        assert await ids(caller, ("limit", "1")) == [1]


async def test_a_sandbox_may_take_no_notice_of_parameters() -> None:
    async with calling(ignore_params=True) as caller:
        await make_four(caller)
        assert await ids(caller, ("limit", "1"), ("offset", "2"), ("sort", "nothing")) == [1, 2, 3, 4]


async def test_lists_of_devices_are_of_one_site() -> None:
    async with calling() as caller:
        await make_four(caller)
        await caller.make_devices(1, "001")
        second: dict[str, Any] = camera("001", external_device_id="other")
        await caller.call("POST", "/sites/2/devices", [second])
        devices = (await caller.call("GET", "/sites/2/devices")).body
        assert [device["external_device_id"] for device in devices] == ["other"]
