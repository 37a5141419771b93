"""While the API is away nobody sends; it is looked for until patience ends."""

import asyncio

import pytest

from migrate.errors import ApiError, Doubtful, Rejected, Stopped
from migrate.model.exchange import Acted
from migrate.pipeline.breaker import FAILURES_THAT_OPEN, Breaker, is_away
from migrate.pipeline.stop import Drained, Stop

LOST = Doubtful("lost", code="connection_lost", acted=Acted.UNKNOWN)
UNREACHABLE = Rejected("refused", code="unreachable", acted=Acted.NO)


def now() -> float:
    return asyncio.get_running_loop().time()


class Probe:
    """An API that fails so many times, then answers."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.calls = 0

    async def __call__(self) -> None:
        self.calls += 1
        if self.calls <= self.failures:
            raise UNREACHABLE


def make(probe: Probe, *, patience_s: float = 10.0, stop: Stop | None = None) -> tuple[Breaker, list[str]]:
    said: list[str] = []
    return Breaker(probe, patience_s=patience_s, stop=stop or Stop(), wait=said.append, first_pause_s=0.001), said


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (LOST, True),
        (UNREACHABLE, True),
        (Doubtful("late", code="timeout", acted=Acted.UNKNOWN), True),
        (Doubtful("html", code="unreadable_answer", acted=Acted.UNKNOWN, status_code=200), True),
        (Doubtful("down", code="http_503", acted=Acted.UNKNOWN, status_code=503), True),
        (Rejected("slow down", code="http_429", acted=Acted.NO, status_code=429), True),
        (Rejected("bad", code="http_400", acted=Acted.NO, status_code=400), False),
        (Doubtful("conflict", code="http_409", acted=Acted.UNKNOWN, status_code=409), False),
    ],
)
def test_what_is_about_the_apis_being_there_is_told_from_what_is_about_the_request(error: ApiError, away: bool) -> None:
    assert is_away(error) is away


async def test_a_closed_breaker_lets_everyone_through_at_once() -> None:
    probe = Probe(0)
    breaker, said = make(probe)
    await breaker.pass_through()
    assert probe.calls == 0
    assert said == []


async def test_an_api_that_is_not_reached_opens_it_at_once_and_comes_back() -> None:
    probe = Probe(2)
    breaker, said = make(probe)
    breaker.failed(UNREACHABLE, began=now())
    await breaker.pass_through()
    assert probe.calls == 3
    assert len(said) == 1
    await breaker.pass_through()
    assert probe.calls == 3


async def test_lost_answers_open_it_only_when_there_are_enough_in_a_row() -> None:
    probe = Probe(0)
    breaker, _ = make(probe)
    for _ in range(FAILURES_THAT_OPEN - 1):
        breaker.failed(LOST, began=now())
    breaker.answered()
    breaker.failed(LOST, began=now())
    await breaker.pass_through()
    assert probe.calls == 0
    for _ in range(FAILURES_THAT_OPEN):
        breaker.failed(LOST, began=now())
    await breaker.pass_through()
    assert probe.calls == 1


async def test_many_that_wait_look_once() -> None:
    probe = Probe(1)
    breaker, said = make(probe)
    breaker.failed(UNREACHABLE, began=now())
    await asyncio.gather(*(breaker.pass_through() for _ in range(20)))
    assert probe.calls == 2
    assert len(said) == 1


async def test_patience_ends_with_what_is_wrong() -> None:
    breaker, _ = make(Probe(10**9), patience_s=0.01)
    breaker.failed(UNREACHABLE, began=now())
    with pytest.raises(Stopped, match=r"has not answered for .*refused"):
        await breaker.pass_through()


async def test_a_stop_ends_the_wait() -> None:
    stop = Stop()
    breaker, _ = make(Probe(10**9), stop=stop)
    breaker.failed(UNREACHABLE, began=now())
    waiting = asyncio.create_task(breaker.pass_through())
    await asyncio.sleep(0)
    stop.request()
    with pytest.raises(Drained):
        await waiting


async def test_the_first_reason_to_stop_counts() -> None:
    stop = Stop()
    stop.check()
    first = Stopped("first")
    stop.request(first)
    stop.request(Stopped("second"))
    assert stop.error is first
    with pytest.raises(Drained):
        stop.check()
    with pytest.raises(Drained):
        await stop.pause(60)


async def test_patience_counts_from_the_last_answer_and_not_from_when_the_breaker_opened() -> None:
    probe = Probe(10**9)
    breaker, _ = make(probe, patience_s=30.0)
    breaker.failed(UNREACHABLE, began=now() - 31.0)
    with pytest.raises(Stopped, match="has not answered for 30 s"):
        await breaker.pass_through()
    assert probe.calls == 1


async def test_a_call_that_failed_for_as_long_as_patience_opens_it_alone() -> None:
    probe = Probe(0)
    breaker, _ = make(probe, patience_s=30.0)
    breaker.failed(LOST, began=now() - 31.0)
    await breaker.pass_through()
    assert probe.calls == 1
    breaker.failed(LOST, began=now() - 31.0)
    await breaker.pass_through()
    assert probe.calls == 1, "the API has answered meanwhile, so it is away since then at most"


async def test_a_probe_that_hangs_does_not_outlast_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrate.pipeline.breaker._SHORTEST_LOOK_S", 0.02)
    hung = asyncio.Event()
    breaker = Breaker(hung.wait, patience_s=0.01, stop=Stop(), wait=lambda _: None, first_pause_s=0.001)
    breaker.failed(UNREACHABLE, began=now())
    async with asyncio.timeout(5):
        with pytest.raises(Stopped, match="no answer in time"):
            await breaker.pass_through()
