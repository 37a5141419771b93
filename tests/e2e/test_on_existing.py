"""Records that the dealer already has, but different: left alone, updated or failed, as was asked for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from called import outcomes_of, rows_of, run_json
from e2e_dealer import fill, make_device, make_site, talking_to
from e2e_inventory import write_inventory
from e2e_tool import QUICK, Tool

from migrate.sandbox.server import Sandbox

SEND = ("--yes", *QUICK)
DIFFERENT = {"A-CS", "A-1", "A-1-1", "A-1-2", "A-2-1", "A-3-1"}
SAME = {"A-2", "A-3", "A-2-2", "A-3-2"}
TOLD = {
    "A-CS": "name: Old station → Station A",
    "A-1": "name: Old shop → Shop A 1; security_type: 1 → 3; is_activated: false → true",
    "A-1-1": "name: Old camera → Camera 1",
    "A-2-1": "device_type: bridge → camera",
    "A-3-1": "zone_number: 900 → 001; name: (empty) → Camera 1",
}


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A dealer with the records of an inventory, six of which differ from it."""
    async with Sandbox() as sandbox, talking_to(sandbox) as client:
        there = await fill(client, sites=3, devices=2, active=True)
        await client.update_station(there.station, {"name": "Old station"})
        await client.update_site(there.sites["A-1"], {"name": "Old shop"})
        await client.update_arming_settings(there.sites["A-1"], 1)
        await client.update_activation_status(there.sites["A-1"])  # off again: the API turns it round
        for key in ("A-1-1", "A-1-2"):
            body = {"device_id": there.devices[key], "name": "Old camera"}
            await client.update_devices(there.sites["A-1"], [body])
        await client.delete_devices(there.sites["A-2"], [there.devices["A-2-1"]])
        await make_device(
            client,
            there.sites["A-2"],
            external_device_id="A-2-1",
            zone_number="001",
            name="Camera 1",
            device_type="bridge",
        )
        body = {"device_id": there.devices["A-3-1"], "zone_number": "900", "name": ""}
        await client.update_devices(there.sites["A-3"], [body])
        yield sandbox


@pytest.fixture
def tool(tmp_path: Path, sandbox: Sandbox) -> Tool:
    return Tool(tmp_path, sandbox.environment)


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    return write_inventory(tmp_path, sites=3, devices=2)


def told_by(run: Path, outcome: str) -> dict[str, str]:
    """External id → message of the records with an outcome."""
    return {row["external_id"]: row["message"] for row in rows_of(run / "outcomes.csv") if row["outcome"] == outcome}


def writes(sandbox: Sandbox) -> int:
    return sum(number for method, number in sandbox.history.methods.items() if method != "GET")


async def test_what_differs_is_left_alone_with_a_warning_that_says_how(
    tool: Tool, sandbox: Sandbox, words: list[str]
) -> None:
    before, sent = sandbox.state(), writes(sandbox)
    applied = await tool.run("apply", *words, *SEND)
    assert applied.exit_code == 0, applied.stderr  # warnings don't count
    (run,) = tool.runs()
    assert writes(sandbox) == sent
    assert sandbox.state() == before
    skipped = told_by(run, "skipped")
    assert skipped.keys() == DIFFERENT
    assert told_by(run, "unchanged").keys() == SAME
    warnings = {row["external_id"]: row for row in rows_of(run / "findings.csv") if row["severity"] == "warning"}
    for key, told in TOLD.items():
        assert told in skipped[key]
        assert told in warnings[key]["message"]
        assert warnings[key]["code"] == "differs"
    assert "--on-existing update" in warnings["A-1"]["hint"]
    assert warnings["A-2-1"]["hint"].startswith("delete it at the dealer")
    assert f"skipped     site A-1: the dealer has it, different, and it is left alone: {TOLD['A-1']}" in applied.stdout
    rows = {row["external_id"]: row for row in rows_of(run / "outcomes.csv")}
    assert {row["action"] for row in rows.values()} == {"none"}
    (site,) = [site for site in before["sites"] if site["external_site_id"] == "A-1"]
    assert rows["A-1"]["remote_id"] == str(site["site_id"])


async def test_what_differs_is_updated_and_what_can_not_be_is_told_with_what_to_do(
    tool: Tool, sandbox: Sandbox, words: list[str]
) -> None:
    # five of ten would brake it
    planned = await tool.run("plan", *words, "--on-existing", "update", "--force")
    assert planned.exit_code == 1, planned.stderr
    assert f"update      site A-1: {TOLD['A-1']}" in planned.stdout
    (plan,) = tool.runs()
    rows = {row["external_id"]: row for row in rows_of(plan / "outcomes.csv")}
    for key in DIFFERENT - {"A-2-1"}:
        assert (rows[key]["action"], rows[key]["outcome"]) == ("update", "planned"), key
    assert {key: rows[key]["message"] for key in TOLD if key != "A-2-1"} == {
        key: told for key, told in TOLD.items() if key != "A-2-1"
    }
    before = len(sandbox.history.of("devices.update"))
    applied = await tool.run("apply", plan.name, "--force", *SEND)
    assert applied.exit_code == 1, applied.stderr
    run = tool.runs()[-1]
    updated = told_by(run, "updated")
    assert updated.keys() == DIFFERENT - {"A-2-1"}
    assert updated["A-1"] == TOLD["A-1"]
    assert len(sandbox.history.of("devices.update")) - before == 2  # in bulk: one request for the two of a site
    state = sandbox.state()
    assert [station["name"] for station in state["stations"]] == ["Station A"]
    sites = {site["external_site_id"]: site for site in state["sites"]}
    assert sites["A-1"]["name"] == "Shop A 1"
    assert sites["A-1"]["is_activated"]
    assert sites["A-1"]["security_type"] == 3
    devices = {device["external_device_id"]: device for device in state["devices"]}
    assert {devices[key]["name"] for key in ("A-1-1", "A-3-1")} == {"Camera 1"}
    assert devices["A-3-1"]["zone_number"] == "001"
    assert devices["A-2-1"]["device_type"] == "bridge"
    assert told_by(run, "invalid") == {"A-2-1": f"the API can't change this: {TOLD['A-2-1']}"}
    (error,) = [row for row in rows_of(run / "findings.csv") if row["severity"] == "error"]
    assert (error["code"], error["external_id"], error["field"]) == ("not_updatable", "A-2-1", "device_type")
    assert error["hint"].startswith("delete it at the dealer")


async def test_what_differs_fails_and_blocks_what_belongs_to_it(tool: Tool, sandbox: Sandbox, words: list[str]) -> None:
    fail, sent = ("--on-existing", "fail", *SEND), writes(sandbox)
    assert (await tool.run("apply", *words, *fail)).exit_code == 1
    (run,) = tool.runs()
    assert told_by(run, "failed").keys() == {"A-CS"}
    assert outcomes_of(run) == {"failed": 1, "blocked": 9}
    assert writes(sandbox) == sent

    async with talking_to(sandbox) as client:
        (station,) = sandbox.state()["stations"]
        await client.update_station(station["monitoring_station_id"], {"name": "Station A"})
    failed = await tool.run("apply", *words, *fail)
    assert failed.exit_code == 1
    run = tool.runs()[-1]
    assert told_by(run, "failed") == {
        key: f"the dealer has it, different: {TOLD[key]}" for key in ("A-1", "A-2-1", "A-3-1")
    }
    assert told_by(run, "blocked").keys() == {"A-1-1", "A-1-2"}
    assert {row["code"] for row in rows_of(run / "outcomes.csv") if row["outcome"] == "failed"} == {"exists_different"}
    assert run_json(run)["counts"]["station"] == {"unchanged": 1}
    assert writes(sandbox) == sent + 1


async def test_zones_and_accounts_are_checked_against_what_the_dealer_has(
    tool: Tool, sandbox: Sandbox, words: list[str], tmp_path: Path
) -> None:
    async with talking_to(sandbox) as client:
        (station,) = sandbox.state()["stations"]
        site_ids = {site["external_site_id"]: site["site_id"] for site in sandbox.state()["sites"]}
        await make_site(
            client,
            external_site_id="X-9",
            name="Bakery",
            account_number="B777",
            monitoring_station_id=station["monitoring_station_id"],
        )
        await make_device(client, site_ids["A-3"], external_device_id="X-9-9", zone_number="77")
    for name, old, new in (("sites.csv", "A002", "B777"), ("devices.csv", "A-3,A-3-2,002", "A-3,A-3-4,077")):
        path = tmp_path / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert (await tool.run("plan", *words, "--on-existing", "update", "--force")).exit_code == 1
    (run,) = tool.runs()
    invalid = told_by(run, "invalid")
    assert invalid["A-2"] == "account B777 at station A-CS belongs to site X-9 at the dealer"
    assert invalid["A-3-4"] == "zone 077 of this site belongs to device X-9-9 at the dealer"
    codes = {row["external_id"]: (row["code"], row["cell"]) for row in rows_of(run / "findings.csv")}
    assert codes["A-2"] == ("duplicate_account", "E3")
    assert codes["A-3-4"] == ("duplicate_zone", "C7")
