"""Transport: sends one request with aiohttp and returns what came of it; nothing is raised, repeated or redirected."""

import asyncio
import ssl
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Protocol

import aiohttp
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
    """One session: no cookies, no redirects, no proxy or netrc from the environment, certificates always verified.

    Certificates come from the system; `SSL_CERT_FILE` and `SSL_CERT_DIR` name others. Without `tls` none are loaded,
    which saves time where only plain http is spoken.
    """

    def __init__(self, *, tls: bool = True) -> None:
        self._tls = tls
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Start the session."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ssl=_context() if self._tls else True),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("Content-Type",),
            trust_env=False,
        )
        # aiohttp would send a GET, PUT or DELETE again by itself when a kept connection turns out to be closed
        self._session._retry_connection = False  # noqa: SLF001 - it has no public switch

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, timeout_s: float
    ) -> Reply | Failure:
        """Send one request within `timeout_s` in all; connecting may take a part of it only."""
        if self._session is None:
            raise RuntimeError("the client is closed; use it inside of `async with`")
        try:
            async with self._session.request(
                method,
                URL(url, encoded=True),
                headers=headers,
                data=body,
                timeout=_timeout(timeout_s),
                allow_redirects=False,
            ) as response:
                content = await _whole_body(response)
                if content is None:
                    return Failure("unreadable_answer", f"answered with more than {LONGEST_ANSWER_BYTES >> 20} MiB")
                return Reply(response.status, response.headers, content)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return _failure(error, timeout_s)

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


@lru_cache(maxsize=8)
def _timeout(timeout_s: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=timeout_s, connect=min(_CONNECT_S, timeout_s / 2))


def _context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # what SSLKEYLOGFILE names would let its readers see the token on the wire
    context.keylog_filename = None  # type: ignore[assignment]  # None is how it is switched off
    return context


async def _whole_body(response: aiohttp.ClientResponse) -> bytes | None:
    """Return the decoded body, or None if it is too long."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        if size > LONGEST_ANSWER_BYTES:
            return None
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


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
