"""A signal ends a run in good order: what is under way is finished, what is not is pending, and `resume` goes on."""

import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from called import outcomes_of, run_json
from e2e_inventory import write_inventory
from e2e_tool import QUICK, Tool, ended, until

from migrate.journal.journal import Journal
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")

SITES, DEVICES = 6, 3
RECORDS = 1 + SITES + SITES * DEVICES
APPLY = ("--yes", "--batch-size", "1", "--concurrency", "2", *QUICK)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(rate=None, faults=Faults.parse(["any:delay:0.05:*"]))) as sandbox:
        yield sandbox


def assert_each_is_there_once(sandbox: Sandbox) -> None:
    state = sandbox.state()
    for kind, id_field, number in (
        ("sites", "external_site_id", SITES),
        ("devices", "external_device_id", SITES * DEVICES),
    ):
        counts = Counter(item[id_field] for item in state[kind])
        assert len(counts) == number
        assert set(counts.values()) == {1}


async def assert_resume_finishes(tool: Tool, sandbox: Sandbox, run: Path) -> None:
    resumed = await tool.run("resume", run.name)
    assert resumed.exit_code == 0, resumed.stderr
    assert outcomes_of(run) == {"created": RECORDS}
    assert run_json(run)["state"] == "finished"
    assert tool.runs() == [run]
    assert_each_is_there_once(sandbox)


@pytest.mark.parametrize(("number", "exit_code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
async def test_the_first_signal_drains_and_saves(
    tmp_path: Path, sandbox: Sandbox, number: signal.Signals, exit_code: int
) -> None:
    tool = Tool(tmp_path, sandbox.environment)
    process = await tool.start("apply", *write_inventory(tmp_path, sites=SITES, devices=DEVICES), *APPLY)
    assert await until(lambda: len(sandbox.state()["devices"]) >= 3, process)
    process.send_signal(number)
    stopped = await ended(process)
    (run,) = tool.runs()
    assert stopped.exit_code == exit_code == run_json(run)["exit_code"]
    assert run_json(run)["state"] == "interrupted"
    assert set(outcomes_of(run)) == {"created", "pending"}  # nothing was left in doubt
    assert f"Next: chekt-migrate resume {run.name}" in stopped.stdout
    there = sum(len(sandbox.state()[kind]) for kind in ("stations", "sites", "devices"))
    assert outcomes_of(run)["created"] == there
    await assert_resume_finishes(tool, sandbox, run)


async def test_the_second_signal_leaves_at_once(tmp_path: Path, sandbox: Sandbox) -> None:
    sandbox.play(Faults.parse(["devices.create:delay:3:*"]))
    tool = Tool(tmp_path, sandbox.environment)
    process = await tool.start("apply", *write_inventory(tmp_path, sites=SITES, devices=DEVICES), *APPLY)
    assert await until(lambda: bool(sandbox.history.of("devices.create")), process)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    while b"Ctrl-C again" not in await process.stderr.readline():
        assert process.returncode is None
    process.send_signal(signal.SIGINT)
    stopped = await ended(process)
    assert stopped.exit_code == 130
    assert not sandbox.state()["devices"]  # it did not wait for the answer
    (run,) = tool.runs()
    with Journal.open(run) as journal:
        assert journal.doubts()
    assert outcomes_of(run)["unknown"] >= 1
    sandbox.play(Faults())
    await assert_resume_finishes(tool, sandbox, run)


@pytest.mark.parametrize("endpoint", ["token.create", "sites.list"])
async def test_a_signal_while_the_dealer_is_read_leaves_all_pending(
    tmp_path: Path, sandbox: Sandbox, endpoint: str
) -> None:
    sandbox.play(Faults.parse([f"{endpoint}:delay:20:*"]))
    tool = Tool(tmp_path, sandbox.environment)
    process = await tool.start("apply", *write_inventory(tmp_path, sites=SITES, devices=DEVICES), *APPLY)
    assert await until(lambda: bool(sandbox.history.of(endpoint)), process)
    process.send_signal(signal.SIGINT)
    stopped = await ended(process)
    assert stopped.exit_code == 130
    (run,) = tool.runs()
    assert run_json(run)["state"] == "interrupted"
    assert outcomes_of(run) == {"pending": RECORDS}
    assert f"Next: chekt-migrate resume {run.name}" in stopped.stdout
    sandbox.play(Faults())
    await assert_resume_finishes(tool, sandbox, run)


@pytest.mark.parametrize("verb", ["apply", "check"])
async def test_a_signal_at_the_start_is_told_in_a_line(tmp_path: Path, sandbox: Sandbox, verb: str) -> None:
    words = write_inventory(tmp_path, sites=1000, devices=30)  # enough to be signalled before the end on a busy machine
    tool = Tool(tmp_path, sandbox.environment)
    process = await tool.start(verb, *words, *(APPLY if verb == "apply" else ()))
    assert await until(lambda: bool(tool.runs()), process)
    process.send_signal(signal.SIGINT)
    stopped = await ended(process)
    assert stopped.exit_code == 130
    said, following = stopped.stderr.splitlines()[-2:]
    assert said == "stopped; nothing was sent"
    assert following.startswith("Next: chekt-migrate ")
    assert not sandbox.state()["sites"]
    (run,) = tool.runs()
    told = run_json(run)
    assert (told["state"], told["exit_code"]) in {("interrupted", 130), ("running", None)}


@pytest.mark.parametrize("milliseconds", [50, 250, 500, 750])
async def test_a_signal_while_the_tool_starts_is_no_traceback(
    tmp_path: Path, sandbox: Sandbox, milliseconds: int
) -> None:
    tool = Tool(tmp_path, sandbox.environment)
    process = await tool.start("apply", *write_inventory(tmp_path, sites=1, devices=1), *APPLY)
    await until(_after(process.pid, milliseconds), process)
    process.send_signal(signal.SIGINT)
    stopped = await ended(process)
    assert stopped.exit_code in {0, 130, -signal.SIGINT}


def _after(pid: int, milliseconds: int) -> Callable[[], bool]:
    """Whether a process has worked for so long."""
    ticks = os.sysconf("SC_CLK_TCK")

    def condition() -> bool:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / ticks >= milliseconds

    return condition
