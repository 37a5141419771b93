"""Servers that refuse what is over their limit: a bucket, a fixed window, a sliding window."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from api_virtual import dice, now

from migrate.api.pace import Pace
from migrate.api.told import Told


class Limit(Protocol):
    def take(self, at: float) -> float | None:
        """Return None if a request is let through, else the seconds until one would be."""
        ...


class BucketLimit:
    def __init__(self, per_s: float, capacity: int) -> None:
        self._per_s, self._capacity = per_s, capacity
        self._level, self._at = 0.0, 0.0

    def take(self, at: float) -> float | None:
        self._level, self._at = max(0.0, self._level - (at - self._at) * self._per_s), at
        if self._level + 1 <= self._capacity + 1e-9:
            self._level += 1
            return None
        return (self._level + 1 - self._capacity) / self._per_s


class FixedLimit:
    def __init__(self, count: int, window_s: float, *, phase_s: float = 13.0) -> None:
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


class SlidingLimit:
    def __init__(self, count: int, window_s: float) -> None:
        self._count, self._window_s = count, window_s
        self._passed: deque[float] = deque()

    def take(self, at: float) -> float | None:
        while self._passed and self._passed[0] <= at - self._window_s:
            self._passed.popleft()
        if len(self._passed) < self._count:
            self._passed.append(at)
            return None
        return self._passed[0] + self._window_s - at


@dataclass
class Drive:
    """What a number of workers got through."""

    seconds: float = 0.0
    passed: int = 0
    refused: int = 0
    passed_later: int = 0
    """After the first minute."""


async def drive(
    pace: Pace,
    limit: Limit,
    *,
    enough: Callable[[Drive], bool],
    workers: int = 32,
    told_limit: int | None = None,
    retry_after: bool = True,
) -> Drive:
    """Let workers send through `pace` at a server with `limit`, over a network whose latency varies."""
    start, rng, seen = now(), dice(2), Drive()

    async def worker() -> None:
        while not enough(seen):
            at = await pace.acquire()
            await asyncio.sleep(0.02 + 0.01 * rng.random())
            wait_s = limit.take(now())
            await asyncio.sleep(0.02)
            if not enough(seen):
                seen.seconds = now() - start
            if wait_s is None:
                seen.passed += 1
                seen.passed_later += now() - start > 60
                pace.answered(Told(limit=told_limit))
            else:
                seen.refused += 1
                pace.refused(Told(retry_after_s=wait_s if retry_after else None), sent_at=at)

    await asyncio.gather(*(worker() for _ in range(workers)))
    return seen
