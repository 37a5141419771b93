"""The interface page on mappings, where the dealer has a say: links to what is there already, clearing, activation."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mapping_page import Page, table

from migrate import Options, PartnerClient, Planned, Run, Settings, apply, plan
from migrate.api.rate import Rate
from migrate.app.check import Checked
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

NY = "America/New_York"


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page(tmp_path)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(rate=None)) as sandbox:
        yield sandbox


@asynccontextmanager
async def talking(sandbox: Sandbox) -> AsyncIterator[PartnerClient]:
    told = sandbox.environment
    names = {"client_id": "CHEKT_CLIENT_ID", "client_secret": "CHEKT_CLIENT_SECRET", "dealer_id": "CHEKT_DEALER_ID"}
    given: dict[str, Any] = {name: told[variable] for name, variable in names.items()}
    settings = Settings(env_file=None, base_url=sandbox.url, access_token="", **given)
    async with PartnerClient(settings, rate=Rate(100_000, 60.0), burst=500) as client:
        yield client


async def planned(sandbox: Sandbox, checked: Checked) -> Planned:
    async with talking(sandbox) as client:
        return await plan(checked, client)


async def applied(sandbox: Sandbox, page: Page, *tables: str, options: Options | None = None) -> Run:
    async with talking(sandbox) as client:
        made = await plan(page.check(*tables), client, options=options)
        return await apply(made, client, out=page.folder / "reports", options=options)


def sites(*rows: str) -> Sequence[str]:
    return ("Site\tName\tTZ\tStreet\tStation\tOn\tNumber", *rows)


async def test_a_device_file_alone_works_for_sites_that_the_dealer_has_already(page: Page, sandbox: Sandbox) -> None:
    page.text("a.csv", *sites(f"S1\tAcme\t{NY}"))
    await applied(sandbox, page, table("site"))
    page.files.clear()
    page.text("cams.csv", "Site,Cam,Zone", "S1,C1,1", "S1,C2,2")
    run = await applied(sandbox, page, table("device"))
    assert run.counts == {"device": {"created": 2}}
    assert [device["zone_number"] for device in sandbox.state()["devices"]] == ["001", "002"]


async def test_a_device_whose_site_is_neither_in_the_inputs_nor_at_the_dealer_is_an_error(
    page: Page, sandbox: Sandbox
) -> None:
    page.text("a.csv", *sites(f"S1\tAcme\t{NY}"))
    page.text("cams.csv", "Site,Cam,Zone", "S1,C1,1", "S9,C2,1")
    made = await planned(sandbox, page.check(table("site"), table("device")))
    assert made.plan.records["device"]["_planned"].to_list() == ["planned", "invalid"]
    (error,) = made.plan.findings.filter(severity="error").to_dicts()
    assert (error["code"], error["file"], error["cell"]) == ("unknown_site", "cams.csv", "A3")
    assert error["message"] == 'site "S9" is neither in the inputs nor at the dealer'


async def test_a_device_whose_site_where_leaves_out_is_fine_where_the_dealer_has_it_and_else_told_so(
    page: Page, sandbox: Sandbox
) -> None:
    page.text("a.csv", *sites(f"S1\tAcme\t{NY}"))
    await applied(sandbox, page, table("site"))
    page.text("a.csv", *sites(f"S1\tAcme\t{NY}\tClosed", f"S2\tBolt\t{NY}\tClosed", f"S3\tCoil\t{NY}\tOpen"))
    page.text("cams.csv", "Site,Cam,Zone", "S1,C1,1", "S2,C2,1")
    site = table("site", 'where = { column = "Street", in = ["Open"] }')
    made = await planned(sandbox, page.check(site, table("device")))
    assert made.plan.records["device"]["_planned"].to_list() == ["planned", "invalid"]
    warning, error = made.plan.findings.to_dicts()
    stays = 'site "S1" is left out by where in row 2 of a.csv; the dealer has it, so the device is not left out'
    assert (warning["code"], warning["severity"], warning["cell"]) == ("filtered_site", "warning", "A2")
    assert warning["message"] == stays
    assert error["message"] == 'site "S2" is left out by where in row 3 of a.csv, and is not at the dealer'


async def test_a_station_by_its_external_id_is_looked_up_at_the_dealer_or_made_by_the_run(
    page: Page, sandbox: Sandbox
) -> None:
    page.text("stations.csv", "Station,Station name", "CS-1,Central")
    await applied(sandbox, page, table("station"))
    page.text("stations.csv", "Station,Station name", "CS-2,Second")
    rows = [f"S{at}\tN{at}\t{NY}\t\tCS-{at}" for at in (1, 2, 3)]
    page.text("a.csv", *sites(*rows))
    site = table("site", external_monitoring_station_id='"Station"', account_number='"Site"')
    run = await applied(sandbox, page, table("station", 'file = "stations*"'), site)
    assert run.counts == {"station": {"created": 1}, "site": {"invalid": 1, "created": 2}}
    state = sandbox.state()
    numbers = {
        station["external_monitoring_station_id"]: station["monitoring_station_id"] for station in state["stations"]
    }
    assert {site["external_site_id"]: site["monitoring_station_id"] for site in state["sites"]} == {
        "S1": numbers["CS-1"],
        "S2": numbers["CS-2"],
    }


async def test_a_site_whose_station_where_leaves_out_is_told_so(page: Page, sandbox: Sandbox) -> None:
    page.text("stations.csv", "Station,Station name,Old", "CS-1,Central,yes", "CS-2,Second,no")
    page.text("a.csv", *sites(f"S1\tAcme\t{NY}\t\tCS-1"))
    station = table("station", 'file = "stations*"', 'where = { column = "Old", in = ["no"] }')
    site = table("site", external_monitoring_station_id='"Station"', account_number='"Site"')
    made = await planned(sandbox, page.check(station, site))
    (error,) = made.plan.findings.to_dicts()
    assert (error["code"], error["severity"], error["cell"]) == ("unknown_station", "error", "E2")
    assert error["message"] == 'station "CS-1" is left out by where in row 2 of stations.csv, and is not at the dealer'
    there = table("station", 'file = "stations*"')
    await applied(sandbox, page, there, table("site"))
    made = await planned(sandbox, page.check(station, site))
    (warning,) = made.plan.findings.filter(code="filtered_station").to_dicts()
    assert (warning["severity"], warning["cell"]) == ("warning", "E2")
    assert warning["message"].endswith("the dealer has it, so the site is not left out")


async def test_a_station_may_be_named_by_the_dealers_number(page: Page, sandbox: Sandbox) -> None:
    page.text("stations.csv", "Station,Station name", "CS-1,Central")
    await applied(sandbox, page, table("station"))
    number = sandbox.state()["stations"][0]["monitoring_station_id"]
    page.files.clear()
    page.text("a.csv", *sites(f"S1\tAcme\t{NY}\t\t\t\t{number}", f"S2\tBolt\t{NY}\t\t\t\t999"))
    run = await applied(sandbox, page, table("site", monitoring_station_id='"Number"'))
    assert run.counts == {"site": {"invalid": 1, "created": 1}}
    assert [site["monitoring_station_id"] for site in sandbox.state()["sites"]] == [number]


async def test_yes_activates_the_site_and_no_does_not(page: Page, sandbox: Sandbox) -> None:
    page.text("a.csv", *sites(f"S1\tAcme\t{NY}\t\t\tyes", f"S2\tBolt\t{NY}\t\t\tno", f"S3\tCoil\t{NY}\t\t\t"))
    await applied(sandbox, page, table("site", is_activated='"On"'))
    assert [site["is_activated"] for site in sandbox.state()["sites"]] == [True, False, False]


@pytest.mark.parametrize(("clear", "left"), [("true", None), ("false", "1 Elm")])
async def test_an_empty_cell_clears_the_dealers_value_on_update_where_clear_is_true(
    page: Page, sandbox: Sandbox, clear: str, left: str | None
) -> None:
    site = table("site", address1=f'{{ column = "Street", clear = {clear} }}')
    page.text("a.csv", *sites(f"S1\tAcme\t{NY}\t1 Elm"))
    await applied(sandbox, page, site)
    page.text("a.csv", *sites(f"S1\tAcme Inc\t{NY}\t"))
    run = await applied(sandbox, page, site, options=Options(on_existing="update"))
    assert run.counts == {"site": {"updated": 1}}
    (there,) = sandbox.state()["sites"]
    assert (there["name"], there["address1"] or None) == ("Acme Inc", left)
