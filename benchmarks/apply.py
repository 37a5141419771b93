"""`apply` without a limit against a bare loop that sends the same: `python -m benchmarks.apply [--devices N]`.

Both talk to a server that does next to nothing, each in a process of its own; what counts is the client's CPU time for
a request, while it sends. Rounds are interleaved. The last line is JSON with `--json`.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from benchmarks import inventories
from benchmarks.dealer_server import running

ROOT = Path(__file__).resolve().parent.parent
GOAL, JOURNAL_GOAL = 1.35, 0.05
CREDENTIALS = {"CHEKT_CLIENT_ID": "benchmark", "CHEKT_CLIENT_SECRET": "benchmark-secret-of-usual-length"}


def run_client(which: str, base_url: str, folder: Path, *options: str) -> dict[str, Any]:
    """Run one of the two clients; returns its figures."""
    told = folder / "told.json"
    command = [sys.executable, "-m", "benchmarks.apply_clients", which, "--base-url", base_url, "--told", str(told)]
    environment = {**os.environ, **CREDENTIALS, "PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(folder / "state")}
    done = subprocess.run(
        [*command, *options], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    figures: dict[str, Any] = orjson.loads(told.read_bytes())
    return figures


def run_round(folder: Path, number: int, *, batch_size: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run the tool, recorded the first time, and the bare loop, each against a new server."""
    recorded = folder / "recorded.jsonl"
    tool_options = ["--inventory", "inventory.csv", "--mapping", "mapping.toml", "--batch-size", str(batch_size)]
    if not recorded.exists():
        with running(forgetful=True, record=recorded) as server:
            run_client("tool", server.url, folder, *tool_options, "--out", "recording")
    with running(forgetful=True) as server:
        tool = run_client("tool", server.url, folder, *tool_options, "--out", f"round{number}")
    with running(forgetful=True) as server:
        bare = run_client("bare", server.url, folder, "--recorded", str(recorded))
    if tool["requests"] != bare["requests"]:
        sys.exit(f"the tool sent {tool['requests']} requests, the bare loop {bare['requests']}")
    return tool, bare


def summed(rounds: list[tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, Any]:
    """Return the medians of all that was measured."""
    tools, bares = [tool for tool, _ in rounds], [bare for _, bare in rounds]
    requests = tools[0]["requests"]
    sends = [tool["phases"]["send"] for tool in tools]
    ratios = [send["cpu_s"] / bare["phases"]["send"]["cpu_s"] for send, bare in zip(sends, bares, strict=True)]
    return {
        "ratio": round(median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "tool_us_per_request": round(median(1e6 * send["cpu_s"] / requests for send in sends), 1),
        "bare_us_per_request": round(median(1e6 * bare["phases"]["send"]["cpu_s"] / requests for bare in bares), 1),
        "requests": requests,
        "requests_per_s": round(median(requests / send["wall_s"] for send in sends)),
        "requests_a_commit": round(median(requests / tool["commits"] for tool in tools), 1),
        "journal_share": round(
            median(tool["journal_cpu_s"] / send["cpu_s"] for tool, send in zip(tools, sends, strict=True)), 4
        ),
        "phases": {
            name: {
                key: round(median(tool["phases"][name][key] for tool in tools), 3)
                for key in ("cpu_s", "wall_s", "peak_mb")
            }
            for name in tools[0]["phases"]
        },
    }


def show(told: dict[str, Any], *, devices: int, sites: int) -> None:
    """Print the figures."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("aiohttp", "orjson", "uvloop", "polars"))
    print(f"Python {platform.python_version()}, {versions}; {devices:,} devices in {sites:,} sites")
    print(
        f"CPU per request while sending: {told['tool_us_per_request']:.0f} us, "
        f"bare {told['bare_us_per_request']:.0f} us, {told['ratio']:.2f} x "
        f"(goal {GOAL}); rounds {', '.join(f'{ratio:.2f}' for ratio in told['ratios'])}"
    )
    print(f"requests: {told['requests']:,}, {told['requests_per_s']:,} a second")
    print(f"journal's thread: {told['journal_share']:.1%} of the client's CPU while sending (goal {JOURNAL_GOAL:.0%})")
    print(f"requests that share a commit: {told['requests_a_commit']}")
    for name, phase in told["phases"].items():
        print(f"  {name:9} {phase['cpu_s']:7.2f} s CPU {phase['wall_s']:7.2f} s  peak {phase['peak_mb']:5.0f} MB")


def main() -> None:
    """Measure both, side by side, and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=50_000)
    parser.add_argument("--per-site", type=int, default=20)
    parser.add_argument("--batch-size", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON, in the last line")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inventories.make(folder, rows=args.devices, cameras=args.per_site)
        rounds = [run_round(folder, number, batch_size=args.batch_size) for number in range(args.rounds)]
    told = summed(rounds)
    sites = -(-args.devices // args.per_site)
    show(told, devices=args.devices, sites=sites)
    if args.json:
        print(orjson.dumps({"devices": args.devices, "sites": sites, **told}).decode())


if __name__ == "__main__":
    main()
