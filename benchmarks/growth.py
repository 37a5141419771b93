"""How time and memory grow: `make growth`, or `python -m benchmarks.growth [--large] [--only check|apply] [--again]`.

Measures `check` of 10^3 to 10^6 rows, and `apply` of 10^2 to 10^4 sites of 10 devices against a server that does next
to nothing; `--large` adds 10^7 rows and 10^5 sites. Points are kept in `growth.json`, newer ones in place of older
ones; GROWTH.md and docs/growth.svg are made of all of them (`--again`: of those alone, nothing is measured).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import pairwise
from math import log
from pathlib import Path

from benchmarks.chart import Series, chart
from benchmarks.dealer_server import running
from benchmarks.inventories import make
from benchmarks.measure import ROOT, Spread, Used, run, tool
from benchmarks.render import goals
from benchmarks.scale import write_scale

KEPT, PAGE, PLOT = ROOT / "benchmarks" / "growth.json", ROOT / "benchmarks" / "GROWTH.md", ROOT / "docs" / "growth.svg"
CHECK_ROWS, APPLY_SITES = (1, 1_000, 10_000, 100_000, 1_000_000), (1, 100, 1_000, 10_000)
LARGE_ROWS, LARGE_SITES = 10_000_000, 100_000
CHECK_CAMERAS, APPLY_CAMERAS, BAD = 20, 10, 0.001
OPTIONS = ("--yes", "--rate", "100000/s", "--burst", "1000", "--concurrency", "16")
HEAVY = {"check": 1_000_000, "apply": 100_000}
"""Rows that are measured three times, smaller ones five times, larger ones once."""
FIT_FROM = {"check": 100_000, "apply": 10_000}
"""Rows from which on the exponent is fitted: below, what is measured is what a run takes whatever its size."""
HEAD = (
    "rows",
    "sites",
    "CPU s",
    "us a row",
    "step",
    "on the clock s",
    "peak MB",
    "step",
    "folder MB",
    "rounds",
    "measured",
)


@dataclass(frozen=True, slots=True)
class Point:
    """What one size took; of `check` a row is a camera with its site, of `apply` too."""

    verb: str
    rows: int
    sites: int
    cpu_s: float
    wall_s: float
    peak_mb: float
    disk_mb: float
    rounds: int
    when: str


def check_point(folder: Path, rows: int) -> Point:
    """Measure `check` of one size."""
    make(folder, rows=rows, cameras=CHECK_CAMERAS, bad=BAD)
    used = []
    for _ in range(_rounds("check", rows)):
        shutil.rmtree(folder / "reports", ignore_errors=True)
        used.append(run(tool("check", "inventory.csv", "-m", "mapping.toml", folder=folder)))
    return _point("check", rows, -(-rows // CHECK_CAMERAS), used, folder / "reports")


def apply_point(folder: Path, sites: int) -> Point:
    """Measure `apply` of one size, each time into an empty dealer."""
    make(folder, rows=sites * APPLY_CAMERAS, cameras=APPLY_CAMERAS, bad=BAD)
    used = []
    for _ in range(_rounds("apply", sites * APPLY_CAMERAS)):
        shutil.rmtree(folder / "reports", ignore_errors=True)
        with running(forgetful=True) as server:
            words = ("apply", "inventory.csv", "-m", "mapping.toml", *OPTIONS)
            used.append(run(tool(*words, folder=folder, env=server.env)))
    return _point("apply", sites * APPLY_CAMERAS, sites, used, folder / "reports")


def _rounds(verb: str, rows: int) -> int:
    return 5 if rows < HEAVY[verb] else 3 if rows == HEAVY[verb] else 1


def _point(verb: str, rows: int, sites: int, used: Sequence[Used], reports: Path) -> Point:
    cpu_s, wall_s, peak = (
        Spread.of(figures).middle
        for figures in ([u.cpu_s for u in used], [u.wall_s for u in used], [u.peak_bytes / 1e6 for u in used])
    )
    disk_mb = sum(file.stat().st_size for file in reports.rglob("*") if file.is_file()) / 1e6
    words = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    when = f"{datetime.now(UTC):%Y-%m-%d}, {commit}, load {os.getloadavg()[2]:.0f}"  # of the last quarter of an hour
    point = Point(
        verb,
        rows,
        sites,
        cpu_s=round(cpu_s, 3),
        wall_s=round(wall_s, 3),
        peak_mb=round(peak, 1),
        disk_mb=round(disk_mb, 3),
        rounds=len(used),
        when=when,
    )
    print(f"{verb} {rows:,} rows: {cpu_s:.2f} s CPU, {wall_s:.2f} s, {peak:.0f} MB", file=sys.stderr, flush=True)
    return point


def exponent(points: Sequence[tuple[float, float]]) -> float | None:
    """Return the slope of the line through the logarithms, None for fewer than two points."""
    if len(points) < 2:
        return None
    xs, ys = [log(x) for x, _ in points], [log(y) for _, y in points]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - middle_x) ** 2 for x in xs)
    return sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True)) / spread


def page(points: Sequence[Point]) -> str:
    """Return GROWTH.md."""
    head = (
        "Made by `make growth` (`python -m benchmarks.growth --large` measures the largest sizes too). CPU time is "
        "that of all processes of the command, memory the peak of the largest as the kernel counts it; medians of the "
        "rounds. The exponent is that of time and memory beyond the start (a file of one row): 1 is linear, less is "
        "better. The step is the same from the row above to this one."
    )
    image = "![CPU time and peak memory of check and apply by the rows of the inventory](../docs/growth.svg)"
    lines = ["# Growth", "", head, "", image, ""]
    for verb, about in (
        ("check", f"`check` of a CSV, {CHECK_CAMERAS} cameras a site, {BAD:.1%} of the rows need attention"),
        ("apply", f"`apply` into an empty dealer without a limit, {APPLY_CAMERAS} cameras a site"),
    ):
        of_verb = [point for point in points if point.verb == verb]
        lines += _table(verb, about, of_verb) if len(of_verb) > 1 else []
    return "\n".join(lines)


def _table(verb: str, about: str, points: Sequence[Point]) -> list[str]:
    """Return one verb's table, with its exponents and what is said of them."""
    start, *grown = points
    lines = [f"## {about}", "", f"| {' | '.join(HEAD)} |", "|" + "---:|" * (len(HEAD) - 1) + "---|"]
    for before, point in pairwise(points):
        time = _step([before, point], start, "cpu_s")
        memory = _step([before, point], start, "peak_mb")
        cells = (
            f"{point.rows:,}",
            f"{point.sites:,}",
            f"{point.cpu_s:,.2f}",
            f"{1e6 * point.cpu_s / point.rows:,.1f}",
            time,
            f"{point.wall_s:,.2f}",
            f"{point.peak_mb:,.0f}",
            memory,
            f"{point.disk_mb:,.1f}",
            str(point.rounds),
            point.when,
        )
        lines.append(f"| {' | '.join(cells)} |")
    fitted = [point for point in grown if point.rows >= FIT_FROM[verb]]
    time, memory = _step(fitted, start, "cpu_s"), _step(fitted, start, "peak_mb")
    lines += ["", f"One row: {start.cpu_s:.2f} s of CPU, {start.peak_mb:.0f} MB."]
    lines += [f"Exponent from {FIT_FROM[verb]:,} rows on: of the time {time}, of the memory {memory}.", ""]
    said = " ".join(goals()["growth"][verb].split())
    return [*lines, *([said, ""] if said else [])]


def _step(points: Iterable[Point], start: Point, figure: str) -> str:
    beyond = [(float(point.rows), getattr(point, figure) - getattr(start, figure)) for point in points]
    found = exponent([(x, y) for x, y in beyond if y > 0])
    return "" if found is None else f"{found:.2f}"


def plot(points: Sequence[Point]) -> str:
    """Return the chart."""
    panels = {"CPU time": ("cpu_s", "s"), "Peak memory": ("peak_mb", "MB")}
    return chart(
        "rows of the inventory",
        {
            title: (
                unit,
                [
                    Series(verb, [(p.rows, getattr(p, figure)) for p in points if p.verb == verb and p.rows > 10])
                    for verb in ("check", "apply")
                ],
            )
            for title, (figure, unit) in panels.items()
        },
    )


def main() -> None:
    """Measure, keep, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true", help=f"{LARGE_ROWS:,} rows and {LARGE_SITES:,} sites too")
    parser.add_argument("--only", choices=("check", "apply"))
    parser.add_argument("--least", type=int, default=0, help="no fewer rows than these")
    parser.add_argument("--most", type=int, default=LARGE_ROWS, help="no more rows than these")
    parser.add_argument("--again", action="store_true", help="write the pages anew, measure nothing")
    args = parser.parse_args()
    kept = [Point(**told) for told in json.loads(KEPT.read_text(encoding="utf-8"))] if KEPT.exists() else []
    found = {(point.verb, point.rows): point for point in kept}
    rows = [] if args.again or args.only == "apply" else [*CHECK_ROWS, *([LARGE_ROWS] if args.large else [])]
    sites = [] if args.again or args.only == "check" else [*APPLY_SITES, *([LARGE_SITES] if args.large else [])]
    for verb, sizes, measure in (("check", rows, check_point), ("apply", sites, apply_point)):
        for size in sizes:
            if not args.least <= size * (APPLY_CAMERAS if verb == "apply" else 1) <= args.most:
                continue
            with tempfile.TemporaryDirectory() as name:
                point = measure(Path(name), size)
            found[point.verb, point.rows] = point
    points = sorted(found.values(), key=lambda point: (point.verb, point.rows))
    KEPT.write_text("[\n" + ",\n".join(json.dumps(asdict(point)) for point in points) + "\n]\n", encoding="utf-8")
    PAGE.write_text(page(points), encoding="utf-8")
    PLOT.write_text(plot(points), encoding="utf-8")
    check, apply = ([point for point in points if point.verb == verb] for verb in ("check", "apply"))
    if min(len(check), len(apply)) > 1:
        write_scale(check, apply)
    print("written: benchmarks/GROWTH.md, docs/growth.svg, docs/scale.md")


if __name__ == "__main__":
    main()
