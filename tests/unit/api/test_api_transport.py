"""The network: whatever an answer looks like, it is whole and a reply, or a failure that says what is known."""

import asyncio
import gzip
import ssl
from pathlib import Path

import pytest
from api_certificate import untrusted_server
from api_wire import Act, says, sending, wire

from migrate.api import transport as network
from migrate.api.answers import Unreadable, decode
from migrate.api.reply import Failure, Reply
from migrate.api.transport import AiohttpTransport

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n[{"site":"a"}]'[:-1]
HEADERS = {"Authorization": "Bearer canary-token"}


async def ask(act: Act, *, method: str = "POST", timeout_s: float = 5.0) -> Reply | Failure:
    async with wire(act) as server, sending() as transport:
        return await transport.send(method, server.url, headers=HEADERS, body=b"{}", timeout_s=timeout_s)


def framed(body: bytes, *headers: bytes) -> bytes:
    lines = (b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers)
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


async def test_a_whole_answer_is_a_reply_whatever_its_type() -> None:
    got = await ask(says(framed(b'{"a":1}', b"content-TYPE: text/html", b"X-RateLimit-LIMIT: 60", b"Set-Cookie: a=1")))
    assert isinstance(got, Reply)
    assert (got.status, got.body, got.headers["x-ratelimit-limit"]) == (200, b'{"a":1}', "60")


async def test_interim_answers_are_passed_over() -> None:
    got = await ask(says(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", framed(b"[]")))
    assert isinstance(got, Reply)
    assert got.body == b"[]"


async def test_a_compressed_answer_is_unpacked() -> None:
    got = await ask(says(framed(gzip.compress(b"[1]"), b"Content-Encoding: gzip")))
    assert isinstance(got, Reply)
    assert got.body == b"[1]"


@pytest.mark.parametrize("end", range(0, 90, 7))
async def test_f14_an_answer_cut_anywhere_is_no_reply(end: int) -> None:
    got = await ask(says(framed(b'[{"site_id":1,"name":"A"}]' * 3)[:end]))
    assert isinstance(got, Failure)
    assert got.code in {"connection_lost", "unreadable_answer"}


async def test_chunks_that_break_off_are_no_reply() -> None:
    got = await ask(says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[1\r\n"))
    assert isinstance(got, Failure)
    assert got.code == "connection_lost"


async def test_a_damaged_compression_is_no_reply() -> None:
    got = await ask(says(framed(b"this is not gzip", b"Content-Encoding: gzip")))
    assert isinstance(got, Failure)
    assert got.code == "connection_lost"


async def test_a_compression_that_breaks_off_leaves_no_whole_json() -> None:
    got = await ask(says(framed(gzip.compress(b"[" + b"1," * 500 + b"1]")[:20], b"Content-Encoding: gzip")))
    assert isinstance(got, Reply)
    with pytest.raises(Unreadable):
        decode(got.body)


@pytest.mark.parametrize("packed", [True, False])
async def test_f13_f15_an_endless_answer_ends_at_the_largest_size(
    monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    monkeypatch.setattr(network, "LONGEST_ANSWER_BYTES", 2**20)
    head = b"HTTP/1.1 200 OK\r\n" + (b"Content-Encoding: gzip\r\n" if packed else b"") + b"\r\n"
    body = gzip.compress(bytes(2**24)) if packed else b"x" * 2**16

    async def act(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        for _turn in range(1_000):
            writer.write(body)
            await writer.drain()

    got = await ask(act)
    assert isinstance(got, Failure)
    assert got.code == "unreadable_answer"
    assert "MiB" in got.message


async def test_a_connection_that_ends_without_an_answer_is_lost() -> None:
    got = await ask(says(b""))
    assert isinstance(got, Failure)
    assert got.code == "connection_lost"


async def test_a_reset_is_a_lost_connection() -> None:
    async def act(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    got = await ask(act)
    assert isinstance(got, Failure)
    assert got.code == "connection_lost"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
async def test_f11_a_kept_connection_that_was_closed_is_not_tried_again_in_secret(method: str) -> None:
    served = 0

    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal served
        writer.write(framed(b"[]"))
        await reader.readuntil(b"\r\n\r\n")
        served += 1
        writer.transport.abort()

    async with wire(act) as server, sending() as transport:
        first = await transport.send("GET", server.url, headers={}, body=None, timeout_s=5)
        second = await transport.send(method, server.url, headers={}, body=None, timeout_s=5)
        assert isinstance(first, Reply)
        assert isinstance(second, Failure)
        assert (second.code, served, server.connections) == ("connection_lost", 1, 1)


async def test_what_is_not_http_is_unreadable() -> None:
    got = await ask(says(b"220 mail.test ESMTP\r\n\r\n"))
    assert isinstance(got, Failure)
    assert got.code == "unreadable_answer"


async def test_f12_an_answer_that_trickles_in_ends_at_the_deadline() -> None:
    async def act(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _turn in range(1_000):
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)

    got = await ask(act, timeout_s=0.2)
    assert isinstance(got, Failure)
    assert (got.code, got.message) == ("timeout", "did not answer within 0.2 s")


async def test_f3_a_closed_port_is_unreachable() -> None:
    async with wire(says(b"")) as server:
        url = server.url
    async with sending() as transport:
        got = await transport.send("POST", url, headers=HEADERS, body=b"{}", timeout_s=5)
    assert isinstance(got, Failure)
    assert got.code == "unreachable"


async def test_f2_a_name_that_is_not_known_is_unreachable() -> None:
    async with sending() as transport:
        got = await transport.send("GET", "https://no-such-host.invalid/", headers=HEADERS, body=None, timeout_s=5)
    assert isinstance(got, Failure)
    assert got.code == "unreachable"


async def test_f3_connecting_that_takes_too_long_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("aiohttp.connector.TCPConnector._create_direct_connection", never)
    async with sending() as transport:
        got = await transport.send("GET", "https://127.0.0.1/", headers=HEADERS, body=None, timeout_s=0.1)
    assert isinstance(got, Failure)
    assert got.code == "unreachable"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    async with wire(says(framed(b"[]"))) as other:
        got = await ask(
            says(b"HTTP/1.1 %d Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % (status, other.url.encode()))
        )
        assert isinstance(got, Reply)
        assert (got.status, other.connections) == (status, 0)


async def test_cookies_are_not_kept() -> None:
    async with (
        wire(says(framed(b"[]", b"Set-Cookie: session=1", b"Connection: close"))) as server,
        sending() as transport,
    ):
        for _ in range(2):
            await transport.send("GET", server.url, headers={}, body=None, timeout_s=5)
        assert not any(b"cookie" in head.lower() for head in server.heads)


async def test_proxy_variables_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert isinstance(await ask(says(framed(b"[]"))), Reply)


async def test_a_write_without_a_body_says_so() -> None:
    async with wire(says(framed(b"{}"))) as server, sending() as transport:
        await transport.send("PATCH", server.url, headers={}, body=None, timeout_s=5)
    assert b"content-length: 0" in server.heads[0].lower()
    assert b"content-type" not in server.heads[0].lower()


async def test_a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    async with wire(says(framed(b"[]")), tls=untrusted_server(tmp_path)) as server, sending() as transport:
        url = f"https://localhost:{server.port}/"
        got = await transport.send("POST", url, headers=HEADERS, body=b"{}", timeout_s=5)
        assert isinstance(got, Failure)
        assert got.code == "untrusted"
        assert "certificate" in got.message
        assert server.heads == []


async def test_a_certificate_that_the_environment_vouches_for_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = untrusted_server(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
    async with wire(says(framed(b"[]")), tls=context) as server, sending() as transport:
        got = await transport.send("GET", f"https://localhost:{server.port}/", headers={}, body=None, timeout_s=5)
        assert isinstance(got, Reply)
        wrong = await transport.send("GET", f"https://127.0.0.1:{server.port}/", headers={}, body=None, timeout_s=5)
        assert isinstance(wrong, Failure)
        assert wrong.code == "untrusted"


async def test_a_plain_server_where_tls_is_expected_is_refused() -> None:
    async with wire(says(framed(b"[]"))) as server, sending() as transport:
        got = await transport.send("GET", f"https://127.0.0.1:{server.port}/", headers=HEADERS, body=None, timeout_s=1)
    assert isinstance(got, Failure)
    assert got.code in {"untrusted", "unreachable"}


async def test_a_handshake_that_breaks_off_is_unreachable() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(5)
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with sending() as transport:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        got = await transport.send("GET", url, headers=HEADERS, body=None, timeout_s=5)
    server.close()
    assert isinstance(got, Failure)
    assert got.code == "unreachable"


async def test_only_new_tls_is_spoken() -> None:
    async with sending() as transport:
        assert transport._session is not None
        connector = transport._session.connector
        assert connector is not None
        context = connector._ssl  # type: ignore[attr-defined]
        assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname


async def test_a_transport_that_is_not_open_says_so() -> None:
    transport = AiohttpTransport()
    with pytest.raises(RuntimeError, match="async with"):
        await transport.send("GET", "http://127.0.0.1/", headers={}, body=None, timeout_s=1)
    await transport.close()


async def test_a_header_of_two_lines_is_never_sent() -> None:
    async with wire(says(framed(b"{}"))) as server, sending() as transport:
        got = await transport.send("GET", server.url, headers={"A": "b\r\nC: d"}, body=None, timeout_s=5)
    assert isinstance(got, Failure)
    assert not server.heads
