"""What a run can be followed by: resume, retry, the plan that it saved; and when that is refused."""

from pathlib import Path

import pytest
from called import outcomes_of, rows_of, run_json
from e2e_inventory import DEVICES, device_rows, write_csv, write_inventory
from e2e_tool import QUICK, Tool, ended, until

from migrate import PartnerClient
from migrate.app.rehearse import sandbox_settings
from migrate.sandbox.faults import Faults
from migrate.sandbox.server import Sandbox

RECORDS = 1 + 2 + 2 * 3
SEND = ("--yes", *QUICK)


@pytest.fixture
def tool(tmp_path: Path, sandbox: Sandbox) -> Tool:
    return Tool(tmp_path, sandbox.environment)


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    return write_inventory(tmp_path, sites=2, devices=3, active="")


async def test_resume_of_a_finished_run_sends_nothing_and_ends_as_it_did(
    tool: Tool, sandbox: Sandbox, words: list[str]
) -> None:
    sandbox.play(Faults.parse(["devices.create/A-1-2:poison:*"]))
    assert (await tool.run("apply", *words, *SEND)).exit_code == 1
    (run,) = tool.runs()
    before, sent = rows_of(run / "outcomes.csv"), len(sandbox.history)
    resumed = await tool.run("resume", "last")
    assert resumed.exit_code == 1
    assert len(sandbox.history) == sent
    assert rows_of(run / "outcomes.csv") == before
    reported = await tool.run("report", "last")
    assert reported.exit_code == 1
    assert len(sandbox.history) == sent


async def test_an_api_that_stays_away_stops_the_run_and_resume_ends_it_where_retry_may_not(
    tool: Tool, sandbox: Sandbox, tmp_path: Path
) -> None:
    words = write_inventory(tmp_path, sites=4, devices=2)
    sandbox.play(Faults.parse(["any:html-before:*@8"]))
    stopped = await tool.run("apply", *words, *SEND, "--patience", "0.3", "--concurrency", "1")
    assert stopped.exit_code == 4
    (run,) = tool.runs()
    assert f"Next: chekt-migrate resume {run.name}" in stopped.stdout
    assert outcomes_of(run)["pending"] > 0
    created = outcomes_of(run)["created"]

    refused = await tool.run("retry", run.name, *SEND)
    assert refused.exit_code == 5
    assert f"chekt-migrate resume {run.name}" in refused.stderr

    sandbox.play(Faults.parse(["any:401-before:*"]))
    still_away = await tool.run("resume", run.name)
    assert still_away.exit_code == 3
    assert outcomes_of(run)["created"] == created  # what was done is still told as done

    sandbox.play(Faults())
    assert (await tool.run("resume", run.name)).exit_code == 0
    assert outcomes_of(run) == {"created": 1 + 4 + 4 * 2}
    assert tool.runs() == [run]


async def test_retry_sends_the_rows_that_need_attention_and_no_others(
    tool: Tool, sandbox: Sandbox, words: list[str]
) -> None:
    sandbox.play(Faults.parse(["devices.create/A-1-2:poison:*"]))
    assert (await tool.run("apply", *words, *SEND)).exit_code == 1
    sandbox.play(Faults())
    retried = await tool.run("retry", "last", *SEND)
    assert retried.exit_code == 0, retried.stderr
    parent, run = tool.runs()
    assert run_json(run)["parent"] == parent.name
    assert [row["external_id"] for row in rows_of(run / "outcomes.csv")] == ["A-1-2"]
    assert len(sandbox.state()["devices"]) == 6


async def test_retry_is_refused_when_an_input_has_changed(
    tool: Tool, sandbox: Sandbox, words: list[str], tmp_path: Path
) -> None:
    sandbox.play(Faults.parse(["devices.create/A-1-2:poison:*"]))
    assert (await tool.run("apply", *words, *SEND)).exit_code == 1
    write_csv(tmp_path / "devices.csv", DEVICES, device_rows("A", 2, devices=2))
    refused = await tool.run("retry", "last", *SEND)
    assert refused.exit_code == 5
    assert "devices.csv: has changed" in refused.stderr
    assert len(tool.runs()) == 1


async def test_a_run_is_not_gone_on_with_at_another_dealer(tool: Tool, sandbox: Sandbox, words: list[str]) -> None:
    assert (await tool.run("apply", *words, *SEND)).exit_code == 0
    refused = await tool.run("resume", "last", "--dealer", "99999")
    assert refused.exit_code == 5
    assert "99999" in refused.stderr


async def test_planning_only_reads(tool: Tool, sandbox: Sandbox, words: list[str]) -> None:
    planned = await tool.run("plan", *words)
    assert planned.exit_code == 0
    assert set(sandbox.history.methods) == {"GET"}
    (run,) = tool.runs()
    assert run_json(run)["state"] == "planned"
    assert outcomes_of(run) == {"planned": RECORDS}
    dry = await tool.run("apply", *words, "--dry-run")
    assert dry.exit_code == 0
    assert set(sandbox.history.methods) == {"GET"}
    assert run_json(tool.runs()[1])["verb"] == "plan"


@pytest.mark.parametrize("changed", ["devices.csv", "mapping.toml"])
async def test_a_saved_plan_is_refused_when_what_it_was_made_of_has_changed(
    tool: Tool, sandbox: Sandbox, words: list[str], tmp_path: Path, changed: str
) -> None:
    await tool.run("plan", *words)
    with (tmp_path / changed).open("a", encoding="utf-8") as file:
        file.write("\n# another line\n")
    refused = await tool.run("apply", "last", *SEND)
    assert refused.exit_code == 5
    assert changed in refused.stderr
    assert not sandbox.state()["sites"]
    assert len(tool.runs()) == 1


async def test_a_saved_plan_is_refused_when_what_it_would_make_is_there_by_now(
    tool: Tool, sandbox: Sandbox, words: list[str]
) -> None:
    await tool.run("plan", *words)
    async with PartnerClient(sandbox_settings(sandbox)) as client:
        await client.create_site({"external_site_id": "A-2", "name": "Shop A 2", "timezone": "America/New_York"})
    refused = await tool.run("apply", "last", *SEND)
    assert refused.exit_code == 5
    assert "site A-2: was not there when the plan was made, and is now" in refused.stderr
    assert [site["external_site_id"] for site in sandbox.state()["sites"]] == ["A-2"]
    assert not sandbox.state()["stations"]


async def test_a_run_whose_log_is_gone_is_not_gone_on_with_as_if_it_had_sent_nothing(
    tool: Tool, sandbox: Sandbox, words: list[str]
) -> None:
    """F65: what the journal no longer knows of, the dealer has; resume reads it first and makes nothing twice."""
    sandbox.play(Faults.parse(["any:delay:0.05:*"]))
    process = await tool.start("apply", *words, *SEND, "--batch-size", "1", "--concurrency", "1")
    assert await until(lambda: bool(sandbox.state()["devices"]), process)
    process.kill()
    await ended(process)
    (run,) = tool.runs()
    sandbox.play(Faults())
    (run / "journal.sqlite-wal").unlink()
    resumed = await tool.run("resume", run.name, "--yes")
    assert resumed.exit_code == 0, resumed.stderr  # it begins anew, for its plan was in that log too
    assert set(outcomes_of(run)) == {"created", "unchanged"}
    state = sandbox.state()
    for kind, key, number in (("sites", "external_site_id", 2), ("devices", "external_device_id", 6)):
        assert sorted({one[key] for one in state[kind]}) == sorted(one[key] for one in state[kind])
        assert len(state[kind]) == number
