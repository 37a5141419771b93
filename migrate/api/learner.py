"""Learner: the rate at which to send, raised while all goes well and lowered when the server refuses."""

from typing import Final

START_PER_S: Final = 1.0  # 60/min, until something is learned

_DOUBLE_AFTER_S: Final = 4.0
_EPOCH_S, _EPOCH_SENDS = 20.0, 200  # what is gained takes at least this long, and this many requests
_GAIN: Final = 0.1  # of what was let through before the last refusal
_BACK_TO_CAP: Final = 0.5  # of what lacks to a limit that is known
_BACK_TO: Final = 0.9  # of what was let through before a refusal
_LOWEST_PER_S: Final = 0.5  # no plan allows less; what is refused at this rate is not refused for its rate
_IN_USE: Final = 0.7  # a rate that isn't used up shows nothing


class Learner:
    """Doubles until the first refusal, then falls by a tenth at each and climbs back slowly; never over `cap_per_s`."""

    def __init__(self, cap_per_s: float | None = None) -> None:
        self.cap_per_s = cap_per_s
        self.per_s = START_PER_S if cap_per_s is None else cap_per_s
        self._ceiling_per_s: float | None = None
        self._tried_s = 0.0

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
            self._tried_s += elapsed_s
            if self._tried_s >= _DOUBLE_AFTER_S:
                self._tried_s = 0.0
                self.per_s = 2 * before
        else:
            gain_per_s = _GAIN * self._ceiling_per_s
            if self.cap_per_s is not None:
                gain_per_s = max(gain_per_s, _BACK_TO_CAP * (self.cap_per_s - before))
            self.per_s += gain_per_s * min(elapsed_s / _EPOCH_S, sent / _EPOCH_SENDS)
        if self.cap_per_s is not None:
            self.per_s = min(self.per_s, self.cap_per_s)
        return self.per_s != before

    def refused(self, let_through_per_s: float) -> None:
        """Fall below what was let through lately, but not at once to less than half: little may have been asked for."""
        self._ceiling_per_s = min(self.per_s, max(let_through_per_s, self.per_s / 2))
        lowest_per_s = min(_LOWEST_PER_S, self.cap_per_s or _LOWEST_PER_S)
        self.per_s = max(_BACK_TO * self._ceiling_per_s, lowest_per_s)
