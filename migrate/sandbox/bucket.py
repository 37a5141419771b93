"""The token bucket that limits requests, and the headers that tell of it."""

from collections.abc import Callable
from math import ceil

from migrate.sandbox.options import Rate
from migrate.sandbox.problem import Problem


class Bucket:
    """Holds `burst` requests when full and fills up evenly."""

    def __init__(self, rate: Rate, *, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._clock = clock
        self._per_s = rate.per_minute / 60
        self._left = float(rate.burst)
        self._at = clock()

    def take(self) -> dict[str, str]:
        """Take a request out; return the headers of its answer. Raises Problem where none is left."""
        now = self._clock()
        self._left = min(self._rate.burst, self._left + max(0.0, now - self._at) * self._per_s)
        self._at = now
        empty = self._left < 1
        if not empty:
            self._left -= 1
        headers = {
            "X-RateLimit-Limit": str(self._rate.per_minute),
            "X-RateLimit-Remaining": str(int(self._left)),
            "X-RateLimit-Reset": str(ceil(now + (self._rate.burst - self._left) / self._per_s)),
        }
        if empty:
            headers["Retry-After"] = str(max(1, ceil((1 - self._left) / self._per_s)))
            raise Problem(429, "too many requests", headers)
        return headers
