"""A server that writes bytes as told, so that answers can be wrong in any way."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from migrate.api.transport import AiohttpTransport

Act = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Wire:
    port: int
    heads: list[bytes] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


@asynccontextmanager
async def wire(act: Act, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Wire]:
    """Serve connections: read a request's head, then act; then the connection ends."""
    tasks: set[asyncio.Task[None] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.connections += 1
        tasks.add(asyncio.current_task())
        try:
            told.heads.append(await reader.readuntil(b"\r\n\r\n"))
            await act(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    told = Wire(server.sockets[0].getsockname()[1])
    try:
        yield told
    finally:
        server.close()
        for task in tasks:
            if task is not None:
                task.cancel()
        await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)


def says(*chunks: bytes) -> Act:
    """Write these bytes, and end."""

    async def act(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()

    return act


@asynccontextmanager
async def sending() -> AsyncIterator[AiohttpTransport]:
    transport = AiohttpTransport()
    await transport.open()
    try:
        yield transport
    finally:
        await transport.close()
