"""Faults: what the caller sees, and what was done all the same."""

import aiohttp
import pytest
from sandbox_caller import SITE, Caller, calling, camera, until

from migrate.sandbox.faults import Faults


def made(caller: Caller) -> int:
    return len(caller.sandbox.state()["sites"])


@pytest.mark.parametrize(
    ("fault", "committed"),
    [
        ("sites:reset-before-commit", 0),
        ("sites:reset-after-commit", 1),
        ("sites:delay-commit-after:5", 1),
        ("sites.create:truncated", 1),
    ],
)
async def test_the_answer_is_lost(fault: str, committed: int) -> None:
    async with calling(fault) as caller:
        with pytest.raises(aiohttp.ClientError):
            await caller.call("POST", "/sites", SITE)
        await until(lambda: not caller.sandbox.history.in_flight)
        assert made(caller) == committed
        (request,) = caller.sandbox.history.of("sites.create")
        assert (request.committed, request.faults) == (bool(committed), (fault,))
        assert request.status == (201 if "truncated" in fault else None)
        assert await caller.make_site() == committed + 1


async def test_a_late_commit_comes_when_the_caller_is_long_gone() -> None:
    async with calling("sites:delay-commit-after:5") as caller:
        with pytest.raises(aiohttp.ClientError):
            await caller.call("POST", "/sites", SITE)
        await until(lambda: not caller.sandbox.history.in_flight)
        assert caller.clock.slept == [5]
        assert caller.sandbox.state()["sites"][0]["created_at"] == "2025-01-01T00:00:05.000Z"


@pytest.mark.parametrize(
    ("fault", "status", "committed"),
    [
        ("sites:500-before", 500, 0),
        ("sites:500-after", 500, 1),
        ("any:409-before", 409, 0),
        ("any.create:409-after", 409, 1),
        ("sites/S-1:403-before", 403, 0),
        ("sites/S-*:403-before", 403, 0),
        ("sites/S-2:403-before", 201, 1),
        ("sites.update:500-before", 201, 1),
        ("token:500-before", 201, 1),
        ("sites:html-before", 200, 0),
        ("sites:html-after", 200, 1),
        ("sites:empty", 204, 1),
    ],
)
async def test_another_answer_than_the_true_one(fault: str, status: int, committed: int) -> None:
    async with calling() as caller:
        caller.sandbox.play(Faults.parse([fault]))
        reply = await caller.call("POST", "/sites", SITE)
        assert (reply.status, made(caller)) == (status, committed)
        if "html" in fault:
            assert reply.headers["Content-Type"].startswith("text/html")
            assert b"<html" in reply.content


@pytest.mark.parametrize(
    ("argument", "header"),
    [("retry-after=7", "7"), ("retry-after=date+7", "Wed, 01 Jan 2025 00:00:07 GMT"), ("retry-after=soon", "soon")],
)
async def test_a_refusal_may_say_when_to_come_again(argument: str, header: str) -> None:
    async with calling(f"sites:429-before:{argument}") as caller:
        reply = await caller.call("GET", "/sites")
        assert (reply.status, reply.headers["Retry-After"]) == (429, header)


async def test_a_redirect_points_elsewhere() -> None:
    async with calling("sites:307-before") as caller:
        assert (await caller.call("POST", "/sites", SITE)).headers["Location"] == "https://elsewhere.invalid/"


async def test_token_requests_can_fail_too() -> None:
    async with calling() as caller:
        caller.sandbox.play(Faults.parse(["token:503-before", "token:html-after"]))
        assert (await caller.log_in()).status == 503
        page = await caller.send("POST", "/oauth/token", data={})
        assert (page.status, page.headers["Content-Type"][:9]) == (200, "text/html")
        assert (await caller.log_in()).status == 200


async def test_a_delay_comes_before_the_answer_and_beside_other_faults() -> None:
    async with calling("any:delay:0.5:*", "any:delay:1:1@1", "sites:500-before:1") as caller:
        assert (await caller.call("POST", "/sites", SITE)).status == 500
        assert await caller.make_site() == 1
        assert caller.clock.slept == [0.5, 1.5]


async def test_of_two_faults_that_exclude_each_other_the_second_waits() -> None:
    async with calling("sites:500-before", "sites:503-after") as caller:
        replies = [(await caller.call("POST", "/sites", SITE)).status for _ in range(3)]
        assert replies == [500, 503, 201]


async def test_lagging_lists_lack_what_is_new() -> None:
    async with calling("any.list:lag:5:*") as caller:
        await caller.make_site()
        await caller.make_devices(1, "001")
        assert (await caller.call("GET", "/sites")).body == []
        assert (await caller.call("GET", "/sites/1")).status == 200
        caller.clock.now += 5.001
        assert len((await caller.call("GET", "/sites")).body) == 1
        assert len((await caller.call("GET", "/sites/1/devices")).body) == 1


async def batch(caller: Caller, *zones: str) -> list[dict[str, object]]:
    reply = await caller.make_devices(1, *zones)
    assert reply.status == 201
    results: list[dict[str, object]] = reply.body["results"]
    return results


@pytest.mark.parametrize(
    ("fault", "order"),
    [
        ("devices:shuffle", ["cam-003", "cam-002", "cam-001"]),
        ("devices:drop-results", ["cam-002"]),
        ("devices:extra-result", ["never-sent", "cam-001", "cam-002", "cam-003"]),
        ("devices:twice", ["cam-001", "cam-002", "cam-003", "cam-001"]),
        ("devices:no-echo", [None, None, None]),
    ],
)
async def test_the_results_of_a_batch_are_disturbed(fault: str, order: list[str | None]) -> None:
    async with calling(fault) as caller:
        await caller.make_site()
        results = await batch(caller, "001", "002", "003")
        echoes = [result["req"] for result in results]
        assert [isinstance(req, dict) and req.get("external_device_id") for req in echoes] == order
        assert len(caller.sandbox.state()["devices"]) == 3


async def test_the_counts_of_a_batch_are_wrong() -> None:
    async with calling("devices:wrong-counts") as caller:
        await caller.make_site()
        body = (await caller.make_devices(1, "001", "002")).body
        assert (body["success_count"], body["failure_count"], len(body["results"])) == (0, 2, 2)


async def test_a_part_of_a_batch_is_done_and_the_answer_is_an_error() -> None:
    async with calling("devices:partial-commit:2") as caller:
        await caller.make_site()
        assert (await caller.make_devices(1, "001", "002", "003")).status == 500
        assert [device["zone_number"] for device in caller.sandbox.state()["devices"]] == ["001", "002"]


async def test_one_bad_device_refuses_its_whole_batch() -> None:
    async with calling("devices:all-or-nothing:*") as caller:
        await caller.make_site()
        body = [camera("001"), camera("002", device_type="toaster")]
        reply = await caller.call("POST", "/sites/1/devices", body)
        assert (reply.status, reply.body) == (400, {"error_message": "device_type toaster is not known"})
        assert caller.sandbox.state()["devices"] == []
        assert not caller.sandbox.history.of("devices.create")[0].committed
        assert (await caller.make_devices(1, "001")).body["success_count"] == 1


async def test_a_poisonous_device_refuses_every_batch_it_is_in() -> None:
    async with calling("devices.create/cam-002:poison:*") as caller:
        await caller.make_site()
        assert (await caller.make_devices(1, "001", "002")).status == 400
        assert (await caller.make_devices(1, "001")).body["success_count"] == 1
        assert (await caller.make_devices(1, "002")).status == 400


async def test_a_fault_can_be_of_one_site_alone() -> None:
    async with calling("devices/S-2:403-before:*") as caller:
        for name in ("S-1", "S-2"):
            await caller.make_site(external_site_id=name)
        assert (await caller.make_devices(1, "001")).status == 201
        assert (await caller.make_devices(2, "001")).status == 403


async def test_faults_that_are_about_batches_leave_other_answers_alone() -> None:
    async with calling("any:shuffle:*", "any:partial-commit:1") as caller:
        assert (await caller.call("POST", "/sites", SITE)).status == 500
        assert await caller.make_site() == 2
