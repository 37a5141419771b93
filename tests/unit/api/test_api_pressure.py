"""Servers of each kind that tell their limit rightly, wrongly or not at all: hardly a refusal, hardly any time lost."""

from collections.abc import Callable
from functools import partial
from typing import Final

import pytest
from api_limits import BucketLimit, FixedLimit, Limit, SlidingLimit, Telling, Wait, drive
from api_virtual import dice, run

from migrate.api.pace import Pace
from migrate.api.rate import Rate

Kind = Callable[[], Limit]

KINDS: Final[dict[str, Kind]] = {
    "bucket 50/s": partial(BucketLimit, 50, 5),
    "bucket 3000/min, burst 200": partial(BucketLimit, 50, 200),
    "bucket 600/min, burst 30": partial(BucketLimit, 10, 30),
    "bucket 60/min, burst 5": partial(BucketLimit, 1, 5),
    "fixed 50/s": partial(FixedLimit, 50, 1.0, phase_s=0.4),
    "fixed 600/min": partial(FixedLimit, 600, 60.0),
    "fixed 60/min": partial(FixedLimit, 60, 60.0),
    "sliding 50/s": partial(SlidingLimit, 50, 1.0),
    "sliding 600/min": partial(SlidingLimit, 600, 60.0),
    "sliding 60/min": partial(SlidingLimit, 60, 60.0),
}
PER_MINUTE: Final = [name for name in KINDS if "/min" in name]
MINUTE_WINDOWS: Final = [name for name in PER_MINUTE if not name.startswith("bucket")]
AHEAD: Final = Telling(wait="date", clock_ahead_s=7200.0)
NONSENSE: Final = Telling(wait="nonsense", limit="lots", left="-3")
IDEAL_S: Final = 200.0
PART_OF_A_REQUEST_S: Final = 0.2
"""The last answer is on its way."""


def pace(rate: Rate | None = None) -> Pace:
    return Pace(rate, burst=5, rng=dice(1))


@pytest.mark.parametrize("kind", KINDS)
def test_a_rate_that_is_given_is_used_up_and_never_refused(kind: str) -> None:
    limit = KINDS[kind]()
    window_s, share = (60.0, 1.01) if kind in PER_MINUTE else (1.0, 1.03)
    rate = Rate(round(limit.per_s * window_s), window_s)
    seen = run(drive(pace(rate), limit, workers=8, enough=lambda drive: drive.passed >= IDEAL_S * limit.per_s))
    assert seen.refused == 0
    assert seen.seconds <= share * IDEAL_S + PART_OF_A_REQUEST_S


@pytest.mark.parametrize("kind", PER_MINUTE)
@pytest.mark.parametrize("left", [None, "0", "x"], ids=["left", "left always 0", "left nonsense"])
def test_a_limit_that_a_header_tells_is_used_up_and_never_refused(kind: str, left: str | None) -> None:
    limit = KINDS[kind]()
    telling = Telling(limit=1.0, left=left, reset_s=None if left is None else 30.0)
    seen = run(
        drive(pace(), limit, enough=lambda drive: drive.passed >= IDEAL_S * limit.per_s, workers=8, telling=telling)
    )
    assert seen.refused == 0
    held_once_s = 30.0 if left == "0" else 0.0
    assert seen.seconds <= 1.01 * IDEAL_S + PART_OF_A_REQUEST_S + held_once_s


@pytest.mark.parametrize("kind", MINUTE_WINDOWS)
@pytest.mark.parametrize("wait", ["seconds", "nothing"])
def test_a_header_that_tells_twice_the_limit_costs_a_few_refusals(kind: str, wait: Wait) -> None:
    """F21, F23."""
    limit = KINDS[kind]()
    seconds = 900 if limit.per_s <= 1 else 300
    telling = Telling(limit=2.0, wait=wait)
    seen = run(drive(pace(), limit, enough=lambda drive: drive.seconds >= seconds, workers=8, telling=telling))
    assert seen.later_share(limit.per_s) >= 0.75
    assert seen.refused_share <= 0.03


@pytest.mark.parametrize("kind", MINUTE_WINDOWS)
def test_a_header_that_tells_less_than_the_limit_is_kept_all_the_same(kind: str) -> None:
    limit = KINDS[kind]()
    seen = run(drive(pace(), limit, enough=lambda drive: drive.seconds >= 400, telling=Telling(limit=0.5)))
    assert seen.refused == 0
    assert 0.49 <= seen.later_share(limit.per_s) <= 0.6


@pytest.mark.parametrize(
    ("kind", "telling"),
    [
        *(pytest.param(kind, Telling(wait="seconds"), id=f"F21 seconds, {kind}") for kind in KINDS),
        *(pytest.param(kind, Telling(wait="nothing"), id=f"F23 nothing, {kind}") for kind in KINDS),
        *(pytest.param(kind, AHEAD, id=f"F22 date, clock 2 h ahead, {kind}") for kind in MINUTE_WINDOWS),
        *(pytest.param(kind, NONSENSE, id=f"F23 nonsense, {kind}") for kind in MINUTE_WINDOWS),
        *(pytest.param(kind, Telling(wait="negative"), id=f"F23 negative, {kind}") for kind in MINUTE_WINDOWS),
    ],
)
def test_a_limit_that_only_refusals_show_is_found(kind: str, telling: Telling) -> None:
    limit = KINDS[kind]()
    seconds = 900 if limit.per_s <= 1 else 300
    seen = run(drive(pace(), limit, enough=lambda drive: drive.seconds >= seconds, workers=8, telling=telling))
    assert seen.later_share(limit.per_s) >= 0.9
    assert seen.refused_share < 0.02


@pytest.mark.parametrize("kind", MINUTE_WINDOWS)
def test_a_time_to_wait_that_has_passed_is_not_believed_alone(kind: str) -> None:
    """F22: the wait that is told is none, while everything is refused for up to a minute."""
    limit = KINDS[kind]()
    seconds = 900 if limit.per_s <= 1 else 300
    telling = Telling(wait="past")
    seen = run(drive(pace(), limit, enough=lambda drive: drive.seconds >= seconds, workers=8, telling=telling))
    assert seen.later_share(limit.per_s) >= 0.9
    assert seen.refused_share < 0.02


def test_a_wait_of_aeons_is_cut_to_five_minutes_and_then_the_rest_gets_through() -> None:
    """F23."""
    limit = FixedLimit(60, 60.0)
    seen = run(drive(pace(), limit, enough=lambda drive: drive.passed >= 400, workers=8, telling=Telling(wait="aeons")))
    gaps = [later - earlier for earlier, later in zip(seen.arrivals, seen.arrivals[1:], strict=False)]
    assert 299 < max(gaps) < 303
    assert seen.seconds < 2000
