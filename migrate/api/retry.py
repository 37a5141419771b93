"""Retry: whether and when a call is sent again, and how many repeats a minute may hold."""

from collections import deque
from dataclasses import dataclass
from random import Random
from typing import Final

from migrate.errors import ApiError

_MINUTE_S: Final = 60.0
_LOOK_AGAIN_S: Final = 1.0
_SERVER_ERROR: Final = 500
_TRANSIENT: Final = frozenset({"timeout", "connection_lost", "unreadable_answer", "http_408"})
REFUSED: Final = "http_429"


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long one call is tried.

    `attempts`: sendings in all. The bound of the random pause doubles from `first_pause_s` to `longest_pause_s`. No new
    try begins after `longest_s`, or after `unreachable_s` where the API can't be reached. `refused_attempts`,
    `refused_s`: the same where it asks to wait (429). `timeout_s`: a shorter limit for one sending than the client's.
    """

    attempts: int = 5
    first_pause_s: float = 0.5
    longest_pause_s: float = 20.0
    longest_s: float = 300.0
    unreachable_s: float = 15.0
    refused_attempts: int = 10
    refused_s: float = 600.0
    timeout_s: float | None = None


def pause_s(
    attempt: int, error: ApiError, *, elapsed_s: float, repeatable: bool, policy: RetryPolicy, rng: Random
) -> float | None:
    """Return the seconds to wait before the next try, or None to stop; `attempt` counts the sendings so far.

    A create is tried again only where the server surely did nothing: a second POST would leave a second site behind.
    After a 429 the pace makes everyone wait, this call too.
    """
    if error.code == REFUSED:
        return 0.0 if attempt < policy.refused_attempts and elapsed_s < policy.refused_s else None
    if error.code == "unreachable":
        may, longest_s = True, policy.unreachable_s
    else:
        may, longest_s = repeatable and _is_transient(error), policy.longest_s
    if not may or attempt >= policy.attempts or elapsed_s >= longest_s:
        return None
    return rng.uniform(0.0, min(policy.first_pause_s * 2 ** (attempt - 1), policy.longest_pause_s))


def _is_transient(error: ApiError) -> bool:
    return error.code in _TRANSIENT or (error.status_code or 0) >= _SERVER_ERROR


class RetryBudget:
    """Repeats within a minute: a tenth of what was sent in it, but at least `floor`; those on their way count too."""

    def __init__(self, *, share: float = 0.1, floor: int = 20) -> None:
        self._share = share
        self._floor = floor
        self._sent: deque[float] = deque()
        self._ended: deque[float] = deque()
        self._on_their_way = 0

    def sent(self, now: float) -> None:
        """Count a sending."""
        self._sent.append(now)
        while self._sent[0] <= now - _MINUTE_S:
            self._sent.popleft()

    def wait_s(self, now: float) -> float:
        """Return how long it takes until one more repeat may be within the budget; 0 if it is now."""
        while self._ended and self._ended[0] <= now - _MINUTE_S:
            self._ended.popleft()
        if len(self._ended) + self._on_their_way < max(self._floor, self._share * len(self._sent)):
            return 0.0
        return self._ended[0] + _MINUTE_S - now if self._ended else _LOOK_AGAIN_S

    def begin(self) -> None:
        """Count a repeat."""
        self._on_their_way += 1

    def end(self, now: float) -> None:
        """Let a repeat count for one more minute."""
        self._on_their_way -= 1
        self._ended.append(now)
