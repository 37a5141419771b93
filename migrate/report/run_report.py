"""Run report: everything that a run's files tell, as one value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import polars as pl

from migrate.model.sources import Input, Source
from migrate.outcomes.causes import Cause, run_causes
from migrate.outcomes.rest import Rest

CHANGES_SCHEMA = pl.Schema({"_n": pl.UInt32(), "_changes": pl.String()})
"""A record's number, and a JSON list of its `[field, before, after]`."""


@dataclass(frozen=True, slots=True)
class Requests:
    """How many requests were sent, sent again, refused for their rate, and planned."""

    sent: int = 0
    retried: int = 0
    rate_limited: int = 0
    planned: int = 0


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What `run.json` holds; what isn't known yet is None or empty. Times are in UTC.

    `counts` is record → outcome → number, `findings` severity → number, `normalized` record.field → (number, example),
    `left_out` why → number.
    """

    run_id: str
    verb: str
    state: str
    version: str
    started_at: datetime
    finished_at: datetime | None = None
    seconds: float | None = None
    exit_code: int | None = None
    dealer_id: str | None = None
    base_url: str | None = None
    parent: str | None = None
    inputs: Sequence[Input] = ()
    mapping_name: str | None = None
    mapping_sha256: str | None = None
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    findings: Mapping[str, int] = field(default_factory=dict)
    normalized: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    requests: Requests = field(default_factory=Requests)


@dataclass(frozen=True)  # without slots: the causes are kept once they were asked for
class RunReport:
    """The facts, and the frames behind their counts: OUTCOMES_SCHEMA, FINDINGS_SCHEMA, LEFT_OUT_SCHEMA.

    `changes` (CHANGES_SCHEMA) is what differs at the dealer; `next_command` is what the person may run next.
    """

    facts: RunFacts
    sources: Sequence[Source]
    outcomes: pl.DataFrame
    findings: pl.DataFrame
    left_out: pl.DataFrame
    next_command: str | None = None
    changes: pl.DataFrame = field(default_factory=CHANGES_SCHEMA.to_frame)
    rest: Rest | None = None
    """The outcomes of a large run that are not among `outcomes`, as all is well with them."""

    @property
    def records(self) -> int:
        """How many outcomes there are."""
        return self.outcomes.height + (0 if self.rest is None else self.rest.number)

    @property
    def next_verb(self) -> str | None:
        """The verb of the next command: where rows are mended is said by it, so that no file contradicts it."""
        _, *words = (self.next_command or "").split() or [""]
        return words[0] if words else None

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """What screen, page and workbook tell alike; found once, as a large run takes a while."""
        return run_causes(self.outcomes, self.findings)
