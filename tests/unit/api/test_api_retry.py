"""What is sent again, when, and what never is."""

import asyncio
from typing import Any

import pytest
from api_virtual import SITE, Network, client, now, reply, run

from migrate.api.client import PartnerClient
from migrate.api.rate import Rate
from migrate.api.reply import Failure, Reply
from migrate.errors import ApiError, ApiUnusable, Doubtful, Rejected
from migrate.model.exchange import Acted, Exchange

LOST = Failure("connection_lost", "closed the connection")
SLOW = Failure("timeout", "did not answer")
AWAY = Failure("unreachable", "can't be reached")
HTML = reply(200, b"<html>")
CUT = reply(200, b'{"site_id"')
OK = reply(200, SITE)
BULK = reply(200, {"results": []})

DOUBTS = [LOST, SLOW, CUT, reply(500), reply(502), reply(503), reply(504), reply(408)]
CREATES = ["create_site", "create_station", "create_devices", "update_activation_status"]


async def write(caller: PartnerClient, name: str, exchange: Exchange | None = None) -> Any:
    calls: dict[str, Any] = {
        "create_site": lambda: caller.create_site({"name": "A"}, exchange=exchange),
        "create_station": lambda: caller.create_station({"name": "A"}, exchange=exchange),
        "create_devices": lambda: caller.create_devices(1, [{"name": "A"}], exchange=exchange),
        "update_activation_status": lambda: caller.update_activation_status(1, exchange=exchange),
        "update_site": lambda: caller.update_site(1, {"name": "A"}, exchange=exchange),
        "update_arming_settings": lambda: caller.update_arming_settings(1, 3, exchange=exchange),
        "update_devices": lambda: caller.update_devices(1, [{"device_id": 1}], exchange=exchange),
        "delete_site": lambda: caller.delete_site(1, exchange=exchange),
        "delete_devices": lambda: caller.delete_devices(1, [1], exchange=exchange),
    }
    return await calls[name]()


def outcome(network: Network, name: str, exchange: Exchange | None = None, **changes: Any) -> Any:
    async def main() -> Any:
        async with client(network, **changes) as caller:
            try:
                return await write(caller, name, exchange)
            except ApiError as error:
                return error

    return run(main())


@pytest.mark.parametrize("name", CREATES)
@pytest.mark.parametrize("doubt", [*DOUBTS, HTML, reply(201), reply(409), reply(422), reply(307)])
def test_what_may_have_acted_is_never_created_twice(name: str, doubt: Reply | Failure) -> None:
    network = Network([doubt, OK])
    error = outcome(network, name)
    assert isinstance(error, Doubtful)
    assert error.acted is Acted.UNKNOWN
    assert len(network.sent) == 1


@pytest.mark.parametrize("name", [*CREATES, "update_site"])
def test_what_surely_did_nothing_is_sent_again(name: str) -> None:
    network = Network(
        [
            AWAY,
            reply(429, Retry_After="1"),
            AWAY,
            BULK if name == "create_devices" else reply(201, {**SITE, "monitoring_station_id": 1}),
        ]
    )
    exchange = Exchange("trace-1")
    assert not isinstance(outcome(network, name, exchange), Exception)
    assert exchange.attempts == len(network.sent) == 4


@pytest.mark.parametrize(
    "name", ["update_site", "update_arming_settings", "update_devices", "delete_site", "delete_devices"]
)
@pytest.mark.parametrize("doubt", DOUBTS)
def test_what_can_not_act_twice_is_repeated(name: str, doubt: Reply | Failure) -> None:
    if name == "delete_site" and doubt is CUT:
        return
    network = Network([doubt, doubt, OK if name != "delete_site" else reply(204)])
    assert not isinstance(outcome(network, name), Exception)
    assert len(network.sent) == 3


def test_repeats_end_and_leave_the_last_error() -> None:
    network = Network([reply(503)])
    error = outcome(network, "update_site")
    assert isinstance(error, Doubtful)
    assert error.code == "http_503"
    assert len(network.sent) == 5


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413])
def test_a_clear_no_is_not_repeated(status: int) -> None:
    network = Network([reply(status)])
    error = outcome(network, "update_site")
    assert isinstance(error, Rejected)
    assert len(network.sent) == 1


@pytest.mark.parametrize("then", [reply(400), AWAY])
def test_a_no_after_a_doubt_leaves_the_doubt(then: Reply | Failure) -> None:
    error = outcome(Network([LOST, then]), "update_site")
    assert isinstance(error, Doubtful)
    assert error.acted is Acted.UNKNOWN


def test_a_missing_token_after_a_doubt_leaves_the_doubt() -> None:
    network = Network(
        [LOST], tokens=[reply(200, {"access_token": "t", "expires_in": 1}), reply(400 + 8)], latency_s=0.9
    )
    error = outcome(network, "update_site")
    assert isinstance(error, Doubtful)


def test_a_delete_that_finds_nothing_is_done_only_if_it_was_sent_before() -> None:
    assert outcome(Network([LOST, reply(404)]), "delete_site") is None
    first = outcome(Network([reply(404)]), "delete_site")
    assert isinstance(first, Rejected)
    later = outcome(Network([LOST, reply(403)]), "delete_site")
    assert isinstance(later, Doubtful)


def test_each_sending_has_a_trace_of_its_own_and_a_call_one_idempotency_key() -> None:
    network = Network([AWAY, AWAY, reply(201, SITE)])
    exchange = Exchange("announced")
    outcome(network, "create_site", exchange)
    traces = [sent.headers["x-partner-trace-id"] for sent in network.sent]
    assert traces[0] == "announced"
    assert len(set(traces)) == 3
    assert exchange.trace_id == traces[-1]
    assert len({sent.headers["Idempotency-Key"] for sent in network.sent}) == 1


def test_a_given_idempotency_key_is_sent_and_a_read_has_none() -> None:
    network = Network([OK])
    outcome(network, "create_site", Exchange("t", idempotency_key="mine"))

    async def read() -> None:
        async with client(network) as caller:
            await caller.get_site(1)

    run(read())
    assert network.sent[0].headers["Idempotency-Key"] == "mine"
    assert "Idempotency-Key" not in network.sent[1].headers


def test_an_exchange_that_is_used_again_gets_a_new_trace() -> None:
    network = Network([OK])
    exchange = Exchange("one")
    outcome(network, "create_site", exchange)
    outcome(network, "create_site", exchange)
    assert network.sent[1].headers["x-partner-trace-id"] == exchange.trace_id != "one"
    assert exchange.attempts == 2


def test_an_exchange_keeps_the_last_answer_within_bounds() -> None:
    exchange = Exchange("t")
    outcome(Network([reply(400, b"x" * 1_000_000)]), "create_site", exchange)
    assert exchange.status_code == 400
    assert len(exchange.body) == 256 * 1024


def test_an_exchange_without_an_answer_keeps_none_of_an_earlier_one() -> None:
    exchange = Exchange("t", status_code=200, body=b"old")
    outcome(Network([LOST]), "create_site", exchange)
    assert (exchange.status_code, exchange.body) == (None, b"")


@pytest.mark.parametrize(("status", "seconds"), [(429, 30), (503, 30)])
def test_retry_after_is_honoured_by_everyone(status: int, seconds: int) -> None:
    network = Network([reply(status, Retry_After=str(seconds)), OK])

    async def main() -> None:
        async with client(network) as caller:
            await caller.get_site(1)
            await asyncio.gather(*(caller.get_site(1) for _ in range(5)))
            assert caller.counts.rate_limited == (status == 429)
            assert caller.counts.retried == 1
            assert caller.counts.sent == 7

    run(main())
    assert network.sent[1].at - network.sent[0].at >= seconds


def test_a_storm_of_429s_holds_the_budget_and_loses_nothing() -> None:
    turn = iter(range(10_000))
    network = Network([lambda _: reply(429, Retry_After="0") if next(turn) % 2 else OK])

    async def main() -> None:
        async with client(network) as caller:
            await asyncio.gather(*(caller.get_site(number) for number in range(100)))

    run(main())
    urls = [sent.url for sent in network.sent]
    repeats = [sent.at for place, sent in enumerate(network.sent) if sent.url in urls[:place]]
    assert len(repeats) > 50
    for first, last in zip(repeats, repeats[20:], strict=False):
        assert last - first >= 59.9


def test_refusals_that_never_end_do_end_the_call() -> None:
    network = Network([reply(429)])
    error = outcome(network, "create_site")
    assert isinstance(error, Rejected)
    assert (error.code, error.acted) == ("http_429", Acted.NO)
    assert len(network.sent) == 10


def test_a_server_that_is_down_gets_few_repeats() -> None:
    network = Network([reply(500)])

    async def main() -> None:
        async with client(network, concurrency=50) as caller:
            await asyncio.gather(*(caller.get_site(1) for _ in range(50)), return_exceptions=True)

    run(main())
    assert len(network.sent) <= 50 + 20


def test_an_api_that_can_not_be_reached_ends_the_first_call_soon() -> None:
    network = Network([AWAY], latency_s=6.0)

    async def main() -> float:
        async with client(network) as caller:
            start = now()
            with pytest.raises(ApiUnusable, match=r"can't be reached.*CHEKT_BASE_URL"):
                await caller.open()
            return now() - start

    network.tokens = [AWAY]
    assert run(main()) < 30
    network.tokens = []
    assert run(main()) < 36


def test_a_certificate_that_is_refused_ends_everything_at_once() -> None:
    network = Network([Failure("untrusted", "has a certificate that is refused")])

    async def main() -> None:
        async with client(network) as caller:
            with pytest.raises(ApiUnusable, match="certificate"):
                await caller.get_site(1)

    run(main())
    assert len(network.sent) == 1


def test_no_more_than_the_concurrency_is_in_flight() -> None:
    network = Network([OK])

    async def main() -> None:
        async with client(network, concurrency=3) as caller:
            await asyncio.gather(*(caller.get_site(1) for _ in range(30)))

    run(main())
    assert network.most_in_flight == 3


def test_a_cancelled_call_frees_its_place() -> None:
    network = Network([OK], latency_s=10.0)

    async def main() -> None:
        async with client(network, concurrency=1) as caller:
            stuck = asyncio.ensure_future(caller.get_site(1))
            await asyncio.sleep(15)
            stuck.cancel()
            await caller.get_site(1)
            with pytest.raises(asyncio.CancelledError):
                await stuck

    run(main())


def test_f36_after_a_web_page_the_token_stays_here_until_the_api_is_back() -> None:
    pages = [HTML, HTML, HTML, reply(404, {"message": "no such path"}), OK]
    network = Network(pages)

    async def main() -> list[Any]:
        seen: list[Any] = []
        async with client(network) as caller:
            for _ in range(4):
                try:
                    seen.append(await caller.create_site({"name": "A"}))
                except ApiError as error:
                    seen.append((error.code, error.acted))
        return seen

    seen = run(main())
    assert seen[:3] == [("unreadable_answer", Acted.UNKNOWN), *[("unreadable_answer", Acted.NO)] * 2]
    assert seen[3].site_id == 1
    assert ["Authorization" in sent.headers for sent in network.sent] == [True, False, False, False, True]
    assert network.sent[1].body is None


@pytest.mark.parametrize("page", [HTML, reply(302, Location="https://login.test/"), reply(511, b"<html>")])
def test_f36_what_queues_while_a_web_page_comes_does_not_carry_the_token_there(page: Reply) -> None:
    network = Network([page, page, page, reply(404, {"message": "no such path"}), OK])

    async def main() -> list[Any]:
        async with client(network, rate=Rate(60, 60.0), burst=1) as caller:
            creates = [caller.create_site({"name": str(number)}) for number in range(6)]
            return await asyncio.gather(*creates, return_exceptions=True)

    results = run(main())
    assert [one.acted for one in results if isinstance(one, ApiError)] == [Acted.UNKNOWN, Acted.NO, Acted.NO]
    carried = ["Authorization" in sent.headers for sent in network.sent]
    assert carried == [True, *[False] * 5, *[True] * 3]
    assert all(sent.body is None for sent in network.sent if "Authorization" not in sent.headers)
