"""A loop whose clock jumps to the next timer, and a network that answers from a script."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

import orjson
from multidict import CIMultiDict

from migrate.api.client import PartnerClient
from migrate.api.rate import Rate
from migrate.api.reply import Failure, Reply
from migrate.settings import Settings

T = TypeVar("T")

ORIGIN = "https://api.test"
SITE = {"site_id": 1, "external_site_id": "S-1", "name": "One", "timezone": "UTC", "is_activated": 0}


class VirtualLoop(asyncio.SelectorEventLoop):
    """Sleeps take no time, and time passes only by sleeping."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 1_000.0

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        self._now += 1e-8  # a timer a hair away would otherwise never come
        timers = self._scheduled  # type: ignore[attr-defined]  # the only place to see the next timer
        if not self._ready and timers:  # type: ignore[attr-defined]
            self._now = max(self._now, timers[0].when())
        super()._run_once()  # type: ignore[misc]


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` in virtual time; every task must have ended by itself."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(_alone(main))


async def _alone(main: Coroutine[Any, Any, T]) -> T:
    result = await main
    assert asyncio.all_tasks() == {asyncio.current_task()}
    return result


def dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - chance that can be repeated


def now() -> float:
    return asyncio.get_running_loop().time()


@dataclass
class Sent:
    """One request that reached the network."""

    at: float
    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None

    @property
    def path(self) -> str:
        return self.url.removeprefix(ORIGIN)

    @property
    def json(self) -> Any:
        return orjson.loads(self.body or b"null")


Answer = Reply | Failure | Callable[[Sent], Reply | Failure]


@dataclass
class Network:
    """A transport: answers calls of the API in turn, the last answer for ever; tokens from a script of their own."""

    script: Sequence[Answer] = ()
    tokens: Sequence[Answer] = ()
    latency_s: float = 0.01
    sent: list[Sent] = field(default_factory=list)
    token_requests: list[Sent] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    is_open: bool = False

    async def open(self) -> None:
        self.is_open = True

    async def close(self) -> None:
        self.is_open = False

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, timeout_s: float
    ) -> Reply | Failure:
        assert self.is_open
        assert timeout_s > 0
        sent = Sent(now(), method, url, dict(headers), body)
        asked, script = (self.token_requests, self.tokens) if "/oauth/" in url else (self.sent, self.script)
        asked.append(sent)
        answer = script[min(len(asked), len(script)) - 1] if script else granted(f"token-{len(asked)}")
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(self.latency_s)
        finally:
            self.in_flight -= 1
        return answer(sent) if callable(answer) else answer


def reply(status: int, body: Any = None, **headers: str) -> Reply:
    """An answer; `body` is JSON unless it is bytes; header names are written with `_`."""
    content = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
    return Reply(status, CIMultiDict({name.replace("_", "-"): value for name, value in headers.items()}), content)


def granted(token: str, **more: Any) -> Reply:
    return reply(200, {"access_token": token, "token_type": "Bearer", "expires_in": 3600, **more})


def settings(**changes: Any) -> Settings:
    given = {
        "base_url": ORIGIN,
        "client_id": "id-1",
        "client_secret": "canary-secret-77",
        "access_token": "",
        "dealer_id": "12",
        **changes,
    }
    return Settings(env_file=None, **given)


def client(network: Network, **changes: Any) -> PartnerClient:
    """A client on a fast pace; `settings` may be changed."""
    given = changes.pop("settings", None) or settings()

    defaults: dict[str, Any] = {"rate": Rate(1000, 1.0), "burst": 100, "rng": dice(7)}
    return PartnerClient(given, transport=network, **{**defaults, **changes})
