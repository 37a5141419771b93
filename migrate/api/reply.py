"""Reply and Failure: what sending one request came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FailureCode = Literal["unreachable", "untrusted", "timeout", "connection_lost", "unreadable_answer"]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that arrived whole; header names match in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Failure:
    """No whole answer arrived.

    `unreachable`: nothing was sent. `untrusted`: the server's certificate or TLS was refused, nothing was sent. With
    the other codes the server may have acted.
    """

    code: FailureCode
    message: str
