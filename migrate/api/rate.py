"""Rate: how many requests in which window, as `--rate` says it or a header tells it."""

import re
from dataclasses import dataclass
from typing import Self

from migrate.errors import UsageError

_RATE = re.compile(r"\s*([1-9][0-9]{0,6})\s*/\s*(s|min)\s*")
_WINDOWS_S = {"s": 1.0, "min": 60.0}


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` requests in any `window_s` seconds."""

    count: int
    window_s: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the rate that `60/min` or `5/s` says."""
        match = _RATE.fullmatch(text)
        if match is None:
            raise UsageError(f"{text[:40]!r} is not a rate; write a whole number above 0 and a unit: 60/min or 5/s")
        return cls(int(match[1]), _WINDOWS_S[match[2]])

    @property
    def per_s(self) -> float:
        """Requests a second, on average."""
        return self.count / self.window_s

    def __str__(self) -> str:
        return f"{self.count}/{'s' if self.window_s == 1 else 'min'}"
