"""Goal 3: `check` of a workbook, reports written, against a bare read: `python -m benchmarks.check_workbook [ROWS]`.

The bare read is calamine's, of all cells as text into a frame, as fastexcel brings it, without what starting Python
and importing both takes; the tool's figure is its whole process, the one that parses the workbook included.
"""

import tempfile
from pathlib import Path

from benchmarks.inventories import make
from benchmarks.measure import Spread, cpu_s, figures, interleaved, python, ratio, tool, wall_s
from benchmarks.results import Result, parser, show

ROWS = 200_000
CAMERAS, BAD = 20, 0.001
BARE = (
    "import sys, fastexcel, polars as pl; fastexcel.read_excel(sys.argv[1]).load_sheet(0, dtypes='string').to_polars()"
)
NOTHING = "import sys, fastexcel, polars as pl"
MOST = 1.25


def main() -> None:
    """Measure and print the ratio."""
    options = parser(__doc__)
    options.add_argument("rows", type=int, nargs="?", default=ROWS)
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inventory = make(folder, rows=args.rows, cameras=CAMERAS, bad=BAD, xlsx=True)
        size_mb = inventory.stat().st_size / 1e6
        used = interleaved(
            {
                "check": tool("check", inventory.name, "-m", "mapping.toml", folder=folder),
                "read": python(BARE, inventory.name, folder=folder),
                "start": python(NOTHING, folder=folder),
            },
            rounds=args.rounds,
        )
    check, read, start = used["check"], used["read"], used["start"]
    times, walls = ratio(cpu_s, check, read, idle=start), ratio(wall_s, check, read, idle=start)
    peak, read_peak = (Spread.of([one.peak_bytes / 1e6 for one in of]).middle for of in (check, read))
    result = Result(
        3,
        f"`check` of a workbook, {args.rows:,} rows: CPU time",
        Spread.of(figures(cpu_s, check)).shown(2, "s"),
        f"bare read {Spread.of(figures(cpu_s, read, idle=start)).shown(2, 's')}",
        times.middle,
        f"{times.shown()} x; on the clock {walls.shown()} x; "
        f"peak {peak:,.0f} MB of the larger process, bare {read_peak:,.0f}",
        most=MOST,
    )
    show([result], setting=f"{args.rounds} rounds, a file of {size_mb:.0f} MB", as_json=args.json)


if __name__ == "__main__":
    main()
