"""Plays many seeds, or replays one: `PYTHONPATH=. python tests/simulation/soak.py --seeds 10000`."""

import argparse
import multiprocessing
import os
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from functools import partial

_SEEDS_AT_ONCE = 25
_EVERY_S = 10.0
_WHOLE = 100
"""Of so many seeds, one is played with whole commands too, from files to reports: that takes 20 times as long."""


def replay_command(seed: int) -> str:
    return f"PYTHONPATH=. python tests/simulation/soak.py --seed {seed}"


@dataclass
class Examined:
    """What is wrong with a scenario: laws it breaks, or that it can't be played; and how much happened in it."""

    problems: list[str] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)


def problems(seed: int) -> list[str]:
    """Return what is wrong with a seed's scenario."""
    return examined(seed).problems


def examined(seed: int, kept: frozenset[str] | None = None) -> Examined:
    """Play a seed, with `kept` those of its faults alone."""
    from simulated_laws import violations  # here, so that a child can say how polars is to start
    from simulated_run import play
    from simulated_whole import whole_violations

    try:
        scenario = play(seed, kept=kept)
        found = Examined(violations(scenario))
        found.happened["requests"] = len(scenario.network.history)
        found.happened["faults"] = sum(bool(one.fault) for one in scenario.network.history)
        found.happened["runs"] = len(scenario.legs) + len(scenario.clean)
        found.happened.update("crashes" for leg in scenario.legs if leg.ended == "crashed")
        found.happened.update("stops" for leg in scenario.legs if leg.ended.startswith("stopped"))
        if seed % _WHOLE == _WHOLE - 1:
            found.problems += whole_violations(seed, kept=kept)
            found.happened["whole commands"] = 1
    except Exception:  # noqa: BLE001 - whatever it is, it is what the seed shows
        return Examined([traceback.format_exc()])
    return found


def told(seed: int) -> str:
    """Return what is wrong with a seed, the smallest script that shows it, and how to see it again."""
    from simulated_faults import drawn, shrunk
    from simulated_run import play

    found = problems(seed)
    if not found:
        return f"seed {seed}: nothing is wrong"
    try:
        script = play(seed).script
    except Exception:  # noqa: BLE001 - `found` tells it; a scenario that raises has told no script to its end
        script, names = drawn(seed), frozenset[str]()
    else:
        names = shrunk(script, fails=lambda kept: bool(examined(seed, kept).problems))
    lines = [f"seed {seed}: {len(found)} laws are broken", *(f"  {line}" for line in found)]
    lines += [
        "the faults without which it would not happen:",
        *(f"  {name}: {script.used[name]}" for name in sorted(names)),
    ]
    lines += [f"with these alone: {line}" for line in examined(seed, names).problems[:3]]
    return "\n".join([*lines, f"replay: {replay_command(seed)}"])


def _batch(first: int, until: int) -> list[tuple[int, Examined]]:
    return [(seed, examined(seed)) for seed in range(first, min(first + _SEEDS_AT_ONCE, until))]


def _soak(first: int, until: int, jobs: int) -> int:
    began, shown_at, done, bad = time.monotonic(), 0.0, 0, 0
    happened: Counter[str] = Counter()
    batches = range(first, until, _SEEDS_AT_ONCE)
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for batch in pool.imap_unordered(partial(_batch, until=until), batches):
            done += len(batch)
            for seed, one in batch:
                happened += one.happened
                if one.problems:
                    bad += 1
                    print(f"violated by seed {seed}; replay: {replay_command(seed)}", flush=True)  # noqa: T201
            seconds = time.monotonic() - began
            if seconds - shown_at >= _EVERY_S or done == until - first:
                shown_at = seconds
                print(f"{done:,} seeds, {bad} with violations, {seconds:.0f} s", flush=True)  # noqa: T201
    print(", ".join(f"{number:,} {what}" for what, number in sorted(happened.items())))  # noqa: T201
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
