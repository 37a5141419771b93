"""The front: HTTP before the endpoints; who is let in, what goes wrong on purpose, what is remembered."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import formatdate
from functools import partial
from typing import Any, Final
from urllib.parse import parse_qsl

from aiohttp import web

from migrate.sandbox import effects
from migrate.sandbox.bucket import Bucket
from migrate.sandbox.call import Answer, Call, no
from migrate.sandbox.description import PATH, described
from migrate.sandbox.endpoints import ENDPOINTS, Endpoint
from migrate.sandbox.faults import Fault, Faults, Script
from migrate.sandbox.history import History, Request
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.problem import Problem
from migrate.sandbox.resources import SITES
from migrate.sandbox.store import Store
from migrate.sandbox.tokens import Tokens
from migrate.sandbox.wire import cut, parsed, send

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]
_Job = Callable[[web.Request, bytes, Request], Awaitable[Answer]]

_FORM: Final = "application/x-www-form-urlencoded"
_LARGEST_BODY_BYTES: Final = 4 * 2**20
_ID: Final = re.compile(r"[0-9]{1,18}")
_SECRET: Final = frozenset({"authorization", "cookie", "proxy-authorization"})


class Front:
    """Takes requests in and sends answers out; `clock` tells epoch seconds, `sleep` is for faults that wait."""

    def __init__(self, options: SandboxOptions, store: Store, *, clock: Clock, sleep: Sleep) -> None:
        self.history = History(options.history_size)
        self._options = options
        self._store = store
        self._clock = clock
        self._sleep = sleep
        self._script = Script(options.faults)
        self._tokens = Tokens(options, clock=clock)
        self._bucket = None if options.rate is None else Bucket(options.rate, clock=clock)
        self._tasks: set[asyncio.Task[Any] | None] = set()

    def app(self) -> web.Application:
        """Return the application, with all of its routes."""
        app = web.Application(client_max_size=_LARGEST_BODY_BYTES)
        app.router.add_route("POST", "/oauth/token", partial(self._serve, "token.create", self._grant))
        for endpoint in ENDPOINTS:
            job = partial(self._answer, endpoint)
            app.router.add_route(endpoint.method, endpoint.path, partial(self._serve, endpoint.name, job))
        app.router.add_route("GET", PATH, partial(self._serve, "description.get", self._describe))
        app.router.add_route("*", "/{path:.*}", partial(self._serve, "unknown", _unknown))
        return app

    def play(self, faults: Faults) -> None:
        """Let other faults happen from now on."""
        self._script = Script(faults)

    async def stop(self) -> None:
        """End what is still under way; a commit that was to come late never comes."""
        tasks = [task for task in self._tasks if task is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _serve(self, name: str, job: _Job, request: web.Request) -> web.StreamResponse:
        entry = Request(
            at_s=self._clock(),
            endpoint=name,
            method=request.method,
            path=request.path,
            query=tuple(request.query.items()),
            headers={key: value for key, value in request.headers.items() if key.lower() not in _SECRET},
        )
        task = asyncio.current_task()
        self._tasks.add(task)
        self.history.arrived(entry)
        try:
            answer = await job(request, await request.read(), entry)
            entry.status = None if answer.sent == "nothing" else answer.status
            date = formatdate(self._clock(), usegmt=True)
            return await send(request, replace(answer, headers={"Date": date, **answer.headers}))
        except web.HTTPRequestEntityTooLarge:
            entry.status = 413
            return await send(request, no(Problem(413, f"the body has more than {_LARGEST_BODY_BYTES} bytes")))
        finally:
            self.history.left()
            self._tasks.discard(task)

    async def _describe(self, _request: web.Request, _body: bytes, _entry: Request) -> Answer:
        return Answer(200, described(self._options.dealers))

    async def _grant(self, request: web.Request, body: bytes, entry: Request) -> Answer:
        try:
            url = str(request.url)
        except ValueError:  # of a Host header that names none
            return Answer(400, {"error": "invalid_request", "error_description": "the Host header names no host"})
        form = dict(parse_qsl(body.decode(errors="replace"))) if request.content_type == _FORM else None
        due = self._due("token.create", list, entry)
        return await self._with_faults(due, request, lambda: self._tokens.grant(form, url=url))

    async def _answer(self, endpoint: Endpoint, request: web.Request, body: bytes, entry: Request) -> Answer:
        entry.body = body or None
        headers: Mapping[str, str] = {}
        try:
            if self._bucket:
                headers = self._bucket.take()
            self._tokens.check(request.headers.get("Authorization"))
            if body and request.method != "GET":
                entry.body = parsed(body)
            call = self._call(request, entry)
            due = self._due(endpoint.name, lambda: self._subjects(call), entry)
            answer = await self._with_faults(due, request, lambda: self._carry_out(endpoint, call, due, entry))
        except Problem as problem:
            answer = no(problem)
        return replace(answer, headers={**headers, **answer.headers})

    def _call(self, request: web.Request, entry: Request) -> Call:
        dealer_id, *ids = request.match_info.values()
        if dealer_id not in self._options.dealers:
            raise Problem(404, f"dealer {dealer_id} does not exist")
        if not all(_ID.fullmatch(key) for key in ids):
            raise Problem(404, f"{request.path} does not exist")
        return Call(
            store=self._store,
            options=self._options,
            dealer_id=dealer_id,
            ids=tuple(int(key) for key in ids),
            params=entry.query,
            body=entry.body,
        )

    def _subjects(self, call: Call) -> Iterable[str]:
        site = self._store.find(SITES, call.dealer_id, call.ids[0]) if call.ids else None
        return effects.subjects(call, site["external_site_id"] if site else None)

    def _due(self, name: str, subjects: Callable[[], Iterable[str]], entry: Request) -> Sequence[Fault]:
        due = self._script.due(name, subjects)
        entry.faults = tuple(fault.text for fault in due)
        return due

    async def _with_faults(self, due: Sequence[Fault], request: web.Request, act: Callable[[], Answer]) -> Answer:
        delay_s = effects.total_s(due, "delay")
        if delay_s is not None:
            await self._sleep(delay_s)
        answer = effects.instead(due, now=self._clock())
        if answer is not None:
            return answer
        late_s = effects.total_s(due, "delay-commit-after")
        if late_s is not None:
            cut(request)
            await self._sleep(late_s)
        return effects.afterwards(act(), due, now=self._clock())

    def _carry_out(self, endpoint: Endpoint, call: Call, due: Sequence[Fault], entry: Request) -> Answer:
        lag_s = effects.total_s(due, "lag")
        now = self._clock()
        call = replace(call, now=_iso(now), unseen_from=None if lag_s is None else _iso(now - lag_s))
        before = self._store.changes
        try:
            if endpoint.below_site:
                call.find(SITES, call.ids[0])
            with self._store.transaction():
                answer = effects.bent(endpoint.answer(effects.only_some(call, due)), due)
        except Problem as problem:
            return no(problem)
        entry.committed = self._store.changes > before
        return answer


async def _unknown(request: web.Request, _body: bytes, _entry: Request) -> Answer:
    """Refuse what no endpoint is for; where the path has others, tell their methods (RFC 9110, 15.5.6)."""
    allowed: dict[int, set[str]] = {}
    for resource in request.app.router.resources():
        _, methods = await resource.resolve(request)
        allowed.setdefault(resource.canonical.count("{"), set()).update(methods - {"*"})
    message = {"error_message": f"there is no {request.method} {request.path}"}
    plainest = next((methods for _, methods in sorted(allowed.items()) if methods), None)  # not bulk-delete as an id
    return Answer(404, message) if plainest is None else Answer(405, message, {"Allow": ", ".join(sorted(plainest))})


def _iso(epoch_s: float) -> str:
    return datetime.fromtimestamp(epoch_s, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
