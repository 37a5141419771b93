"""What a host does to a run: kills at random, a container's end, a closed terminal, no memory, a clock that jumps."""

import asyncio
import fcntl
import os
import resource
import signal
import subprocess
import sys
import termios
import time
from collections import Counter
from collections.abc import AsyncIterator
from itertools import cycle
from pathlib import Path

import pytest
from called import ROOT, clean_environment, outcomes_of, run_json
from e2e_inventory import write_inventory
from e2e_tool import QUICK, Tool, ended, until

from migrate.app.driving import Driving
from migrate.app.fresh import apply_files
from migrate.app.options import Options
from migrate.app.rehearse import sandbox_settings
from migrate.mapping.mapping import Mapping
from migrate.pipeline.execute import DRAIN_S
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what Linux does to a process")

SITES, DEVICES = 4, 3
RECORDS = 1 + SITES + SITES * DEVICES
APPLY = ("--yes", "--batch-size", "1", "--concurrency", "2", *QUICK)
GRACE_S = 10.0


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(rate=None, faults=Faults.parse(["any:delay:0.03:*"]))) as sandbox:
        yield sandbox


async def assert_resume_finishes(tool: Tool, sandbox: Sandbox) -> None:
    sandbox.play(Faults())
    resumed = await tool.run("resume", "last")
    assert resumed.exit_code == 0, resumed.stderr
    (run,) = tool.runs()
    assert run_json(run)["state"] == "finished"
    assert sum(outcomes_of(run).values()) == RECORDS
    assert_there_once(sandbox)


def assert_there_once(sandbox: Sandbox) -> None:
    state = sandbox.state()
    assert set(Counter(site["external_site_id"] for site in state["sites"]).values()) == {1}
    counts = Counter(device["external_device_id"] for device in state["devices"])
    assert len(counts) == SITES * DEVICES
    assert set(counts.values()) == {1}


@pytest.mark.slow
def test_runs_that_are_killed_at_random_lose_nothing_and_make_nothing_twice() -> None:
    """F53; `python -m benchmarks.soak_kills` kills 200 times in runs of 2,000 records."""
    words = [sys.executable, "-m", "benchmarks.soak_kills", "--kills", "4", "--records", "100", "--seed", "7"]
    ended = subprocess.run(words, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "0 lost, 0 twice, 0 sent without being announced, 0 other violations" in ended.stdout


async def test_a_container_that_ends_has_its_answers_or_its_doubts_saved_within_the_grace(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    """F56: SIGTERM, ten seconds, SIGKILL; the server would take a minute to answer."""
    sandbox.play(Faults.parse(["devices.create:delay:60:*"]))
    tool = Tool(tmp_path, sandbox.environment)
    process = await tool.start("apply", *write_inventory(tmp_path, sites=SITES, devices=DEVICES), *APPLY)
    assert await until(lambda: bool(sandbox.history.of("devices.create")), process)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    stopped = await ended(process)
    assert DRAIN_S <= GRACE_S - 2
    assert time.monotonic() - began < 3 * GRACE_S  # machines are shared; the server's minute was not waited for
    assert stopped.exit_code == 143
    (run,) = tool.runs()
    assert (run_json(run)["state"], run_json(run)["exit_code"]) == ("interrupted", 143)
    assert outcomes_of(run)["unknown"] >= 1
    await assert_resume_finishes(tool, sandbox)


async def test_a_terminal_that_is_closed_drains_and_saves(tmp_path: Path, sandbox: Sandbox) -> None:
    """F56: the kernel sends SIGHUP, and nothing can be said to anybody any more."""
    tool, (ours, theirs) = Tool(tmp_path, sandbox.environment), os.openpty()
    words = write_inventory(tmp_path, sites=SITES, devices=DEVICES)

    def at_the_terminal() -> None:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "migrate",
        "apply",
        *words,
        *APPLY,
        cwd=tmp_path,
        env=clean_environment() | sandbox.environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        preexec_fn=at_the_terminal,
    )
    os.close(theirs)
    assert await until(lambda: len(sandbox.state()["devices"]) >= 2, process)
    os.close(ours)
    async with asyncio.timeout(60):
        await process.wait()
    (run,) = tool.runs()
    told = run_json(run)
    assert (told["state"], told["exit_code"]) == ("interrupted", 129)
    assert set(outcomes_of(run)) == {"created", "pending"}
    assert process.returncode == 129
    await assert_resume_finishes(tool, sandbox)


async def test_a_process_that_gets_no_more_memory_is_gone_on_with(tmp_path: Path, sandbox: Sandbox) -> None:
    """F57: what it can't allocate it can't save; then it is killed, as the kernel does."""
    tool = Tool(tmp_path, sandbox.environment)
    process = await tool.start("apply", *write_inventory(tmp_path, sites=SITES, devices=DEVICES), *APPLY)
    assert await until(lambda: len(sandbox.state()["sites"]) >= 2, process)
    resource.prlimit(process.pid, resource.RLIMIT_AS, (2**20, 2**20))
    ending = asyncio.create_task(process.communicate())
    await asyncio.wait([ending], timeout=2)
    if not ending.done():
        process.kill()
    await ending
    await assert_resume_finishes(tool, sandbox)


@pytest.mark.parametrize("jump_s", [-3600, 86_400, -86_400 * 365], ids=["F64-back", "F64-forward", "F64-a-year"])
async def test_a_wall_clock_that_jumps_changes_nothing(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, jump_s: int
) -> None:
    real, jumps = time.time, cycle([0, jump_s])
    monkeypatch.setattr("time.time", lambda: real() + next(jumps))
    words = write_inventory(tmp_path, sites=SITES, devices=DEVICES)
    run = await apply_files(
        [tmp_path / name for name in words[:3]],
        Mapping.load(tmp_path / "mapping.toml"),
        sandbox_settings(sandbox),
        out=tmp_path / "reports",
        options=Options(rate="1000/s", burst=100, settle=0.2),
        driving=Driving(),
    )
    assert run.exit_code == 0, run.error
    assert outcomes_of(run.folder) == {"created": RECORDS}
    assert len(sandbox.history.of("token.create")) == 1
    assert_there_once(sandbox)
