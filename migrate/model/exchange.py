"""Exchange: what one call to the API left behind, however often it was sent."""

from dataclasses import dataclass
from enum import StrEnum

_SUCCESS, _REDIRECT, _CLIENT_ERROR, _SERVER_ERROR = 200, 300, 400, 500
_MAY_BE_OURS = frozenset({408, 409, 422})


class Acted(StrEnum):
    """Whether the server did what a request asked for."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def acted_by(status_code: int) -> Acted:
    """Return what an answer with this status says of a write: the one place where that is decided.

    A 4xx says that nothing was done, except that 408, 409 and 422 may be about an earlier sending of the same write;
    anything else but a success leaves it open.
    """
    if _SUCCESS <= status_code < _REDIRECT:
        return Acted.YES
    if _CLIENT_ERROR <= status_code < _SERVER_ERROR and status_code not in _MAY_BE_OURS:
        return Acted.NO
    return Acted.UNKNOWN


@dataclass(slots=True)
class Exchange:
    """Filled by the client while a call goes on; the caller announces `trace_id` before the first sending.

    Each sending has a trace id of its own; `trace_id` is that of the last one. `body` is the last answer, bounded.
    """

    trace_id: str
    idempotency_key: str | None = None
    attempts: int = 0
    status_code: int | None = None
    body: bytes = b""
