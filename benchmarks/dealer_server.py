"""A Partner API that does next to nothing and counts what it is asked for: `python -m benchmarks.dealer_server`.

It checks nothing, and keeps sites and devices as the bytes that lists are made of; with `--forgetful` no devices, so
that its memory is no limit; with `--record FILE` it writes what it is asked. With `--answer-ms N` it lets so much time
pass before it answers, as a server far away does. It prints its port, and ends when its
standard input does. `GET /counts` tells the requests so far by kind, `POST /forget` starts it anew. After `POST /hold`
nothing is made any more: who wants to write waits, and `GET /held` is answered once somebody does.
"""

import argparse
import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import orjson
import uvloop
from aiohttp import web

from benchmarks.measure import ROOT

DEALER = "42"
PAGE_MOST = 500
STAMP = "2026-01-01T00:00:00.000Z"
ECHO = ("external_device_id", "device_type", "zone_number")
DEVICE = {
    "name": None,
    "mac": None,
    "manufacturer": None,
    "model": None,
    "serial_number": None,
    "additional_zone_numbers": None,
    "registered_by_partner": "benchmark",
    "created_at": STAMP,
    "updated_at": STAMP,
}
SITE = {"address1": None, "address2": None, "is_activated": 0, "created_at": STAMP, "updated_at": STAMP}
JSON = {"Content-Type": "application/json"}
TOKEN = b'{"access_token": "benchmark-access-token-of-usual-length-0123456789", "expires_in": 3600}'


class Dealer:
    """What the server has, and what it was asked for."""

    def __init__(self, *, forgetful: bool = False, record: Path | None = None, answer_ms: int = 0) -> None:
        self.forgetful = forgetful
        self.record = record
        self.answer_ms = answer_ms
        self.ids = count(1)
        self.sites: list[bytes] = []
        self.devices: dict[str, list[bytes]] = {}
        self.asked: Counter[str] = Counter()
        self.holds = False
        self.held = asyncio.Event()

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer as the API does."""
        if request.path == "/held":
            await self.held.wait()
            return _told(b"{}")
        if (own := self._own(request.path)) is not None:
            return _told(own)
        parts = request.path.strip("/").split("/")
        kind = "/".join(part for part in parts[4:] if not part.isdigit())
        self.asked[f"{request.method} {kind}"] += 1
        body = orjson.loads(await request.read() or b"null")
        if self.record is not None:
            _note(self.record, request, body)
        if self.answer_ms:
            await asyncio.sleep(self.answer_ms / 1000)
        if request.method == "GET":
            rows = {"sites": self.sites, "sites/devices": self.devices.get(parts[-2], [])}.get(kind, [])
            return _told(_page(request, rows))
        if self.holds:
            self.held.set()
            await asyncio.Event().wait()
        if request.method != "POST":
            return _told(orjson.dumps({**body, "site_id": int(parts[5])}))
        if kind == "sites/devices":
            return _told(orjson.dumps(self._made(parts[5], body)), status=201)
        self.sites.append(orjson.dumps({**SITE, **body, "site_id": next(self.ids)}))
        return _told(self.sites[-1], status=201)

    def _own(self, path: str) -> bytes | None:
        """Return the answer to what is none of the dealer's paths."""
        if path == "/oauth/token":
            self.asked["token"] += 1
            return TOKEN
        if path == "/counts":
            return orjson.dumps(self.asked)
        if path == "/hold":
            self.holds, self.held = True, asyncio.Event()
            return b"{}"
        if path == "/forget":
            self.__init__(forgetful=self.forgetful, record=self.record, answer_ms=self.answer_ms)  # type: ignore[misc]
            return b"{}"
        return None

    def _made(self, site: str, body: list[dict[str, Any]]) -> dict[str, Any]:
        made = [{**DEVICE, **item, "device_id": next(self.ids)} for item in body]
        if not self.forgetful:
            self.devices.setdefault(site, []).extend(map(orjson.dumps, made))
        results = [{"is_successful": True, "req": {name: item[name] for name in ECHO}, "res": item} for item in made]
        return {"success_count": len(made), "failure_count": 0, "results": results}


def _note(record: Path, request: web.BaseRequest, body: object) -> None:
    headers = {name.decode(): value.decode() for name, value in request.raw_headers}
    told = {"method": request.method, "path": request.path_qs, "headers": headers, "body": body}
    with record.open("ab") as file:
        file.write(orjson.dumps(told) + b"\n")


def _told(body: bytes, *, status: int = 200) -> web.Response:
    return web.Response(status=status, body=body, headers=JSON)


def _page(request: web.BaseRequest, rows: list[bytes]) -> bytes:
    offset, limit = int(request.query.get("offset", 0)), min(int(request.query.get("limit", PAGE_MOST)), PAGE_MOST)
    return b"[" + b",".join(rows[offset : offset + limit]) + b"]"


async def serve(dealer: Dealer) -> None:
    """Serve on a free port of the loopback until standard input ends."""
    runner = web.ServerRunner(web.Server(dealer.answer, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)


class Running:
    """A server in a process of its own."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    @property
    def env(self) -> dict[str, str]:
        """The settings with which the tool and the others find it."""
        told = {"BASE_URL": self.url, "CLIENT_ID": "benchmark", "CLIENT_SECRET": "none", "DEALER_ID": DEALER}
        return {f"CHEKT_{name}": value for name, value in told.items()}

    def counts(self) -> dict[str, int]:
        """Return how often it was asked for what."""
        with urlopen(f"{self.url}/counts", timeout=30) as answer:  # noqa: S310 - our own loopback server
            told: dict[str, int] = orjson.loads(answer.read())
        return told

    def forget(self) -> None:
        """Let it start anew, with nothing made."""
        self._tell("forget")

    def hold(self) -> None:
        """Let nothing be made any more; whoever waits to write is forgotten."""
        self._tell("hold")

    def wait_held(self, *, timeout_s: float) -> None:
        """Wait until somebody wants to write; raise TimeoutError if nobody does."""
        with urlopen(f"{self.url}/held", timeout=timeout_s):  # noqa: S310 - our own loopback server
            pass

    def _tell(self, what: str) -> None:
        with urlopen(Request(f"{self.url}/{what}", method="POST"), timeout=30):  # noqa: S310 - our own loopback server
            pass


@contextmanager
def running(*, forgetful: bool = False, record: Path | None = None, answer_ms: int = 0) -> Iterator[Running]:
    """Have a server run."""
    words = [sys.executable, "-m", "benchmarks.dealer_server", "--answer-ms", str(answer_ms)]
    words += ["--forgetful"] if forgetful else []
    words += [] if record is None else ["--record", str(record)]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the server has no pipes")
        try:
            yield Running(int(process.stdout.readline()))
        finally:
            process.stdin.close()


def main() -> None:
    """Run the server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forgetful", action="store_true", help="keep no devices")
    parser.add_argument("--record", type=Path, help="write the requests that come in to this file")
    parser.add_argument("--answer-ms", type=int, default=0, help="milliseconds before each answer")
    args = parser.parse_args()
    uvloop.run(serve(Dealer(forgetful=args.forgetful, record=args.record, answer_ms=args.answer_ms)))


if __name__ == "__main__":
    main()
