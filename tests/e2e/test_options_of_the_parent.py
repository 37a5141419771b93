"""What follows a run goes about it as the run did, but for what is typed anew."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from called import outcomes_of
from e2e_dealer import fill, talking_to
from e2e_inventory import write_inventory
from e2e_tool import QUICK, Tool

from migrate.journal.journal import Journal
from migrate.sandbox.faults import Faults
from migrate.sandbox.server import Sandbox


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A dealer that has the inventory, but for the name of one site."""
    async with Sandbox() as sandbox, talking_to(sandbox) as client:
        there = await fill(client, sites=1, devices=1)
        await client.update_site(there.sites["A-1"], {"name": "Old shop"})
        yield sandbox


@pytest.fixture
def tool(tmp_path: Path, sandbox: Sandbox) -> Tool:
    return Tool(tmp_path, sandbox.environment)


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    return write_inventory(tmp_path, sites=1, devices=1, active="")


def name_at_the_dealer(sandbox: Sandbox) -> str:
    (site,) = sandbox.state()["sites"]
    return str(site["name"])


def options_of(run: Path) -> dict[str, Any]:
    with Journal.open(run) as journal:
        return dict(json.loads(json.dumps(journal.fact("options"))))


async def test_a_retry_goes_on_with_the_options_of_its_parent_but_for_those_that_are_typed(
    tool: Tool, sandbox: Sandbox, words: list[str]
) -> None:
    sandbox.play(Faults.parse(["sites.update/A-1:400-before:*"]))
    told = (*QUICK, "--batch-size", "7", "--on-existing", "update", "--force", "--yes")
    assert (await tool.run("apply", *words, *told)).exit_code == 1
    sandbox.play(Faults())
    left = await tool.run("retry", "last", "--on-existing", "fail", "--yes")
    assert left.exit_code == 1
    assert name_at_the_dealer(sandbox) == "Old shop"
    (first, failed) = tool.runs()
    assert options_of(failed) == {**options_of(first), "on_existing": "fail", "force": False}
    retried = await tool.run("retry", first.name, "--from", first / "attention.xlsx", "--yes")
    assert retried.exit_code == 0, retried.stdout
    assert outcomes_of(tool.runs()[-1]) == {"updated": 1}
    assert name_at_the_dealer(sandbox) == "Shop A 1"


async def test_a_plan_made_to_update_is_carried_out_so_and_refused_where_anything_else_is_typed(
    tool: Tool, sandbox: Sandbox, words: list[str]
) -> None:
    assert (await tool.run("plan", *words, "--on-existing", "update", "--rate", "900/s")).exit_code == 0
    (plan,) = tool.runs()
    refused = await tool.run("apply", plan.name, "--on-existing", "skip", "--yes")
    assert refused.exit_code == 2
    assert f"{plan.name} was planned with --on-existing update" in refused.stderr
    assert tool.runs() == [plan]
    assert (await tool.run("apply", plan.name, "--yes")).exit_code == 0
    assert name_at_the_dealer(sandbox) == "Shop A 1"
    assert options_of(tool.runs()[-1])["rate"] == "900/s"
