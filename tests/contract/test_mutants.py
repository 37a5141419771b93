"""What the pipeline promises, broken on purpose: the suite's own scenarios see it, and the table says which.

Each mutant takes away one safeguard by replacing one real function; the scenarios are tests of this folder with the
very arguments that the suite calls them with.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import test_cut_off as cut_off
import test_faults as faults

from migrate.api.retry import pause_s
from migrate.app.options import Options
from migrate.errors import ApiError
from migrate.journal.writer import JournalWriter
from migrate.model.answers import BulkResult
from migrate.model.exchange import Exchange
from migrate.pipeline.doubt import Look, Seen
from migrate.pipeline.jobs import fingerprint
from migrate.pipeline.match import Matched
from migrate.pipeline.options import PipelineOptions
from migrate.pipeline.running import Running, Sent

Scenario = Callable[..., Awaitable[None]]
Patch = pytest.MonkeyPatch


def no_read_back(patch: Patch) -> None:
    async def look(_: Running, identities: Sequence[str], **__: object) -> dict[str, Look[Any]]:
        return {name: Look(Seen.ABSENT) for name in identities}

    patch.setattr("migrate.pipeline.single.look", look)
    patch.setattr("migrate.pipeline.devices.look", look)


def match_by_position(patch: Patch) -> None:
    def match(sent: Sequence[str], results: Sequence[BulkResult], **_: object) -> Matched:
        return Matched(dict(enumerate(results[: len(sent)])), tuple(range(len(results), len(sent))), 0, 0)

    patch.setattr("migrate.pipeline.devices.match", match)


def retry_a_create_that_timed_out(patch: Patch) -> None:
    def eager(attempt: int, error: ApiError, *, repeatable: bool, **rest: Any) -> float | None:
        return pause_s(attempt, error, repeatable=repeatable or error.code == "timeout", **rest)

    patch.setattr("migrate.api.caller.pause_s", eager)


def announce_after_sending(patch: Patch) -> None:
    async def send_once(
        self: Running,
        step: str,
        numbers: Sequence[int],
        *,
        attempt: int,
        body: object,
        call: Callable[[Exchange], Awaitable[Any]],
        **_: object,
    ) -> Sent[Any]:
        exchange, value, error = Exchange("late"), None, None
        try:
            value = await call(exchange)
        except ApiError as raised:
            error = raised
        intent = await self._writer.announce(
            step=step,
            numbers=numbers,
            attempt=attempt,
            fingerprint=fingerprint(body),
            trace_id=exchange.trace_id,
            reopened=self.ledger.reopened(step, numbers),
        )
        self.ledger.announced(step, numbers)
        self.ledger.gone(step, numbers)
        self.ledger.came_back(numbers, exchange)
        return Sent(step, numbers, intent, exchange, value, error)

    patch.setattr(Running, "_send_once", send_once)


def answers_are_not_written(patch: Patch) -> None:
    async def answered(*_: object, **__: object) -> None:
        pass

    patch.setattr(JournalWriter, "answered", answered)


def no_settle_time(patch: Patch) -> None:
    meant = Options.pipeline

    def pipeline(self: Options) -> PipelineOptions:
        return replace(meant(self), settle_s=0.0)

    patch.setattr(Options, "pipeline", pipeline)


ONE = faults.test_a_fault_leaves_each_record_once
SPELL = faults.test_a_spell_of_faults_leaves_each_record_once
SLOW = faults.test_an_answer_that_is_slower_than_the_time_out_makes_no_second_record
LEFT = cut_off.test_f55_a_run_that_is_left_while_a_create_is_under_way_does_not_make_it_again

CAUGHT_BY: Mapping[Callable[[Patch], None], Sequence[tuple[Scenario, tuple[str, ...]]]] = {
    no_read_back: [
        (ONE, ("sites.create", "reset-after-commit")),
        (ONE, ("devices.create", "500-after")),
    ],
    match_by_position: [(SPELL, ("devices.create:shuffle:*",)), (SPELL, ("devices.create:drop-results:2",))],
    retry_a_create_that_timed_out: [(SLOW, ())],
    announce_after_sending: [(LEFT, ("sites.create",)), (LEFT, ("devices.create",))],
    answers_are_not_written: [(ONE, ("sites.create", "502-after")), (SPELL, ("devices.create:wrong-counts:*",))],
    no_settle_time: [(SPELL, ("devices.create:delay-commit-after:0.1:2",))],
}
"""Mutant → the scenarios that see it, with their arguments."""

CASES = [(mutant, *caught) for mutant, scenarios in CAUGHT_BY.items() for caught in scenarios]


def _name(value: object) -> str:
    return str(getattr(value, "__name__", value))


@pytest.mark.parametrize(("mutant", "scenario", "arguments"), CASES, ids=_name)
async def test_a_mutant_is_seen_by_the_scenarios(
    tmp_path: Path,
    monkeypatch: Patch,
    mutant: Callable[[Patch], None],
    scenario: Scenario,
    arguments: tuple[str, ...],
) -> None:
    mutant(monkeypatch)
    with pytest.raises(AssertionError) as seen:
        await scenario(tmp_path, *arguments)
    asserted_in = {Path(entry.path).name for entry in seen.traceback}
    assert asserted_in & {"test_faults.py", "test_cut_off.py"}


@pytest.mark.parametrize(("scenario", "arguments"), [case[1:] for case in CASES if case[2]], ids=_name)
def test_the_scenarios_are_those_of_the_suite(scenario: Scenario, arguments: tuple[str, ...]) -> None:
    [mark] = scenario.pytestmark  # type: ignore[attr-defined]
    known = [value if isinstance(value, tuple) else (value,) for value in mark.args[1]]
    assert arguments in known
