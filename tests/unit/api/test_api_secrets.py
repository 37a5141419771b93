"""Secrets stay inside, whatever goes wrong: no log, error, traceback or exchange holds one."""

import asyncio
import io
import logging
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from api_virtual import Network, Sent, client, reply, run, settings
from api_wire import says, wire
from signing_keys import SHARED_SECRET, key_file, pem, rsa_key

from migrate.api.auth import GrantedToken
from migrate.api.client import PartnerClient
from migrate.api.reply import Failure, Reply
from migrate.errors import MigrateError
from migrate.model.exchange import Exchange

SECRET = "canary-secret-77"
TOKEN = "canary-token-88-long"
ROW = "canary-customer-name"
CANARIES = (SECRET, TOKEN, ROW, SHARED_SECRET)


@pytest.fixture(autouse=True)
def log() -> Iterator[io.StringIO]:
    """All that is logged, by anyone, at the lowest level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def echo(status: int) -> Any:
    """A server that sends back what it got."""

    def answer(sent: Sent) -> Reply:
        return reply(status, f"{sent.headers} {sent.body!r}".replace(ROW, "").encode())

    return answer


def shown(error: BaseException) -> str:
    """Everything that a traceback can show of an error: local variables of the tool's frames, chained errors too."""
    seen, chain = [], [error]
    while (inner := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(inner)
    for one in chain:
        frames = [frame for frame, _ in traceback.walk_tb(one.__traceback__)]
        assert frames
        seen += [repr(frame.f_locals) for frame in frames if "/migrate/" in frame.f_code.co_filename]
        seen += [str(one), repr(one), repr(vars(one))]
    return "\n".join(seen)


def whole_story(network: Network, **changes: Any) -> str:
    exchange = Exchange("trace-1")

    async def main() -> MigrateError:
        async with client(network, **changes) as caller:
            with pytest.raises(MigrateError) as raised:
                await caller.create_site({"name": ROW}, exchange=exchange)
            return raised.value

    return shown(run(main())) + repr(exchange)


@pytest.mark.parametrize(
    "answer",
    [
        echo(400),
        echo(401),
        echo(403),
        echo(429),
        echo(500),
        echo(302),
        echo(201),
        Failure("connection_lost", "broke"),
        Failure("timeout", "slow"),
        Failure("unreachable", "away"),
        Failure("untrusted", "bad certificate"),
    ],
)
@pytest.mark.parametrize("ready", [True, False])
def test_no_error_of_the_api_shows_a_secret(answer: Any, ready: bool, log: io.StringIO) -> None:
    network = Network([answer], tokens=[reply(200, {"access_token": TOKEN})])
    given = settings(access_token=TOKEN) if ready else settings()
    story = whole_story(network, settings=given)
    assert not any(canary in story for canary in (SECRET, TOKEN))
    assert not any(canary in log.getvalue() for canary in CANARIES)
    assert "/partner/v1/dealers/12/sites" in log.getvalue()


@pytest.mark.parametrize(
    "answer",
    [
        echo(400),
        echo(401),
        echo(500),
        echo(200),
        reply(200, {"access_token": f"{TOKEN} x"}),
        Failure("timeout", "slow"),
    ],
)
def test_no_error_of_the_token_url_shows_a_secret(answer: Any, log: io.StringIO) -> None:
    story = whole_story(Network(tokens=[answer]))
    assert not any(canary in story for canary in (SECRET, TOKEN))
    assert not any(canary in log.getvalue() for canary in CANARIES)


@pytest.mark.parametrize(
    "wrong",
    [
        says(b""),
        says(b"nonsense\r\n\r\n"),
        says(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n["),
        says(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"),
        says(b"HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\nno"),
    ],
)
async def test_no_error_of_the_network_shows_a_secret(wrong: Any, log: io.StringIO) -> None:
    async with wire(wrong) as server:
        given = settings(base_url=server.url, access_token=TOKEN)
        async with PartnerClient(given) as caller:
            with pytest.raises(MigrateError) as raised:
                await caller.create_devices(1, b"[]")
    assert TOKEN not in shown(raised.value)
    assert TOKEN not in log.getvalue()
    assert TOKEN.encode() in server.heads[0]


def test_a_log_line_has_method_path_status_trace_and_time_and_no_query(log: io.StringIO) -> None:
    network = Network([reply(200, [{"site_id": 1, "external_site_id": ROW}])])

    async def main() -> None:
        async with client(network) as caller:
            await caller.find_sites(ROW)

    run(main())
    line = next(line for line in log.getvalue().splitlines() if "/sites" in line)
    method, path, status, trace, milliseconds, unit = line.split()
    assert (method, path, status, unit) == ("GET", "/partner/v1/dealers/12/sites", "200", "ms")
    assert trace == network.sent[0].headers["x-partner-trace-id"]
    assert float(milliseconds) >= 0
    assert ROW not in log.getvalue()


def test_nothing_that_holds_a_secret_shows_it() -> None:
    given = settings(access_token=TOKEN)
    caller = PartnerClient(given)
    held = [given, caller, caller._caller, caller._caller._tokens, vars(caller._caller), vars(caller._caller._tokens)]
    assert not any(canary in repr(one) for one in held for canary in CANARIES)


@pytest.mark.parametrize("answer", [echo(400), echo(401), echo(500), echo(200), Failure("timeout", "slow")])
@pytest.mark.parametrize("signs", ["HS256", "RS256"])
def test_no_error_of_the_token_url_shows_a_key_or_what_it_signed(
    answer: Any, signs: str, tmp_path: Path, log: io.StringIO
) -> None:
    content = SHARED_SECRET if signs == "HS256" else pem(rsa_key())
    given = settings(client_secret="", jwt_key_file=key_file(tmp_path, content))
    network = Network(tokens=[answer])
    story = whole_story(network, settings=given) + log.getvalue()
    signed = [parse_qs((asked.body or b"").decode())["client_assertion"][0] for asked in network.token_requests]
    assert signed
    assert not any(hidden in story for hidden in [*content.splitlines(), *signed, signed[-1].split(".")[2]])


def test_nothing_that_holds_a_key_shows_it(tmp_path: Path) -> None:
    for content in (SHARED_SECRET, pem(rsa_key())):
        given = settings(jwt_key_file=key_file(tmp_path, content))
        tokens = PartnerClient(given)._caller._tokens
        assert isinstance(tokens, GrantedToken)
        held = [given, given.model_dump(), tokens, vars(tokens), tokens._grant, vars(tokens._grant), tokens._form]
        assert not any(line in repr(one) for one in held for line in content.splitlines())


class SlowCreates(Network):
    """A create is answered a second after it was sent, with what came with it."""

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, timeout_s: float
    ) -> Reply | Failure:
        if method == "POST" and "/oauth/" not in url:
            await asyncio.sleep(1.0)
        return await super().send(method, url, headers=headers, body=body, timeout_s=timeout_s)


def test_a_token_that_was_renewed_while_a_request_was_under_way_is_hidden_in_its_answer() -> None:
    first, second = f"{TOKEN}-first", f"{TOKEN}-second"
    tokens = [reply(200, {"access_token": token}) for token in (first, second)]
    network = SlowCreates([reply(401), reply(200, []), echo(500)], tokens=tokens)
    exchange = Exchange("t")

    async def main() -> str:
        async with client(network) as caller:
            creating = asyncio.ensure_future(caller.create_site({"name": ROW}, exchange=exchange))
            await asyncio.sleep(0.1)
            await caller.list_sites()
            with pytest.raises(MigrateError) as raised:
                await creating
            return str(raised.value)

    told = run(main())
    assert len(network.token_requests) == 2
    assert network.sent[-1].headers["Authorization"].endswith(first)
    assert first not in told + repr(exchange)
    assert "***" in told


def test_a_row_of_a_bulk_answer_that_sends_the_token_back_does_not_show_it() -> None:
    failed = {"is_successful": False, "error_message": f"who are you, Bearer {TOKEN}?"}
    network = Network([reply(200, {"results": [failed]})])
    exchange = Exchange("t")

    async def main() -> str:
        async with client(network, settings=settings(access_token=TOKEN)) as caller:
            return repr(await caller.create_devices(1, b"[]", exchange=exchange))

    assert TOKEN not in run(main()) + repr(exchange)
