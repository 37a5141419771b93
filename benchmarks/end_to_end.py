"""Goal 10: an inventory carried over, end to end, by the tool and by its peers: `python -m benchmarks.end_to_end`.

All read, check, create sites and then devices 50 at a time, keep every answer and write what became of each record,
against the same server, which does next to nothing and counts. It answers at once, and what is judged is CPU time;
`benchmarks.far` has answers that take their time. The peers (`benchmarks/peers/`, which say what they leave out) run in
the environment that `make bench` makes for them; `--peers PYTHON` names another.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from benchmarks.dealer_server import Running, running
from benchmarks.inventories import make
from benchmarks.measure import ROOT, Command, Spread, Used, cpu_s, figures, ratio, run, tool, wall_s
from benchmarks.results import Result, parser, show

DEVICES, CAMERAS, BAD = 50_000, 20, 0.001
PEERS_PYTHON = ROOT / ".bench-venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
OPTIONS = ("--yes", "--rate", "100000/s", "--burst", "1000", "--concurrency", "16")
PANDAS_LEAST, DLT_LEAST = 12.0, 7.5
AGAINST = (
    ("pandas.read_excel + requests", "pandas xlsx", "tool xlsx", PANDAS_LEAST),
    ("pandas.read_csv + requests", "pandas csv", "tool csv", None),
    ("dlt, sites and devices as tables", "dlt rows", "tool csv", DLT_LEAST),
    ("dlt, a site one item with its cameras", "dlt nested", "tool csv", DLT_LEAST),
)
"""What a line is called, the peer, the tool's run that it stands against, and how many times faster is the goal."""


def commands(folder: Path, env: Mapping[str, str], python: Path) -> dict[str, Command]:
    """Return what is measured; each works in a folder of its own."""
    env = {**env, "RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}
    peers = Path(__file__).resolve().parent / "peers"
    csv, xlsx = folder / "inventory.csv", folder / "inventory.xlsx"

    def peer(script: str, *words: str | Path) -> Command:
        return Command([str(python), str(peers / script), *map(str, words)], folder / "work", env)

    def ours(path: Path) -> Command:
        return tool("apply", path, "-m", folder / "mapping.toml", *OPTIONS, folder=folder / "work", env=env)

    return {
        "tool csv": ours(csv),
        "tool xlsx": ours(xlsx),
        "dlt rows": peer("dlt_pipeline.py", csv, "rows"),
        "dlt nested": peer("dlt_pipeline.py", csv, "nested"),
        "pandas csv": peer("pandas_requests.py", csv),
        "pandas xlsx": peer("pandas_requests.py", xlsx),
    }


def measure(
    server: Running, made: Mapping[str, Command], *, rounds: int
) -> tuple[dict[str, list[Used]], dict[str, int]]:
    """Run all in turn, each against a server that has nothing; return also how many creates it took."""
    used: dict[str, list[Used]] = {name: [] for name in made}
    creates: dict[str, int] = {}
    for number in range(rounds):
        for name, command in made.items():
            shutil.rmtree(command.folder, ignore_errors=True)
            command.folder.mkdir()
            server.forget()
            used[name].append(run(command))
            creates[name] = sum(asked for kind, asked in server.counts().items() if kind.startswith("POST"))
            last = used[name][-1]
            print(
                f"  round {number + 1}/{rounds} {name}: {last.cpu_s:.2f} s CPU, {last.wall_s:.2f} s, "
                f"{last.peak_bytes / 1e6:.0f} MB, {creates[name]} creates",
                file=sys.stderr,
                flush=True,
            )
    return used, creates


def compare(used: Mapping[str, list[Used]]) -> list[Result]:
    """Return a line for each peer, with answers at once."""
    results = []
    for what, peer, ours, least in AGAINST:
        times, walls = ratio(cpu_s, used[peer], used[ours]), ratio(wall_s, used[peer], used[ours])
        peaks = [Spread.of([one.peak_bytes / 1e6 for one in used[name]]).middle for name in (ours, peer)]
        results.append(
            Result(
                10,
                f"end to end, against {what}: CPU time",
                f"{Spread.of(figures(cpu_s, used[ours])).shown(2, 's')}, on the clock "
                f"{middle(wall_s, used[ours]):.1f} s, {peaks[0]:.0f} MB",
                f"{Spread.of(figures(cpu_s, used[peer])).shown(2, 's')}, on the clock "
                f"{middle(wall_s, used[peer]):.1f} s, {peaks[1]:.0f} MB",
                times.middle,
                f"{times.shown(1)} x faster; on the clock {walls.shown(1)} x",
                least=least,
            )
        )
    return results


def middle(of: Callable[[Used], float], used: list[Used]) -> float:
    """Return the median of a figure."""
    return Spread.of(figures(of, used)).middle


def peers_parser(about: str | None) -> argparse.ArgumentParser:
    """Return the options of a benchmark that has peers."""
    options = parser(about)
    options.add_argument("--devices", type=int, default=DEVICES)
    options.add_argument("--peers", type=Path, default=PEERS_PYTHON, help="the Python that has the peers' packages")
    return options


def carried_over(
    args: argparse.Namespace, names: Collection[str], *, answer_ms: int = 0
) -> tuple[dict[str, list[Used]], str]:
    """Measure those named; return what they used, and how it was measured."""
    if not args.peers.exists():
        sys.exit(f"{args.peers} does not exist: make bench makes it, from benchmarks/requirements.txt")
    with tempfile.TemporaryDirectory() as name, running(answer_ms=answer_ms) as server:
        folder = Path(name)
        make(folder, rows=args.devices, cameras=CAMERAS, bad=BAD)
        make(folder, rows=args.devices, cameras=CAMERAS, bad=BAD, xlsx=True)
        made = commands(folder, server.env, args.peers.absolute())
        used, creates = measure(server, {name: made[name] for name in names or made}, rounds=args.rounds)
    if len(set(creates.values())) > 1:
        sys.exit(f"not the same work: {creates}")
    return used, (
        f"{args.rounds} rounds, {args.devices:,} devices, {CAMERAS} a site, {BAD:.1%} of the rows need attention, "
        f"{next(iter(creates.values())):,} creates each"
    )


def main() -> None:
    """Measure all and print how many times faster the tool is."""
    args = peers_parser(__doc__).parse_args()
    used, setting = carried_over(args, ())
    show(compare(used), setting=setting, as_json=args.json)


if __name__ == "__main__":
    main()
