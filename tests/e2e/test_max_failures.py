"""--max-failures: a run in which too much fails stops before the rest is tried, and can be gone on with."""

from pathlib import Path

import pytest
from called import outcomes_of, run_json
from e2e_inventory import write_inventory
from e2e_tool import QUICK, Tool

from migrate.sandbox.faults import Faults
from migrate.sandbox.server import Sandbox

SITES = 6
RECORDS = 1 + SITES + 2 * SITES
ONE_AFTER_THE_OTHER = ("--yes", *QUICK, "--concurrency", "1")


@pytest.mark.parametrize("limit", ["2", "10%"])
async def test_after_so_many_failed_rows_the_run_stops_and_resume_goes_on(tmp_path: Path, limit: str) -> None:
    words = write_inventory(tmp_path, sites=SITES, devices=2, active="")
    async with Sandbox() as sandbox:
        tool = Tool(tmp_path, sandbox.environment)
        sandbox.play(Faults.parse(["sites.create:400-before:2"]))
        stopped = await tool.run("apply", *words, *ONE_AFTER_THE_OTHER, "--max-failures", limit)
        assert stopped.exit_code == 4
        assert f"2 rows have failed, and --max-failures is {limit}" in stopped.stderr
        (run,) = tool.runs()
        assert f"Next: chekt-migrate resume {run.name}" in stopped.stdout
        assert run_json(run)["state"] == "interrupted"
        told = outcomes_of(run)
        assert (told["failed"], told["blocked"], told["created"]) == (2, 4, 1)
        assert told["pending"] == RECORDS - 7
        assert len(sandbox.state()["sites"]) == 0

        resumed = await tool.run("resume", "last")
        assert resumed.exit_code == 1
        assert outcomes_of(run) == {"failed": 2, "blocked": 4, "created": RECORDS - 6}
        assert len(sandbox.state()["sites"]) == SITES - 2


async def test_fewer_failed_rows_stop_nothing(tmp_path: Path) -> None:
    words = write_inventory(tmp_path, sites=SITES, devices=2, active="")
    async with Sandbox() as sandbox:
        tool = Tool(tmp_path, sandbox.environment)
        sandbox.play(Faults.parse(["sites.create:400-before:2"]))
        ended = await tool.run("apply", *words, *ONE_AFTER_THE_OTHER, "--max-failures", "3")
        assert ended.exit_code == 1
        assert outcomes_of(tool.runs()[0])["pending"] == 0


async def test_a_limit_that_the_last_record_reaches_stops_nothing(tmp_path: Path) -> None:
    words = write_inventory(tmp_path, sites=2, devices=2, active="")
    async with Sandbox() as sandbox:
        tool = Tool(tmp_path, sandbox.environment)
        sandbox.play(Faults.parse(["devices.create/A-2-2:poison:*"]))
        ended = await tool.run("apply", *words, *ONE_AFTER_THE_OTHER, "--max-failures", "1")
        (run,) = tool.runs()
        assert (ended.exit_code, ended.stderr.count("--max-failures")) == (1, 0)
        assert outcomes_of(run) == {"failed": 1, "created": 6}
        assert run_json(run)["state"] == "finished"
        assert f"Next: chekt-migrate retry {run.name}" in ended.stdout
        last = list(sandbox.history)[-1]
        assert last.endpoint == "sites.list"  # the look for records there twice


async def test_sites_whose_last_step_the_limit_kept_back_are_finished_where_no_row_is_left(tmp_path: Path) -> None:
    words = write_inventory(tmp_path, sites=2, devices=1)
    refused = ("sites.create/A-2:delay:0.5:1", "sites.create/A-2:400-before:*")
    async with Sandbox() as sandbox:
        tool = Tool(tmp_path, sandbox.environment)
        sandbox.play(Faults.parse([*refused, "devices.create/A-1-1:delay:1.5:1"]))
        ended = await tool.run("apply", *words, "--yes", *QUICK, "--max-failures", "1")
        (run,) = tool.runs()
        assert ended.exit_code == 1, ended.stderr
        assert outcomes_of(run) == {"failed": 1, "blocked": 1, "created": 3}
        assert [site["is_activated"] for site in sandbox.state()["sites"]] == [True]


async def test_a_limit_that_is_none_is_exit_code_2(tmp_path: Path) -> None:
    words = write_inventory(tmp_path, sites=1, devices=1)
    refused = await Tool(tmp_path).run("apply", *words, "--yes", "--max-failures", "few")
    assert refused.exit_code == 2
    told = "error: --max-failures few: write a number of rows from 1 on, or a percentage such as 5%"
    assert refused.stderr.splitlines()[0] == told
