"""Pace: when the next request may leave, for all tasks at once; learned from headers and refusals."""

import asyncio
from collections import deque
from itertools import takewhile
from math import inf
from random import Random
from typing import Final

from aiolimiter import AsyncLimiter

from migrate.api.learner import Learner
from migrate.api.others import Others
from migrate.api.rate import Rate
from migrate.api.told import Told

_SLACK_SHARE, _LONGEST_SLACK_S = 0.02, 0.3
_LOOK_EVERY_S: Final = 1.0
_MEASURED_S, _MEASURED_SENDS, _MINUTE_S = 5.0, 20, 60.0
_DROUGHT_S: Final = 5.0
_SLOWLY_S: Final = 0.5  # between requests while it isn't known whether the server lets any through again
_FIRST_HOLD_S, _HOLD_GROWTH, _LONGEST_HOLD_S = 1.0, 3, 15.0
_SHORT_RESET_S: Final = 2.0
_OURS: Final = 0.9
_LOG_SIZE: Final = 10_000  # a minute of 166 requests a second


class Pace:
    """One budget for everything that is sent.

    Where the limit is known, a leaky bucket spaces requests and a log of the last ones keeps the server's window from
    overflowing; where it has to be found out, they leave one by one. A hold stops all tasks when the server asks for
    it. A rate that is `given` is never exceeded: headers and refusals can only lower it. Without one it is what was
    remembered, or 60/min, until a header tells it, or, where none does, until refusals do.
    """

    def __init__(
        self, given: Rate | None, *, burst: int, rng: Random, remembered_per_minute: float | None = None
    ) -> None:
        self._given = self._limit = given
        # half of what may go at once is kept back: requests can arrive closer together than they left
        self._burst = max(1, (burst + 1) // 2)
        self._rng = rng
        self._turn = asyncio.Lock()
        self._log: deque[float] = deque(maxlen=_LOG_SIZE)
        self._window: deque[float] = deque(maxlen=given.count if given else 1)
        self._window_s = _lengthened(given) if given else 0.0
        self._learner = Learner(
            _spread(given) if given else None,
            remembered_per_s=remembered_per_minute / 60 if remembered_per_minute else None,
        )
        self._has_learned = False
        self._bucket: AsyncLimiter | None = self._new_bucket()
        self._room = 0
        self._is_new = False  # before the first request a burst is free
        self._held_until = self._refused_at = self._lowered_at = self._looked_at = -inf
        self._refusals = self._sent = 0
        self._dry_since, self._known_before_s, self._before = inf, 0.0, 0
        self._others = Others()

    @property
    def per_minute(self) -> float:
        """The rate at present."""
        return 60 * self._learner.per_s

    @property
    def learned_per_minute(self) -> float | None:
        """The rate at present, if it comes from headers or refusals and not from outside."""
        return self.per_minute if self._has_learned and self._given is None else None

    @property
    def waiting_s(self) -> float:
        """How long all requests are still held back because the server asked for it."""
        return max(0.0, self._held_until - _now())

    @property
    def limit_wait_s(self) -> float:
        """How long requests that are ready to leave still wait; 0 if none does."""
        if not self._turn.locked():
            return 0.0
        wait_s = self._free_at() - _now()
        return wait_s if wait_s > 0 else 1 / self._learner.per_s  # the bucket tells no time, but lets go at that rate

    async def acquire(self) -> float:
        """Wait until the next request may leave; return the time, at which it counts as sent."""
        bucket = self._bucket
        if bucket is not None and not self._turn.locked() and (self._room or self._look_for_room(bucket)):
            now = asyncio.get_running_loop().time()
            window = self._window  # what _free_at says, without the call: this is the way of most requests
            if now >= self._held_until and (
                self._limit is None or len(window) != window.maxlen or now >= window[0] + self._window_s
            ):
                self._room -= 1
                await bucket.acquire()  # it has room, so this doesn't wait
                self._window.append(now)
                self._log.append(now)
                self._sent += 1
                return now
        async with self._turn:
            self._room = 0
            while True:
                wait_s = self._free_at() - _now()
                if wait_s > 0:
                    await asyncio.sleep(wait_s)
                    continue
                if self._bucket is not None:
                    if self._is_new:
                        self._is_new = False
                        await self._bucket.acquire(self._burst)  # it has room, so this doesn't wait
                    await self._bucket.acquire()
                now = _now()
                if now >= self._held_until:  # a hold may have come meanwhile
                    self._window.append(now)
                    self._log.append(now)
                    self._sent += 1
                    return now

    def answered(self, told: Told) -> None:
        """Learn from an answer that is no refusal."""
        now = _now()
        if self._refusals:
            self._refusals = 0
            self._look_for_drought(now)
        if told.limit is not None:
            self._adopt(Rate(told.limit, 60.0))
        if told.remaining is not None:
            self._share(now, told.remaining, told.reset_s or 0.0)
        elapsed_s = now - self._looked_at
        if elapsed_s >= _LOOK_EVERY_S:
            self._looked_at = now
            if elapsed_s < inf and self._learner.went_well(elapsed_s, self._sent_since(now - elapsed_s)):
                self._bucket = self._new_bucket() if self._learner.at_cap else None

    def refused(self, told: Told, *, sent_at: float) -> None:
        """Hold everything back after a 429; what was under way when the last one came counts as one with it."""
        if told.limit is not None:
            self._adopt(Rate(told.limit, 60.0))
        if told.retry_after_s is not None:
            self.hold(told.retry_after_s)
        for sends in (self._log, self._window):
            if sent_at in sends:
                sends.remove(sent_at)  # the server doesn't count it
        if sent_at <= self._refused_at:
            return
        self._refused_at = self._looked_at = now = _now()
        if self._refusals:
            self._look_for_drought(now)
        else:
            if self._learner.at_cap:
                self._burst = 1  # the limit is right, perhaps, and what it counts in is shorter than was told
            self._lower(now)
        if self._refusals or told.retry_after_s is None:  # a time that was too short isn't believed alone
            self.hold(self._rng.uniform(0.5, 1.0) * min(_FIRST_HOLD_S * _HOLD_GROWTH**self._refusals, _LONGEST_HOLD_S))
        self._refusals += 1
        self._bucket = None

    def hold(self, seconds: float) -> None:
        """Let nothing leave for `seconds`."""
        self._held_until = max(self._held_until, _now() + seconds)

    def _lower(self, now: float) -> None:
        """Slow down to what was let through over a time that shows it: the last seconds, or the last minute if more."""
        span_s = min(max(_MEASURED_S, _MEASURED_SENDS / self._learner.per_s), _MINUTE_S)
        if now - self._lowered_at >= span_s:
            self._lowered_at = now
            self._has_learned = True
            spans_s = [min(span_s, self._known_s(now)), min(_MINUTE_S, self._known_s(now))]
            self._learner.refused(max(self._sent_since(now - s) / s for s in spans_s))
        self._dry_since, self._known_before_s = now, self._known_s(now)
        self._before = self._sent_since(now - _MINUTE_S)

    def _look_for_drought(self, now: float) -> None:
        """Take a long time without any let through for the rest of a long window: then its average counts."""
        dry_s = now - self._dry_since
        if dry_s >= _DROUGHT_S:
            self._learner.ran_dry(self._before / min(_MINUTE_S, self._known_before_s + dry_s))

    def _known_s(self, now: float) -> float:
        """Return how far back the log goes."""
        return max(1.0, now - self._log[0]) if self._log else 1.0

    def _adopt(self, limit: Rate) -> None:
        """Take the limit that a header tells, unless the given rate is lower."""
        if self._given is not None and self._given.per_s <= limit.per_s:
            limit = self._given
        if limit != self._limit:
            self._limit = limit
            self._has_learned = True
            self._window_s = _lengthened(limit)
            self._window = deque(self._log, maxlen=limit.count)
            self._learner.cap(_spread(limit))
            self._bucket = self._new_bucket() if self._learner.at_cap else None

    def _share(self, now: float, left: int, reset_s: float) -> None:
        """Wait for the window's end if the limit is used up, and not by us."""
        if self._limit is None or not self._others.used_up(left, sent=self._sent, limit=self._limit.count):
            return
        if reset_s < _SHORT_RESET_S:
            return  # a bucket that is empty for a moment; its pace is kept anyway
        if self._sent_since(now - self._limit.window_s) < _OURS * self._limit.count:
            self.hold(min(reset_s, self._limit.window_s))

    def _look_for_room(self, bucket: AsyncLimiter) -> bool:
        """Look how many requests the bucket holds for sure; one look does for a burst."""
        if not self._is_new:
            self._room = self._burst if bucket.has_capacity(self._burst) else int(bucket.has_capacity())
        return self._room > 0

    def _free_at(self) -> float:
        """Return when no hold, full window or send just before is in the way."""
        free_at = self._held_until
        if self._limit is not None and len(self._window) == self._window.maxlen:
            free_at = max(free_at, self._window[0] + self._window_s)
        if self._bucket is None and self._log:
            gap_s = 1 / self._learner.per_s
            free_at = max(free_at, self._log[-1] + (max(gap_s, _SLOWLY_S) if self._refusals else gap_s))
        return free_at

    def _sent_since(self, when: float) -> int:
        return sum(1 for _ in takewhile(lambda at: at > when, reversed(self._log)))

    def _new_bucket(self) -> AsyncLimiter:
        """Return a bucket for the rate at present, to be filled first: the last one's burst may just have gone."""
        self._is_new, self._room = True, 0
        return AsyncLimiter(self._burst, self._burst / self._learner.per_s)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _lengthened(rate: Rate) -> float:
    """Return the window and a little more: two requests may arrive closer together than they left."""
    return rate.window_s + min(_SLACK_SHARE * rate.window_s, _LONGEST_SLACK_S)


def _spread(rate: Rate) -> float:
    return rate.count / _lengthened(rate)
