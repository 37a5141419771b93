"""The client against the sandbox's faults: a create is sent once in doubt, everything else gets through."""

import asyncio

import pytest
from client_sandbox import SITE, STATION, camera, talking

from migrate.api.client import PartnerClient
from migrate.errors import ApiError, ApiUnusable, Doubtful, Rejected
from migrate.model.exchange import Acted, Exchange

IN_DOUBT = (
    "reset-before-commit",
    "reset-after-commit",
    "html-before",
    "html-after",
    "empty",
    "truncated",
    "500-before",
    "500-after",
    "502-before",
    "503-after",
    "504-before",
    "408-after",
    "409-before",
    "422-after",
    "307-before",
)
SURELY_NOT = ("400-before", "403-before", "404-before", "413-before")
PASSING = ("reset-before-commit", "html-before", "truncated", "500-before", "503-before:retry-after=0", "504-after")


async def create(client: PartnerClient, what: str, site_id: int, exchange: Exchange | None = None) -> object:
    if what == "stations":
        return await client.create_station(STATION, exchange=exchange)
    if what == "sites":
        return await client.create_site({**SITE, "external_site_id": "S-2"}, exchange=exchange)
    return await client.create_devices(site_id, [camera("001")], exchange=exchange)


@pytest.mark.parametrize("what", ["stations", "sites", "devices"])
@pytest.mark.parametrize("fault", IN_DOUBT)
async def test_a_create_that_is_in_doubt_is_sent_once(what: str, fault: str) -> None:
    async with talking(f"{what}.create:{fault}:*@{int(what == 'sites')}") as (client, sandbox):
        site = await client.create_site(SITE)
        exchange = Exchange("trace-1")
        with pytest.raises(Doubtful) as raised:
            await create(client, what, site.site_id, exchange)
        assert raised.value.acted is Acted.UNKNOWN
        assert exchange.attempts == 1
        asked = [request for request in sandbox.history.of(f"{what}.create") if request.faults]
        assert len(asked) == 1


@pytest.mark.parametrize("what", ["stations", "sites", "devices"])
@pytest.mark.parametrize("fault", SURELY_NOT)
async def test_a_create_that_is_refused_is_not_there(what: str, fault: str) -> None:
    async with talking(f"{what}.create:{fault}:*@{int(what == 'sites')}") as (client, sandbox):
        site = await client.create_site(SITE)
        with pytest.raises(Rejected):
            await create(client, what, site.site_id)
        state = sandbox.state()
        assert (len(state["stations"]), len(state["sites"]), len(state["devices"])) == (0, 1, 0)


@pytest.mark.parametrize("fault", ["401-before", "429-before:retry-after=0"])
@pytest.mark.parametrize("what", ["stations", "sites", "devices"])
async def test_a_create_that_was_only_turned_away_gets_through_once(what: str, fault: str) -> None:
    async with talking(f"{what}.create:{fault}:1") as (client, sandbox):
        site = await client.create_site(SITE)
        exchange = Exchange("trace-1", idempotency_key="key-1")
        await create(client, what, site.site_id, exchange)
        state = sandbox.state()
        assert len(state[what]) == (2 if what == "sites" else 1)
        sent = [one for one in sandbox.history.of(f"{what}.create") if one.headers.get("Idempotency-Key") == "key-1"]
        traces = [one.headers["x-partner-trace-id"] for one in sent]
        assert len(set(traces)) == len(traces) == exchange.attempts
        assert traces[0] == "trace-1"
        assert traces[-1] == exchange.trace_id


@pytest.mark.parametrize("fault", PASSING)
async def test_reads_and_repeatable_writes_get_through(fault: str) -> None:
    targets = ("sites.list", "sites.get", "sites.update", "arming.update", "devices.update", "sites.delete")
    async with talking(*(f"{target}:{fault}" for target in targets)) as (client, sandbox):
        site = await client.create_site(SITE)
        await client.create_devices(site.site_id, [camera("001")])
        [device] = (await client.all_devices(site.site_id)).items
        assert (await client.get_site(site.site_id)).external_site_id == "S-1"
        assert (await client.update_site(site.site_id, {"name": "New"})).name == "New"
        assert (await client.update_arming_settings(site.site_id, 2)).security_type == 2
        await client.update_devices(site.site_id, [{"device_id": device.device_id, "name": "Door"}])
        assert (await client.all_sites()).complete
        await client.delete_site(site.site_id)
        assert sandbox.state()["sites"] == []
        assert client.counts.retried >= 5


@pytest.mark.parametrize("fault", ["reset-after-commit", "503-after", "truncated", "408-after"])
async def test_activation_is_never_sent_twice(fault: str) -> None:
    async with talking(f"activation:{fault}:*") as (client, sandbox):
        site = await client.create_site(SITE)
        with pytest.raises(Doubtful):
            await client.update_activation_status(site.site_id)
        assert len(sandbox.history.of("activation.update")) == 1


async def test_tokens_that_live_briefly_are_renewed_without_a_failure() -> None:
    async with talking(token_life_s=1, client={"concurrency": 4}) as (client, sandbox):

        async def work() -> None:
            loop = asyncio.get_running_loop()
            until = loop.time() + 2.2
            while loop.time() < until:
                await client.list_sites()

        await asyncio.gather(*(work() for _ in range(4)))
        assert 2 <= len(sandbox.history.of("token.create")) <= 4


async def test_a_token_that_is_taken_back_is_replaced_once_for_all() -> None:
    async with talking("any:401-before:1") as (client, sandbox):
        await asyncio.gather(*(client.list_sites() for _ in range(8)))
        assert len(sandbox.history.of("token.create")) == 2


async def test_credentials_that_are_taken_back_end_everything_after_one_renewal() -> None:
    async with talking("any:401-before:*") as (client, sandbox):
        answers = await asyncio.gather(*(client.list_sites() for _ in range(30)), return_exceptions=True)
        assert {type(answer) for answer in answers} == {ApiUnusable}
        assert len(sandbox.history.of("token.create")) == 2


@pytest.mark.parametrize("fault", ["500-before", "html-before", "reset-before-commit", "truncated"])
async def test_a_token_url_that_fails_a_few_times_is_no_failure(fault: str) -> None:
    async with talking(f"token:{fault}:2") as (client, _):
        assert await client.list_sites() == []


async def test_a_slow_answer_ends_at_the_deadline() -> None:
    async with talking("sites.create:delay:5:1", client={"timeout_s": 0.2}) as (client, _):
        with pytest.raises(Doubtful) as raised:
            await client.create_site(SITE)
        assert raised.value.code == "timeout"


async def test_an_api_that_went_away_is_unreachable_and_nothing_was_sent() -> None:
    async with talking() as (client, sandbox):
        await client.create_site(SITE)
        await sandbox._close()
        with pytest.raises(ApiError) as raised:
            await client.create_site({**SITE, "external_site_id": "S-2"})
        assert raised.value.code in {"unreachable", "connection_lost"}
        with pytest.raises(Rejected) as again:
            await client.create_site({**SITE, "external_site_id": "S-3"})
        assert (again.value.code, again.value.acted) == ("unreachable", Acted.NO)
