"""How long the client waits before it sends again, and how many repeats a minute may hold."""

from random import Random

import pytest
from api_virtual import dice
from hypothesis import given
from hypothesis import strategies as st

from migrate.api.retry import RetryBudget, RetryPolicy, pause_s
from migrate.errors import ApiError
from migrate.model.exchange import Acted


def error(code: str, acted: Acted = Acted.UNKNOWN, status: int | None = None) -> ApiError:
    return ApiError("x", code=code, acted=acted, status_code=status)


@given(
    st.integers(1, 30), st.sampled_from(["timeout", "http_503", "unreachable", "http_429", "http_400"]), st.booleans()
)
def test_a_pause_is_within_its_bounds_or_the_end(attempt: int, code: str, repeatable: bool) -> None:
    policy = RetryPolicy()
    status = int(code[5:]) if code.startswith("http_") else None
    pause = pause_s(
        attempt, error(code, status=status), elapsed_s=0.0, repeatable=repeatable, policy=policy, rng=dice(3)
    )
    if code == "http_400" or (code in {"timeout", "http_503"} and not repeatable):
        assert pause is None
    if pause is not None:
        assert 0 <= pause <= min(0.5 * 2 ** (attempt - 1), 20.0)
        assert attempt < 10


def test_the_bound_of_the_pause_doubles() -> None:
    class Highest(Random):
        def uniform(self, a: float, b: float) -> float:
            return b

    policy = RetryPolicy(attempts=10)
    pauses = [
        pause_s(attempt, error("timeout"), elapsed_s=0.0, repeatable=True, policy=policy, rng=Highest())
        for attempt in range(1, 11)
    ]
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0, 20.0, None]


@pytest.mark.parametrize(("code", "longest_s"), [("unreachable", 15), ("timeout", 300), ("http_429", 600)])
def test_no_try_begins_after_the_longest_time(code: str, longest_s: float) -> None:
    pauses = [
        pause_s(1, error(code), elapsed_s=elapsed_s, repeatable=True, policy=RetryPolicy(), rng=dice(3))
        for elapsed_s in (longest_s - 1, longest_s)
    ]
    assert pauses[0] is not None
    assert pauses[1] is None


@given(st.lists(st.floats(0, 5), max_size=300))
def test_no_minute_holds_more_repeats_than_the_budget(gaps: list[float]) -> None:
    budget, at, spent = RetryBudget(), 0.0, []
    for gap in gaps:
        at += gap
        if budget.wait_s(at) <= 0:
            budget.begin()
            budget.end(at)
            spent.append(at)
    for first, last in zip(spent, spent[20:], strict=False):
        assert last - first >= 60


def test_the_budget_grows_with_what_is_sent() -> None:
    budget = RetryBudget()
    for number in range(1_000):
        budget.sent(number / 100)
    spent = 0
    while budget.wait_s(10.0) <= 0:
        budget.begin()
        spent += 1
    assert spent == 100
    assert 0 < budget.wait_s(10.0) < 60
    for _ in range(spent):
        budget.end(10.0)
    assert budget.wait_s(10.0) == pytest.approx(60)
    assert budget.wait_s(70.0) == 0
