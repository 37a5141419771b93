"""What the headers of an answer tell about limits and waiting; junk tells nothing."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from math import isfinite

LONGEST_WAIT_S = 300.0
_MOST = 1_000_000  # above this a limit is as good as none


@dataclass(frozen=True, slots=True)
class Told:
    """`limit` is per minute; `reset_s` and `retry_after_s` are seconds from now, never negative."""

    limit: int | None = None
    remaining: int | None = None
    reset_s: float | None = None
    retry_after_s: float | None = None


NOTHING = Told()


def told(headers: Mapping[str, str]) -> Told:
    """Read `X-RateLimit-*` and `Retry-After`; times are taken against the server's own `Date`, else this machine's."""
    limit, remaining = headers.get("X-RateLimit-Limit"), headers.get("X-RateLimit-Remaining")
    reset, retry_after = headers.get("X-RateLimit-Reset"), headers.get("Retry-After")
    if limit is None and remaining is None and retry_after is None:
        return NOTHING
    per_minute = _number(limit)
    left = _number(remaining)
    reset_at = _number(reset)
    return Told(
        limit=int(per_minute) if per_minute is not None and 1 <= per_minute <= _MOST else None,
        remaining=int(left) if left is not None and left >= 0 else None,
        reset_s=None if reset_at is None else _bounded(reset_at - _server_time(headers)),
        retry_after_s=None if retry_after is None else _wait_s(retry_after, headers),
    )


def _wait_s(text: str, headers: Mapping[str, str]) -> float | None:
    """Return the seconds that `Retry-After` asks for (RFC 9110, 10.2.3: seconds or a date)."""
    seconds = _number(text)
    if seconds is not None:
        return _bounded(seconds) if seconds >= 0 else None
    until = _date(text)
    return None if until is None else _bounded(until - _server_time(headers))


def _server_time(headers: Mapping[str, str]) -> float:
    now = _date(headers.get("Date", ""))
    return time.time() if now is None else now


def _date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _number(text: str | None) -> float | None:
    """Return the number that stands in front of any `;` or `,` parameters."""
    try:
        value = float((text or "").split(",")[0].split(";")[0])
    except ValueError:
        return None
    return value if isfinite(value) else None


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST_WAIT_S)
