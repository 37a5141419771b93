"""A plan that is probably a mistake refuses itself: what it found is listed, nothing is sent, unless it is forced."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from called import outcomes_of, run_json
from e2e_dealer import fill, talking_to
from e2e_inventory import MAPPING, SITES, site_rows, station_rows, write_csv, write_mapping
from e2e_tool import QUICK, Tool

from migrate import PartnerClient
from migrate.sandbox.server import Sandbox

SEND = ("--yes", *QUICK)
WORDS = ("stations.csv", "sites.csv", "-m", "mapping.toml")


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[PartnerClient]:
    async with talking_to(sandbox) as client:
        yield client


@pytest.fixture
def tool(tmp_path: Path, sandbox: Sandbox) -> Tool:
    write_mapping(tmp_path, MAPPING.partition('[[table]]\nrecord = "device"')[0])
    write_csv(tmp_path / "stations.csv", ("id", "name"), station_rows("A"))
    return Tool(tmp_path, sandbox.environment)


def write_sites(folder: Path, rows: list[list[str]]) -> None:
    write_csv(folder / "sites.csv", SITES, rows)


async def refused(tool: Tool, sandbox: Sandbox, *words: str, said: str) -> None:
    """Run the command; it is to refuse, to list what it found, and to send nothing."""
    before = sandbox.state()
    told = await tool.run(*words)
    assert told.exit_code == 5, told.stderr
    assert "the plan refuses itself (--force carries it out all the same)" in told.stderr
    assert said in told.stderr
    assert run_json(tool.runs()[-1])["exit_code"] == 5
    assert sandbox.state() == before


async def test_many_updates_are_refused_when_planned_when_applied_and_once_more_when_the_saved_plan_is(
    tool: Tool, sandbox: Sandbox, client: PartnerClient, tmp_path: Path
) -> None:
    await fill(client, sites=10)
    rows = site_rows("A", 10, active="")
    write_sites(tmp_path, [[row[0], f"Store {row[0]}", *row[2:]] for row in rows[:4]] + rows[4:])
    update = ("--on-existing", "update")
    said = (
        "it would update 4 of the 11 records that the dealer already has (36%, more than 30%): "
        "site A-1 (name: Shop A 1 → Store A-1), site A-2 (name: Shop A 2 → Store A-2), site A-3"
    )
    await refused(tool, sandbox, "apply", *WORDS, *update, *SEND, said=said)
    assert outcomes_of(tool.runs()[-1]) == {"pending": 4, "unchanged": 7}
    await refused(tool, sandbox, "resume", "last", said=said)
    await refused(tool, sandbox, "plan", *WORDS, *update, said=said)
    plan = tool.runs()[-1]
    assert outcomes_of(plan) == {"planned": 4, "unchanged": 7}
    await refused(tool, sandbox, "apply", plan.name, *SEND, said=said)
    forced = await tool.run("apply", "last", "--force", *SEND)
    assert forced.exit_code == 0, forced.stderr
    assert outcomes_of(tool.runs()[-1]) == {"updated": 4, "unchanged": 7}
    assert run_json(tool.runs()[-1])["parent"] == plan.name


async def test_ids_that_the_dealer_nearly_has_are_refused_and_forced(
    tool: Tool, sandbox: Sandbox, client: PartnerClient, tmp_path: Path
) -> None:
    for key in ("0042", "0043", "AB-1", "A 2", "Caf\u00e9"):
        await client.create_site({"external_site_id": key, "name": f"Old {key}", "timezone": "America/New_York"})
    ids = ("42", "00043", "ab-1", "A2", "Cafe\u0301")
    rows = [[key, *row[1:]] for key, row in zip(ids, site_rows("A", 5, active=""), strict=True)]
    write_sites(tmp_path, rows)
    said = "5 of 5 sites to create: 42 (there: 0042), 00043 (there: 0043), ab-1 (there: AB-1), A2 (there: A 2), Cafe"
    await refused(tool, sandbox, "apply", *WORDS, *SEND, said=said)
    assert (await tool.run("apply", *WORDS, "--force", *SEND)).exit_code == 0
    assert outcomes_of(tool.runs()[-1]) == {"created": 6}


async def test_sites_that_are_there_under_another_id_are_refused_and_forced(
    tool: Tool, sandbox: Sandbox, client: PartnerClient, tmp_path: Path
) -> None:
    there = await fill(client, sites=2, prefix="A")
    write_sites(
        tmp_path,
        [
            ["N-1", "Another name", *site_rows("A", 1, active="")[0][2:3], "5 Elm St", "A001", "A-CS", "3", ""],
            ["N-2", "SHOP A  2", "America/New_York", "2, a street", "N002", "A-CS", "3", ""],
            ["N-3", "Shop A 3", "America/New_York", "3 A Street", "N003", "A-CS", "3", ""],
        ],
    )
    said = (
        "2 sites to create seem to be at the dealer already; --adopt gives those that match one to one our id instead "
        f"of making second sites: N-1 (there: site {there.sites['A-1']}, by station and account number), "
        f"N-2 (there: site {there.sites['A-2']}, by name and address)"
    )
    await refused(tool, sandbox, "apply", *WORDS, *SEND, said=said)
    forced = await tool.run("apply", *WORDS, "--force", *SEND)
    assert forced.exit_code == 1  # an account number is never given away twice
    assert outcomes_of(tool.runs()[-1]) == {"unchanged": 1, "created": 2, "invalid": 1}
