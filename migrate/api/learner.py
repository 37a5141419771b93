"""Learner: the rate at which to send, raised while all goes well and lowered when the server refuses."""

from typing import Final

START_PER_S: Final = 1.0  # 60/min, until something is learned

_MOST_AT_FIRST_PER_S: Final = 50.0  # the largest plan's; a memory of more may be wrong, and a header soon tells
_STEP_S: Final = 4.0
_BOLD, _CAREFUL = 1.0, 0.02  # growth a step while no limit is known; careful growth doubles with each step
_EPOCH_S, _EPOCH_SENDS = 20.0, 200  # what is gained takes at least this long, and this many requests
_FIRST_GAIN, _GAIN = 0.1, 0.025  # of what was let through before the last refusal; the first is a rough measure
_OUTGROWN: Final = 1.1  # so far above the last refusal, the limit isn't there any more
_BACK_TO_CAP: Final = 0.5  # of what lacks to a limit that is known
_NEAR_CAP, _MISLED_AFTER = 0.9, 2  # refused so often below it, a limit that is told is not the one that counts
_BACK_TO: Final = 0.95  # of what was let through before a refusal
_LOWEST_PER_S: Final = 0.5  # no plan allows less; what is refused at this rate is not refused for its rate
_IN_USE: Final = 0.7  # a rate that isn't used up shows nothing


class Learner:
    """Doubles until the first refusal, then falls a little at each and climbs back slowly; never over `cap_per_s`.

    From a rate that is `remembered` it grows carefully at first: it may be just right, or wrong.
    """

    def __init__(self, cap_per_s: float | None = None, *, remembered_per_s: float | None = None) -> None:
        self.cap_per_s = cap_per_s
        self.per_s = cap_per_s or min(remembered_per_s or START_PER_S, _MOST_AT_FIRST_PER_S)
        self._growth = _BOLD if remembered_per_s is None else _CAREFUL
        self._ceiling_per_s: float | None = None
        self._tried_s = 0.0
        self._lowest_per_s = 0.0
        self._falls = self._refused_below_cap = 0

    @property
    def at_cap(self) -> bool:
        """Whether the rate is the known limit."""
        return self.per_s == self.cap_per_s

    def cap(self, cap_per_s: float) -> None:
        """Take what a header says for the limit; a refusal seen before counts more."""
        self.cap_per_s = cap_per_s
        self.per_s = cap_per_s if self._ceiling_per_s is None else min(self.per_s, cap_per_s)

    def went_well(self, elapsed_s: float, sent: int) -> bool:
        """Count `sent` requests of the last `elapsed_s`, none refused; return whether the rate has changed."""
        before = self.per_s
        if before == self.cap_per_s or sent < _IN_USE * before * elapsed_s:
            return False
        if self._ceiling_per_s is None:
            self._seek(elapsed_s)
        else:
            self._climb(self._ceiling_per_s, min(elapsed_s / _EPOCH_S, sent / _EPOCH_SENDS))
        if self.cap_per_s is not None:
            self.per_s = min(self.per_s, self.cap_per_s)
        return self.per_s != before

    def refused(self, let_through_per_s: float) -> None:
        """Fall below what was let through lately, but not at once to less than half: little may have been asked for."""
        sought = self._ceiling_per_s is None and self.per_s != self.cap_per_s
        if self.cap_per_s is not None and self.per_s < _NEAR_CAP * self.cap_per_s:
            self._refused_below_cap += 1
        self._falls += 1
        self._lowest_per_s = 0.0 if sought else self.per_s / 2
        self._fall(max(let_through_per_s, self.per_s / 2))

    def ran_dry(self, let_through_per_s: float) -> None:
        """Fall further after a refusal, as everything has been refused for long since."""
        self._fall(max(let_through_per_s, self._lowest_per_s))

    def _fall(self, to_per_s: float) -> None:
        self._ceiling_per_s = min(self.per_s, to_per_s)
        lowest_per_s = min(_LOWEST_PER_S, self.cap_per_s or _LOWEST_PER_S)
        self.per_s = min(self.per_s, max(_BACK_TO * to_per_s, lowest_per_s))

    def _seek(self, elapsed_s: float) -> None:
        self._tried_s += elapsed_s
        if self._tried_s >= _STEP_S:
            self._tried_s = 0.0
            self.per_s *= 1 + self._growth
            self._growth = min(_BOLD, 2 * self._growth)

    def _climb(self, ceiling_per_s: float, share: float) -> None:
        gain_per_s = (_GAIN if self._falls > 1 else _FIRST_GAIN) * ceiling_per_s
        if self.cap_per_s is not None and self._refused_below_cap < _MISLED_AFTER:
            gain_per_s = max(gain_per_s, _BACK_TO_CAP * (self.cap_per_s - self.per_s))
        self.per_s += gain_per_s * share
        if self._falls > 1 and self.per_s > _OUTGROWN * ceiling_per_s:
            self._ceiling_per_s = None
            self._growth, self._tried_s = _CAREFUL, 0.0
