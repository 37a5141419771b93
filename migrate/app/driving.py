"""What steers a run from outside: who watches it, and the signal that may end it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from migrate.api.client import PartnerClient
from migrate.api.transport import Transport
from migrate.app.signals import Interrupt
from migrate.app.watch import ReadingWatch, nothing
from migrate.journal.writer import JournalWriter
from migrate.pipeline.to_go import Sites


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a client has sent and may send at a moment: requests, requests a minute, seconds until the limit lets go.

    An answer takes `answer_s` on average; `under_way` requests wait for theirs, for `waited_s` on average.
    """

    sent: int
    allowed_per_minute: float
    limit_wait_s: float
    answer_s: float = 0.0
    under_way: int = 0
    waited_s: float = 0.0


def traffic_of(client: PartnerClient) -> Traffic:
    """Return the client's traffic at this moment."""
    counts = client.counts
    under_way = counts.sent - counts.answered
    return Traffic(
        counts.sent,
        client.per_minute,
        client.limit_wait_s,
        answer_s=counts.answers_s / max(counts.answered, 1),
        under_way=under_way,
        waited_s=asyncio.get_running_loop().time() - counts.left_at / under_way if under_way else 0.0,
    )


@dataclass(frozen=True, slots=True)
class Work:
    """What a run is about to do: records to settle, and the requests that this takes; `sites` tells how far each is.

    `lists` of the requests read the lists in the end.
    """

    records: int
    requests: int
    lists: int = 0
    sites: Sites = field(default_factory=Sites)


@dataclass(frozen=True, slots=True)
class Watch(ReadingWatch):
    """Who is told how a run goes, from the reading of its inputs on.

    `work` is given what is about to be done, `settled` a number of its records, `done` a number of its requests that
    are answered or fall away, `wait` a sentence, `read` how many lists of how many are read, `traffic` whom to ask for
    the client's traffic.
    """

    work: Callable[[Work], None] = nothing
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
