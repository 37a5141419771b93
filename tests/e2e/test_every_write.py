"""A disk that fails, or a process that ends, at any one durable step: F53, F58, F59, F60, step by step.

A few steps of each kind are tried; with EVERY_WRITE=1 in the environment it is all of them, one by one.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from called import ROOT, clean_environment, outcomes_of
from e2e_inventory import write_inventory
from e2e_tool import QUICK, Tool

from migrate.sandbox.server import Sandbox

HERE = Path(__file__).parent
ALL = bool(os.environ.get("EVERY_WRITE"))
STRIDE = 1 if ALL else 53
LEFT_AT_ONCE = 99
RECORDS = 1 + 1 + 2

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux") or not shutil.which("gcc"), reason="Linux with gcc alone"),
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def failing_disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = tmp_path_factory.mktemp("disk") / "failing_disk.so"
    words: list[str | Path] = [
        "gcc",
        "-shared",
        "-fPIC",
        "-O1",
        "-o",
        library,
        HERE / "failing_disk.c",
        "-ldl",
        "-lpthread",
    ]
    subprocess.run(words, check=True)
    return library


@pytest.mark.parametrize(("error", "first"), [("ENOSPC", 7), ("EIO", 17), ("EACCES", 27), ("EINTR", 37)])
def test_whatever_step_fails_nothing_is_sent_unannounced_and_resume_ends_the_run(
    tmp_path: Path, failing_disk: Path, error: str, first: int
) -> None:
    """F58 (ENOSPC on the journal), F59 (on reports), F60 (EIO at a sync), and rights that are missing in the middle."""
    words = [sys.executable, str(HERE / "every_write.py"), str(tmp_path), str(1 if ALL else first), str(STRIDE), error]
    env = clean_environment() | {"LD_PRELOAD": str(failing_disk)}
    env["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(HERE)])
    ended = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    told = [json.loads(line) for line in ended.stdout.splitlines()]
    assert not [line for line in told if line["wrong"]]
    assert all(line["at"] for line in told[:-1])
    assert len(told) > 200 / STRIDE  # a run has some 270 steps
    codes = {line["exit_code"] for line in told}
    assert codes <= {0, 2, 4} if error == "EINTR" else codes == {0, 2, 4}


@pytest.mark.parametrize("first", [1] if ALL else [60, 130, 190, 240])
async def test_at_whatever_step_the_process_ends_the_run_is_gone_on_with(
    tmp_path: Path, sandbox: Sandbox, failing_disk: Path, first: int
) -> None:
    """F53: it leaves by `_exit`, so that nothing is flushed, closed or taken back."""
    n, left = first, True
    while left:
        folder = tmp_path / f"{n}"
        folder.mkdir()
        words = write_inventory(folder, prefix=f"N{n}", sites=1, devices=2)
        env = {"LD_PRELOAD": str(failing_disk), "FAILING_DISK": str(folder / "reports"), "FAILING_DISK_AT": str(n)}
        # names below `reports` are told to the disk as the command spells them
        ended = await Tool(folder, sandbox.environment | env).run(
            "apply", *words, "--yes", "--out", folder / "reports", *QUICK
        )
        left = ended.exit_code == LEFT_AT_ONCE
        assert left or (ended.exit_code == 0 and n > 240), ended.stderr
        await assert_gone_on_with(Tool(folder, sandbox.environment), words)
        assert_there_once(sandbox, prefix=f"N{n}")
        n, left = n + 1, left and ALL


async def assert_gone_on_with(tool: Tool, words: list[str]) -> None:
    again = ("resume", "last") if tool.runs() else ("apply", *words, "--yes", *QUICK)
    resumed = await tool.run(*again)
    assert resumed.exit_code == 0, resumed.stderr
    (run,) = tool.runs()
    assert set(outcomes_of(run)) <= {"created", "unchanged"}
    assert sum(outcomes_of(run).values()) == RECORDS


def assert_there_once(sandbox: Sandbox, *, prefix: str) -> None:
    state = sandbox.state()
    assert len([one for one in state["sites"] if one["external_site_id"].startswith(f"{prefix}-")]) == 1
    devices = [one["external_device_id"] for one in state["devices"]]
    assert sorted(one for one in devices if one.startswith(f"{prefix}-")) == [f"{prefix}-1-1", f"{prefix}-1-2"]
