"""Others: whether somebody else draws on the limit, seen by how fast what is left of it falls."""

from typing import Final

_NOTABLE: Final = 0.1  # of the limit: less may be requests that are on their way


class Others:
    """Compares what is left of the limit with what was sent since more was left.

    One answer that says that nothing is left is believed; the next only after one that said otherwise: a server that
    always says so would stop everything.
    """

    def __init__(self) -> None:
        self._most: int | None = None
        self._last = self._sent_at_most = 0
        self._believed = True

    def used_up(self, left: int, *, sent: int, limit: int) -> bool:
        """Take what an answer says is left, after `sent` requests in all; return whether others have used it up."""
        if left > 0:
            if self._most is None or left >= self._last:
                self._most, self._sent_at_most = left, sent
            self._last = left
            self._believed = True
            return False
        believed, self._believed = self._believed, False
        most, self._most = self._most, None
        return believed and (most is None or most - (sent - self._sent_at_most) >= _NOTABLE * limit)
