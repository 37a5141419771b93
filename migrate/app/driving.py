"""What steers a run from outside: who watches it, and the signal that may end it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from migrate.api.client import PartnerClient
from migrate.api.transport import Transport
from migrate.app.signals import Interrupt
from migrate.journal.writer import JournalWriter


def nothing(*_: object) -> None:
    """Take no notice."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a client has sent and may send at a moment: requests, requests a minute, seconds until the limit lets go."""

    sent: int
    allowed_per_minute: float
    limit_wait_s: float


def traffic_of(client: PartnerClient) -> Traffic:
    """Return the client's traffic at this moment."""
    return Traffic(client.counts.sent, client.per_minute, client.limit_wait_s)


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told how a run goes.

    `total` is given the records to settle, the requests that takes, and how many of these read the lists in the end;
    `settled` a number of records, `done` a number of these requests that are answered or fall away, `wait` a sentence,
    `read` how many lists of how many are read, `traffic` whom to ask for the client's traffic.
    """

    total: Callable[[int, int, int], None] = nothing
    settled: Callable[[int], None] = nothing
    done: Callable[[float], None] = nothing
    wait: Callable[[str], None] = nothing
    read: Callable[[int, int], None] = nothing
    traffic: Callable[[Callable[[], Traffic]], None] = nothing


@dataclass(slots=True)
class Driving:
    """What a use case is driven with: `transport` sends (aiohttp if None), `writer` commits while requests go on."""

    watch: Watch = field(default_factory=Watch)
    interrupt: Interrupt = field(default_factory=Interrupt)
    transport: Transport | None = None
    writer: Callable[[Path], JournalWriter] = JournalWriter
