"""The past: how far a run had got with each record, as its journal shows it."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from migrate.model.exchange import Acted
from migrate.model.states import ACTIONS, CONFLICTS, RECORD, State, state_of

_REQUESTS = (
    "SELECT step, numbers, acted, coalesce(answer.trace_id, intent.trace_id), coalesce(attempts, 1), status_code, "
    "coalesce(code, 'no_answer'), coalesce(message, 'the run ended before an answer was understood'), made "
    "FROM intent LEFT JOIN answer ON answer.intent = intent.id ORDER BY intent.id"
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why it is open whether a record was made: the last request about it has no answer that says."""

    trace_id: str
    attempts: int
    status_code: int | None
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Past:
    """What has happened so far.

    `states`: action → record number → state, PLANNED where a number is missing. `doubts`: those of records that are
    UNKNOWN and have not come to an outcome. `doubted`: records that were in doubt at any time. `again`: records that
    were announced once more after that.
    """

    states: Mapping[str, dict[int, State]]
    doubts: dict[int, Doubt]
    doubted: set[int]
    again: set[int]


def read_past(connection: sqlite3.Connection) -> Past:
    """Read what has happened, request by request."""
    states: dict[str, dict[int, State]] = defaultdict(dict)
    last: dict[int, Doubt] = {}
    doubted: set[int] = set()
    again: set[int] = set()
    for step, numbers, acted, *facts, made in connection.execute(_REQUESTS):
        action, told = ACTIONS[step], orjson.loads(numbers)
        if action == RECORD:
            again.update(doubted.intersection(told))
            if acted in {None, Acted.UNKNOWN} and facts[-2] not in CONFLICTS:
                doubted.update(told)
        if made is not None:
            done = told if made.count(":") == len(told) else set(map(int, orjson.loads(made)))
            states[action].update(dict.fromkeys(done, State.SETTLED))
            if done is told:
                continue
            told = [n for n in told if n not in done]
        state = State.ANSWERED if acted == Acted.NO else State.UNKNOWN
        states[action].update(dict.fromkeys(told, state))
        if action == RECORD and told:
            last.update(dict.fromkeys(told, Doubt(*facts)))
    settled = {n: state_of(outcome) for n, outcome in connection.execute("SELECT n, outcome FROM settled")}
    doubts = {n: last[n] for n, state in states[RECORD].items() if state is State.UNKNOWN and n not in settled}
    states[RECORD].update(settled)
    for n, step in connection.execute("SELECT n, step FROM done"):
        states[ACTIONS[step]][n] = State.SETTLED
    return Past(states, doubts, doubted, again)


def read_doubts(connection: sqlite3.Connection) -> dict[int, Doubt]:
    """Return the `doubts` of `read_past`, without the states of all the other records."""
    settled = {n for (n,) in connection.execute("SELECT n FROM settled")}
    doubts: dict[int, Doubt] = {}
    for step, numbers, acted, *facts, made in connection.execute(_REQUESTS):
        if ACTIONS[step] != RECORD or (not doubts and made is not None and made.count(":") == numbers.count(",") + 1):
            continue  # it plainly made all that it was about, none of which is in doubt so far
        done = set() if made is None else set(map(int, orjson.loads(made)))
        for n in orjson.loads(numbers):
            if n in done or n in settled or acted == Acted.NO:
                doubts.pop(n, None)
            else:
                doubts[n] = Doubt(*facts)
    return doubts
