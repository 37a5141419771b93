"""What the pace costs, and how near to the limit it comes on servers of each kind: `python benchmarks/pace.py`."""

import asyncio
import platform
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


def fresh(rate: Rate | None = None) -> Pace:
    return Pace(rate, burst=5, rng=Random(1))  # noqa: S311 - chance that can be repeated


def show_known(name: str, window_s: float, make: Callable[[], Limit]) -> None:
    """Print how much longer than ideal a job takes whose rate is given."""
    limit = make()
    ideal = IDEAL_S * limit.per_s
    pace = fresh(Rate(round(limit.per_s * window_s), window_s))
    seen = run(drive(pace, limit, enough=lambda drive: drive.passed >= ideal, workers=8))
    print(f"{name:<26}{'--rate':<16}{seen.seconds / IDEAL_S:>8.3f} x ideal time {seen.refused_share:>16.2%} refused")


def show_told(name: str, make: Callable[[], Limit]) -> None:
    """Print what share of the best rate is had after the first minute, for all that a server may tell."""
    for told, telling in TELLINGS.items():
        limit = make()
        seconds = LONG_FOR_SLOW_S if limit.per_s <= 1 else LONG_S
        pace = fresh()
        seen = run(drive(pace, limit, enough=lambda drive, s=seconds: drive.seconds >= s, workers=8, telling=telling))  # type: ignore[misc]
        share = seen.later_share(limit.per_s)
        print(f"{name:<26}{told:<16}{share:>8.3f} x best rate later {seen.refused_share:>11.2%} refused")


async def _time_of(acquire: Callable[[], Awaitable[object]]) -> float:
    begun = time.process_time()
    for _ in range(ACQUIRES):
        await acquire()
    return (time.process_time() - begun) / ACQUIRES


async def measure_cost() -> tuple[float, float]:
    """Return the seconds of an acquire that needn't wait: of the pace, and of a bare AsyncLimiter."""
    ours, bare = [], []
    for _ in range(ROUNDS):
        # a burst that is never used up: what is timed is the counting, not the waiting
        ours.append(await _time_of(Pace(Rate(NEVER_FULL, 1.0), burst=2 * NEVER_FULL, rng=Random(1)).acquire))  # noqa: S311
        bare.append(await _time_of(AsyncLimiter(NEVER_FULL, 1.0).acquire))
    return median(ours), median(bare)


def main() -> None:
    print(f"Python {platform.python_version()}, aiolimiter {version('aiolimiter')}; servers in virtual time")
    for name, window_s, make in KINDS:
        show_known(name, window_s, make)
    for name, _, make in KINDS:
        show_told(name, make)
    ours_s, bare_s = asyncio.run(measure_cost())
    print(
        f"an acquire: {1e6 * ours_s:.2f} us, a bare AsyncLimiter's {1e6 * bare_s:.2f} us: "
        f"{ours_s / bare_s:.2f} x, {1e6 * (ours_s - bare_s):.2f} us of its own"
    )


if __name__ == "__main__":
    main()
