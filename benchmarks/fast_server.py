"""A Partner API that does next to nothing, so that what is measured against it is the client: run by `apply.py`.

It checks nothing and forgets the devices; sites are kept as the bytes that lists are made of. It prints its port.
"""

import argparse
import asyncio
import os
import sys
from itertools import count
from pathlib import Path
from typing import Any

import orjson
import uvloop
from aiohttp import web

ROOT = "/partner/v1/dealers/{dealer}"
STAMP = "2026-01-01T00:00:00Z"
ECHO = ("external_device_id", "device_type", "zone_number")
BLANK = {
    "name": None,
    "mac": None,
    "manufacturer": None,
    "model": None,
    "serial_number": None,
    "additional_zone_numbers": None,
    "registered_by_partner": "bench",
    "created_at": STAMP,
    "updated_at": STAMP,
}
SITE = {"address1": None, "address2": None, "is_activated": 0, "created_at": STAMP, "updated_at": STAMP}
JSON = {"Content-Type": "application/json"}
PAGE = 100


class FastServer:
    """Answers as the API does; with `keep` it has the devices in its lists too."""

    def __init__(self, *, record: Path | None = None, keep: bool = False) -> None:
        self._record = record.open("wb") if record is not None else None
        self._keep = keep
        self._ids = count(1)
        self._sites: list[bytes] = []
        self._devices: dict[str, list[bytes]] = {}

    def app(self) -> web.Application:
        """Return the application with all routes."""
        app = web.Application(client_max_size=1 << 30)
        router = app.router
        router.add_post("/oauth/token", self.token)
        router.add_get(ROOT + "/sites", self.sites)
        router.add_post(ROOT + "/sites", self.create_site)
        router.add_get(ROOT + "/monitoring-stations", self.nothing)
        router.add_get(ROOT + "/sites/{site}/devices", self.devices)
        router.add_post(ROOT + "/sites/{site}/devices", self.create_devices)
        router.add_patch(ROOT + "/sites/{site}/arming-settings", self.arming)
        return app

    async def token(self, _: web.Request) -> web.Response:
        """Give a token."""
        return _json({"access_token": "benchmark-access-token-of-usual-length-0123456789", "expires_in": 3600})

    async def nothing(self, _: web.Request) -> web.Response:
        """Return an empty list."""
        return _json([])

    async def sites(self, request: web.Request) -> web.Response:
        """Return one page of the sites."""
        self._note(request, None)
        return _page(request, self._sites)

    async def devices(self, request: web.Request) -> web.Response:
        """Return one page of a site's devices."""
        return _page(request, self._devices.get(request.match_info["site"], []))

    async def create_site(self, request: web.Request) -> web.Response:
        """Make a site."""
        body = await self._body(request)
        site = orjson.dumps({**SITE, **body, "site_id": next(self._ids)})
        self._sites.append(site)
        return web.Response(status=201, body=site, headers=JSON)

    async def create_devices(self, request: web.Request) -> web.Response:
        """Make devices."""
        made = [{**BLANK, **item, "device_id": next(self._ids)} for item in await self._body(request)]
        if self._keep:
            self._devices.setdefault(request.match_info["site"], []).extend(map(orjson.dumps, made))
        results = [
            {"is_successful": True, "req": {name: device[name] for name in ECHO}, "res": device} for device in made
        ]
        return _json({"success_count": len(made), "failure_count": 0, "results": results}, status=201)

    async def arming(self, request: web.Request) -> web.Response:
        """Set a site's security type."""
        return _json({**await self._body(request), "site_id": int(request.match_info["site"])})

    async def _body(self, request: web.Request) -> Any:  # noqa: ANN401 - JSON
        body = orjson.loads(await request.read())
        self._note(request, body)
        return body

    def _note(self, request: web.Request, body: object) -> None:
        if self._record is not None:
            headers = {name.decode(): value.decode() for name, value in request.raw_headers}
            told = {"method": request.method, "path": request.path_qs, "headers": headers, "body": body}
            self._record.write(orjson.dumps(told) + b"\n")
            self._record.flush()


def _json(value: object, *, status: int = 200) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(value), headers=JSON)


def _page(request: web.Request, rows: list[bytes]) -> web.Response:
    offset, limit = int(request.query.get("offset", 0)), int(request.query.get("limit", PAGE))
    return web.Response(body=b"[" + b",".join(rows[offset : offset + limit]) + b"]", headers=JSON)


async def serve(server: FastServer) -> None:
    """Serve on a free port of the loopback until the process that began this one is gone."""
    runner = web.AppRunner(server.app(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)


def main() -> None:
    """Run the server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", type=Path, help="write the requests that come in to this file")
    parser.add_argument("--keep", action="store_true", help="keep the devices, for lists of them")
    args = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(FastServer(record=args.record, keep=args.keep)))


if __name__ == "__main__":
    main()
