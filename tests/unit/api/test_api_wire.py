"""Faults of the wire as the whole client meets them: what is refused, what the other side sees, what it costs."""

import asyncio
import gzip
import ssl
import tracemalloc
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from api_authority import authority_file, server
from api_virtual import settings
from api_wire import says, sending, wire

from migrate.api.client import PartnerClient
from migrate.api.reply import Failure
from migrate.api.retry import RetryPolicy
from migrate.api.transport import LONGEST_ANSWER_BYTES
from migrate.errors import ApiUnusable, Doubtful, MigrateError
from migrate.model.exchange import Acted

TOKEN = "canary-token-88-long"
ONCE = RetryPolicy(first_pause_s=0.001, longest_pause_s=0.01)
CREATED = b'{"site_id": 1, "external_site_id": "S-1"}'


def framed(body: bytes, *headers: bytes, status: bytes = b"201 Created") -> bytes:
    lines = (b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers)
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


async def create(url: str, **changes: Any) -> Any:
    """Create a site; return it, or the error."""
    given = settings(**{"base_url": url, "access_token": TOKEN, **changes})
    async with PartnerClient(given, policy=ONCE) as caller:
        try:
            return await caller.create_site({"name": "canary-customer"})
        except MigrateError as error:
            return error


BAD_CERTIFICATES = {
    "self-signed": {"issuer": "server"},
    "of an unknown authority": {"issuer": "somebody"},
    "expired": {"ended": True},
    "of another host": {"host": "elsewhere.test"},
    "of another address": {"host": "127.0.0.2"},
}


@pytest.mark.parametrize("bad", BAD_CERTIFICATES.values(), ids=BAD_CERTIFICATES)
@pytest.mark.parametrize("ready", [True, False], ids=["api", "token URL"])
async def test_f4_a_bad_certificate_is_refused_at_once_and_gets_no_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: dict[str, Any], ready: bool
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file(tmp_path)))
    for name in ("PYTHONHTTPSVERIFY", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.setenv(name, "" if "BUNDLE" in name else "0")
    async with wire(says(framed(CREATED)), tls=server(tmp_path, **bad)) as there:
        error = await create(f"https://localhost:{there.port}", access_token=TOKEN if ready else "")
        assert isinstance(error, ApiUnusable)
        assert f"https://localhost:{there.port} has a certificate that is refused" in str(error)
        assert there.heads == []
        assert there.connections <= 1


async def test_f4_an_authority_of_ones_own_is_trusted_by_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with wire(says(framed(CREATED)), tls=server(tmp_path)) as there:
        url = f"https://localhost:{there.port}"
        assert isinstance(await create(url), ApiUnusable)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority_file(tmp_path)))
        assert (await create(url)).site_id == 1


async def test_what_goes_over_tls_can_not_be_read_with_a_file_that_the_environment_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file(tmp_path)))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    async with wire(says(framed(CREATED)), tls=server(tmp_path)) as there:
        assert (await create(f"https://localhost:{there.port}")).site_id == 1
    assert "TRAFFIC_SECRET" not in ((tmp_path / "keys").read_text() if (tmp_path / "keys").exists() else "")


async def test_old_tls_is_not_spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file(tmp_path)))
    old = server(tmp_path)
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    async with wire(says(framed(CREATED)), tls=old) as there:
        error = await create(f"https://localhost:{there.port}")
        assert isinstance(error, ApiUnusable) or error.acted is Acted.NO
        assert there.heads == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("ready", [True, False], ids=["api", "token URL"])
async def test_f34_f35_another_origin_sees_nothing_and_both_are_named(status: int, ready: bool) -> None:
    async with wire(says(framed(CREATED))) as other:
        moved = framed(b"", b"Location: " + other.url.encode(), status=b"%d Moved" % status)
        async with wire(says(moved)) as there:
            error = await create(there.url, access_token=TOKEN if ready else "")
            assert other.connections == 0
            assert isinstance(error, Doubtful if ready else ApiUnusable | MigrateError)
            assert f"127.0.0.1:{there.port}" in str(error)
            assert f"redirects to http://127.0.0.1:{other.port}, which is not followed" in str(error)
            assert [head.split(b" ")[0] for head in there.heads] == [b"POST"]


async def test_no_address_is_taken_from_an_answer() -> None:
    async with wire(says(framed(b"[]"))) as other:
        links = b'[{"site_id": 1, "next": "%s", "url": "%s"}]' % (other.url.encode(), other.url.encode())
        answer = framed(links, b"Link: <" + other.url.encode() + b'>; rel="next"', status=b"200 OK")
        async with wire(says(answer)) as there:
            async with PartnerClient(settings(base_url=there.url, access_token=TOKEN), policy=ONCE) as caller:
                assert (await caller.list_sites())[0].site_id == 1
            assert other.connections == 0


@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"])
async def test_no_proxy_and_no_netrc_of_the_environment_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login canary-login password canary-password\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    async with wire(says(framed(CREATED))) as proxy, wire(says(framed(CREATED))) as there:
        monkeypatch.setenv(name, proxy.url)
        assert (await create(there.url)).site_id == 1
        assert proxy.connections == 0
        assert b"Basic" not in there.heads[0]


READ = {
    "100 and 103": [b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", framed(CREATED)],
    "odd casing": [framed(CREATED, b"cOnTeNt-TyPe: APPLICATION/JSON", b"x-ratelimit-LIMIT: 60")],
    "headers twice": [framed(CREATED, b"X-RateLimit-Limit: 60", b"X-RateLimit-Limit: 90", b"Retry-After: x")],
    "a byte order mark": [framed(b"\xef\xbb\xbf" + CREATED)],
    "UTF-16": [framed(CREATED.decode().encode("utf-16"), b"Content-Type: application/json; charset=utf-16")],
    "UTF-16 without a mark": [framed(CREATED.decode().encode("utf-16-le"))],
    "UTF-32": [framed(CREATED.decode().encode("utf-32"))],
    "until it closes": [b"HTTP/1.1 201 Created\r\nConnection: close\r\n\r\n" + CREATED],
    "chunks": [b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (41, CREATED)],
    "gzip": [framed(gzip.compress(CREATED), b"Content-Encoding: gzip")],
}
OPEN = {
    "two lengths": [framed(CREATED, b"Content-Length: 7")],
    "length and chunks": [framed(CREATED, b"Transfer-Encoding: chunked")],
    "latin-1 names": [framed(CREATED, b"X-\xe9: 1")],
    "a status without number": [framed(CREATED, status=b"OK")],
    "a switch of protocols": [b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"],
    "a page": [framed(b"<html>log in", status=b"200 OK")],
    "nothing": [b"HTTP/1.1 204 No Content\r\n\r\n"],
    "a damaged gzip": [framed(gzip.compress(CREATED)[:-12] + b"junkjunkjunk", b"Content-Encoding: gzip")],
    "no gzip": [framed(b"this is not gzip", b"Content-Encoding: gzip")],
    "an unknown packing": [framed(b"\x1b\x03" + CREATED, b"Content-Encoding: zstd")],
    "half, by length": [framed(CREATED)[:-3]],
    "half, in chunks": [b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s" % (41, CREATED[:20])],
    "half, until it closes": [b"HTTP/1.1 201 Created\r\nConnection: close\r\n\r\n" + CREATED[:-3]],
}


@pytest.mark.parametrize("chunks", READ.values(), ids=READ)
async def test_f38_an_odd_answer_is_read(chunks: Sequence[bytes]) -> None:
    async with wire(says(*chunks)) as there:
        site = await create(there.url)
        assert (site.site_id, site.external_site_id) == (1, "S-1")


@pytest.mark.parametrize("chunks", OPEN.values(), ids=OPEN)
async def test_f14_f15_f36_f37_f38_what_can_not_be_read_leaves_open_what_happened(chunks: Sequence[bytes]) -> None:
    async with wire(says(*chunks)) as there:
        error = await create(there.url)
        assert isinstance(error, Doubtful)
        assert error.acted is Acted.UNKNOWN
        assert len(there.heads) == 1


@pytest.mark.parametrize("framing", ["length", "chunked", "until it closes"])
async def test_f14_an_answer_cut_after_any_byte_is_never_half_trusted(framing: str) -> None:
    head = {
        "length": b"Content-Length: %d\r\n\r\n" % len(CREATED),
        "chunked": b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(CREATED),
        "until it closes": b"Connection: close\r\n\r\n",
    }[framing]
    end = b"\r\n0\r\n\r\n" if framing == "chunked" else b""
    whole = b"HTTP/1.1 201 Created\r\n" + head + CREATED + end
    cuts: list[int] = []

    async def act(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(whole[: cuts[-1]])

    async with (
        wire(act) as there,
        PartnerClient(settings(base_url=there.url, access_token=TOKEN), policy=ONCE, burst=1_000) as caller,
    ):
        for cut in range(len(whole)):
            cuts.append(cut)
            try:
                site = await caller.create_site({"name": "A"})
            except Doubtful:
                continue
            assert (site.site_id, site.external_site_id) == (1, "S-1"), whole[:cut]
            assert whole[:cut].endswith(CREATED + end[: len(whole[:cut]) - whole.index(CREATED) - len(CREATED)])
    assert len(there.heads) == len(whole)


def bomb() -> bytes:
    """Return 256 MiB of zeros, packed."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(2**24)) for _ in range(16)) + packer.flush()


@pytest.mark.parametrize("kind", ["plain", "gzip"])
async def test_f13_f15_an_endless_answer_and_a_bomb_cost_no_more_memory_than_the_largest_answer(kind: str) -> None:
    part = bomb() if kind == "gzip" else b"x" * 2**20

    async def act(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n" + (b"Content-Encoding: gzip\r\n" if kind == "gzip" else b"") + b"\r\n")
        for _turn in range(1_000):
            writer.write(part)
            await writer.drain()

    async with wire(act) as there, sending() as transport:
        tracemalloc.start()
        got = await transport.send("POST", there.url, headers={}, body=b"{}", timeout_s=60)
        _, most_bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert isinstance(got, Failure)
    assert got.code == "unreadable_answer"
    assert most_bytes < 1.25 * LONGEST_ANSWER_BYTES
