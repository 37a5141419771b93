"""The pace: who waits how long for what, and what an answer changes."""

import asyncio
from contextlib import suppress

import pytest
from api_virtual import dice, now, run
from hypothesis import given
from hypothesis import strategies as st

from migrate.api.pace import Pace
from migrate.api.rate import Rate
from migrate.api.told import Told
from migrate.errors import UsageError

FAST = Rate(50, 1.0)
FREE = Rate(60, 60.0)


def pace(rate: Rate | None = None, *, burst: int = 5) -> Pace:
    return Pace(rate, burst=burst, rng=dice(1))


def test_a_given_rate_is_never_exceeded_whatever_headers_say() -> None:
    async def main() -> list[float]:
        paced = pace(Rate(5, 1.0))
        times = []
        for _ in range(100):
            times.append(await paced.acquire())
            paced.answered(Told(limit=600_000))
        return times

    times = run(main())
    assert all(later - earlier >= 1.0 for earlier, later in zip(times, times[5:], strict=False))


def test_a_header_can_lower_a_given_rate() -> None:
    async def main() -> float:
        paced = pace(Rate(50, 1.0))
        paced.answered(Told(limit=60))
        return paced.per_minute

    assert run(main()) == pytest.approx(60, rel=0.02)


def test_a_header_that_changes_is_followed() -> None:
    async def main() -> list[float]:
        paced = pace()
        rates = [paced.per_minute]
        for limit in (600, 600, 3000, 60):
            paced.answered(Told(limit=limit))
            rates.append(paced.per_minute)
        return rates

    assert run(main()) == pytest.approx([60, 600, 600, 3000, 60], rel=0.02)


def test_no_more_than_the_burst_goes_at_once() -> None:
    async def main() -> int:
        paced = pace(FREE, burst=5)
        start, count = now(), 0
        while now() < start + 0.9:
            await paced.acquire()
            count += 1
        return count - 1

    assert 1 <= run(main()) <= 5


def test_a_refusal_holds_every_task_for_as_long_as_was_asked() -> None:
    async def main() -> list[float]:
        paced = pace(FAST)
        at = await paced.acquire()
        start = now()
        paced.refused(Told(retry_after_s=30.0), sent_at=at)
        assert paced.waiting_s == pytest.approx(30.0)
        return [time - start for time in await asyncio.gather(*(paced.acquire() for _ in range(4)))]

    waits = run(main())
    assert min(waits) >= 30.0
    assert max(waits) <= 32.0


def test_refusals_of_requests_that_were_under_way_together_count_once() -> None:
    async def main() -> tuple[float, float]:
        paced = pace(FAST)
        sends = [await paced.acquire() for _ in range(3)]
        paced.refused(Told(), sent_at=sends[0])
        first = paced.per_minute
        for at in sends[1:]:
            paced.refused(Told(), sent_at=at)
        return first, paced.per_minute

    first, second = run(main())
    assert first == second < 3000


def test_holds_without_a_time_grow_until_an_answer_comes() -> None:
    async def main() -> list[float]:
        paced, holds = pace(FAST), []
        for _ in range(9):
            paced.refused(Told(), sent_at=await paced.acquire())
            holds.append(paced.waiting_s)
        await paced.acquire()
        paced.answered(Told())
        paced.refused(Told(), sent_at=await paced.acquire())
        holds.append(paced.waiting_s)
        return holds

    holds = run(main())
    assert holds[0] <= 1.0 < holds[3] < holds[5]
    assert max(holds) <= 60.0
    assert holds[-1] <= 1.0


def test_a_hold_that_comes_while_a_request_waits_for_its_turn_counts_for_it_too() -> None:
    async def main() -> float:
        paced = pace(FREE, burst=1)
        await paced.acquire()
        start = now()
        waiting = asyncio.ensure_future(paced.acquire())
        await asyncio.sleep(0.5)
        paced.hold(10.0)
        return await waiting - start

    assert run(main()) >= 10.5


def test_a_limit_that_others_have_used_up_is_waited_for() -> None:
    async def main() -> tuple[float, float]:
        paced = pace()
        await paced.acquire()
        paced.answered(Told(limit=600, remaining=0, reset_s=40.0))
        foreign = paced.waiting_s
        ours = pace(Rate(10, 60.0))
        for _ in range(10):
            await ours.acquire()
        ours.answered(Told(limit=10, remaining=0, reset_s=40.0))
        return foreign, ours.waiting_s

    foreign, own = run(main())
    assert foreign == pytest.approx(40.0)
    assert own == 0.0


def test_a_bucket_that_is_empty_for_a_moment_holds_nothing_up() -> None:
    async def main() -> float:
        paced = pace()
        paced.answered(Told(limit=600, remaining=0, reset_s=1.0))
        paced.answered(Told(remaining=0))
        return paced.waiting_s

    assert run(main()) == 0.0


def test_a_limit_that_comes_with_a_refusal_is_learned_too() -> None:
    async def main() -> float:
        paced = pace()
        paced.refused(Told(limit=600, retry_after_s=1.0), sent_at=await paced.acquire())
        return paced.per_minute

    assert 60 < run(main()) < 600


def test_after_refusals_a_known_rate_is_reached_again() -> None:
    async def main() -> float:
        paced = pace(FAST)
        paced.refused(Told(retry_after_s=0.0), sent_at=await paced.acquire())
        for _ in range(5_000):
            await paced.acquire()
            paced.answered(Told())
        return paced.per_minute

    assert run(main()) == pytest.approx(3000, rel=0.03)


def test_a_rate_that_is_not_used_up_does_not_grow() -> None:
    async def main() -> float:
        paced = pace()
        for _ in range(20):
            await paced.acquire()
            await asyncio.sleep(10)
            paced.answered(Told())
        return paced.per_minute

    assert run(main()) == 60


def test_a_cancelled_wait_leaves_the_turn_to_the_next() -> None:
    async def main() -> float:
        paced = pace(FREE, burst=1)
        await paced.acquire()
        first, second = asyncio.ensure_future(paced.acquire()), asyncio.ensure_future(paced.acquire())
        await asyncio.sleep(0.1)
        first.cancel()
        start = now()
        return await second - start

    assert run(main()) < 1.5


@pytest.mark.parametrize(
    ("text", "rate"), [("60/min", Rate(60, 60.0)), ("5/s", Rate(5, 1.0)), (" 600 / min ", Rate(600, 60.0))]
)
def test_a_rate_is_read_as_typed(text: str, rate: Rate) -> None:
    assert Rate.parse(text) == rate
    assert Rate.parse(str(rate)) == rate


@pytest.mark.parametrize("text", ["", "0/s", "-1/s", "5", "5/h", "1.5/s", "1e9/s", "five/s", "5/s/s", "99999999/s"])
def test_what_is_no_rate_says_how_to_write_one(text: str) -> None:
    with pytest.raises(UsageError, match="60/min or 5/s"):
        Rate.parse(text)


@given(st.text())
def test_any_text_is_a_rate_or_a_usage_error(text: str) -> None:
    with suppress(UsageError):
        assert Rate.parse(text).per_s > 0


@pytest.mark.parametrize(("hold_s", "told_s"), [(30.0, 30.0), (0.0, 1.0)])
def test_a_wait_for_the_limit_is_told_while_a_request_waits_for_it(hold_s: float, told_s: float) -> None:
    async def main() -> list[float]:
        paced = pace(FREE, burst=1)
        await paced.acquire()
        paced.hold(hold_s)
        told = [paced.limit_wait_s]  # nobody waits
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(paced.acquire())
            await asyncio.sleep(0)
            told.append(paced.limit_wait_s)
            await waiting
        return [*told, paced.limit_wait_s]

    assert run(main()) == [0.0, pytest.approx(told_s, rel=0.03), 0.0]
