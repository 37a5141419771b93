"""Whatever a server allows and tells: nothing is stuck, waits are kept, caps hold, repeats stay within the budget."""

import asyncio
from bisect import bisect_left
from dataclasses import dataclass, field

from api_limits import BucketLimit, FixedLimit, Limit, SlidingLimit, Telling
from api_virtual import SITE, Answer, Network, Sent, client, granted, now, reply, run
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.api.rate import Rate
from migrate.api.reply import Failure, Reply
from migrate.api.told import told
from migrate.errors import ApiError

GIVEN = Rate(20, 1.0)
CONCURRENCY = 6

limits = st.one_of(
    st.builds(BucketLimit, st.floats(0.5, 100), st.integers(1, 50)),
    st.builds(FixedLimit, st.integers(1, 200), st.sampled_from([1.0, 10.0, 60.0]), phase_s=st.floats(0, 60)),
    st.builds(SlidingLimit, st.integers(1, 200), st.sampled_from([1.0, 10.0, 60.0])),
)
tellings = st.builds(
    Telling,
    limit=st.none() | st.floats(0.01, 100) | st.sampled_from(["", "0", "-1", "lots", "1e99"]),
    left=st.none() | st.sampled_from(["0", "-1", "x", "1000000"]),
    reset_s=st.none() | st.sampled_from([-3600.0, 0.0, 30.0, 1e9]),
    wait=st.sampled_from(["seconds", "date", "past", "nonsense", "negative", "aeons", "nothing"]),
    clock_ahead_s=st.sampled_from([0.0, 7200.0, -7200.0]),
)


@dataclass
class Strict:
    """A server with a limit, which notes the waits that it asked for: from when to when nothing may be sent."""

    limit: Limit
    telling: Telling
    waits: list[tuple[float, float]] = field(default_factory=list)

    def __call__(self, sent: Sent) -> Reply:
        wait_s = self.limit.take(sent.at)
        headers = self.telling.headers(self.limit, at=sent.at, wait_s=wait_s)
        if wait_s is None:
            return Reply(200, headers, reply(200, SITE).body)
        asked_s = told(headers).retry_after_s
        if asked_s is not None:
            self.waits.append((now(), now() + asked_s))
        return Reply(429, headers, b"")


@settings(max_examples=60)
@given(limits, tellings, st.sampled_from([GIVEN, None]))
def test_no_limit_and_no_headers_stop_it_or_drive_it_over_its_bounds(
    limit: Limit, telling: Telling, rate: Rate | None
) -> None:
    """I7, F21-F23."""
    server = Strict(limit, telling)
    network = Network([server])
    calls = 60

    async def main() -> int:
        async with client(network, rate=rate, burst=5, concurrency=CONCURRENCY) as caller:
            done = await asyncio.gather(*(caller.get_site(n) for n in range(calls)), return_exceptions=True)
            assert all(not isinstance(result, BaseException) or isinstance(result, ApiError) for result in done)
            return sum(not isinstance(result, BaseException) for result in done)

    assert run(main()) > 0
    assert network.most_in_flight <= CONCURRENCY + 1  # and one for a token
    times = [sent.at for sent in network.sent]
    if rate is not None:
        assert all(later - earlier >= 1.0 for earlier, later in zip(times, times[GIVEN.count :], strict=False))
    for begun, ended in server.waits:
        first = bisect_left(times, begun + 1e-6)
        assert first == len(times) or times[first] >= ended - 1e-6


def repeats_of(network: Network) -> list[float]:
    seen: set[str] = set()
    repeats = []
    for sent in network.sent:
        if sent.url in seen:
            repeats.append(sent.at)
        seen.add(sent.url)
    return repeats


def most_in_a_minute(times: list[float]) -> int:
    return max((bisect_left(times, at + 60.0) - place for place, at in enumerate(times)), default=0)


def struggle(answer: Answer, *, calls: int, rate: Rate) -> Network:
    """Return what is sent when many reads meet a server that answers badly."""
    network = Network([answer])

    async def main() -> None:
        async with client(network, rate=rate, burst=5, concurrency=16) as caller:
            await asyncio.gather(*(caller.get_site(n) for n in range(calls)), return_exceptions=True)

    run(main())
    return network


def every_third(bad: Reply | Failure) -> Answer:
    turn = iter(range(1_000_000))
    return lambda _: bad if next(turn) % 3 == 0 else reply(200, SITE)


def test_a_server_that_struggles_for_long_gets_a_tenth_of_repeats() -> None:
    """F18: 50 requests a second, every third answered 503."""
    network = struggle(every_third(reply(503)), calls=9_000, rate=Rate(50, 1.0))
    repeats, times = repeats_of(network), [sent.at for sent in network.sent]
    assert most_in_a_minute(repeats) > 200
    for place, at in enumerate(repeats):
        within = place + 1 - bisect_left(repeats, at - 60.0)
        sent = bisect_left(times, at) - bisect_left(times, at - 60.0)
        assert within <= max(20, 0.1 * sent) + 16  # those on their way when the minute grew emptier


def test_a_server_that_struggles_under_little_gets_twenty_repeats_all_the_same() -> None:
    """F18: one request a second, every third answered 503; a tenth would be six."""
    network = struggle(every_third(reply(503)), calls=300, rate=Rate(60, 60.0))
    assert 10 <= most_in_a_minute(repeats_of(network)) <= 20


def test_in_a_storm_of_refusals_every_call_gets_through_in_turn() -> None:
    """F24: every second answer is a 429."""
    turn = iter(range(1_000_000))
    network = struggle(lambda _: reply(429) if next(turn) % 2 else reply(200, SITE), calls=120, rate=Rate(50, 1.0))
    assert len({sent.url for sent in network.sent}) == 120
    assert sum(sent.url.endswith("/119") for sent in network.sent) <= 10
    assert most_in_a_minute(repeats_of(network)) <= 20


def test_a_token_and_its_repeats_draw_on_the_same_pace() -> None:
    """F21: the token URL refuses; calls of the API wait as long as it asked for."""
    network = Network([reply(200, SITE)], tokens=[reply(429, Retry_After="20"), granted("good")])

    async def main() -> None:
        async with client(network) as caller:
            await asyncio.gather(*(caller.get_site(n) for n in range(5)))

    run(main())
    refused, fetched = (sent.at for sent in network.token_requests)
    assert fetched - refused >= 20.0
    assert min(sent.at for sent in network.sent) >= refused + 20.0


def test_the_replay_after_a_401_counts_for_no_repeat() -> None:
    tokens: list[Answer] = [granted(f"token-{n}") for n in range(200)]
    turn = iter(range(1_000_000))
    network = Network([lambda _: reply(401) if next(turn) % 2 == 0 else reply(200, SITE)], tokens=tokens)

    async def main() -> int:
        async with client(network, concurrency=1) as caller:
            for n in range(60):
                await caller.get_site(n)
            return caller.counts.retried

    assert run(main()) == 0
    assert len(network.sent) == 120
