"""What `plan` and `apply` of a million devices take at most: `python -m benchmarks.large [--rows N]`.

Against a server that does next to nothing, into a dealer that has nothing; reports written. A round takes minutes, and
the peak hardly differs from one to the next, so there is one unless more are asked for.
"""

import shutil
import tempfile
from pathlib import Path

from benchmarks.dealer_server import running
from benchmarks.inventories import make
from benchmarks.measure import Spread, Used, cpu_s, figures, run, tool, wall_s
from benchmarks.results import LARGE, Result, parser, show

ROWS, CAMERAS, BAD, ROUNDS = 1_000_000, 20, 0.001, 1
PACE = ("--rate", "100000/s", "--burst", "1000")
MOST_MB = 600.0


def main() -> None:
    """Measure and print."""
    options = parser(__doc__, rounds=ROUNDS)
    options.add_argument("--rows", type=int, default=ROWS, help=f"devices, {CAMERAS} to a site ({ROWS:,})")
    args = options.parse_args()
    used: dict[str, list[Used]] = {"plan": [], "apply": []}
    with tempfile.TemporaryDirectory() as name, running(forgetful=True) as server:
        folder = Path(name)
        make(folder, rows=args.rows, cameras=CAMERAS, bad=BAD)
        for _ in range(args.rounds):
            for verb, taken in used.items():
                server.forget()
                more = ("--yes",) if verb == "apply" else ()
                words = (verb, "inventory.csv", "-m", "mapping.toml", *PACE, *more)
                taken.append(run(tool(*words, folder=folder, env=server.env)))
                shutil.rmtree(folder / "reports")
    setting = f"{args.rounds} rounds, {args.rows // CAMERAS:,} sites, {BAD:.1%} of the rows need attention"
    show([_result(verb, args.rows, taken) for verb, taken in used.items()], setting=setting, as_json=args.json)


def _result(verb: str, rows: int, used: list[Used]) -> Result:
    peak = Spread.of([one.peak_bytes / 1e6 for one in used])
    wall, cpu = (Spread.of(figures(of, used)).middle for of in (wall_s, cpu_s))
    return Result(
        LARGE,
        f"`{verb}` of {rows:,} devices: peak memory",
        f"{peak.shown(0, 'MB')}, {wall:.0f} s on the clock, CPU {cpu:.0f} s",
        "-",
        peak.middle,
        f"{peak.middle:.0f} MB",
        most=MOST_MB,
        unit="MB",
    )


if __name__ == "__main__":
    main()
