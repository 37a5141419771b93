"""What the ledger holds in columns tells the same as an object for each record would."""

from migrate.model.results import Result
from migrate.model.states import State
from migrate.pipeline.columns import Results, States

SENDING = (201, 1, "t")
MADE = Result(3, "created", status_code=201, remote_id=70, attempts=1, trace_id="t")


def test_a_record_that_was_plainly_made_is_told_like_any_other() -> None:
    results = Results()
    results.put_made({3: 70, 4: 71}, SENDING)
    assert (results.get(3), 4 in results, 5 in results, results.get(5), len(results)) == (MADE, True, False, None, 2)


def test_a_later_result_takes_the_place_of_an_earlier_one_whichever_of_them_is_plain() -> None:
    results, twice = Results(), Result(3, "failed", code="twice_at_dealer", remote_id=70)
    for result in (MADE, twice, MADE, twice):
        results.put(result)
        assert (results.get(3), len(results)) == (result, 1)


def test_records_in_a_row_move_as_each_of_them_would() -> None:
    states = States({6: State.SETTLED})
    assert states.move([4, 5], State.INTENT) is None
    assert states.move([4, 5, 6], State.SENT) == 6
    assert [states[n] for n in range(3, 8)] == [
        State.PLANNED,
        State.SENT,
        State.SENT,
        State.SETTLED,
        State.PLANNED,
    ]
    assert states.are_planned([7, 8])
    assert not states.are_planned([6, 7])
