"""States: how far a run has got with one action of a record, what each state means, and which may follow which.

A record's action is its making or changing; a site's arming and activation are actions of their own.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """The names; STATES says what each means."""

    PLANNED = "planned"
    INTENT = "intent"
    SENT = "sent"
    ANSWERED = "answered"
    UNKNOWN = "unknown"
    SETTLED = "settled"


STATES: Mapping[State, str] = MappingProxyType(
    {
        State.PLANNED: "nothing about it was announced: the API has not heard of it from this run",
        State.INTENT: "it is on the disk that a request about it is about to go",
        State.SENT: "the request has gone, and no answer is on the disk",
        State.ANSWERED: "the answer says that the server did nothing: the same may be sent again at once",
        State.UNKNOWN: "no answer says whether it was carried out: it is read back before it may be sent again",
        State.SETTLED: "what became of it is on the disk: nothing more is sent about it",
    }
)
"""State → its one-line meaning."""

FOLLOWS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.PLANNED: frozenset({State.PLANNED, State.INTENT, State.SETTLED}),
        State.INTENT: frozenset({State.SENT}),
        State.SENT: frozenset({State.ANSWERED, State.UNKNOWN, State.SETTLED}),
        State.ANSWERED: frozenset({State.PLANNED, State.INTENT, State.SETTLED}),
        State.UNKNOWN: frozenset({State.UNKNOWN, State.INTENT, State.SETTLED}),
        State.SETTLED: frozenset({State.SETTLED}),  # a last look may find it there twice
    }
)
"""State → those that may follow it."""

REOPENED: Mapping[State, State] = MappingProxyType(
    {state: State.UNKNOWN if state in {State.INTENT, State.SENT} else state for state in State}
)
"""State → what the journal says of it once the process is gone: an announced request may have been carried out."""

_TOLD: Mapping[str, State] = MappingProxyType({"unknown": State.UNKNOWN, "blocked": State.PLANNED})

RECORD = "record"
"""The action that makes or changes the record itself."""

ACTIONS: Mapping[str, str] = MappingProxyType(
    {**dict.fromkeys(("station", "site", "device"), RECORD), "arming": "arming", "activation": "activation"}
)
"""Step of a run, as its journal has it → the action that it belongs to."""

CONFLICTS = frozenset({"http_409", "http_422"})
"""Codes of answers that say that the record clashes with one that is there, which may be ours: it is read back, but the
request surely has ended, so nothing can come late."""


def state_of(outcome: str) -> State:
    """Return the state in which a record is that has come to `outcome`; a resumed run goes on with all but SETTLED."""
    return _TOLD.get(outcome, State.SETTLED)
