"""The breaker: while the API is away nobody sends; one task looks whether it is back, for as long as patience lasts."""

import asyncio
from collections.abc import Awaitable, Callable
from math import inf

from migrate.errors import ApiError, Doubtful, Stopped
from migrate.model.exchange import Acted
from migrate.pipeline.stop import Stop

FAILURES_THAT_OPEN = 5  # in a row, from any task: then the API counts as away
_LONGEST_PAUSE_S = 15.0
_SHORTEST_LOOK_S = 2.0
_AT_ONCE = frozenset({"unreachable", "unreadable_answer", "redirect"})  # the last two: a login page is in between
_AWAY = _AT_ONCE | {"connection_lost", "timeout", "http_429"}
_SERVER_ERROR = 500


def is_away(error: ApiError) -> bool:
    """Return whether an error is about the API's being there at all, not about what was asked."""
    return error.code in _AWAY or (error.status_code or 0) >= _SERVER_ERROR


class Breaker:
    """Closed while the API answers; `pass_through` waits while it is open and raises Stopped when patience ends."""

    def __init__(
        self,
        probe: Callable[[], Awaitable[object]],
        *,
        patience_s: float,
        stop: Stop,
        wait: Callable[[str], None],
        first_pause_s: float = 0.5,
    ) -> None:
        self._probe = probe
        self._patience_s = patience_s
        self._first_pause_s = first_pause_s
        self._stop = stop
        self._wait = wait
        self._failures = 0
        self._answered_at = self._away_since = -inf
        self._open: ApiError | None = None
        self._gate = asyncio.Lock()

    def answered(self) -> None:
        """Count an answer: whatever it says, the API is there."""
        self._failures, self._answered_at = 0, _now()

    def failed(self, error: ApiError, *, began: float) -> None:
        """Count a failure of a call that began at a time of the loop's clock; enough in a row open the breaker.

        So does one after a time as long as patience is: then one probe decides.
        """
        self._failures += 1
        if self._failures == 1:
            self._away_since = max(self._answered_at, began)
        over = _now() >= self._away_since + self._patience_s
        if error.code in _AT_ONCE or over or self._failures >= FAILURES_THAT_OPEN:
            self._open = error

    async def pass_through(self) -> None:
        """Return once the API is there."""
        while self._open is not None:
            async with self._gate:
                if self._open is not None:
                    await self._until_back(self._open)

    async def _until_back(self, error: ApiError) -> None:
        give_up_at, pause_s = self._away_since + self._patience_s, self._first_pause_s
        self._wait(f"the API is away ({error.message}); waiting up to {max(0.0, give_up_at - _now()):.0f} s for it")
        while True:
            await self._stop.pause(max(0.0, min(pause_s, give_up_at - _now())))
            again = await self._look(give_up_at)
            if again is None:
                self._open = None
                self.answered()
                return
            if _now() >= give_up_at:
                raise Stopped(
                    f"the API has not answered for {self._patience_s:.0f} s ({again.message}); what was done is saved"
                ) from again
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    async def _look(self, give_up_at: float) -> ApiError | None:
        """Return what keeps the API from answering, None if it is back; it gets a moment even if patience is over."""
        try:
            async with asyncio.timeout_at(max(give_up_at, _now() + _SHORTEST_LOOK_S)):
                await self._probe()
        except ApiError as again:
            return again
        except TimeoutError:
            return Doubtful("no answer in time", code="timeout", acted=Acted.UNKNOWN)
        return None


def _now() -> float:
    return asyncio.get_running_loop().time()
