"""Problem: the API says no."""

from collections.abc import Mapping


class Problem(Exception):
    """Ends a request with `status` and what the API says about it."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}
