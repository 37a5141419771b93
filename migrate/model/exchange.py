"""Exchange: what one call to the API left behind, however often it was sent."""

from dataclasses import dataclass
from enum import StrEnum


class Acted(StrEnum):
    """Whether the server did what a request asked for."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


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
