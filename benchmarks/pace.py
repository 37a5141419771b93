"""Goals 5, 6 and 7: the pace on servers of each kind, and what it costs: `python -m benchmarks.pace`.

The servers and the clock are those of the tests, in virtual time: what is judged is the worst of all kinds.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from pathlib import Path
from random import Random
from statistics import median

from aiolimiter import AsyncLimiter

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "unit" / "api")]  # the servers and the clock are those of the tests

from api_limits import BucketLimit, FixedLimit, Limit, SlidingLimit, Telling, drive  # noqa: E402
from api_virtual import run  # noqa: E402

from benchmarks.results import Result, parser, show  # noqa: E402
from migrate.api.pace import Pace  # noqa: E402
from migrate.api.rate import Rate  # noqa: E402

KINDS: list[tuple[str, float, Callable[[], Limit]]] = [
    ("bucket 50/s, burst 5", 1.0, lambda: BucketLimit(50, 5)),
    ("fixed window 50/s", 1.0, lambda: FixedLimit(50, 1.0, phase_s=0.4)),
    ("sliding window 50/s", 1.0, lambda: SlidingLimit(50, 1.0)),
    ("bucket 600/min, burst 30", 60.0, lambda: BucketLimit(10, 30)),
    ("fixed window 600/min", 60.0, lambda: FixedLimit(600, 60.0)),
    ("sliding window 600/min", 60.0, lambda: SlidingLimit(600, 60.0)),
    ("bucket 60/min, burst 5", 60.0, lambda: BucketLimit(1, 5)),
    ("fixed window 60/min", 60.0, lambda: FixedLimit(60, 60.0)),
    ("sliding window 60/min", 60.0, lambda: SlidingLimit(60, 60.0)),
]
TELLINGS = {
    "header": Telling(limit=1.0),
    "header, twice": Telling(limit=2.0),
    "429, seconds": Telling(wait="seconds"),
    "429, a date": Telling(wait="date", clock_ahead_s=7200.0),
    "429, past date": Telling(wait="past"),
    "429, nothing": Telling(wait="nothing"),
}
IDEAL_S, LONG_S, LONG_FOR_SLOW_S = 200.0, 300.0, 900.0
ACQUIRES, ROUNDS = 50_000, 7
NEVER_FULL = 1_000_000
KNOWN_MOST = {1.0: 1.03, 60.0: 1.01}
BEST_LEAST, REFUSED_MOST, OWN_US_MOST = 0.9, 0.02, 1.0


def fresh(rate: Rate | None = None) -> Pace:
    return Pace(rate, burst=5, rng=Random(1))  # noqa: S311 - chance that can be repeated


def known(name: str, window_s: float, make: Callable[[], Limit]) -> tuple[float, float]:
    """Return how many times the ideal a job takes whose rate is given, and the share that is refused."""
    limit = make()
    ideal = IDEAL_S * limit.per_s
    pace = fresh(Rate(round(limit.per_s * window_s), window_s))
    seen = run(drive(pace, limit, enough=lambda drive: drive.passed >= ideal, workers=8))
    print(f"{name:<26}{'--rate':<16}{seen.seconds / IDEAL_S:>8.3f} x ideal time {seen.refused_share:>16.2%} refused")
    return seen.seconds / IDEAL_S, seen.refused_share


def told(name: str, make: Callable[[], Limit]) -> dict[str, tuple[float, float]]:
    """Return the share of the best rate after the first minute, and the share refused, for all a server may tell."""
    found = {}
    for tells, telling in TELLINGS.items():
        limit = make()
        seconds = LONG_FOR_SLOW_S if limit.per_s <= 1 else LONG_S
        pace = fresh()
        seen = run(drive(pace, limit, enough=lambda drive, s=seconds: drive.seconds >= s, workers=8, telling=telling))  # type: ignore[misc]
        share = seen.later_share(limit.per_s)
        print(f"{name:<26}{tells:<16}{share:>8.3f} x best rate later {seen.refused_share:>11.2%} refused")
        found[tells] = (share, seen.refused_share)
    return found


async def _time_of(acquire: Callable[[], Awaitable[object]]) -> float:
    begun = time.process_time()
    for _ in range(ACQUIRES):
        await acquire()
    return (time.process_time() - begun) / ACQUIRES


async def measure_cost(rounds: int) -> tuple[float, float]:
    """Return the seconds of an acquire that needn't wait: of the pace, and of a bare AsyncLimiter."""
    ours, bare = [], []
    for _ in range(rounds):
        # a burst that is never used up: what is timed is the counting, not the waiting
        ours.append(await _time_of(Pace(Rate(NEVER_FULL, 1.0), burst=2 * NEVER_FULL, rng=Random(1)).acquire))  # noqa: S311
        bare.append(await _time_of(AsyncLimiter(NEVER_FULL, 1.0).acquire))
    return median(ours), median(bare)


def judge_known(found: dict[str, tuple[float, float]], windows: dict[str, float]) -> list[Result]:
    """Return goal 5: the worst time of each length of window, and the refusals of all."""
    results = []
    refused = max(share for _, share in found.values())
    for window_s, most in KNOWN_MOST.items():
        times = {name: time for name, (time, _) in found.items() if windows[name] == window_s}
        worst = max(times, key=times.__getitem__)
        unit = "minute" if window_s > 1 else "second"
        what = f"rate known, limits by the {unit}: time for the job"
        shown, facts = f"{times[worst]:.3f} x", {"ratio": times[worst], "refused": refused}
        results.append(Result(5, what, f"worst: {worst}", "ideal limiter", times[worst], shown, most=most, facts=facts))
    results.append(
        Result(5, "rate known: refused", f"{refused:.2%}", "none", refused, f"{refused:.2%}", most=0.0, unit="%")
    )
    return results


def judge_told(found: dict[tuple[str, str], tuple[float, float]]) -> list[Result]:
    """Return goal 6: the worst share of the best rate, and the most refusals, where only 429s tell."""
    only = {key: value for key, value in found.items() if key[1].startswith("429")}
    slowest = min(only, key=lambda key: only[key][0])
    most_refused = max(only, key=lambda key: only[key][1])
    share, refused = only[slowest][0], only[most_refused][1]
    return [
        Result(
            6,
            "only 429s: rate after the first minute",
            f"worst: {', '.join(slowest)}",
            "best rate",
            share,
            f"{share:.3f} x",
            least=BEST_LEAST,
        ),
        Result(
            6,
            "only 429s: refused",
            f"worst: {', '.join(most_refused)}",
            "all requests",
            refused,
            f"{refused:.2%}",
            most=REFUSED_MOST,
            unit="%",
        ),
    ]


def judge_cost(ours_s: float, bare_s: float) -> Result:
    """Return goal 7."""
    own_us = 1e6 * (ours_s - bare_s)
    return Result(
        7,
        "an acquire that needn't wait: CPU time of its own",
        f"{1e6 * ours_s:.2f} us",
        f"bare AsyncLimiter {1e6 * bare_s:.2f} us",
        own_us,
        f"{own_us:.2f} us more ({ours_s / bare_s:.2f} x)",
        most=OWN_US_MOST,
        unit="us",
    )


def main() -> None:
    """Drive the pace against all servers and print what came of it."""
    args = parser(__doc__, rounds=ROUNDS).parse_args()
    windows = {name: window_s for name, window_s, _ in KINDS}
    given = {name: known(name, window_s, make) for name, window_s, make in KINDS}
    learned = {(name, tells): seen for name, _, make in KINDS for tells, seen in told(name, make).items()}
    cost = judge_cost(*asyncio.run(measure_cost(args.rounds)))
    setting = (
        f"aiolimiter {version('aiolimiter')}; servers in virtual time; {args.rounds} rounds of {ACQUIRES:,} acquires"
    )
    show([*judge_known(given, windows), *judge_told(learned), cost], setting=setting, as_json=args.json)


if __name__ == "__main__":
    main()
