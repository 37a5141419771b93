"""Goal 11: what the tool takes to start, for words alone and for a small file: `python -m benchmarks.start`."""

import tempfile
from pathlib import Path

from benchmarks.inventories import make
from benchmarks.measure import Spread, cpu_s, figures, interleaved, python, ratio, tool, wall_s
from benchmarks.results import Result, parser, show

ROWS = 1_000
ROUNDS = 11
MOST_S = {"--version": 0.25, "--help": 0.25, "check": 1.0}
NOTHING = "pass"


def main() -> None:
    """Measure and print the seconds."""
    args = parser(__doc__, rounds=ROUNDS).parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, rows=ROWS, bad=0.01)
        used = interleaved(
            {
                "python": python(NOTHING, folder=folder),
                "--version": tool("--version", folder=folder),
                "--help": tool("--help", folder=folder),
                "check": tool("check", "inventory.csv", "-m", "mapping.toml", folder=folder),
            },
            rounds=args.rounds,
        )
    bare = used["python"]
    results = []
    for word, most_s in MOST_S.items():
        seconds, cpu = Spread.of(figures(wall_s, used[word])), Spread.of(figures(cpu_s, used[word]))
        results.append(
            Result(
                11,
                f"`check` of {ROWS:,} rows: CPU time" if word == "check" else f"`{word}`: CPU time",
                f"{cpu.shown(2, 's')}, on the clock {seconds.shown(2, 's')}",
                f"bare Python {Spread.of(figures(cpu_s, bare)).shown(3, 's')}",
                cpu.middle,
                f"{cpu.middle:.2f} s, {ratio(cpu_s, used[word], bare).middle:.0f} x",
                most=most_s,
                unit="s",
                facts={"wall_s": seconds.middle},
            )
        )
    show(results, setting=f"{args.rounds} rounds", as_json=args.json)


if __name__ == "__main__":
    main()
