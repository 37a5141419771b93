"""One run at a time writes to a dealer; who only reads, or is at another dealer, is let through."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from called import outcomes_of, run_json
from e2e_inventory import write_inventory
from e2e_tool import QUICK, Tool, ended, until

from migrate.app.lock import holding_dealer
from migrate.app.rehearse import sandbox_settings
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

SEND = ("--yes", *QUICK)
RECORDS = 1 + 2 + 2 * 2


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(dealers=("12345", "67890"))) as sandbox:
        yield sandbox


@pytest.fixture
def tool(tmp_path: Path, sandbox: Sandbox) -> Tool:
    return Tool(tmp_path, sandbox.environment)


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    return write_inventory(tmp_path, sites=2, devices=2, active="")


async def test_while_a_dealer_is_held_no_run_writes_to_it_and_all_others_go_on(
    tool: Tool, sandbox: Sandbox, words: list[str]
) -> None:
    sandbox.play(Faults.parse(["devices.create/A-1-2:poison:*"]))
    assert (await tool.run("apply", *words, *SEND)).exit_code == 1
    (first,) = tool.runs()
    sandbox.play(Faults())
    before = sandbox.state()
    with holding_dealer(sandbox_settings(sandbox), run_id="the-holder"):
        refused = await tool.run("retry", first.name, *SEND)
        assert refused.exit_code == 5, refused.stderr
        assert "dealer 12345" in refused.stderr
        assert "is held by another run (the-holder, process" in refused.stderr
        assert [run_json(run)["exit_code"] for run in tool.runs()] == [1, 5]
        assert sandbox.state() == before
        readers = await asyncio.gather(*(tool.run(verb, *words) for verb in ("check", "plan", "rehearse")))
        assert [reader.exit_code for reader in readers] == [0, 0, 0]
        elsewhere = await tool.run("apply", *words, *SEND, "--dealer", "67890")
        assert elsewhere.exit_code == 0, elsewhere.stderr
        assert outcomes_of(tool.runs()[-1]) == {"created": RECORDS}
    assert (await tool.run("retry", first.name, *SEND)).exit_code == 0


async def test_a_run_that_goes_on_is_left_alone_and_once_it_is_dead_its_lock_is_taken_over(
    tool: Tool, sandbox: Sandbox, words: list[str]
) -> None:
    sandbox.play(Faults.parse(["sites.list:delay:60:*"]))
    process = await tool.start("apply", *words, *SEND)
    assert await until(lambda: bool(sandbox.history.of("sites.list")), process)
    (run,) = tool.runs()
    resumed, second = await asyncio.gather(tool.run("resume", run.name), tool.run("apply", *words, *SEND))
    for refused in (resumed, second):
        assert refused.exit_code == 5
        assert f"is held by another run ({run.name}, process {process.pid} on " in refused.stderr
    assert outcomes_of(tool.runs()[-1]) == {"pending": RECORDS}
    assert run_json(run)["state"] == "running"
    assert not (run / "outcomes.csv").exists()
    process.kill()  # which leaves nothing to be cleaned up behind
    await ended(process)
    sandbox.play(Faults())
    resumed = await tool.run("resume", run.name)
    assert resumed.exit_code == 0, resumed.stderr
    assert outcomes_of(run) == {"created": RECORDS}
