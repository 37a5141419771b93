"""Goals 1 and 2: `check` of a large CSV, reports written, against a bare read: `python -m benchmarks.check [ROWS...]`.

The bare read is `polars.read_csv` of all columns as text, without what starting Python and importing polars takes; the
tool's figure is its whole process, start included.
"""

import shutil
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

from benchmarks.inventories import make
from benchmarks.measure import Spread, Used, cpu_s, figures, interleaved, python, ratio, tool, wall_s
from benchmarks.results import Result, parser, show

SIZES = (1_000_000, 3_000_000)
CAMERAS, BAD = 20, 0.001
BARE = "import sys, polars as pl; pl.read_csv(sys.argv[1], infer_schema=False)"
NOTHING = "import sys, polars as pl"
TIME_MOST = {1_000_000: 4.5, 3_000_000: 5.0}
MEMORY_MOST = {1_000_000: 1.0, 3_000_000: 0.6}
FURTHER_MILLION_MOST_MB = 100.0


def measure(folder: Path, rows: int, *, rounds: int) -> dict[str, list[Used]]:
    """Measure one size."""
    inventory = make(folder, rows=rows, cameras=CAMERAS, bad=BAD)
    print(f"{rows:,} rows, {inventory.stat().st_size / 1e6:.0f} MB", file=sys.stderr)
    used = interleaved(
        {
            "check": tool("check", "inventory.csv", "-m", "mapping.toml", folder=folder),
            "read": python(BARE, "inventory.csv", folder=folder),
            "start": python(NOTHING, folder=folder),
        },
        rounds=rounds,
    )
    shutil.rmtree(folder)
    return used


def compare(rows: int, used: dict[str, list[Used]]) -> tuple[list[Result], float]:
    """Return the results of one size, and the tool's peak in MB."""
    check, read, start = used["check"], used["read"], used["start"]
    on_the_clock = Spread.of(figures(wall_s, check)).middle
    times = ratio(cpu_s, check, read, idle=start)
    walls = ratio(wall_s, check, read, idle=start)
    peak, read_peak = (Spread.of([one.peak_bytes / 1e6 for one in of]) for of in (check, read))
    name = f"`check` of a CSV, {rows:,} rows"
    return [
        Result(
            1,
            f"{name}: CPU time",
            f"{Spread.of(figures(cpu_s, check)).shown(2, 's')}, on the clock {on_the_clock:.1f} s",
            f"bare read {Spread.of(figures(cpu_s, read, idle=start)).shown(2, 's')}",
            times.middle,
            f"{times.shown()} x; on the clock {walls.shown()} x",
            most=TIME_MOST.get(rows),
            facts={"wall_s": on_the_clock, "ratio": times.middle, "peak_mb": peak.middle},
        ),
        Result(
            2,
            f"{name}: peak memory",
            peak.shown(0, "MB"),
            f"bare read {read_peak.shown(0, 'MB')}",
            peak.middle / read_peak.middle,
            f"{peak.middle / read_peak.middle:.2f} x",
            most=MEMORY_MOST.get(rows),
        ),
    ], peak.middle


def main() -> None:
    """Measure all sizes and print the ratios."""
    options = parser(__doc__)
    options.add_argument("rows", type=int, nargs="*", default=list(SIZES))
    args = options.parse_args()
    results: list[Result] = []
    peaks: list[tuple[int, float]] = []
    with tempfile.TemporaryDirectory() as name:
        for rows in args.rows:
            found, peak = compare(rows, measure(Path(name, str(rows)), rows, rounds=args.rounds))
            results += found
            peaks.append((rows, peak))
    for (fewer, low), (more, high) in pairwise(peaks):
        mega = (high - low) / (more - fewer) * 1e6
        results.append(
            Result(
                2,
                f"`check` of a CSV: peak memory for each further million, from {fewer:,} to {more:,} rows",
                f"{mega:.0f} MB",
                "-",
                mega,
                f"{mega:.0f} MB",
                most=FURTHER_MILLION_MOST_MB,
                unit="MB",
            )
        )
    setting = f"{args.rounds} rounds, {CAMERAS} cameras a site, {BAD:.1%} of the rows need attention"
    show(sorted(results, key=lambda result: result.goal), setting=setting, as_json=args.json)


if __name__ == "__main__":
    main()
