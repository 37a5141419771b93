"""Servers that refuse what is over their limit, what their headers tell of it, and workers that send at them."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from math import ceil
from typing import Literal, Protocol

from api_virtual import dice, now
from multidict import CIMultiDict

from migrate.api.pace import Pace
from migrate.api.told import told

EPOCH = 1_800_000_000.0
WARM_S = 60.0


class Limit(Protocol):
    per_s: float
    """What it lets through for ever."""

    def take(self, at: float) -> float | None:
        """Return None if a request is let through, else the seconds until one would be."""
        ...

    def left(self) -> int:
        """Return how many more would be let through at the moment of the last one."""
        ...

    def reset_s(self, at: float) -> float:
        """Return the seconds until all would be let through again."""
        ...


class BucketLimit:
    def __init__(self, per_s: float, capacity: int) -> None:
        self.per_s, self._capacity = per_s, capacity
        self._level, self._at = 0.0, 0.0

    def take(self, at: float) -> float | None:
        self._level, self._at = max(0.0, self._level - (at - self._at) * self.per_s), at
        if self._level + 1 <= self._capacity + 1e-9:
            self._level += 1
            return None
        return (self._level + 1 - self._capacity) / self.per_s

    def left(self) -> int:
        return int(self._capacity - self._level + 1e-9)

    def reset_s(self, at: float) -> float:
        return self._level / self.per_s


class FixedLimit:
    def __init__(self, count: int, window_s: float, *, phase_s: float = 13.0) -> None:
        self.per_s = count / window_s
        self._count, self._window_s, self._phase_s = count, window_s, phase_s
        self._window, self._used = -1.0, 0

    def take(self, at: float) -> float | None:
        window = (at + self._phase_s) // self._window_s
        if window != self._window:
            self._window, self._used = window, 0
        if self._used < self._count:
            self._used += 1
            return None
        return (window + 1) * self._window_s - at - self._phase_s

    def left(self) -> int:
        return self._count - self._used

    def reset_s(self, at: float) -> float:
        return self._window_s - (at + self._phase_s) % self._window_s


class SlidingLimit:
    def __init__(self, count: int, window_s: float) -> None:
        self.per_s = count / window_s
        self._count, self._window_s = count, window_s
        self._passed: deque[float] = deque()

    def take(self, at: float) -> float | None:
        while self._passed and self._passed[0] <= at - self._window_s:
            self._passed.popleft()
        if len(self._passed) < self._count:
            self._passed.append(at)
            return None
        return self._passed[0] + self._window_s - at

    def left(self) -> int:
        return self._count - len(self._passed)

    def reset_s(self, at: float) -> float:
        return self._passed[-1] + self._window_s - at


Wait = Literal["seconds", "date", "past", "nonsense", "negative", "aeons", "nothing"]


@dataclass(frozen=True, slots=True)
class Telling:
    """Which headers a server sends.

    `limit` is a text that is sent as it is, or by how much the told limit is larger than the true one; `left` and
    `reset_s` are what `X-RateLimit-Remaining` and `X-RateLimit-Reset` say, None the truth. `wait` is what a refused
    request is told to wait. `clock_ahead_s` is how far the server's clock is ahead.
    """

    limit: float | str | None = None
    left: str | None = None
    reset_s: float | None = None
    wait: Wait = "seconds"
    clock_ahead_s: float = 0.0

    def headers(self, limit: Limit, *, at: float, wait_s: float | None) -> CIMultiDict[str]:
        wall = EPOCH + at + self.clock_ahead_s
        headers = CIMultiDict({"Date": formatdate(wall, usegmt=True)})
        if self.limit is not None:
            shown = self.limit if isinstance(self.limit, str) else str(round(60 * limit.per_s * self.limit))
            headers["X-RateLimit-Limit"] = shown
            headers["X-RateLimit-Remaining"] = str(limit.left()) if self.left is None else self.left
            headers["X-RateLimit-Reset"] = str(
                ceil(wall + (limit.reset_s(at) if self.reset_s is None else self.reset_s))
            )
        shown_wait = None if wait_s is None else self._wait(wait_s, wall)
        if shown_wait is not None:
            headers["Retry-After"] = shown_wait
        return headers

    def _wait(self, wait_s: float, wall: float) -> str | None:
        shown: Mapping[Wait, str] = {
            "seconds": str(ceil(wait_s)),
            "date": formatdate(ceil(wall + wait_s), usegmt=True),
            "past": formatdate(wall - 3600, usegmt=True),
            "nonsense": "in a while",
            "negative": "-5",
            "aeons": "1000000000",
        }
        return shown.get(self.wait)


@dataclass
class Drive:
    """What a number of workers got through."""

    seconds: float = 0.0
    passed: int = 0
    refused: int = 0
    passed_later: int = 0
    """After the first minute."""
    arrivals: list[float] = field(default_factory=list)

    @property
    def refused_share(self) -> float:
        return self.refused / max(1, self.passed + self.refused)

    def later_share(self, per_s: float) -> float:
        """Return what was let through after the first minute, as a share of the most that could be."""
        return self.passed_later / ((self.seconds - WARM_S) * per_s)


async def drive(
    pace: Pace,
    limit: Limit,
    *,
    enough: Callable[[Drive], bool],
    workers: int = 32,
    telling: Telling | None = None,
) -> Drive:
    """Let workers send through `pace` at a server with `limit`, over a network whose latency varies."""
    start, rng, seen = now(), dice(2), Drive()
    telling = telling or Telling()

    async def worker() -> None:
        while not enough(seen):
            at = await pace.acquire()
            await asyncio.sleep(0.02 + 0.01 * rng.random())
            arrived = now()
            seen.arrivals.append(arrived)
            wait_s = limit.take(arrived)
            headers = told(telling.headers(limit, at=arrived, wait_s=wait_s))
            await asyncio.sleep(0.02)
            if not enough(seen):
                seen.seconds = now() - start
            if wait_s is None:
                seen.passed += 1
                seen.passed_later += now() - start > WARM_S
                pace.answered(headers)
            else:
                seen.refused += 1
                pace.refused(headers, sent_at=at)

    await asyncio.gather(*(worker() for _ in range(workers)))
    return seen
