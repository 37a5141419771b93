"""How polluted files are read: `python tests/polluted/polluted.py [--seeds N] [--from SEED] [--show SEED]`.

Each seed is a sample's table with names of some country, written with a delimiter, quotes, an encoding, line ends, and
up to four things that are wrong with real files. It is read without a hint and compared with what went in. Prints how
many are read exactly, refused, different and told by a finding, and silently wrong; of the last there must be none, and
each says how it is played again. The exit code is 1 where there is one.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pollution import variant
from verdict import judge


def lines(seeds: range, counts: Counter[str]) -> Iterator[str]:
    """Judge each seed, count, and yield what is to be printed."""
    codes = Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            made = variant(seed)
            verdict = judge(made, Path(folder))
            counts[verdict.kind] += 1
            codes.update(verdict.told)
            if verdict.kind in {"wrong", "refused"}:
                yield f"{verdict.kind}: --show {seed}: {', '.join(made.done)}: {'; '.join(verdict.untold[:2])}"
    yield f"{len(seeds):,} variants: " + ", ".join(
        f"{counts[kind]:,} {name}"
        for kind, name in {
            "exact": "read exactly",
            "warned": "different and told",
            "refused": "refused",
            "wrong": "silently wrong",
        }.items()
    )
    yield "told by: " + (", ".join(f"{code} {count}" for code, count in codes.most_common()) or "-")


def show(seed: int) -> Iterator[str]:
    """Yield a variant and all that is said of it."""
    made = variant(seed)
    with tempfile.TemporaryDirectory() as folder:
        verdict = judge(made, Path(folder))
    yield ", ".join(made.done)
    yield repr(made.content)
    yield f"{verdict.kind}, read as {verdict.encoding}, told by {sorted(verdict.told)}"
    yield from verdict.untold


def main() -> int:
    """Judge the seeds that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1_000)
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--show", type=int)
    given = parser.parse_args()
    counts = Counter[str]()
    told = lines(range(given.first, given.first + given.seeds), counts) if given.show is None else show(given.show)
    for line in told:
        sys.stdout.write(f"{line}\n")
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
