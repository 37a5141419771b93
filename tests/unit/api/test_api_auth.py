"""Tokens: fetched once for all, renewed in time, never asked for in a circle."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from api_virtual import SITE, Network, Sent, client, granted, now, reply, run, settings
from pydantic import SecretStr

from migrate.api.auth import ClientSecret, GrantedToken, ReadyToken, hide
from migrate.api.client import PartnerClient
from migrate.api.rate import Rate
from migrate.api.reply import Failure, Reply
from migrate.errors import ApiError, ApiUnusable, Rejected
from migrate.model.exchange import Acted


def takes(*tokens: str) -> Any:
    """An API that takes these tokens only."""

    def answer(sent: Sent) -> Reply:
        known = sent.headers["Authorization"] in {f"Bearer {token}" for token in tokens}
        return reply(200, SITE) if known else reply(401, {"message": "expired"})

    return answer


async def ask(caller: PartnerClient, times: int = 1) -> list[Any]:
    return await asyncio.gather(*(caller.get_site(1) for _ in range(times)), return_exceptions=True)


def test_client_credentials_are_sent_as_a_form_and_the_token_as_a_header() -> None:
    network = Network([reply(200, SITE)])

    async def main() -> None:
        async with client(network) as caller:
            await ask(caller)

    run(main())
    [asked] = network.token_requests
    assert (asked.method, asked.url) == ("POST", "https://api.test/oauth/token")
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Authorization" not in asked.headers
    assert parse_qs((asked.body or b"").decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["id-1"],
        "client_secret": ["canary-secret-77"],
    }
    assert network.sent[0].headers["Authorization"] == "Bearer token-1"


def test_many_requests_cause_one_token_request() -> None:
    network = Network([reply(200, SITE)], latency_s=0.5)

    async def main() -> None:
        async with client(network) as caller:
            assert not any(isinstance(one, Exception) for one in await ask(caller, 20))

    run(main())
    assert len(network.token_requests) == 1


@pytest.mark.parametrize(
    ("expires_in", "good_for_s"),
    [
        (3600, 3540),
        ("3600", 3540),
        (86_400.0, 86_340),
        (3, 2.7),
        (None, 3540),
        ("soon", 3540),
        (-5, 3540),
        (0, 3540),
        (True, 3540),
        ("nan", 3540),
        ([1], 3540),
        (1e30, 30 * 86_400 - 60),
    ],
)
def test_f28_a_token_is_renewed_a_little_before_its_end(expires_in: Any, good_for_s: float) -> None:
    network = Network([reply(200, SITE)], tokens=[granted("a", expires_in=expires_in), granted("b")], latency_s=0.001)

    async def main() -> None:
        async with client(network) as caller:
            await ask(caller)
            await asyncio.sleep(good_for_s - 0.1)
            await ask(caller)
            assert len(network.token_requests) == 1
            await asyncio.sleep(0.2)
            await ask(caller)

    run(main())
    assert [sent.headers["Authorization"] for sent in network.sent] == ["Bearer a", "Bearer a", "Bearer b"]


def test_f64_a_machine_that_slept_asks_for_a_new_token() -> None:
    wall = [5_000.0]
    forms: list[bytes] = []

    async def fetch(form: Callable[[], bytes]) -> object:
        forms.append(form())
        return {"access_token": f"t{len(forms)}", "expires_in": 3600}

    async def main() -> list[str]:
        source = GrantedToken(ClientSecret(SecretStr("i"), SecretStr("s")), fetch, wall=lambda: wall[0])
        tokens = [await source.token()]
        for jump_s in (1_000.0, -3_600.0, 86_400.0):
            wall[0] += jump_s
            tokens.append(await source.token())
        return tokens

    assert run(main()) == ["t1", "t1", "t1", "t2"]


def test_f29_the_token_is_looked_up_when_the_request_leaves_not_when_it_queues() -> None:
    network = Network([takes("a", "b")], tokens=[granted("a", expires_in=10), granted("b")])

    async def main() -> None:
        async with client(network, rate=Rate(4, 60.0), burst=1) as caller:
            await ask(caller, 3)

    run(main())
    assert {sent.headers["Authorization"] for sent in network.sent} == {"Bearer b"}
    assert len(network.token_requests) == 2


def test_f26_a_401_has_the_token_renewed_once_for_all_and_each_request_sent_again() -> None:
    network = Network([takes("new")], tokens=[granted("old"), granted("new")], latency_s=0.2)

    async def main() -> None:
        async with client(network) as caller:
            assert not any(isinstance(one, Exception) for one in await ask(caller, 8))
            assert caller.counts.retried == 0

    run(main())
    assert len(network.token_requests) == 2
    assert len(network.sent) == 16


@pytest.mark.parametrize("workers", [1, 8, 30])
def test_f27_credentials_that_are_refused_for_good_end_everything_after_one_renewal(workers: int) -> None:
    network = Network([takes()])

    async def main() -> list[Any]:
        async with client(network) as caller:
            return await ask(caller, workers) + await ask(caller)

    errors = run(main())
    assert {type(error) for error in errors} == {ApiUnusable}
    assert "CHEKT_CLIENT_ID and CHEKT_CLIENT_SECRET" in str(errors[0])
    assert len(network.token_requests) == 2
    assert len(network.sent) <= 16


def test_a_token_that_was_good_for_a_while_may_be_renewed_each_time() -> None:
    good = ["token-1"]
    network = Network([lambda sent: takes(*good)(sent)])  # noqa: PLW0108 - what is good changes

    async def main() -> None:
        async with client(network) as caller:
            for number in range(1, 5):
                good[:] = [f"token-{number}"]
                assert not isinstance((await ask(caller))[0], Exception)

    run(main())
    assert len(network.token_requests) == 4


def test_a_ready_token_that_is_refused_ends_everything() -> None:
    network = Network([takes()])

    async def main() -> list[Any]:
        async with client(network, settings=settings(access_token="ready-token")) as caller:
            return await ask(caller)

    [error] = run(main())
    assert isinstance(error, ApiUnusable)
    assert "CHEKT_ACCESS_TOKEN" in str(error)
    assert len(network.sent) == 1
    assert network.token_requests == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (reply(401, {"error": "invalid_client", "error_description": "no such client"}), "no such client"),
        (reply(400, {"error": "invalid_client"}), "invalid_client"),
        (reply(403, b"<html><title>Forbidden</title>"), "Forbidden"),
        (reply(404), "CHEKT_TOKEN_URL"),
        (reply(200, {"token": "x"}), "no access_token"),
        (reply(200, {"access_token": "two words"}), "no access_token"),
        (reply(200, ["x"]), "no access_token"),
    ],
)
def test_f28_a_token_url_that_refuses_makes_the_api_unusable(answer: Reply, words: str) -> None:
    network = Network(tokens=[answer])

    async def main() -> list[Any]:
        async with client(network) as caller:
            return await ask(caller)

    [error] = run(main())
    assert isinstance(error, ApiUnusable)
    assert words in str(error)
    assert network.sent == []
    assert len(network.token_requests) == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (reply(500), "http_500"),
        (reply(200, b"<html>log in</html>"), "unreadable_answer"),
        (Failure("timeout", "did not answer"), "timeout"),
        (Failure("unreachable", "can't be reached"), "unreachable"),
    ],
)
def test_f28_a_token_url_that_is_away_is_tried_for_a_while_and_nothing_was_sent(
    answer: Reply | Failure, code: str
) -> None:
    network = Network(tokens=[answer])

    async def main() -> tuple[list[Any], float]:
        async with client(network) as caller:
            start = now()
            return await asyncio.gather(
                *(caller.create_site({"name": "A"}) for _ in range(8)), return_exceptions=True
            ), now() - start

    errors, seconds = run(main())
    for error in errors:
        assert isinstance(error, Rejected)
        assert (error.code, error.acted) == (code, Acted.NO)
    assert network.sent == []
    assert 2 <= len(network.token_requests) <= 6
    assert seconds < 30


def test_a_token_url_that_comes_back_is_no_failure() -> None:
    network = Network([reply(200, SITE)], tokens=[reply(503), Failure("connection_lost", "broke"), granted("t")])

    async def main() -> list[Any]:
        async with client(network) as caller:
            return await ask(caller)

    assert not isinstance(run(main())[0], ApiError)


def test_a_renewal_that_is_cancelled_is_taken_over_by_the_next() -> None:
    network = Network([reply(200, SITE)], latency_s=1.0)

    async def main() -> Any:
        async with client(network) as caller:
            first = asyncio.ensure_future(caller.get_site(1))
            second = asyncio.ensure_future(caller.get_site(1))
            await asyncio.sleep(0.5)
            first.cancel()
            return await second

    assert run(main()).site_id == 1
    assert len(network.token_requests) == 2


def test_secrets_are_hidden_unless_they_are_too_short_to_be_any() -> None:
    assert hide(b"say canary-1 and ab", ("canary-1", "ab", ""), shortest=6) == b"say *** and ab"


def test_data_that_hold_a_weak_secret_by_chance_arrive_as_they_are() -> None:
    network = Network([reply(200, {**SITE, "account_number": "12345678"})])

    async def main() -> str | None:
        async with client(network, settings=settings(client_secret="12345678")) as caller:
            return (await caller.get_site(1)).account_number

    assert run(main()) == "12345678"


@pytest.mark.parametrize(
    ("claims", "life_s"),
    [
        (b'{"exp": 1060}', 60),
        (b'{"exp": "1060.5"}', 60.5),
        (b'{"exp": 940}', -60),
        (b'{"exp": 1e999}', None),
        (b'{"exp": 1' + b"0" * 400 + b"}", None),
        (b'{"exp": NaN}', None),
        (b'{"exp": null}', None),
        (b'{"exp": [1]}', None),
        (b"{}", None),
        (b"[1]", None),
        (b"\xff", None),
    ],
)
def test_a_ready_token_that_is_a_jwt_says_how_long_it_lives(claims: bytes, life_s: float | None) -> None:
    token = b".".join([b"e30", urlsafe_b64encode(claims).rstrip(b"="), b"x"]).decode()
    assert ReadyToken(SecretStr(token), wall=lambda: 1_000.0).life_s() == life_s


@pytest.mark.parametrize(("expires_in", "life_s"), [(120, 110.0), (None, 3_590.0)])
def test_a_token_that_was_fetched_lives_as_long_as_its_answer_said_or_an_hour(
    expires_in: int | None, life_s: float
) -> None:
    network = Network(tokens=[granted("a", expires_in=expires_in)])

    async def main() -> float | None:
        async with client(network) as caller:
            await caller.log_in()
            await asyncio.sleep(10)
            return await caller.log_in()

    assert run(main()) == pytest.approx(life_s, abs=0.1)
    assert len(network.token_requests) == 1
