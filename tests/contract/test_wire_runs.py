"""Whole runs while names, certificates, tokens or the way to the API fail: what the report says, what the server holds.

A run that ends early leaves what it did not try pending, and is gone on with once the trouble is over.
"""

import asyncio
import socket
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from client_sandbox import settings
from inventory import mapping, write_inventory
from proxy import Trouble, through_proxy
from test_faults import OPTIONS, assert_each_exists_once, assert_told_as_it_is, run_apply

from migrate.api.retry import pause_s
from migrate.app.driving import Driving
from migrate.app.finish import Run
from migrate.app.fresh import apply_files
from migrate.app.going_on import resume
from migrate.app.rehearse import sandbox_settings
from migrate.app.runs import known_runs
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox
from migrate.settings import Settings

HASTY = replace(OPTIONS, patience=0.5)


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client waits a fiftieth of what it would between its tries."""

    def hurried(*given: Any, **more: Any) -> float | None:
        seconds = pause_s(*given, **more)
        return None if seconds is None else seconds / 50

    monkeypatch.setattr("migrate.api.caller.pause_s", hurried)


async def apply_to(folder: Path, given: Settings, **options: Any) -> Run:
    files = write_inventory(folder)
    return await apply_files(
        files, mapping(), given, out=folder / "reports", options=replace(HASTY, **options), driving=Driving()
    )


def assert_nothing_failed(run: Run) -> None:
    outcomes = set(run.report.outcomes["outcome"])
    assert outcomes <= {"created", "unchanged", "pending", "unknown", "blocked"}
    assert outcomes & {"pending", "unknown"}


async def assert_goes_on(folder: Path, given: Settings, sandbox: Sandbox) -> None:
    [known] = known_runs(folder / "reports")
    again = await resume(known, given, driving=Driving())
    assert again.exit_code == 0
    assert_each_exists_once(sandbox)
    assert_told_as_it_is(again, sandbox)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many more look-ups of a name fail, as the one item of a list; nothing is remembered of earlier ones."""
    left = [0]
    looked_up = asyncio.BaseEventLoop.getaddrinfo

    async def getaddrinfo(self: asyncio.BaseEventLoop, host: Any, port: Any, **more: Any) -> Any:
        if left[0] > 0 and host == "localhost":
            left[0] -= 1
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return await looked_up(self, "127.0.0.1" if host == "localhost" else host, port, **more)

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr("aiohttp.connector._DNSCacheTable.expired", lambda *_: True)
    return left


def by_name(sandbox: Sandbox, url: str) -> Settings:
    return settings(sandbox, base_url=url.replace("127.0.0.1", "localhost"))


async def test_f1_a_name_that_is_not_known_for_a_while_costs_nothing(tmp_path: Path, names: list[int]) -> None:
    async with Sandbox(SandboxOptions(unique_zones=False)) as sandbox:
        names[0] = 3
        run = await apply_to(tmp_path, by_name(sandbox, sandbox.url), patience=10.0)
        assert names[0] == 0
        assert run.exit_code == 0
        assert_each_exists_once(sandbox)
        assert_told_as_it_is(run, sandbox)


async def test_f2_a_name_that_is_never_known_ends_the_run_before_anything_is_sent(
    tmp_path: Path, names: list[int]
) -> None:
    async with Sandbox() as sandbox:
        names[0] = 1_000_000
        run = await apply_to(tmp_path, by_name(sandbox, sandbox.url))
        assert run.exit_code == 3
        assert "its name is not known" in str(run.error)
        assert not sandbox.history
        assert_nothing_failed(run)
        names[0] = 0
        await assert_goes_on(tmp_path, by_name(sandbox, sandbox.url), sandbox)


async def test_f2_a_name_that_is_lost_in_the_middle_leaves_the_rest_pending(tmp_path: Path, names: list[int]) -> None:
    async with (
        Sandbox(SandboxOptions(unique_zones=False)) as sandbox,
        through_proxy(sandbox.url, Trouble("down", "down", [0.01], rb"POST \S+/devices ")) as proxy,
    ):
        given = by_name(sandbox, proxy.url)
        was_away = proxy.go_down

        def go_down(seconds: float) -> None:
            names[0] = 1_000_000
            was_away(seconds)

        proxy.go_down = go_down  # type: ignore[method-assign]
        run = await apply_to(tmp_path, given)
        assert run.exit_code == 4
        assert "its name is not known" in str(run.error)
        assert_nothing_failed(run)
        names[0] = 0
        await assert_goes_on(tmp_path, given, sandbox)


async def test_f3_a_closed_port_ends_the_run_and_a_later_one_goes_on(tmp_path: Path) -> None:
    async with Sandbox(SandboxOptions(unique_zones=False)) as sandbox:
        async with through_proxy(sandbox.url) as proxy:
            url = proxy.url
        run = await apply_to(tmp_path, settings(sandbox, base_url=url))
        assert run.exit_code == 3
        assert "can't be reached" in str(run.error)
        assert not sandbox.history
        assert_nothing_failed(run)


async def test_f12_other_sites_go_on_while_one_answer_trickles_in(tmp_path: Path) -> None:
    trouble = Trouble("bandwidth", "down", [40], rb"POST \S+/sites ")
    async with (
        Sandbox(SandboxOptions(unique_zones=False)) as sandbox,
        through_proxy(sandbox.url, trouble) as proxy,
    ):
        run = await apply_to(tmp_path, settings(sandbox, base_url=proxy.url), timeout=1.5, patience=10.0, settle=0.1)
        assert proxy.suffered == 1
        assert run.exit_code == 0
        assert_each_exists_once(sandbox)
        assert_told_as_it_is(run, sandbox)
        order = [request.body[0]["external_device_id"][:5] for request in sandbox.history.of("devices.create")]
        assert set(order[:4]) == {"S-002", "S-003"}
        assert set(order[4:]) == {"S-001"}


async def test_f26_a_token_that_ends_in_the_middle_is_renewed_once_for_all(tmp_path: Path) -> None:
    faults = Faults.parse(["any:401-before:1@9"])
    async with Sandbox(SandboxOptions(faults=faults, unique_zones=False)) as sandbox:
        run = await run_apply(tmp_path, sandbox)
        assert run.exit_code == 0
        assert len(sandbox.history.of("token.create")) == 2
        assert_each_exists_once(sandbox)
        assert_told_as_it_is(run, sandbox)


@pytest.mark.parametrize("skip", [0, 7, 10])
async def test_f27_credentials_that_are_taken_back_stop_the_run_after_one_renewal(tmp_path: Path, skip: int) -> None:
    async with Sandbox(SandboxOptions(faults=Faults.parse([f"any:401-before:*@{skip}"]))) as sandbox:
        run = await run_apply(tmp_path, sandbox)
        assert run.exit_code == 3
        assert "refused the credentials (401); check CHEKT_CLIENT_ID and CHEKT_CLIENT_SECRET" in str(run.error)
        assert len(sandbox.history.of("token.create")) == 2
        refused = sum(request.status == 401 for request in sandbox.history)
        assert 2 <= refused <= 2 * OPTIONS.concurrency
        assert_nothing_failed(run)
        sandbox.play(Faults())
        await assert_goes_on(tmp_path, sandbox_settings(sandbox), sandbox)


@pytest.mark.parametrize("fault", ["500-after", "html-before", "empty", "truncated"])
async def test_f28_a_token_url_that_fails_twice_costs_nothing(tmp_path: Path, fault: str) -> None:
    async with Sandbox(SandboxOptions(faults=Faults.parse([f"token:{fault}:2"]), unique_zones=False)) as sandbox:
        run = await run_apply(tmp_path, sandbox)
        assert run.exit_code == 0
        assert len(sandbox.history.of("token.create")) == 3
        assert_each_exists_once(sandbox)
        assert_told_as_it_is(run, sandbox)


@pytest.mark.parametrize(("fault", "says"), [("500-before", "token:500"), ("html-before", "web page")])
async def test_f28_a_token_url_that_stays_away_in_the_middle_leaves_the_rest_pending(
    tmp_path: Path, fault: str, says: str
) -> None:
    faults = Faults.parse([f"token:{fault}:*@1", "any:401-before:1@8"])
    async with Sandbox(SandboxOptions(faults=faults, unique_zones=False)) as sandbox:
        run = await run_apply(tmp_path, sandbox, options=HASTY)
        assert run.exit_code == 4
        assert "no access token could be had" in str(run.error)
        assert says in str(run.error)
        assert_nothing_failed(run)
        assert len(sandbox.history.of("token.create")) <= 25
        sandbox.play(Faults())
        await assert_goes_on(tmp_path, sandbox_settings(sandbox), sandbox)


@pytest.mark.parametrize("fault", ["html-before", "302-before", "307-before", "511-before"])
@pytest.mark.parametrize("times", ["2", "*"], ids=["for a while", "for good"])
async def test_f34_f36_a_login_page_in_the_middle_makes_nothing_fail(tmp_path: Path, fault: str, times: str) -> None:
    """The probe has no token, so the sandbox refuses it with 401 and JSON: to the client the API is back each time."""
    async with Sandbox(SandboxOptions(faults=Faults.parse([f"any:{fault}:{times}@8"]), unique_zones=False)) as sandbox:
        run = await run_apply(tmp_path, sandbox, options=HASTY if times == "*" else OPTIONS)
        if times == "*":
            assert run.exit_code == 4
            assert_nothing_failed(run)
            sandbox.play(Faults())
            await assert_goes_on(tmp_path, sandbox_settings(sandbox), sandbox)
        else:
            assert run.exit_code == 0
            assert_each_exists_once(sandbox)
            assert_told_as_it_is(run, sandbox)


async def test_f4_a_run_against_a_server_that_nobody_vouches_for_sends_nothing(tmp_path: Path) -> None:
    """A plain server where TLS is expected; certificates of all kinds are in the client's own tests."""
    async with Sandbox() as sandbox:
        url = sandbox.url.replace("http:", "https:")
        run = await apply_to(tmp_path, settings(sandbox, base_url=url))
        assert run.exit_code == 3
        assert "does not speak TLS as it should" in str(run.error)
        assert Counter(request.endpoint for request in sandbox.history) == Counter()
        assert_nothing_failed(run)
