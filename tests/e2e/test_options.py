"""Each option steers what it says: what the server saw, or when it saw it, tells."""

from itertools import pairwise
from pathlib import Path

import pytest
from called import outcomes_of, run_json
from e2e_inventory import write_inventory
from e2e_tool import QUICK, Tool

from migrate.sandbox.faults import Faults
from migrate.sandbox.server import Sandbox

SEND = ("--yes", *QUICK)


@pytest.fixture
def tool(tmp_path: Path, sandbox: Sandbox) -> Tool:
    return Tool(tmp_path, sandbox.environment)


def times_of(sandbox: Sandbox, endpoint: str) -> list[float]:
    return [request.at_s for request in sandbox.history.of(endpoint)]


async def test_a_batch_holds_no_more_devices_than_told(tool: Tool, sandbox: Sandbox, tmp_path: Path) -> None:
    words = write_inventory(tmp_path, sites=1, devices=8, active="")
    assert (await tool.run("apply", *words, *SEND, "--batch-size", "3")).exit_code == 0
    assert [len(request.body) for request in sandbox.history.of("devices.create")] == [3, 3, 2]


@pytest.mark.parametrize("most", [1, 3])
async def test_no_more_requests_than_told_are_in_flight(
    tool: Tool, sandbox: Sandbox, tmp_path: Path, most: int
) -> None:
    words = write_inventory(tmp_path, sites=6, devices=1, active="")
    sandbox.play(Faults.parse(["sites.create:delay:0.2:*"]))
    assert (await tool.run("apply", *words, *SEND, "--concurrency", str(most))).exit_code == 0
    assert sandbox.history.most_in_flight == most


async def test_a_given_rate_and_burst_are_kept_from_the_first_request_on(
    tool: Tool, sandbox: Sandbox, tmp_path: Path
) -> None:
    words = write_inventory(tmp_path, sites=3, devices=1, active="")
    ended = await tool.run("apply", *words, *SEND, "--rate", "10/s", "--burst", "1")
    assert ended.exit_code == 0
    times = sorted(request.at_s for request in sandbox.history)
    assert times[-1] - times[0] >= (len(times) - 1) / 10 * 0.9
    assert min(after - before for before, after in pairwise(times)) > 0.05


async def test_an_answer_that_takes_too_long_is_read_back_after_the_timeout(
    tool: Tool, sandbox: Sandbox, tmp_path: Path
) -> None:
    words = write_inventory(tmp_path, sites=1, devices=1, active="")
    sandbox.play(Faults.parse(["sites.create:delay:5:1"]))
    ended = await tool.run("apply", *words, *SEND, "--timeout", "0.5", "--settle", "0.1")
    assert ended.exit_code == 0
    first, second = times_of(sandbox, "sites.create")
    assert 0.5 <= second - first < 5
    assert any(first < at < second for at in times_of(sandbox, "sites.list"))


async def test_an_absent_record_is_looked_for_again_after_the_settle_time(
    tool: Tool, sandbox: Sandbox, tmp_path: Path
) -> None:
    words = write_inventory(tmp_path, sites=1, devices=1, active="")
    sandbox.play(Faults.parse(["sites.create:reset-before-commit:1"]))
    assert (await tool.run("apply", *words, *SEND, "--settle", "1.5")).exit_code == 0
    first, second = times_of(sandbox, "sites.create")
    between = [at for at in times_of(sandbox, "sites.list") if first < at < second]
    assert between[-1] - between[0] >= 1.5


async def test_patience_bounds_the_wait_for_an_api_that_went_away(tool: Tool, sandbox: Sandbox, tmp_path: Path) -> None:
    words = write_inventory(tmp_path, sites=2, devices=1, active="")
    sandbox.play(Faults.parse(["any:html-before:*@3"]))
    stopped = await tool.run("apply", *words, *SEND, "--patience", "1")
    assert stopped.exit_code == 4
    assert "waiting up to 1 s for it" in stopped.stderr
    assert "has not answered for 1 s" in stopped.stderr


async def test_dealer_and_address_that_are_typed_go_before_the_environment(tmp_path: Path, sandbox: Sandbox) -> None:
    words = write_inventory(tmp_path, sites=1, devices=1, active="")
    right = sandbox.environment
    elsewhere = {**right, "CHEKT_DEALER_ID": "777", "CHEKT_BASE_URL": "http://127.0.0.1:1"}
    typed = ("--dealer", right["CHEKT_DEALER_ID"], "--base-url", right["CHEKT_BASE_URL"])
    tool = Tool(tmp_path, elsewhere)
    assert (await tool.run("apply", *words, *SEND, *typed)).exit_code == 0
    (run,) = tool.runs()
    told = run_json(run)
    assert (told["dealer_id"], told["base_url"]) == (right["CHEKT_DEALER_ID"], right["CHEKT_BASE_URL"])


async def test_runs_go_where_out_says_and_are_found_there(tool: Tool, tmp_path: Path) -> None:
    words = write_inventory(tmp_path, sites=1, devices=1, active="")
    planned = await tool.run("plan", *words, "--out", "kept here")
    assert planned.exit_code == 0
    assert planned.stdout.splitlines()[-1].endswith(" --out 'kept here'")
    assert not tool.runs()
    assert (await tool.run("apply", "last", *SEND, "--out", "kept here")).exit_code == 0
    newest = max((tmp_path / "kept here").glob("2*"))
    assert outcomes_of(newest) == {"created": 3}


async def test_a_dry_run_of_apply_is_a_plan(tool: Tool, sandbox: Sandbox, tmp_path: Path) -> None:
    words = write_inventory(tmp_path, sites=1, devices=1, active="")
    dry = await tool.run("apply", *words, "--dry-run")
    assert dry.exit_code == 0
    (run,) = tool.runs()
    assert run_json(run)["verb"] == "plan"
    assert outcomes_of(run) == {"planned": 3}
    assert set(sandbox.history.methods) == {"GET"}
    assert f"Next: chekt-migrate apply {run.name}" in dry.stdout
