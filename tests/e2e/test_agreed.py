"""Nothing is written that nobody agreed to: what was cut off before it was agreed to is asked about when it goes on."""

import sys
from pathlib import Path

import pytest
from called import outcomes_of, run_json
from e2e_dealer import fill, talking_to
from e2e_inventory import write_inventory
from e2e_tool import QUICK, Tool, at_a_terminal

from migrate.sandbox.faults import Faults
from migrate.sandbox.server import Sandbox

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")

RECORDS = 1 + 2 + 2 * 2


@pytest.fixture
def tool(tmp_path: Path, sandbox: Sandbox) -> Tool:
    return Tool(tmp_path, {**sandbox.environment, "NO_COLOR": "1"})


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    return write_inventory(tmp_path, sites=2, devices=2, active="")


async def test_a_run_interrupted_at_the_question_is_not_sent_by_resume_unasked(
    tool: Tool, sandbox: Sandbox, words: list[str]
) -> None:
    stopped, _ = await at_a_terminal(tool, "apply", *words, *QUICK, answer="^C")
    assert stopped.exit_code == 130
    (run,) = tool.runs()
    assert outcomes_of(run) == {"pending": RECORDS}

    refused = await tool.run("resume", "last")
    assert refused.exit_code == 2
    assert "nobody can be asked here before writing; say --yes" in refused.stderr
    assert run_json(run)["state"] == "interrupted"

    stopped, asked = await at_a_terminal(tool, "resume", "last", answer="^C")
    assert stopped.exit_code == 130
    assert "create      1 station, 2 sites, 4 devices" in asked
    assert f"Write this to dealer 12345 at {sandbox.url}? [y/N]" in asked
    assert not sandbox.state()["sites"]

    resumed, _ = await at_a_terminal(tool, "resume", "last", answer="y")
    assert resumed.exit_code == 0
    assert outcomes_of(run) == {"created": RECORDS}
    assert tool.runs() == [run]


async def test_a_no_to_the_question_of_resume_ends_the_run(tool: Tool, sandbox: Sandbox, words: list[str]) -> None:
    await at_a_terminal(tool, "apply", *words, *QUICK, answer="^C")
    declined, _ = await at_a_terminal(tool, "resume", "last", answer="n")
    assert declined.exit_code == 0
    (run,) = tool.runs()
    assert run_json(run)["state"] == "planned"
    refused = await tool.run("resume", run.name, "--yes")
    assert refused.exit_code == 2
    assert "the question whether to write was answered no" in refused.stderr
    assert not sandbox.state()["sites"]


async def test_a_saved_plan_interrupted_at_the_question_needs_a_yes_too_and_is_then_carried_out_once(
    tool: Tool, sandbox: Sandbox, words: list[str]
) -> None:
    assert (await tool.run("plan", *words)).exit_code == 0
    await at_a_terminal(tool, "apply", "last", *QUICK, answer="^C")
    plan, run = tool.runs()
    assert (await tool.run("resume", "last")).exit_code == 2
    assert not sandbox.state()["sites"]
    assert (await tool.run("resume", "last", "--yes")).exit_code == 0
    assert outcomes_of(run) == {"created": RECORDS}
    again = await tool.run("apply", plan.name, "--yes")
    assert again.exit_code == 5
    assert f"it was carried out by {run.name}" in again.stderr


async def test_what_was_agreed_to_once_is_not_asked_about_again(tool: Tool, sandbox: Sandbox, words: list[str]) -> None:
    sandbox.play(Faults.parse(["any:html-before:*@8"]))
    quick = (*QUICK, "--patience", "0.3", "--concurrency", "1")
    stopped, _ = await at_a_terminal(tool, "apply", *words, *quick, answer="y")
    assert stopped.exit_code == 4
    sandbox.play(Faults())
    assert (await tool.run("resume", "last")).exit_code == 0
    assert outcomes_of(tool.runs()[-1]) == {"created": RECORDS}


async def test_a_run_interrupted_at_the_question_is_stale_once_the_dealer_has_changed(
    tool: Tool, sandbox: Sandbox, words: list[str]
) -> None:
    async with talking_to(sandbox) as client:
        there = await fill(client, sites=2)
        await client.update_site(there.sites["A-1"], {"name": "Old shop"})
        await at_a_terminal(tool, "apply", *words, "--on-existing", "update", *QUICK, answer="^C")
        await client.update_site(there.sites["A-1"], {"name": "Bakery"})
    refused = await tool.run("resume", "last", "--yes")
    assert refused.exit_code == 5
    assert "site A-1: has changed since the plan was made (name: Old shop → Bakery)" in refused.stderr
    assert not sandbox.state()["devices"]


async def test_a_retry_interrupted_at_the_question_needs_a_yes_too(
    tool: Tool, sandbox: Sandbox, words: list[str]
) -> None:
    sandbox.play(Faults.parse(["devices.create/A-1-2:poison:*"]))
    assert (await tool.run("apply", *words, "--yes", *QUICK)).exit_code == 1
    sandbox.play(Faults())
    stopped, asked = await at_a_terminal(tool, "retry", "last", *QUICK, answer="^C")
    assert stopped.exit_code == 130
    assert "create      1 device" in asked
    assert (await tool.run("resume", "last")).exit_code == 2
    assert len(sandbox.state()["devices"]) == 3
    assert (await tool.run("resume", "last", "--yes")).exit_code == 0
    assert len(sandbox.state()["devices"]) == 4


async def test_a_no_to_the_question_of_a_retry_ends_with_the_same_retry(
    tool: Tool, sandbox: Sandbox, words: list[str]
) -> None:
    sandbox.play(Faults.parse(["devices.create/A-1-2:poison:*"]))
    assert (await tool.run("apply", *words, "--yes", *QUICK)).exit_code == 1
    sandbox.play(Faults())
    (parent,) = tool.runs()
    declined, _ = await at_a_terminal(tool, "retry", "last", *QUICK, answer="n")
    command = f"retry {parent.name} --from reports/{parent.name}/attention.xlsx"
    assert declined.stdout.splitlines()[-1] == f"Next: chekt-migrate {command}"
    assert (await tool.run(*command.split(), "--yes", *QUICK)).exit_code == 0


async def test_the_question_says_what_changes_and_what_is_doubtful(
    tool: Tool, sandbox: Sandbox, words: list[str]
) -> None:
    async with talking_to(sandbox) as client:
        there = await fill(client, sites=2)
        await client.update_station(there.station, {"name": "Old station"})
        await client.update_site(there.sites["A-2"], {"name": "Bakery", "address1": "9 Elm St"})
    _, asked = await at_a_terminal(tool, "apply", *words, *QUICK, answer="n")
    asked = " ".join(asked.split())
    assert "create 4 devices" in asked
    assert "skipped station A-CS: the dealer has it, different, and it is left alone: name: Old station" in asked
    assert 'site "A-2" at the dealer is Bakery, 9 Elm St, not Shop A 2, 2 A Street' in asked
    _, asked = await at_a_terminal(tool, "apply", *words, "--on-existing", "update", *QUICK, answer="n")
    asked = " ".join(asked.split())
    assert "update 1 station, 1 site" in asked
    assert "update site A-2: name: Bakery → Shop A 2; address1: 9 Elm St → 2 A Street" in asked
    assert not sandbox.state()["devices"]
