"""What the ledger holds of each record, in columns by record number: a million records take megabytes, not objects."""

from array import array
from collections.abc import Iterable, Mapping, Sequence

from migrate.model.exchange import Exchange
from migrate.model.results import Result
from migrate.model.states import FOLLOWS, State

_STATES = tuple(State)
_CODES = {state: code for code, state in enumerate(_STATES)}
_MAY = {to: frozenset(_CODES[before] for before in _STATES if to in FOLLOWS[before]) for to in _STATES}
"""State → the codes of those that it may follow."""
_NONE, _PLANNED = 0, _CODES[State.PLANNED]  # 0 too: room that is made is planned
LARGEST_ID = 2**63 - 1
"""The largest id of the dealer's that a column holds."""

Sending = tuple[int | None, int, str | None]
"""The status code, the number of attempts and the trace id of the request that made a record."""


class States:
    """Record number → state; one byte each, `planned` where nothing was set."""

    def __init__(self, known: Mapping[int, State] | None = None) -> None:
        self._codes = bytearray(max(known) + 1) if known else bytearray()
        for n, state in (known or {}).items():
            self._codes[n] = _CODES[state]

    def __getitem__(self, n: int) -> State:
        return _STATES[self._codes[n]] if n < len(self._codes) else State.PLANNED

    def __setitem__(self, n: int, state: State) -> None:
        self._make_room(n)
        self._codes[n] = _CODES[state]

    def move(self, numbers: Sequence[int], to: State) -> int | None:
        """Move records to a state; returns the first that may not go there, and moves none from it on."""
        if not numbers:
            return None
        self._make_room(max(numbers))
        codes, may, code = self._codes, _MAY[to], _CODES[to]
        if len(numbers) > 1 and are_in_a_row(numbers):
            first, end = numbers[0], numbers[-1] + 1
            before = codes[first:end]
            if before[0] in may and before.count(before[0]) == len(before):
                codes[first:end] = bytes((code,)) * len(before)
                return None
        for n in numbers:
            if codes[n] not in may:
                return n
            codes[n] = code
        return None

    def are_planned(self, numbers: Sequence[int]) -> bool:
        """Return whether nothing was announced about any of the records."""
        if numbers and are_in_a_row(numbers):
            return not any(self._codes[numbers[0] : numbers[-1] + 1])
        return all(n >= len(self._codes) or self._codes[n] == _PLANNED for n in numbers)

    def _make_room(self, n: int) -> None:
        if n >= len(self._codes):
            self._codes.extend(bytes(n + 1 + len(self._codes) // 8 - len(self._codes)))


class Results:
    """Record number → what became of it; what was plainly made takes some bytes, anything else is kept as it is."""

    def __init__(self) -> None:
        self._told: dict[int, Result] = {}
        self._remote_ids = array("q")
        self._answers = array("I")
        """By record number: which answer made it, from 1 on."""
        self._sendings: list[Sending] = [(None, 0, None)]
        self._made = 0

    def __len__(self) -> int:
        return len(self._told) + self._made

    def __contains__(self, n: int) -> bool:
        return n in self._told or (n < len(self._answers) and self._answers[n] != _NONE)

    def plainly_made(self) -> list[int]:
        """Return the records of which there is no more to tell than what made them."""
        return [n for n, answer in enumerate(self._answers) if answer != _NONE and n not in self._told]

    def get(self, n: int) -> Result | None:
        """Return what became of record `n`, None if nothing has yet."""
        told = self._told.get(n)
        if told is not None or n >= len(self._answers) or self._answers[n] == _NONE:
            return told
        status_code, attempts, trace_id = self._sendings[self._answers[n]]
        return Result(
            n,
            "created",
            status_code=status_code,
            remote_id=self._remote_ids[n],
            attempts=attempts,
            trace_id=trace_id,
        )

    def put(self, result: Result) -> None:
        """Keep a result instead of an earlier one."""
        if is_plain(result) and result.remote_id is not None:
            self._told.pop(result.n, None)
            sending = (result.status_code, result.attempts, result.trace_id)
            self.put_made({result.n: result.remote_id}, sending)
            return
        if result.n not in self._told and result.n in self:
            self._answers[result.n] = _NONE
            self._made -= 1
        self._told[result.n] = result

    def put_made(self, made: Mapping[int, int], sending: Sending) -> None:
        """Keep the remote ids of records (by number) that one sending plainly made, and of which no more was known."""
        if self._sendings[-1] != sending:
            self._sendings.append(sending)
        answer, last = len(self._sendings) - 1, max(made)
        if last >= len(self._answers):
            more = last + 1 + len(self._answers) // 8 - len(self._answers)
            self._answers.frombytes(bytes(more * self._answers.itemsize))
            self._remote_ids.frombytes(bytes(more * self._remote_ids.itemsize))
        answers, remote_ids = self._answers, self._remote_ids
        for n, remote_id in made.items():
            self._made += answers[n] == _NONE
            answers[n], remote_ids[n] = answer, remote_id


def are_in_a_row(numbers: Sequence[int]) -> bool:
    """Return whether distinct numbers, the lowest first, leave out none in between."""
    return numbers[-1] - numbers[0] == len(numbers) - 1 and sorted(numbers) == numbers


def is_plain(result: Result) -> bool:
    """Return whether a result says no more than that a sending made the record."""
    return (
        result.outcome == "created"
        and result.code is None
        and result.message is None
        and result.remote_id is not None
        and abs(result.remote_id) < LARGEST_ID
        and not result.retryable
    )


def sorted_out(results: Iterable[Result], exchange: Exchange) -> tuple[dict[int, int], list[Result]]:
    """Return the records that `exchange` plainly made (number → remote id), and the results that say more."""
    made: dict[int, int] = {}
    kept = []
    sending = (exchange.status_code, exchange.attempts, exchange.trace_id)
    for result in results:
        known = (result.status_code, result.attempts, result.trace_id)
        if result.remote_id is not None and known == sending and is_plain(result):
            made[result.n] = result.remote_id
        else:
            kept.append(result)
    return made, kept
