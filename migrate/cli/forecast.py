"""How long what is still to be sent takes: at the pace allowed, of which as much is used as was of late."""

from collections import deque
from dataclasses import dataclass

from migrate.app.driving import Traffic
from migrate.cli.rows import in_rows_s
from migrate.pipeline.to_go import Sites

LONG_WAIT_S = 5.0
"""A wait for the limit of at least so long is an event of its own; shorter ones come again, and count for the pace."""

_WINDOW_S, _LONGEST_WINDOW_S = 60.0, 600.0
_ENOUGH = 30
"""So many requests show how much of the pace is used; while there are fewer in the window, older ones count too."""
_MINUTE_S = 60.0
_LEAST = 1e-9
_SWING = 1.3


@dataclass(frozen=True, slots=True)
class _Point:
    """A moment at which something was done: how many requests were allowed by then, and how many worked off."""

    at: float
    allowed: float
    worked: float


class Forecast:
    """Learns from what was done, in requests of the plan.

    Where answers come as fast as requests may leave, the pace is used up. Where they take their time, or cost more
    requests than planned, a share of it is used, and will be when the pace changes.
    """

    def __init__(self) -> None:
        self._now = self._done = self._allowed = self._worked = 0.0
        self._traffic: Traffic | None = None
        self._answered_before, self._began_at = 0, 0.0
        self._points: deque[_Point] = deque()

    def look(self, now: float, *, done: float, done_at: float, traffic: Traffic) -> None:
        """Take note of what is done by now, the last of it at `done_at`.

        What fell away without a request makes nothing go faster.
        """
        per_s = traffic.allowed_per_minute / _MINUTE_S
        if self._traffic is None:
            self._answered_before = traffic.sent - traffic.under_way
            self._began_at = now
        elif max(self._traffic.limit_wait_s, traffic.limit_wait_s) < LONG_WAIT_S:
            self._allowed += (now - self._now) * (self._per_s() + per_s) / 2
        is_new = done > self._done
        if self._traffic is not None and not 1 / _SWING < per_s / max(self._per_s(), _LEAST) < _SWING:
            self._points.clear()  # who waited by the old pace leaves first, and shows nothing of the new one
            is_new = False
        answered = traffic.sent - traffic.under_way - self._answered_before
        self._worked = min(self._worked + done - self._done, answered)
        self._now, self._done, self._traffic = now, done, traffic
        if is_new and self._worked > 0:
            self._note(_Point(done_at, self._allowed - (now - done_at) * per_s, self._worked))

    def left_s(self, to_go: float, *, sites: Sites | None = None) -> float:
        """Return how long so many requests of the plan take, once there was a look; those of a site follow in a row."""
        traffic = self._traffic
        if traffic is None:
            return 0.0
        per_s = max(_LEAST, self._allowed_per_s(self._per_s()) * self._used_share())
        wait_s = traffic.limit_wait_s if traffic.limit_wait_s >= LONG_WAIT_S else 0.0
        if sites is None or (sites.waiting and not sites.under_way):
            return to_go / per_s + wait_s
        over = traffic.under_way * min(1.0, traffic.waited_s / traffic.answer_s) if traffic.answer_s else 0.0
        return in_rows_s(to_go, sites, over=over, per_s=per_s, answer_s=self._answer_s(traffic)) + wait_s

    def _per_s(self) -> float:
        """Return the pace at the last look."""
        return 0.0 if self._traffic is None else self._traffic.allowed_per_minute / _MINUTE_S

    def _answer_s(self, traffic: Traffic) -> float:
        """Return how long the answers to what is sent for a request of the plan take."""
        answered = traffic.sent - traffic.under_way - self._answered_before
        return traffic.answer_s * max(1.0, answered / max(self._worked, 1.0))

    def _allowed_per_s(self, now: float) -> float:
        """Return the pace to go on with: one that has to be found out swings, and its mean is what comes of it."""
        if len(self._points) < 2 or self._points[-1].at <= self._points[0].at:  # noqa: PLR2004 - to measure between
            return now
        first, last = self._points[0], self._points[-1]
        mean = (last.allowed - first.allowed) / (last.at - first.at)
        return mean if 1 / _SWING < now / max(mean, _LEAST) < _SWING else now

    def _used_share(self) -> float:
        """Return which part of the pace is used, measured from answers to answers, as they may come in groups."""
        if len(self._points) < 2:  # noqa: PLR2004 - to measure between
            return 1.0
        first, before, last = self._points[0], self._points[-2], self._points[-1]
        worked = last.worked - first.worked
        share = worked / max(last.allowed - first.allowed, _LEAST)
        overdue = (worked + last.worked - before.worked) / max(self._allowed - first.allowed, _LEAST)
        return min(1.0, share, overdue)

    def _note(self, point: _Point) -> None:
        """Keep a point; those of long ago are let go where enough has happened since."""
        points = self._points
        points.append(point)
        recent_s = min(_WINDOW_S, (point.at - self._began_at) / 2)  # a run that has just begun starts slowly
        while len(points) > 2 and (  # noqa: PLR2004 - to measure between
            point.at - points[1].at >= _LONGEST_WINDOW_S
            or (point.at - points[1].at >= recent_s and point.worked - points[1].worked >= _ENOUGH)
        ):
            points.popleft()
