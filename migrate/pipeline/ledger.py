"""The ledger: how far the run is with each action of each record; the one place that moves one from state to state."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from migrate.errors import Defect
from migrate.journal.made import Made
from migrate.journal.past import Past
from migrate.model.exchange import Acted, Exchange
from migrate.model.results import Result
from migrate.model.states import ACTIONS, CONFLICTS, RECORD, State, state_of
from migrate.pipeline.columns import Results, States


@dataclass(frozen=True, slots=True)
class Tried:
    """How often a record was sent, and what came back the last time."""

    attempts: int = 0
    status_code: int | None = None
    trace_id: str | None = None


_UNTRIED = Tried()
_NOTHING: Mapping[int, int] = MappingProxyType({})


class Ledger:
    """States, and what became of records, in memory; the journal has them before anything more is sent.

    `results` holds what became of records in this run, `doubted` the records that were ever in doubt, `again` those
    that were sent once more after that, `failed` those that failed while this process ran.
    """

    def __init__(self, past: Past, results: Iterable[Result] = (), made: Iterable[Made] = ()) -> None:
        self._states: defaultdict[str, States] = defaultdict(States)
        self._states.update({action: States(states) for action, states in past.states.items()})
        self.results = Results()
        self._reopened: set[int] = set()
        self._tried: dict[int, Tried] = {}
        for sending_made, sending in made:
            self.results.put_made(sending_made, sending)
        for result in results:
            if self.state(result.n) is State.SETTLED:
                self.results.put(result)
            else:
                self._reopened.add(result.n)
                self._tried[result.n] = Tried(result.attempts, result.status_code, result.trace_id)
        self.doubted = set(past.doubted)
        self.again = set(past.again)
        self.failed: set[int] = set()

    def state(self, n: int, action: str = RECORD) -> State:
        """Return how far the run is with an action of record `n`."""
        return self._states[action][n]

    def is_open(self, n: int) -> bool:
        """Return whether nothing has become of record `n` yet."""
        return n not in self.results

    def in_doubt(self, n: int) -> bool:
        """Return whether record `n` may be there without having come to an outcome."""
        return self.is_open(n) and self.state(n) is State.UNKNOWN

    def any_in_doubt(self, numbers: Sequence[int]) -> bool:
        """Return whether any of the records is in doubt."""
        return not self.doubted.isdisjoint(numbers) and any(self.in_doubt(n) for n in numbers)

    def are_new(self, numbers: Sequence[int]) -> bool:
        """Return whether nothing was ever announced about any of the records, nor has become of them."""
        return self._states[RECORD].are_planned(numbers) and not self._reopened.intersection(numbers)

    def are_closed(self, numbers: Sequence[int]) -> bool:
        """Return whether something has become of all of the records."""
        return not any(map(self.is_open, numbers))

    def plainly_made(self) -> list[int]:
        """Return the records that sendings plainly made, and that were never in doubt."""
        return [n for n in self.results.plainly_made() if n not in self.doubted]

    def tried(self, n: int) -> Tried:
        """Return how often record `n` was sent, and what came back."""
        tried = self._tried.get(n)
        if tried is not None:
            return tried
        result = self.results.get(n)
        return _UNTRIED if result is None else Tried(result.attempts, result.status_code, result.trace_id)

    def reopened(self, step: str, numbers: Sequence[int]) -> list[int]:
        """Return which records a request goes on with that an earlier part of the run had come to an outcome with."""
        if not self._reopened or ACTIONS[step] != RECORD:
            return []
        return [n for n in numbers if n in self._reopened]

    def announced(self, step: str, numbers: Sequence[int]) -> None:
        """Take down that a request about the records is about to go."""
        self._move(step, numbers, State.INTENT)
        if ACTIONS[step] == RECORD:
            if self.doubted:
                self.again.update(self.doubted.intersection(numbers))
            self._reopened.difference_update(numbers)

    def gone(self, step: str, numbers: Sequence[int]) -> None:
        """Take down that the request goes."""
        self._move(step, numbers, State.SENT)

    def came_back(self, numbers: Sequence[int], exchange: Exchange) -> None:
        """Count the sendings of a request, and keep what came back the last time."""
        once = Tried(exchange.attempts, exchange.status_code, exchange.trace_id)
        if len(numbers) > 1 and self._tried.keys().isdisjoint(numbers):  # of a batch nothing has an outcome yet
            self._tried.update(dict.fromkeys(numbers, once))
            return
        for n in numbers:
            before = self.tried(n).attempts
            self._tried[n] = once if not before else Tried(before + once.attempts, once.status_code, once.trace_id)

    def are_sent_once(self, numbers: Sequence[int], exchange: Exchange) -> bool:
        """Return whether the sendings of `exchange`, the last to come back, are all there were about the records."""
        tried = self._tried
        first = tried.get(numbers[0], _UNTRIED)
        return first.attempts == exchange.attempts and [*map(tried.get, numbers)].count(first) == len(numbers)

    def answered(
        self,
        step: str,
        numbers: Sequence[int],
        *,
        acted: Acted,
        code: str | None = None,
        results: Sequence[Result] = (),
        done: Sequence[tuple[int, str]] = (),
        made: Mapping[int, int] = _NOTHING,
        exchange: Exchange | None = None,
    ) -> int:
        """Take down an answer; records that it settles not are `answered` or in doubt. Returns as `settled` does.

        `made` (number → remote id) are records that `exchange` plainly made.
        """
        if ACTIONS[step] == RECORD:
            if acted is Acted.UNKNOWN and code not in CONFLICTS:
                self.doubted.update(numbers)
            told = {*made, *(result.n for result in results)}
        else:
            told = {n for n, _ in done}
        if len(told) < len(numbers):
            left = [n for n in numbers if n not in told]
            self._move(step, left, State.ANSWERED if acted is Acted.NO else State.UNKNOWN)
        if made and exchange is not None:
            self._move(step, [*made], State.SETTLED)
            self.results.put_made(made, (exchange.status_code, exchange.attempts, exchange.trace_id))
            for n in made:
                self._tried.pop(n, None)  # the result tells it
        return len(made) + self.settled(results, done)

    def settled(self, results: Sequence[Result], done: Sequence[tuple[int, str]] = ()) -> int:
        """Take down what became of records; returns how many of them are told for the first time."""
        for result in results:
            self._move_one(RECORD, result.n, state_of(result.outcome))
        for n, step in done:
            self._move_one(ACTIONS[step], n, State.SETTLED)
        fresh = sum(self.is_open(result.n) for result in results)
        self.failed.update(result.n for result in results if result.outcome == "failed")
        for result in results:
            self.results.put(result)
        return fresh

    def _move(self, step: str, numbers: Sequence[int], to: State) -> None:
        action = ACTIONS[step]
        stopped_at = self._states[action].move(numbers, to)
        if stopped_at is not None:
            self._move_one(action, stopped_at, to)

    def _move_one(self, action: str, n: int, to: State) -> None:
        states = self._states[action]
        if states.move((n,), to) is not None:
            raise Defect(f"record {n}, {action}: {to} can't follow {states[n]}; the journal is kept")
