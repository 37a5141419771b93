"""A TCP proxy on this machine that makes trouble between client and server: toxiproxy's eight faults, both ways."""

import asyncio
import re
import socket
import struct
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

Way = Literal["up", "down"]
Kind = Literal["latency", "bandwidth", "slicer", "slow_close", "timeout", "reset_peer", "limit_data", "down"]

_HOST = "127.0.0.1"
_CHUNK_BYTES = 2**16
_HEAD = re.compile(rb"(?:GET|POST|PUT|PATCH|DELETE) [^ ]+ HTTP/1\.1\r\n")
_SUBJECT = re.compile(rb'"external_[a-z_]+_id": ?"([^"]+)"')
_RST = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happens to one request after the other, those that `request` finds in their first line.

    `up` concerns what goes to the server, `down` what comes back. `numbers` are seconds (latency, slow_close, down),
    bytes a second (bandwidth), bytes (slicer, limit_data); one for each request that suffers it, the rest get through,
    and so does a second one that is about the same record.
    """

    kind: Kind
    way: Way
    numbers: Sequence[float]
    request: bytes = rb"^POST /partner"


@dataclass(slots=True)
class Carried:
    """How many bytes one request and its answer had, as far as they came."""

    line: bytes
    up: int = 0
    down: int = 0


class Proxy:
    """Passes on what comes to `url`; `carried` tells every request, oldest first."""

    def __init__(self, target_port: int, trouble: Trouble | None) -> None:
        self.trouble = trouble
        self.carried: list[Carried] = []
        self._target_port = target_port
        self._suffered: set[tuple[bytes, bytes]] = set()
        self._outages: set[asyncio.Task[None]] = set()
        self._links: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://{_HOST}:{self._port}"

    async def listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, _HOST, self._port, limit=_CHUNK_BYTES)
        self._port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        for task in self._outages:
            task.cancel()
        await asyncio.gather(*self._outages, return_exceptions=True)
        await self._hang_up()

    def next_trouble(self, line: bytes, chunk: bytes) -> tuple[Trouble, float] | None:
        trouble, found = self.trouble, _SUBJECT.search(chunk)
        about = (line, found[1] if found else b"")
        if trouble is None or self.suffered == len(trouble.numbers) or about in self._suffered:
            return None
        if not re.search(trouble.request, line):
            return None
        self._suffered.add(about)
        return trouble, trouble.numbers[self.suffered - 1]

    @property
    def suffered(self) -> int:
        """How many requests suffered the trouble so far."""
        return len(self._suffered)

    def go_down(self, seconds: float) -> None:
        """Cut all connections and take no new ones for a while."""
        self._outages.add(asyncio.ensure_future(self._be_away(seconds)))

    async def _be_away(self, seconds: float) -> None:
        await self._hang_up()
        await asyncio.sleep(seconds)
        await self.listen()

    async def _hang_up(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._links:
            task.cancel()
        await asyncio.gather(*self._links, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._links.add(task)
        try:
            there = await asyncio.open_connection(_HOST, self._target_port, limit=_CHUNK_BYTES)
            await _Link(self, (reader, writer), there).run()
        except (ConnectionError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            self._links.discard(task)


class _Cut(Exception):
    """The trouble ends the connection."""


@dataclass
class _Link:
    """One connection of the client and the one to the server that belongs to it."""

    proxy: Proxy
    client: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    server: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    now: Carried = field(default_factory=lambda: Carried(b""))
    due: tuple[Trouble, float] | None = None

    async def run(self) -> None:
        writers = (self.client[1], self.server[1])
        try:
            with suppress(_Cut, ConnectionError):
                ways = {
                    asyncio.ensure_future(self._pump(self.client[0], self.server[1], "up")),
                    asyncio.ensure_future(self._pump(self.server[0], self.client[1], "down")),
                }
                try:
                    done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                    for way in done:
                        way.result()
                finally:
                    for way in ways:
                        way.cancel()
                    await asyncio.gather(*ways, return_exceptions=True)
        finally:
            for writer in writers:
                writer.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way) -> None:
        while chunk := await reader.read(_CHUNK_BYTES):
            if way == "up" and (head := _HEAD.match(chunk)):
                self.now, self.due = Carried(head[0]), self.proxy.next_trouble(head[0], chunk)
                self.proxy.carried.append(self.now)
            if self.due is None or self.due[0].way != way:
                writer.write(chunk)
            else:
                await self._trouble(*self.due, chunk, writer)
            setattr(self.now, way, getattr(self.now, way) + len(chunk))
            await writer.drain()
        if self.due is not None and self.due[0].kind == "slow_close" and self.due[0].way == way:
            await asyncio.sleep(self.due[1])

    async def _trouble(self, trouble: Trouble, number: float, chunk: bytes, writer: asyncio.StreamWriter) -> None:
        match trouble.kind:
            case "latency":
                await asyncio.sleep(number)
                writer.write(chunk)
            case "bandwidth" | "slicer":
                for piece in _pieces(chunk, int(number) if trouble.kind == "slicer" else 16):
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0 if trouble.kind == "slicer" else len(piece) / number)
            case "slow_close":
                writer.write(chunk)
            case "timeout":  # it was taken, and nobody hears of it again
                await asyncio.Event().wait()
            case "reset_peer":
                self._reset()
            case "limit_data":
                left = int(number) - getattr(self.now, trouble.way)
                writer.write(chunk[: max(0, left)])
                if left <= len(chunk):
                    await writer.drain()
                    raise _Cut
            case "down":
                self.proxy.go_down(number)
                raise _Cut

    def _reset(self) -> None:
        for _, writer in (self.client, self.server):
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST)
            writer.transport.abort()
        raise _Cut


def _pieces(chunk: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(chunk), size):
        yield chunk[start : start + size]


@asynccontextmanager
async def through_proxy(target: str, trouble: Trouble | None = None) -> AsyncIterator[Proxy]:
    """Stand in front of the server at the URL `target`."""
    proxy = Proxy(int(target.rpartition(":")[2]), trouble)
    await proxy.listen()
    try:
        yield proxy
    finally:
        await proxy.close()
