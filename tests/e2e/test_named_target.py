"""Where a run writes, and with which .env file, stands on the screen before anything is sent."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from e2e_inventory import write_inventory
from e2e_tool import QUICK, Tool, ended
from signing_keys import SHARED_SECRET, key_file

from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

SECRET = "canary-secret-7c41"
SEND = ("--yes", *QUICK)
WRITING = ["apply", "apply RUN", "retry", "resume"]


class Gate:
    """Holds back what a fault delays until it is opened."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        del seconds
        await self.opened.wait()


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
async def sandbox(gate: Gate) -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(client_secret=SECRET), sleep=gate.sleep) as sandbox:
        yield sandbox


@pytest.fixture
def tool(tmp_path: Path, sandbox: Sandbox) -> Tool:
    return Tool(tmp_path, sandbox.environment)


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    return write_inventory(tmp_path, sites=2, devices=2)


async def come_to(verb: str, tool: Tool, sandbox: Sandbox, words: list[str]) -> list[str]:
    """Do what goes before a verb; return the command that writes next."""
    if verb == "apply":
        return ["apply", *words, *SEND]
    if verb == "apply RUN":
        assert (await tool.run("plan", *words)).exit_code == 0
        return ["apply", "last", *SEND]
    faults, code = ("devices.create/A-1-1:poison:*", 1) if verb == "retry" else ("any:html-before:*@8", 4)
    sandbox.play(Faults.parse([faults]))
    assert (await tool.run("apply", *words, *SEND, "--patience", "0.3", "--concurrency", "1")).exit_code == code
    return ["retry", "last", *SEND] if verb == "retry" else ["resume", "last"]


def without(environment: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name not in names}


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
@pytest.mark.parametrize("verb", WRITING)
async def test_origin_dealer_and_env_file_are_named_before_anything_is_sent_and_that_others_can_read_it(
    tool: Tool, sandbox: Sandbox, words: list[str], gate: Gate, verb: str
) -> None:
    command = await come_to(verb, tool, sandbox, words)
    sent = sandbox.history.methods.total()
    env_file = tool.folder / ".env"
    env_file.write_text(f"CHEKT_CLIENT_SECRET={SECRET}\n")
    env_file.chmod(0o644)
    tool.env = without(tool.env, "CHEKT_CLIENT_SECRET")
    sandbox.play(Faults.parse(["token:delay:1:*"]))
    process = await tool.start(*command)
    assert process.stderr is not None
    told = [(await asyncio.wait_for(process.stderr.readline(), 60)).decode() for _ in range(2)]
    assert sandbox.history.methods.total() == sent  # there is no token yet
    gate.opened.set()
    done = await ended(process)
    assert told == [
        f"API {sandbox.url}, dealer 12345, settings from {env_file}\n",
        f"warning: others on this machine can read {env_file}; keep it to yourself: chmod 600 {env_file}\n",
    ]
    assert done.exit_code == 0, done.stderr
    assert sandbox.history.methods.total() > sent


async def test_without_an_env_file_that_is_said(tool: Tool, words: list[str], sandbox: Sandbox) -> None:
    done = await tool.run("apply", *words, *SEND)
    assert done.stderr.splitlines()[0] == f"API {sandbox.url}, dealer 12345, no .env file"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
@pytest.mark.parametrize("verb", WRITING)
async def test_credentials_that_will_not_do_are_told_before_a_run_begins(
    tool: Tool, sandbox: Sandbox, words: list[str], verb: str
) -> None:
    command = await come_to(verb, tool, sandbox, words)
    key_file(tool.folder, SHARED_SECRET, mode=0o644)
    runs, sent, usual = tool.runs(), len(sandbox.history), tool.env
    for change, code, said in (
        ({"CHEKT_CLIENT_SECRET": ""}, 3, "there are no credentials"),
        ({"CHEKT_JWT_KEY_FILE": "signing.key"}, 2, "CHEKT_JWT_KEY_FILE: others on this machine can read signing.key"),
    ):
        tool.env = {**usual, **change}
        refused = await tool.run(*command)
        assert (refused.exit_code, said in refused.stderr) == (code, True), refused.stderr
    assert tool.runs() == runs
    assert len(sandbox.history) == sent


async def test_a_run_starts_at_the_rate_that_the_last_one_learned_unless_one_is_given(
    tool: Tool, words: list[str], sandbox: Sandbox
) -> None:
    tool.env = {**tool.env, "XDG_CACHE_HOME": str(tool.folder / "cache")}
    first, second = [await tool.run("plan", *words) for _ in range(2)]
    given = await tool.run("plan", *words, "--rate", "50/s")
    assert "starts at 60 requests a minute, and learns\n" in first.stderr
    assert re.search(
        r"starts at \d,\d\d\d requests a minute, learned on 20\d\d-\d\d-\d\d, and learns on\n", second.stderr
    )
    assert "at most 50/s, as --rate says\n" in given.stderr
    (kept,) = (tool.folder / "cache" / "chekt-migrate").iterdir()
    assert sandbox.url in kept.read_text()
