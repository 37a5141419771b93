"""After the first tenth of a run, the time left is told within a tenth of the truth, or 2 s: in virtual time."""

import re
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from simulated_faults import dice
from simulated_store import Store
from simulated_waiting import Limit, Line, wait

from migrate.app.options import Options

SITES = 150


def line(limit: Limit, *, latency_s: float = 0.1, **habits: Any) -> Line:
    return Line(Store(), limit, _around(latency_s, dice("latency")), **habits)


def _around(seconds: float, rng: Random) -> Callable[[], float]:
    return lambda: seconds * (0.7 + 0.6 * rng.random())


@pytest.mark.parametrize(
    ("limit", "latency_s", "options"),
    [
        pytest.param(Limit(60, told=60), 0.1, Options(), id="60/min, as the headers say"),
        pytest.param(Limit(600, told=600), 0.1, Options(), id="600/min, as the headers say"),
        pytest.param(Limit(3000), 0.02, Options(rate="50/s"), id="50/s, as --rate says"),
        pytest.param(Limit(3000), 0.3, Options(rate="50/s"), id="50/s, and answers that take too long for it"),
        pytest.param(Limit(3000), 0.3, Options(rate="50/s", concurrency=2), id="50/s, and two requests at a time"),
        pytest.param(Limit(3000), 0.8, Options(rate="50/s"), id="50/s, and a slow API"),
        pytest.param(Limit(3000), 2.0, Options(rate="50/s"), id="50/s, and an API so slow that the last sites count"),
        pytest.param(Limit(3000), 0.8, Options(rate="10/s", concurrency=32), id="10/s, and most requests wait for it"),
    ],
)
def test_the_time_left_is_told_as_it_is(limit: Limit, latency_s: float, options: Options) -> None:
    waited = wait(line(limit, latency_s=latency_s), sites=SITES if limit.per_minute > 60 else 60, options=options)
    assert waited.wrong() == []
    assert len(waited.told) > 20
    assert waited.sent in {waited.phase.requests, waited.phase.requests + 1}  # the first one asks for the dealer


def test_so_it_is_for_a_run_so_short_that_its_first_answer_counts() -> None:
    waited = wait(line(Limit(600, told=600)), sites=60, options=Options())
    assert waited.ended_at - waited.began_at < 30
    assert waited.wrong() == []


def test_so_it_is_where_the_limit_was_learned_from_refusals_alone() -> None:
    server = line(Limit(300))
    waited = wait(server, sites=SITES, options=Options())
    assert server.refused > 0
    assert waited.wrong(after=waited.began_at + 60) == []


def test_so_it_is_soon_after_the_limit_has_changed() -> None:
    moments: list[float] = []

    def turn(number: int, limit: Limit) -> None:
        if number == SITES * 2:
            limit.per_minute = limit.told = 600
            moments.append(limit.at)

    waited = wait(line(Limit(120, told=120), turn=turn), sites=SITES, options=Options())
    assert waited.wrong(after=moments[0] + 3) == []
    assert [left_s for at, left_s in waited.told if at < moments[0]][-1] > 100
    assert waited.ended_at - moments[0] < 40


def test_so_it_is_where_lost_answers_take_requests_that_nobody_planned() -> None:
    waited = wait(
        line(Limit(600, told=600), harm=lambda number: number % 20 == 0), sites=SITES, options=Options(settle=1.0)
    )
    assert waited.sent > 1.05 * waited.phase.requests
    assert waited.wrong() == []


def test_so_it_is_for_a_run_that_is_resumed() -> None:
    waited = wait(line(Limit(600, told=600)), sites=SITES, options=Options(), stop_at_s=10)
    assert waited.sent < 0.9 * waited.phase.requests
    assert waited.wrong() == []


@pytest.mark.parametrize(
    ("ids", "share"),
    [
        pytest.param(rb'"S-[0-9]*[02468]0"', 0.97, id="each twentieth"),
        pytest.param(rb'"S-[0-9]*5"', 0.94, id="a tenth"),
        pytest.param(rb'"S-[0-9]*(0|5|7)"', 0.8, id="three of ten"),
    ],
)
def test_sites_that_are_refused_take_no_time_of_what_belonged_to_them(ids: bytes, share: float) -> None:
    server = line(Limit(600, told=600))
    server.refuse = lambda body: re.search(ids, body) is not None
    waited = wait(server, sites=SITES, options=Options())
    assert waited.sent < share * waited.phase.requests
    assert waited.wrong() == []
    assert waited.phase.requests_done == pytest.approx(waited.phase.requests - waited.phase.last)
