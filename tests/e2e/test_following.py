"""The command that a run ends with works as it is shown, in the same shell."""

import shlex
from pathlib import Path

import pytest
from called import Called, outcomes_of
from e2e_inventory import write_inventory
from e2e_tool import QUICK, Tool

from migrate.sandbox.faults import Faults
from migrate.sandbox.server import Sandbox

SEND = ("--yes", *QUICK)


@pytest.fixture
def tool(tmp_path: Path, sandbox: Sandbox) -> Tool:
    """The tool in a shell that names neither a dealer nor an API."""
    named = {"CHEKT_DEALER_ID", "CHEKT_BASE_URL"}
    return Tool(tmp_path, {name: value for name, value in sandbox.environment.items() if name not in named})


def following(done: Called) -> list[str]:
    """Return the words of the command in the last line."""
    last = done.stdout.splitlines()[-1]
    assert last.startswith("Next: chekt-migrate ")
    return shlex.split(last)[2:]


async def test_a_dealer_and_an_api_that_were_typed_are_in_each_command_that_follows(
    tool: Tool, sandbox: Sandbox
) -> None:
    words = write_inventory(tool.folder, sites=2, devices=2, active="")
    target = ["--dealer", "12345", "--base-url", sandbox.url]
    planned = await tool.run("plan", *words, *target)
    assert planned.exit_code == 0, planned.stderr
    assert following(planned)[0] == "apply"
    sandbox.play(Faults.parse(["devices.create/A-1-2:poison:*"]))
    applied = await tool.run(*following(planned), *SEND)
    assert applied.exit_code == 1, applied.stderr
    assert following(applied)[0] == "retry"
    sandbox.play(Faults())
    listed = await tool.run("runs")
    assert following(listed) == following(applied)
    retried = await tool.run(*following(listed), *SEND)
    assert (retried.exit_code, outcomes_of(tool.runs()[-1])["created"]) == (0, 1), retried.stderr


async def test_a_run_that_was_stopped_is_resumed_by_what_it_and_the_list_end_with(tool: Tool, sandbox: Sandbox) -> None:
    words = write_inventory(tool.folder, sites=2, devices=2, active="")
    target = ["--dealer", "12345", "--base-url", sandbox.url]
    sandbox.play(Faults.parse(["any:html-before:*@8"]))
    stopped = await tool.run("apply", *words, *target, *SEND, "--patience", "0.3", "--concurrency", "1")
    assert stopped.exit_code == 4
    sandbox.play(Faults())
    assert following(await tool.run("runs")) == following(stopped)
    resumed = await tool.run(*following(stopped))
    assert resumed.exit_code == 0, resumed.stderr
