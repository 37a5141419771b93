"""The table of states is whole, and the page for users has it as it is."""

from pathlib import Path

from migrate.model.states import ACTIONS, FOLLOWS, RECORD, REOPENED, STATES, State, state_of

PAGE = Path(__file__).resolve().parents[3] / "docs" / "nothing-twice.md"


def test_each_state_has_a_meaning_and_a_way_to_the_end() -> None:
    assert set(STATES) == set(FOLLOWS) == set(REOPENED) == set(State)
    assert all(STATES.values())
    reached = {State.SETTLED}
    for _ in State:
        reached |= {state for state, following in FOLLOWS.items() if following & reached}
    assert reached == set(State)


def test_nothing_is_sent_that_was_not_announced_and_nothing_again_that_was_not_answered_or_read_back() -> None:
    assert {state for state, following in FOLLOWS.items() if State.SENT in following} == {State.INTENT}
    announced_from = {state for state, following in FOLLOWS.items() if State.INTENT in following}
    assert announced_from == {State.PLANNED, State.ANSWERED, State.UNKNOWN}


def test_a_killed_run_takes_what_it_announced_for_unknown() -> None:
    assert {state for state in State if REOPENED[state] is State.UNKNOWN} == {State.INTENT, State.SENT, State.UNKNOWN}


def test_an_outcome_that_a_resumed_run_looks_at_again_is_not_settled() -> None:
    assert [state_of(outcome) for outcome in ("created", "failed", "unknown", "blocked")] == [
        State.SETTLED,
        State.SETTLED,
        State.UNKNOWN,
        State.PLANNED,
    ]
    assert set(ACTIONS.values()) == {RECORD, "arming", "activation"}


def test_the_page_has_the_table() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for state, meaning in STATES.items():
        following = ", ".join(f"`{one}`" for one in State if one in FOLLOWS[state])
        assert f"| `{state}` | {meaning} | {following} |" in page
