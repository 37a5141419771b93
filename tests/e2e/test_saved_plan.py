"""A saved plan is carried out once, exactly, and only while all that it rests on is as it was."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from called import outcomes_of, rows_of, run_json
from e2e_dealer import Filled, fill, make_device, make_site, talking_to
from e2e_inventory import SITES, device_rows, site_rows, write_csv, write_inventory
from e2e_tool import QUICK, Tool

from migrate import PartnerClient
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

SEND = ("--yes", *QUICK)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(dealers=("12345", "67890"))) as sandbox:
        yield sandbox


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[PartnerClient]:
    async with talking_to(sandbox) as client:
        yield client


@pytest.fixture
async def there(client: PartnerClient) -> Filled:
    """A dealer with two of an inventory's three sites, and the first device of each."""
    return await fill(client, sites=2, devices=1)


@pytest.fixture
def tool(tmp_path: Path, sandbox: Sandbox) -> Tool:
    return Tool(tmp_path, sandbox.environment)


@pytest.fixture
def words(tmp_path: Path, there: Filled) -> list[str]:
    """An inventory of three sites, of which the first has another name and a camera more than the dealer knows."""
    assert there
    words = write_inventory(tmp_path, sites=3, devices=1, active="")
    rows = site_rows("A", 3, active="")
    write_csv(tmp_path / "sites.csv", SITES, [[rows[0][0], "Store A 1", *rows[0][2:]], *rows[1:]])
    with (tmp_path / "devices.csv").open("a", encoding="utf-8") as file:
        file.write(",".join(device_rows("A", 1, devices=2)[1]) + "\r\n")
    return words


async def planned(tool: Tool, words: list[str], *more: str) -> Path:
    told = await tool.run("plan", *words, *more)
    assert told.exit_code == 0, told.stderr
    return tool.runs()[-1]


async def test_a_plan_says_what_it_would_send_and_is_carried_out_exactly(
    tool: Tool, sandbox: Sandbox, words: list[str]
) -> None:
    told = await tool.run("plan", *words, "--on-existing", "update")
    assert "It takes 7 requests (sites 2, arming 1, devices 2, lists 2): about " in told.stdout
    (plan,) = tool.runs()
    assert run_json(plan)["requests"]["planned"] == 7
    assert f"Next: chekt-migrate apply {plan.name}" in told.stdout
    before = sandbox.history.methods.copy()
    applied = await tool.run("apply", plan.name[:-1], *SEND)
    assert applied.exit_code == 0, applied.stderr
    sent = sandbox.history.methods - before
    assert sum(sent.values()) - sent["GET"] == 5  # all but the two pages that are read at the end
    run = tool.runs()[-1]
    assert run_json(run)["parent"] == plan.name
    meant = {row["external_id"]: row["action"] for row in rows_of(plan / "outcomes.csv")}
    done = {row["external_id"]: row["action"] for row in rows_of(run / "outcomes.csv")}
    assert meant == done == {
        "A-CS": "none", "A-1": "update", "A-2": "none", "A-3": "create",
        "A-1-1": "none", "A-2-1": "none", "A-3-1": "create", "A-1-2": "create",
    }  # fmt: skip
    assert outcomes_of(run) == {"created": 3, "updated": 1, "unchanged": 4}
    again = await tool.run("apply", plan, *SEND)
    assert again.exit_code == 5
    assert f"the plan {plan.name} is stale: it was carried out by {run.name}" in again.stderr
    assert tool.runs() == [plan, run]


async def test_a_change_of_what_the_plan_touches_is_told_field_by_field(
    tool: Tool, sandbox: Sandbox, words: list[str], client: PartnerClient, there: Filled
) -> None:
    plan = await planned(tool, words, "--on-existing", "update")
    await client.update_site(there.sites["A-1"], {"name": "Bakery", "address2": "Rear"})
    await client.update_devices(there.sites["A-1"], [{"device_id": there.devices["A-1-1"], "name": "Oven"}])
    await make_device(client, there.sites["A-1"], external_device_id="X-1", zone_number="099")
    before = sandbox.state()
    refused = await tool.run("apply", plan.name, *SEND)
    assert refused.exit_code == 5
    lines = [line.strip() for line in refused.stderr.splitlines()]
    assert "site A-1: has changed since the plan was made (name: Shop A 1 → Bakery; address2: (empty) → Rear)" in lines
    told = "devices of site A-1: have changed since the plan was made (A-1-1 name: Camera 1 → Oven; X-1 is new)"
    assert told in lines
    assert sandbox.state() == before
    run = tool.runs()[-1]
    assert run_json(run)["exit_code"] == 5
    assert outcomes_of(run) == {"pending": 4, "unchanged": 4}


async def test_a_change_of_what_the_plan_does_not_touch_is_no_reason_to_refuse(
    tool: Tool, words: list[str], client: PartnerClient, there: Filled
) -> None:
    await planned(tool, words, "--on-existing", "update")
    await client.update_site(there.sites["A-2"], {"name": "Bakery"})
    await client.update_devices(there.sites["A-2"], [{"device_id": there.devices["A-2-1"], "name": "Oven"}])
    await make_site(client, external_site_id="X-9", name="A site of somebody else")
    applied = await tool.run("apply", "last", *SEND)
    assert applied.exit_code == 0, applied.stderr
    assert outcomes_of(tool.runs()[-1]) == {"created": 3, "updated": 1, "unchanged": 4}


async def test_what_another_record_took_or_nearly_is_since_is_a_reason_to_refuse(
    tool: Tool, words: list[str], client: PartnerClient, there: Filled
) -> None:
    plan = await planned(tool, words)
    taken = await make_site(
        client, external_site_id="X-9", name="X", account_number="A003", monitoring_station_id=there.station
    )
    refused = await tool.run("apply", plan.name, *SEND)
    assert refused.exit_code == 5
    assert "site A-3: account A003 at station A-CS belongs to site X-9 at the dealer" in refused.stderr
    await client.delete_site(taken)
    await make_site(client, external_site_id="X-10", name="SHOP A 3", address1="3 A street")
    refused = await tool.run("apply", plan.name, *SEND)
    assert refused.exit_code == 5
    assert "A-3 (there: site" in refused.stderr
    assert "by name and address" in refused.stderr
    assert (await tool.run("apply", plan.name, "--force", *SEND)).exit_code == 0


async def test_what_can_not_be_applied_is_told_and_leaves_no_run(
    tool: Tool, words: list[str], sandbox: Sandbox
) -> None:
    plan = await planned(tool, words)
    await tool.run("check", *words)
    (check,) = [run for run in tool.runs() if run != plan]
    async with Sandbox() as elsewhere:
        other_api = ("--base-url", elsewhere.url)
        refusals: list[tuple[tuple[str, ...], int, str]] = [
            ((check.name,), 2, f"{check.name} is no saved plan (it is a run of check)"),
            ((plan.name, "--dry-run"), 2, "--dry-run goes with files and -m"),
            ((plan.name, "--on-existing", "update"), 2, "was planned with --on-existing skip"),
            ((plan.name, "--dealer", "67890"), 5, f"{plan.name} is about dealer 12345"),
            ((plan.name, *other_api), 5, f"{plan.name} is about dealer 12345 at {sandbox.url}"),
            ((plan.name[:3],), 2, "type more of the id"),
        ]
        told = await asyncio.gather(*(tool.run("apply", *arguments, *SEND) for arguments, _, _ in refusals))
        for refused, (_, exit_code, said) in zip(told, refusals, strict=True):
            assert refused.exit_code == exit_code, refused.stderr
            assert said in refused.stderr
        assert not elsewhere.state()["sites"]
    assert tool.runs() == [plan, check]
    assert len(sandbox.state()["sites"]) == 2


async def test_last_is_the_newest_plan_that_was_made_to_its_end(tool: Tool, words: list[str], sandbox: Sandbox) -> None:
    plan = await planned(tool, words)
    assert (await tool.run("plan", *words, "--dealer", "404")).exit_code == 3  # which has no plan
    assert (await tool.run("apply", "last", *SEND)).exit_code == 0
    applied = tool.runs()[-1]
    assert run_json(applied)["parent"] == plan.name
    with sqlite3.connect(plan / "journal.sqlite") as journal:
        ((by,),) = journal.execute("SELECT value FROM meta WHERE key = 'applied_by'").fetchall()
    assert by == f'"{applied.name}"'
    assert len(sandbox.state()["sites"]) == 3
