"""Transport: sends one request with aiohttp and returns what came of it; nothing is raised, repeated or redirected.

Connections, TLS and the reading of answers are aiohttp's. Its session is left out: all that it adds for a request
(cookies, redirects, proxies, traces, objects of its own) is not wanted here, and took two fifths of the CPU time.
"""

import asyncio
import ssl
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Final, Protocol

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import HttpProcessingError
from aiohttp.http_writer import _serialize_headers
from yarl import URL

from migrate.api.reply import Failure, FailureCode, Reply

LONGEST_ANSWER_BYTES: Final = 64 * 1024 * 1024
_CONNECT_S: Final = 10.0

_MEANINGS: Final[tuple[tuple[type[Exception], FailureCode, str], ...]] = (
    (aiohttp.ConnectionTimeoutError, "unreachable", "can't be reached: connecting took too long"),
    (asyncio.TimeoutError, "timeout", "did not answer within {timeout_s:g} s"),
    (aiohttp.ClientConnectorDNSError, "unreachable", "can't be reached: its name is not known"),
    (aiohttp.ClientConnectorError, "unreachable", "can't be reached: the connection was refused or failed"),
    (aiohttp.ClientConnectionError, "connection_lost", "closed the connection before its answer was whole"),
    (aiohttp.ClientPayloadError, "connection_lost", "sent an answer that is cut off or damaged"),
    (OSError, "connection_lost", "closed the connection before its answer was whole"),
)
"""The first that fits counts."""


class Transport(Protocol):
    """What the client needs of a network."""

    async def open(self) -> None:
        """Get ready to send."""
        ...

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, timeout_s: float
    ) -> Reply | Failure:
        """Send one request; failures are returned, so that no traceback holds the frames with its headers."""
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...


class AiohttpTransport:
    """Connections of one program: no cookies, no redirects, no proxy or netrc from the environment, TLS verified.

    Certificates come from the system; `SSL_CERT_FILE` and `SSL_CERT_DIR` name others. Without `tls` none are loaded,
    which saves time where only plain http is spoken.
    """

    def __init__(self, *, tls: bool = True) -> None:
        self._tls = tls
        self._connector: aiohttp.TCPConnector | None = None
        self._hosts: dict[str, aiohttp.ClientRequest] = {}
        """By origin, what a connection to it is asked for with; its headers are the same for all requests."""

    async def open(self) -> None:
        """Get ready to connect."""
        self._connector = aiohttp.TCPConnector(limit=0, ssl=_context() if self._tls else True)

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, timeout_s: float
    ) -> Reply | Failure:
        """Send one request within `timeout_s` in all; connecting may take a part of it only."""
        if self._connector is None:
            raise RuntimeError("the client is closed; use it inside of `async with`")
        try:
            async with asyncio.timeout(timeout_s):
                return await self._exchange(self._connector, method, url, headers, body, timeout_s=timeout_s)
        except (aiohttp.ClientError, HttpProcessingError, OSError, ValueError) as error:
            return _failure(error, timeout_s)

    async def close(self) -> None:
        """Close all connections."""
        if self._connector is not None:
            await self._connector.close()
            self._connector = None

    async def _exchange(
        self,
        connector: aiohttp.TCPConnector,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        *,
        timeout_s: float,
    ) -> Reply | Failure:
        path_at = url.index("/", url.index("://") + 3)
        host = self._host(url[:path_at])
        whole = host.headers.copy()
        whole.update(headers)
        if method != "GET":
            whole["Content-Length"] = str(len(body or b""))
        content = _serialize_headers(f"{method} {url[path_at:]} HTTP/1.1", whole) + (body or b"")
        try:
            connection = await connector.connect(host, [], _connecting(timeout_s))
        except TimeoutError as error:
            raise aiohttp.ConnectionTimeoutError from error
        if connection.protocol is None or connection.transport is None:
            raise aiohttp.ClientConnectionError
        try:
            connection.transport.write(content)
            reply = await _answer(connection.protocol)
        except BaseException:
            connection.close()
            raise
        if isinstance(reply, Failure) or connection.transport is None or connection.transport.get_write_buffer_size():
            connection.close()
        else:
            connection.release()
        return reply

    def _host(self, origin: str) -> aiohttp.ClientRequest:
        """Return what a connection to `origin` is asked for with."""
        if origin not in self._hosts:
            skipped = ("Accept", "User-Agent")
            self._hosts[origin] = aiohttp.ClientRequest("GET", URL(origin), skip_auto_headers=skipped)
        return self._hosts[origin]


@lru_cache(maxsize=8)
def _connecting(timeout_s: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(connect=min(_CONNECT_S, timeout_s / 2))


def _context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # what SSLKEYLOGFILE names would let its readers see the token on the wire
    context.keylog_filename = None  # type: ignore[assignment]  # None is how it is switched off
    return context


async def _answer(protocol: ResponseHandler) -> Reply | Failure:
    """Read the answer that comes next."""
    protocol.set_response_params(read_until_eof=True)
    message, payload = await protocol.read()
    while message.code < HTTPStatus.OK and message.code != HTTPStatus.SWITCHING_PROTOCOLS:
        message, payload = await protocol.read()
    chunks: list[bytes] = []
    size = 0
    async for chunk in payload.iter_any():
        size += len(chunk)
        if size > LONGEST_ANSWER_BYTES:
            return Failure("unreadable_answer", f"answered with more than {LONGEST_ANSWER_BYTES >> 20} MiB")
        chunks.append(chunk)
    return Reply(message.code, message.headers, chunks[0] if len(chunks) == 1 else b"".join(chunks))


def _failure(error: Exception, timeout_s: float) -> Failure:
    """Return what an error means; its own text may quote headers and is not used."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        reason = getattr(error.certificate_error, "verify_message", "") or "it is not trusted"
        return Failure("untrusted", f"has a certificate that is refused: {reason}")
    if isinstance(error, aiohttp.ClientConnectorSSLError) and not isinstance(error.os_error, ssl.SSLEOFError):
        return Failure("untrusted", f"does not speak TLS as it should: {error.os_error.strerror}")
    for kind, code, message in _MEANINGS:
        if isinstance(error, kind):
            return Failure(code, message.format(timeout_s=timeout_s))
    return Failure("unreadable_answer", f"answered with something that is not HTTP ({type(error).__name__})")
