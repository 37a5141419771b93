"""How many devices one request may hold: as many as was asked for, fewer once the API has said that it is too many."""

from migrate.errors import ApiError

_TOO_LARGE = 413
_BAD_REQUEST = 400
_SIZE_WORDS = ("too many", "too large", "limit", "maximum", "max ", "at most", "size")


class BatchSize:
    """`limit` holds at present; what a 413 taught stays, what a 400 seemed to say is given up if one device gets it."""

    def __init__(self, asked: int) -> None:
        self.limit = asked
        self._sure = asked

    def refused(self, error: ApiError, *, size: int) -> bool:
        """Learn from a batch of `size` that was refused; return whether less of it may pass."""
        if error.status_code not in {_TOO_LARGE, _BAD_REQUEST}:
            return False
        if size == 1:
            self.limit = self._sure  # so it is about the device, whatever its words
            return False
        half = (size + 1) // 2
        if error.status_code == _TOO_LARGE:
            self._sure = min(self._sure, half)
        if error.status_code == _TOO_LARGE or _about_size(error):
            self.limit = min(self.limit, half)
        return True


def _about_size(error: ApiError) -> bool:
    text = error.message.lower()
    return any(word in text for word in _SIZE_WORDS)
