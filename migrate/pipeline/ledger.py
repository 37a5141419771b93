"""The ledger: how far the run is with each action of each record; the one place that moves one from state to state."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from migrate.errors import Defect
from migrate.journal.past import Past
from migrate.model.exchange import Acted, Exchange
from migrate.model.results import Result
from migrate.model.states import ACTIONS, CONFLICTS, FOLLOWS, RECORD, State, state_of


@dataclass(frozen=True, slots=True)
class Tried:
    """How often a record was sent, and what came back the last time."""

    attempts: int = 0
    status_code: int | None = None
    trace_id: str | None = None


class Ledger:
    """States, and what became of records, in memory; it follows the journal, which is written first.

    `results` holds what became of records in this run, `doubted` the records that were ever in doubt, `again` those
    that were sent once more after that, `failed` those that failed while this process ran.
    """

    def __init__(self, past: Past, results: Iterable[Result] = ()) -> None:
        self._states: defaultdict[str, dict[int, State]] = defaultdict(dict)
        self._states.update({action: dict(states) for action, states in past.states.items()})
        earlier = {result.n: result for result in results}
        self.results = {n: result for n, result in earlier.items() if self.state(n) is State.SETTLED}
        self._reopened = {n for n in earlier if n not in self.results}
        self._tried = {n: Tried(it.attempts, it.status_code, it.trace_id) for n, it in earlier.items()}
        self.doubted = set(past.doubted)
        self.again = set(past.again)
        self.failed: set[int] = set()

    def state(self, n: int, action: str = RECORD) -> State:
        """Return how far the run is with an action of record `n`."""
        return self._states[action].get(n, State.PLANNED)

    def is_open(self, n: int) -> bool:
        """Return whether nothing has become of record `n` yet."""
        return n not in self.results

    def in_doubt(self, n: int) -> bool:
        """Return whether record `n` may be there without having come to an outcome."""
        return self.is_open(n) and self.state(n) is State.UNKNOWN

    def tried(self, n: int) -> Tried:
        """Return how often record `n` was sent, and what came back."""
        return self._tried.get(n, Tried())

    def reopened(self, step: str, numbers: Sequence[int]) -> list[int]:
        """Return which records a request goes on with that an earlier part of the run had come to an outcome with."""
        return [n for n in numbers if n in self._reopened] if ACTIONS[step] == RECORD else []

    def announced(self, step: str, numbers: Sequence[int]) -> None:
        """Take down that a request about the records is about to go."""
        self._move(step, numbers, State.INTENT)
        if ACTIONS[step] == RECORD:
            self.again.update(self.doubted.intersection(numbers))
            self._reopened.difference_update(numbers)

    def gone(self, step: str, numbers: Sequence[int]) -> None:
        """Take down that the request goes."""
        self._move(step, numbers, State.SENT)

    def came_back(self, numbers: Sequence[int], exchange: Exchange) -> None:
        """Count the sendings of a request, and keep what came back the last time."""
        for n in numbers:
            attempts = self.tried(n).attempts + exchange.attempts
            self._tried[n] = Tried(attempts, exchange.status_code, exchange.trace_id)

    def answered(
        self,
        step: str,
        numbers: Sequence[int],
        *,
        acted: Acted,
        code: str | None = None,
        results: Sequence[Result] = (),
        done: Sequence[tuple[int, str]] = (),
    ) -> int:
        """Take down an answer; records that it settles not are `answered` or in doubt. Returns as `settled` does."""
        if ACTIONS[step] == RECORD:
            if acted is Acted.UNKNOWN and code not in CONFLICTS:
                self.doubted.update(numbers)
            told = {result.n for result in results}
        else:
            told = {n for n, _ in done}
        left = [n for n in numbers if n not in told]
        self._move(step, left, State.ANSWERED if acted is Acted.NO else State.UNKNOWN)
        return self.settled(results, done)

    def settled(self, results: Sequence[Result], done: Sequence[tuple[int, str]] = ()) -> int:
        """Take down what became of records; returns how many of them are told for the first time."""
        for result in results:
            self._move_one(RECORD, result.n, state_of(result.outcome))
        for n, step in done:
            self._move_one(ACTIONS[step], n, State.SETTLED)
        fresh = sum(self.is_open(result.n) for result in results)
        self.failed.update(result.n for result in results if result.outcome == "failed")
        self.results.update((result.n, result) for result in results)
        return fresh

    def _move(self, step: str, numbers: Sequence[int], to: State) -> None:
        for n in numbers:
            self._move_one(ACTIONS[step], n, to)

    def _move_one(self, action: str, n: int, to: State) -> None:
        states = self._states[action]
        before = states.get(n, State.PLANNED)
        if to not in FOLLOWS[before]:
            raise Defect(f"record {n}, {action}: {to} can't follow {before}; the journal is kept")
        states[n] = to
