"""What a run is busy with while somebody waits, how far it is, and how that is told."""

from dataclasses import dataclass, field
from typing import Any, Self

from migrate.app.driving import Traffic, Work
from migrate.cli.forecast import Forecast
from migrate.cli.screen import time_left
from migrate.pipeline.to_go import Sites

_WORTH_TELLING_S = 2.0
_EPSILON = 1e-6
"""Parts of a batch add up to a whole one, but for what floats lose."""


@dataclass(slots=True)
class Phase:
    """`done` of `total` records or lists, and `requests_done` of the `requests` that these take.

    `last` of the requests read the lists in the end; what is done of them shows in what is sent alone. `sites` tells
    what of the others has to follow one another. A `total` of 0 is not known yet.
    """

    what: str
    units: str
    total: int = 0
    requests: int = 0
    last: int = 0
    sites: Sites = field(default_factory=Sites)
    done: int = 0
    requests_done: float = 0.0
    done_at: float = 0.0
    forecast: Forecast = field(default_factory=Forecast)
    _answered_before_last: int | None = None

    @classmethod
    def sending(cls, work: Work) -> Self:
        """Return the phase in which work is done."""
        return cls("sending", "records", work.records, work.requests, work.lists, work.sites)

    def advance(self, requests: float, *, now: float) -> None:
        """Take note of requests that are answered or fall away."""
        self.requests_done += requests
        self.done_at = now

    def look(self, now: float, traffic: Traffic) -> None:
        """Take note of the traffic, to tell from it how long the rest takes."""
        self.forecast.look(now, done=self.requests_done - self.sites.fell_away, done_at=self.done_at, traffic=traffic)
        if self._answered_before_last is None and self.requests - self.requests_done <= self.last + _EPSILON:
            self._answered_before_last = traffic.sent - traffic.under_way

    def answered(self, traffic: Traffic) -> float:
        """Return how many of the requests are answered, or need not be sent any more."""
        return self.requests - self._to_go(traffic)

    def _to_go(self, traffic: Traffic) -> float:
        return max(0.0, self.requests - self.requests_done - self._listed(traffic))

    def _listed(self, traffic: Traffic) -> int:
        before = self._answered_before_last
        return 0 if before is None else traffic.sent - traffic.under_way - before

    def left_s(self, traffic: Traffic) -> float | None:
        """Return how long the rest takes; None where nothing is known of it, or nothing is left."""
        to_go = self._to_go(traffic)
        return self.forecast.left_s(to_go, sites=self.sites) if to_go > _EPSILON else None

    def told(self, traffic: Traffic | None, per_minute: float | None) -> list[str]:
        """Return the parts of what is told of it: first how long it takes, as a narrow terminal has no room for all."""
        counted = f"{self.done:,} of {self.total:,} {self.units}"
        if traffic is None:
            return [counted]
        told = []
        if traffic.limit_wait_s >= _WORTH_TELLING_S:
            told.append(f"waiting for the API's limit ({time_left(traffic.limit_wait_s)})")
        left_s = self.left_s(traffic)
        if left_s is not None:
            told.append(f"{time_left(left_s)} left")
        if self.total:
            told.append(counted)
        if self.requests and self.units == "records":
            told.append(f"{self.answered(traffic):,.0f} of {self.requests:,} requests")
        else:
            told.append(f"{traffic.sent:,} requests")
        allowed = traffic.allowed_per_minute
        told.append(f"{allowed:,.0f}/min allowed" if per_minute is None else f"{per_minute:,.0f} of {allowed:,.0f}/min")
        return told

    def facts(self, traffic: Traffic | None, per_minute: float | None) -> dict[str, Any]:
        """Return the same for other programs."""
        told: dict[str, Any] = {"done": self.done, "total": self.total}
        if traffic is None:
            return told
        left_s = self.left_s(traffic)
        return told | {
            "requests_done": round(self.answered(traffic)),
            "requests_total": self.requests,
            "left_s": None if left_s is None else round(left_s, 1),
            "sent": traffic.sent,
            "per_minute": None if per_minute is None else round(per_minute, 1),
            "allowed_per_minute": round(traffic.allowed_per_minute, 1),
            "limit_wait_s": round(traffic.limit_wait_s, 1),
        }
