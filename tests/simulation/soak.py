"""Plays many seeds, or replays one: `PYTHONPATH=. python tests/simulation/soak.py --seeds 10000`."""

import argparse
import multiprocessing
import os
import sys
import time
import traceback
from functools import partial

_SEEDS_AT_ONCE = 25
_EVERY_S = 10.0
_WHOLE = 75
"""Of so many seeds, one is played with whole commands too, from files to reports: that takes 20 times as long."""


def replay_command(seed: int) -> str:
    return f"PYTHONPATH=. python tests/simulation/soak.py --seed {seed}"


def problems(seed: int) -> list[str]:
    """Return what is wrong with a seed's scenario: laws it breaks, or that it can't be played at all."""
    return _problems(seed, None)


def _problems(seed: int, kept: frozenset[str] | None) -> list[str]:
    from simulated_laws import violations  # here, so that a child can say how polars is to start
    from simulated_run import play
    from simulated_whole import whole_violations

    try:
        found = violations(play(seed, kept=kept))
        return found + (whole_violations(seed, kept=kept) if seed % _WHOLE == _WHOLE - 1 else [])
    except Exception:  # noqa: BLE001 - whatever it is, it is what the seed shows
        return [traceback.format_exc()]


def told(seed: int) -> str:
    """Return what is wrong with a seed, the smallest script that shows it, and how to see it again."""
    from simulated_faults import drawn, shrunk
    from simulated_run import play

    found = problems(seed)
    if not found:
        return f"seed {seed}: nothing is wrong"
    try:
        script = play(seed).script
        names = shrunk(script, fails=lambda kept: bool(_problems(seed, kept)))
    except Exception:  # noqa: BLE001 - a scenario that raises has told no script to its end
        script, names = drawn(seed), frozenset()
    lines = [f"seed {seed}: {len(found)} laws are broken", *(f"  {line}" for line in found)]
    lines += [
        "the faults without which it would not happen:",
        *(f"  {name}: {script.used[name]}" for name in sorted(names)),
    ]
    lines += [f"with these alone: {line}" for line in _problems(seed, names)[:3]]
    return "\n".join([*lines, f"replay: {replay_command(seed)}"])


def _batch(first: int, until: int) -> list[tuple[int, int]]:
    """Return each seed of a batch with the number of laws it breaks."""
    seeds = range(first, min(first + _SEEDS_AT_ONCE, until))
    return [(seed, len(problems(seed))) for seed in seeds]


def _soak(first: int, until: int, jobs: int) -> int:
    began, shown_at, done = time.monotonic(), 0.0, 0
    bad: list[int] = []
    batches = range(first, until, _SEEDS_AT_ONCE)
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for batch in pool.imap_unordered(partial(_batch, until=until), batches):
            done += len(batch)
            for seed in (seed for seed, number in batch if number):
                bad.append(seed)
                print(f"violated by seed {seed}; replay: {replay_command(seed)}", flush=True)  # noqa: T201
            seconds = time.monotonic() - began
            if seconds - shown_at >= _EVERY_S or done == until - first:
                shown_at = seconds
                print(f"{done:,} seeds, {len(bad)} with violations, {seconds:.0f} s", flush=True)  # noqa: T201
    return 1 if bad else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, help="play this one alone, and tell what happened")
    parser.add_argument("--seeds", type=int, default=10_000, help="how many")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    asked = parser.parse_args()
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # frames of ten rows; threads would only wait for each other
    if asked.seed is not None:
        text = told(asked.seed)
        print(text)  # noqa: T201
        return int("nothing is wrong" not in text)
    return _soak(asked.first, asked.first + asked.seeds, asked.jobs)


if __name__ == "__main__":
    sys.exit(main())
