"""The client against the sandbox: every endpoint of the seeds, and whole lists."""

import asyncio
from typing import Any

import pytest
from client_sandbox import SITE, STATION, camera, settings, talking

from migrate.api.client import PartnerClient
from migrate.api.query import ListQuery
from migrate.errors import ApiUnusable, Rejected
from migrate.sandbox.options import Rate, SandboxOptions
from migrate.sandbox.server import Sandbox


async def test_a_station_lives_and_goes() -> None:
    async with talking() as (client, _):
        made = await client.create_station({**STATION, "prefix": "CH", "linecard": None})
        assert (made.external_monitoring_station_id, made.prefix) == ("CS-1", "CH")
        key = made.monitoring_station_id
        assert (await client.update_station(key, {"prefix": "", "linecard": "7"})).linecard == "7"
        assert [station.monitoring_station_id for station in await client.list_stations()] == [key]
        assert not (await client.get_station(key)).prefix
        assert len((await client.all_stations()).items) == 1
        await client.delete_station(key)
        with pytest.raises(Rejected) as raised:
            await client.get_station(key)
        assert raised.value.code == "http_404"


async def test_a_site_lives_is_armed_and_activated_and_goes() -> None:
    async with talking() as (client, _):
        station = await client.create_station(STATION)
        made = await client.create_site({**SITE, "monitoring_station_id": station.monitoring_station_id})
        assert made.external_monitoring_station_id == "CS-1"
        assert made.is_activated is False
        assert (await client.update_activation_status(made.site_id)).is_activated is True
        assert (await client.update_arming_settings(made.site_id, 3)).security_type == 3
        assert (await client.get_arming_settings(made.site_id)).security_type == 3
        assert (await client.update_site(made.site_id, {"name": "New"})).name == "New"
        assert (await client.get_site(made.site_id)).name == "New"
        await client.delete_site(made.site_id)
        assert await client.list_sites() == []


async def test_devices_live_and_go_in_bulk() -> None:
    async with talking() as (client, _):
        site = await client.create_site(SITE)
        answer = await client.create_devices(site.site_id, [camera("001", name=""), camera("002")])
        assert [result.is_successful for result in answer.results] == [True, True]
        devices = (await client.all_devices(site.site_id)).items
        assert [device.zone_number for device in devices] == ["001", "002"]
        ids = [device.device_id for device in devices]
        changed = await client.update_devices(site.site_id, [{"device_id": ids[0], "name": "Door"}])
        assert changed.success_count == 1
        assert (await client.get_device(site.site_id, ids[0])).name == "Door"
        assert (await client.delete_devices(site.site_id, ids)).success_count == 2
        assert await client.list_devices(site.site_id) == []


@pytest.mark.parametrize("options", [{}, {"page_cap": 20}, {"ignore_params": True}])
async def test_a_list_is_read_whole(options: dict[str, Any]) -> None:
    async with talking(**options) as (client, _):
        for number in range(65):
            await client.create_site({**SITE, "external_site_id": f"S-{number}"})
        listing = await client.all_sites()
        assert listing.complete
        assert [site.external_site_id for site in listing.items] == [f"S-{number}" for number in range(65)]
        found = await client.find_sites("S-7")
        assert [site.external_site_id for site in found.items] == ["S-7"]
        missing = await client.find_sites("s-7")
        assert (missing.items, missing.complete) == ((), True)


async def test_a_capped_list_that_takes_no_notice_of_the_offset_is_not_called_whole() -> None:
    async with talking(page_cap=20) as (client, _):
        for number in range(30):
            await client.create_site({**SITE, "external_site_id": f"S-{number}"})
        assert (await client.all_sites()).complete
        page = await client.list_sites(ListQuery(limit=7, sort="site_id", dir="desc"))
        assert [site.external_site_id for site in page] == [f"S-{29 - number}" for number in range(7)]


async def test_ids_that_hold_what_a_query_can_not_say_are_found() -> None:
    odd = ["a,b", "a&b=c", "ü/1", "50%", "x y", "#1"]
    async with talking() as (client, _):
        for one in odd:
            await client.create_site({**SITE, "external_site_id": one})
        for one in odd:
            assert [site.external_site_id for site in (await client.find_sites(one)).items] == [one]


async def test_a_limit_in_the_headers_is_kept_without_one_refusal() -> None:
    limit = Rate(per_minute=6_000, burst=200)
    async with talking(rate=limit, client={"rate": None, "burst": 5}) as (client, sandbox):
        await client.open()
        await asyncio.gather(*(client.list_sites() for _ in range(80)))
        assert client.per_minute == pytest.approx(6_000, rel=0.01)
        assert client.counts.rate_limited == 0
        assert {request.status for request in sandbox.history.of("sites.list")} == {200}


async def test_a_dealer_that_is_not_known_is_told() -> None:
    async with Sandbox(SandboxOptions()) as sandbox, PartnerClient(settings(sandbox, dealer_id="999")) as client:
        with pytest.raises(ApiUnusable, match="dealer 999 is not known"):
            await client.check_dealer()


async def test_wrong_credentials_are_told() -> None:
    async with (
        Sandbox(SandboxOptions()) as sandbox,
        PartnerClient(settings(sandbox, client_secret="wrong-one")) as client,
    ):
        with pytest.raises(ApiUnusable, match="CHEKT_CLIENT_SECRET") as raised:
            await client.check_dealer()
        assert "wrong-one" not in str(raised.value)
