"""Goal 8: what writing outcomes takes: `python -m benchmarks.writing`.

A million outcomes to CSV against a bare `polars.read_csv` of the inventory that they come from, and a hundred thousand
as a sheet against `polars.DataFrame.write_excel`. Each is timed by its own process, without its start.
"""

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.inventories import make
from benchmarks.measure import Command, Spread, Used, interleaved, run, tool
from benchmarks.results import Result, parser, show

CSV_ROWS, SHEET_ROWS = 1_000_000, 100_000
CSV_MOST, SHEET_MOST = 0.6, 0.2
TIMED = """
import sys, time, resource
import polars as pl
from migrate.model.outcomes import OUTCOME_COLUMNS
from migrate.report.delimited import write_csv
from migrate.report.workbook import Sheet, write_workbook

def used():
    now = resource.getrusage(resource.RUSAGE_SELF)
    return now.ru_utime + now.ru_stime

what, source, target, rows = sys.argv[1:]
if what == "read":
    before = used()
    pl.read_csv(source, infer_schema=False)
    print([used() - before])
    sys.exit()
frame = pl.read_csv(source, schema_overrides=OUTCOME_COLUMNS, null_values=[""]).head(int(rows))  # as a run has them
if what != "write_csv":
    frame = frame.with_columns(pl.exclude("row").cast(pl.String), pl.col("row").cast(pl.Int64))
before = used()
if what == "write_csv":
    with open(target, "wb") as file:
        write_csv(file, frame)
elif what == "write_workbook":
    with open(target, "wb") as file:
        write_workbook(file, [Sheet("Outcomes", frame)])
else:
    frame.write_excel(target)
print([used() - before])
"""


def main() -> None:
    """Measure and print the ratios."""
    options = parser(__doc__)
    options.add_argument("--rows", type=int, default=CSV_ROWS, help="outcomes in the CSV file")
    options.add_argument("--sheet-rows", type=int, default=SHEET_ROWS, help="outcomes in the workbook")
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, rows=args.rows, bad=0.001)
        run(tool("check", "inventory.csv", "-m", "mapping.toml", folder=folder))
        outcomes = next(folder.glob("reports/2*/outcomes.csv"))

        def timed(what: str, source: Path, rows: int) -> Command:
            words = [what, str(source), "written.csv" if what == "write_csv" else "written.xlsx", str(rows)]
            return Command([sys.executable, "-c", TIMED, *words], folder)

        used = interleaved(
            {
                "write_csv": timed("write_csv", outcomes, args.rows),
                "read": timed("read", folder / "inventory.csv", args.rows),
                "write_workbook": timed("write_workbook", outcomes, args.sheet_rows),
                "write_excel": timed("write_excel", outcomes, args.sheet_rows),
            },
            rounds=args.rounds,
        )
    lines = (
        (f"{args.rows:,} outcomes to CSV", "write_csv", "bare read of the inventory", "read", CSV_MOST),
        (f"{args.sheet_rows:,} rows to XLSX", "write_workbook", "polars write_excel", "write_excel", SHEET_MOST),
    )
    results = [_result(what, used[ours], f"{base} ", used[theirs], most) for what, ours, base, theirs, most in lines]
    show(results, setting=f"{args.rounds} rounds, CPU time of the call alone", as_json=args.json)


def _result(what: str, ours: list[Used], base: str, theirs: list[Used], most: float) -> Result:
    mine, bare = ([json.loads(one.stdout)[0] for one in used] for used in (ours, theirs))
    times = Spread.of([left / right for left, right in zip(mine, bare, strict=True)])
    shown = f"{times.shown()} x"
    return Result(
        8, what, Spread.of(mine).shown(2, "s"), base + Spread.of(bare).shown(2, "s"), times.middle, shown, most
    )


if __name__ == "__main__":
    main()
