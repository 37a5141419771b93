"""How a sandbox begins, what it remembers, and that it ends without leaving anything behind."""

import asyncio
import socket
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest
from sandbox_caller import SITE, calling, until

from migrate.errors import UsageError
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox, serve


async def test_a_file_outlives_the_sandbox(tmp_path: Path) -> None:
    path = tmp_path / "dealer.sqlite"
    async with calling(store=path) as caller:
        await caller.make_site()
        await caller.call("DELETE", "/sites/1")
        await caller.make_site()
    async with calling(store=path) as caller:
        assert (await caller.call("GET", "/sites")).body[0]["site_id"] == 2


async def test_what_was_answered_is_in_the_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "dealer.sqlite"
    async with calling(store=path) as caller, calling(store=path) as other:
        await caller.make_site()
        assert len((await other.call("GET", "/sites")).body) == 1


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to be taken for none\n" * 20)
    with pytest.raises(UsageError, match=r"notes\.txt: can't be used as the sandbox's store"):
        Sandbox(SandboxOptions(store=path))


async def test_a_port_in_use_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} can't be had"):
            async with Sandbox(SandboxOptions(port=port)):
                pass


async def test_history_tells_each_request_without_secrets() -> None:
    async with calling() as caller:
        headers = {"x-partner-trace-id": "trace-1", "Idempotency-Key": "key-1"}
        await caller.call("POST", "/sites", SITE, headers=headers)
        await caller.call("POST", "/sites", SITE, headers=headers)
        await caller.call("GET", "/sites", params={"limit": "1"})
        log_in, first, second, listed = caller.sandbox.history
        assert (log_in.endpoint, log_in.status, log_in.body) == ("token.create", 200, None)
        assert (first.method, first.path, first.status) == ("POST", "/partner/v1/dealers/12345/sites", 201)
        assert (first.body, first.committed, first.at_s) == (SITE, True, caller.clock.now)
        assert first.headers["x-partner-trace-id"] == "trace-1"
        assert second.committed, "an idempotency key is noted, not honoured"
        assert (listed.query, listed.committed) == ((("limit", "1"),), False)
        assert caller.sandbox.history.methods == {"POST": 2, "GET": 1}
        assert caller.token not in repr(list(caller.sandbox.history))
        assert "sandbox-secret" not in repr(list(caller.sandbox.history))


async def test_history_forgets_the_oldest() -> None:
    async with calling(history_size=2) as caller:
        for _ in range(5):
            await caller.call("GET", "/sites")
        assert len(caller.sandbox.history) == 2
        assert caller.sandbox.history.methods["GET"] == 5


async def test_history_knows_how_many_requests_were_under_way_at_once() -> None:
    gate = asyncio.Event()

    async def wait(_: float) -> None:
        await gate.wait()

    options = SandboxOptions(faults=Faults.parse(["token:delay:1:*"]))
    async with Sandbox(options, sleep=wait) as sandbox, aiohttp.ClientSession(sandbox.url) as session:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(3):
                tasks.create_task(session.post("/oauth/token", data={}))
            await until(lambda: sandbox.history.in_flight == 3)
            gate.set()
        assert (sandbox.history.most_in_flight, sandbox.history.in_flight) == (3, 0)


async def test_a_late_commit_does_not_outlive_the_sandbox() -> None:
    before = asyncio.all_tasks()

    async def for_ever(_: float) -> None:
        await asyncio.Event().wait()

    options = SandboxOptions(faults=Faults.parse(["token:delay-commit-after:60", "token:delay:60"]))
    sandbox = Sandbox(options, sleep=for_ever)
    async with sandbox, aiohttp.ClientSession(sandbox.url) as session:
        with pytest.raises(TimeoutError):
            await session.post("/oauth/token", data={}, timeout=aiohttp.ClientTimeout(total=0.01))
        assert sandbox.history.in_flight == 1
    assert sandbox.history.in_flight == 0
    assert asyncio.all_tasks() == before


async def test_serving_announces_what_a_shell_needs_and_stops_when_told() -> None:
    lines: list[str] = []
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(serve(SandboxOptions(dealers=("7 b", "8")), announce=lines.append, stop=stop))
        await until(lambda: len(lines) == 6)
        stop.set()
    assert lines[1].startswith("export CHEKT_BASE_URL=http://127.0.0.1:")
    assert lines[2:5] == [
        "export CHEKT_CLIENT_ID=sandbox",
        "export CHEKT_CLIENT_SECRET=sandbox-secret",
        "export CHEKT_DEALER_ID='7 b'",
    ]
    assert "set NAME=VALUE" in lines[5]
    assert all(line.startswith(("#", "export ")) for line in lines)


async def test_a_body_beyond_all_measure_is_refused() -> None:
    async with calling() as caller:
        url = "/partner/v1/dealers/12345/sites"
        assert (await caller.send("POST", url, data=BytesIO(b" " * (5 * 2**20)))).status == 413
        assert [request.status for request in caller.sandbox.history] == [200, 413]
        assert (await caller.call("GET", "/sites")).body == []
