"""Whatever moves a run makes, and wherever it is killed, the journal tells the state that the table says (P5)."""

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.errors import Defect, Doubtful, Rejected
from migrate.journal.journal import FILE_NAME, Journal
from migrate.journal.writer import JournalWriter
from migrate.model.exchange import Acted, Exchange
from migrate.model.results import Result
from migrate.model.states import ACTIONS, FOLLOWS, RECORD, REOPENED, State, state_of
from migrate.pipeline.execute import open_ledger
from migrate.pipeline.ledger import Ledger

NUMBERS = range(1, 5)
OUTCOMES = ("created", "updated", "failed", "unknown", "blocked")
ERRORS = {
    "acted": None,
    "refused": Rejected("no", code="http_400", acted=Acted.NO),
    "lost": Doubtful("lost", code="connection_lost", acted=Acted.UNKNOWN),
    "clash": Doubtful("clash", code="http_409", acted=Acted.UNKNOWN),
}


@dataclass
class Request:
    """One that is under way."""

    step: str
    numbers: list[int]
    intent: int
    gone: bool = False


@dataclass
class Life:
    """A run that is driven at random, in processes that follow each other."""

    folder: Path
    draw: st.DataObject
    ledger: Ledger
    requests: list[Request] = field(default_factory=list)

    async def go_on(self) -> None:
        async with JournalWriter(self.folder / FILE_NAME) as writer:
            for _ in range(self.draw.draw(st.integers(1, 12))):
                await self.draw.draw(st.sampled_from((self.announce, self.answer, self.settle)))(writer)

    async def announce(self, writer: JournalWriter) -> None:
        step = self.draw.draw(st.sampled_from(("site", "device", "arming", "activation")))
        may = [n for n in NUMBERS if self.may(n, ACTIONS[step], State.INTENT)]
        if may:
            numbers = self.draw.draw(st.lists(st.sampled_from(may), min_size=1, unique=True))
            reopened = self.ledger.reopened(step, numbers)
            intent = await writer.announce(
                step=step, numbers=numbers, attempt=1, fingerprint="f", trace_id="t", reopened=reopened
            )
            self.ledger.announced(step, numbers)
            self.requests.append(Request(step, numbers, intent))
            if self.draw.draw(st.booleans()):
                self.ledger.gone(step, numbers)
                self.requests[-1].gone = True

    async def answer(self, writer: JournalWriter) -> None:
        gone = [request for request in self.requests if request.gone]
        if not gone:
            return
        request = self.draw.draw(st.sampled_from(gone))
        self.requests.remove(request)
        error = ERRORS[self.draw.draw(st.sampled_from(sorted(ERRORS)))]
        told = self.draw.draw(st.lists(st.sampled_from(request.numbers), unique=True))
        of_record = ACTIONS[request.step] == RECORD
        results = [Result(n, self.draw.draw(st.sampled_from(OUTCOMES[:3]))) for n in told if of_record]
        done = [(n, request.step) for n in told if not of_record]
        await writer.answered(request.intent, Exchange("t", attempts=1), error=error, results=results, done=done)
        acted, code = (Acted.YES, None) if error is None else (error.acted, error.code)
        self.ledger.answered(request.step, request.numbers, acted=acted, code=code, results=results, done=done)

    async def settle(self, writer: JournalWriter) -> None:
        n, outcome = self.draw.draw(st.sampled_from(NUMBERS)), self.draw.draw(st.sampled_from(OUTCOMES))
        under_way = {one for request in self.requests if ACTIONS[request.step] == RECORD for one in request.numbers}
        if n not in under_way and state_of(outcome) in FOLLOWS[self.ledger.state(n)]:
            await writer.settle([Result(n, outcome)])
            self.ledger.settled([Result(n, outcome)])

    def may(self, n: int, action: str, to: State) -> bool:
        open_ = action != RECORD or self.ledger.is_open(n)
        return open_ and to in FOLLOWS[self.ledger.state(n, action)]


@given(st.data())
@settings(max_examples=20)
def test_any_run_killed_anywhere_opens_in_the_state_that_the_table_says(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with Journal.create(Path(folder)) as journal:
            life = Life(Path(folder), data, Ledger(journal.past()))
        for _ in range(data.draw(st.integers(1, 4))):
            asyncio.run(life.go_on())
            before = life.ledger
            with Journal.open(Path(folder)) as journal:
                past, results, doubts = journal.past(), journal.results(), journal.doubts()
                opened = open_ledger(journal)
            for action in dict.fromkeys(ACTIONS.values()):
                for n in NUMBERS:
                    assert opened.state(n, action) is REOPENED[before.state(n, action)], (n, action)
            assert past.doubted >= before.doubted
            assert past.again == before.again
            unknown = set(results.filter(outcome="unknown")["_n"])
            assert unknown == {n for n in NUMBERS if opened.in_doubt(n)}
            assert {n for n in NUMBERS if not opened.is_open(n)} == {
                n for n in NUMBERS if before.state(n) is State.SETTLED
            }
            assert doubts == past.doubts
            assert set(doubts) <= unknown
            assert doubts == past.doubts
            life.ledger, life.requests = opened, []


@given(st.sampled_from(list(State)), st.sampled_from(list(State)))
def test_a_move_that_the_table_does_not_allow_is_a_defect(before: State, to: State) -> None:
    with tempfile.TemporaryDirectory() as folder, Journal.create(Path(folder)) as journal:
        ledger = Ledger(journal.past())
    ledger._states[RECORD][1] = before
    if to in FOLLOWS[before]:
        ledger._move_one(RECORD, 1, to)
        assert ledger.state(1) is to
    else:
        with pytest.raises(Defect, match=f"{to} can't follow {before}"):
            ledger._move_one(RECORD, 1, to)
        assert ledger.state(1) is before
