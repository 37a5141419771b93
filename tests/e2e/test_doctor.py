"""doctor as it is typed: one screen, the exit code of what is wrong, the next command, nothing left behind."""

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from e2e_tool import Tool

from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

SECRET = "canary-secret-7c41"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(client_secret=SECRET)) as sandbox:
        yield sandbox


@pytest.fixture
def tool(tmp_path: Path, sandbox: Sandbox) -> Tool:
    return Tool(tmp_path, sandbox.environment)


async def test_one_screen_says_that_a_run_can_begin(tool: Tool, sandbox: Sandbox) -> None:
    done = await tool.run("doctor", "--dealer", "12345", "--out", "my runs", "-vv")
    assert done.exit_code == 0
    *lines, verdict, following = done.stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["ok", f"{check}:"]
        for check in (
            "settings",
            "target",
            "credentials",
            "token",
            "dealer",
            "clock",
            "limits",
            "folder",
            "disk",
            "versions",
        )
    ]
    assert verdict == "All is well: a run can begin."
    assert following == "Next: chekt-migrate plan FILE... -m MAPPING --dealer 12345 --out 'my runs'"
    assert not os.listdir(tool.folder)  # noqa: PTH208 - in a test, nothing waits for it
    assert set(sandbox.history.methods) == {"GET"}
    assert SECRET not in done.stdout + done.stderr
    assert "/sites 200" in done.stderr  # -vv


async def test_what_is_wrong_comes_with_what_to_do_and_the_same_command_again(tool: Tool) -> None:
    done = await tool.run("doctor", "--dealer", "77")
    assert done.exit_code == 3
    [wrong] = [line for line in done.stdout.splitlines() if line.startswith("  wrong")]
    assert "dealer 77 is not known" in wrong
    assert "check --dealer" in wrong
    assert done.stdout.splitlines()[-2:] == ["1 thing is wrong.", "Next: chekt-migrate doctor --dealer 77"]


async def test_settings_that_are_wrong_are_exit_code_2_and_the_rest_is_shown(tool: Tool) -> None:
    tool.env = {"CHEKT_BASE_URL": f"http://user:{SECRET}@example.com", "CHEKT_ACCESS_TOKEN": f"{SECRET} x"}
    done = await tool.run("doctor")
    assert done.exit_code == 2
    assert "ok          disk: " in done.stdout
    assert SECRET not in done.stdout + done.stderr
    assert "2 things are wrong." in done.stdout


async def test_a_warning_is_no_failure(tool: Tool, sandbox: Sandbox) -> None:
    tool.env = {**tool.env, "CHEKT_CLEINT_ID": "x"}
    done = await tool.run("doctor")
    assert done.exit_code == 0
    assert "A run can begin; 1 warning." in done.stdout


async def test_as_json_the_result_is_one_object(tool: Tool) -> None:
    tool.env = {**tool.env, "CHEKT_CLIENT_SECRET": f"{SECRET}-wrong"}
    done = await tool.run("doctor", "--format", "json")
    told = json.loads(done.stdout)
    assert told["exit_code"] == done.exit_code == 3
    assert told["next"] == "chekt-migrate doctor"
    states = {line["check"]: line["state"] for line in told["checks"]}
    assert states["token"] == "wrong"
    assert states["dealer"] == "skipped"
    assert states["versions"] == "ok"
    assert set(told["checks"][0]) == {"check", "state", "told", "remedy", "exit_code"}
    assert SECRET not in done.stdout
