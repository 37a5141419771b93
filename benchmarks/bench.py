"""All goals in one go: `make bench`, or `python -m benchmarks.bench [--quick] [--only NAME...] [--again]`.

Runs each benchmark by itself and keeps what it told in `results.json`, then writes RESULTS.md and the lines in
README.md of all that is kept. `--only` takes some anew and leaves the others as they were; `--again` takes none, after
a change of `goals.toml`. With `--quick` sizes are small, to see that all works, and nothing is written.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT
from benchmarks.render import write_readme, write_results
from benchmarks.results import Result

KEPT = ROOT / "benchmarks" / "results.json"
OURS = ("polars", "fastexcel", "aiohttp", "orjson", "uvloop", "xlsxwriter")
PEERS = ("dlt", "pandas", "requests", "openpyxl")
APPLY_MOST, JOURNAL_MOST = 1.35, 0.05


@dataclass(frozen=True, slots=True)
class Step:
    """One benchmark, and its options where everything is to be small."""

    name: str
    quick: tuple[str, ...]


STEPS = (
    Step("start", ("--rounds", "2")),
    Step("request_count", ("--devices", "600")),
    Step("pace", ("--rounds", "1")),
    Step("writing", ("--rows", "20000", "--sheet-rows", "5000", "--rounds", "2")),
    Step("apply", ("--devices", "2000", "--rounds", "1")),
    Step("check_workbook", ("5000", "--rounds", "1")),
    Step("check", ("200000", "400000", "--rounds", "1")),
    Step("end_to_end", ("--devices", "2000", "--rounds", "1")),
    Step("large", ("--rows", "2000")),
    Step("resume", ("--rows", "2000", "--rounds", "1")),
    Step("far", ("--devices", "2000", "--rounds", "1")),
)


def measured(step: Step, *, quick: bool) -> dict[str, Any] | None:
    """Run a benchmark; return what it told and when, None if it failed."""
    print(f"== {step.name}", flush=True)
    began, load = time.monotonic(), os.getloadavg()[0]
    command = [sys.executable, "-m", f"benchmarks.{step.name}", "--json", *(step.quick if quick else ())]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    *shown, last = done.stdout.strip().splitlines() or [""]
    print("\n".join(shown), flush=True)
    if done.returncode:
        print(f"{step.name} ended with {done.returncode}", flush=True)
        return None
    try:
        told: dict[str, Any] = json.loads(last)
        told = from_apply(told) if step.name == "apply" else told
    except (ValueError, KeyError) as error:
        print(f"{step.name}: its last line is not what was expected: {error!r}", flush=True)
        return None
    return {**told, "when": f"{_when()}, load {load:.1f} when it began, {(time.monotonic() - began) / 60:.1f} minutes"}


def from_apply(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return goals 4 and 9 in the form of the others."""
    least, most = min(told["ratios"]), max(told["ratios"])
    share = told["journal_share"]
    results = [
        Result(
            4,
            "`apply` without a limit: client CPU a request while sending",
            f"{told['tool_us_per_request']:.0f} us, {told['requests_per_s']:,} requests a second",
            f"bare loop {told['bare_us_per_request']:.0f} us",
            told["ratio"],
            f"{told['ratio']:.2f} ({least:.2f}-{most:.2f}) x",
            most=APPLY_MOST,
            facts={"per_s": told["requests_per_s"]},
        ),
        Result(
            9,
            "the journal's thread while sending: CPU time",
            f"{share:.1%}",
            "the client's CPU time",
            share,
            f"{share:.1%}",
            most=JOURNAL_MOST,
            unit="%",
        ),
    ]
    setting = f"{len(told['ratios'])} rounds, {told['devices']:,} devices in {told['sites']:,} sites"
    return {"setting": setting, "results": [asdict(result) for result in results]}


def about() -> list[str]:
    """Return where and with what this is measured."""
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    pins = dict(re.findall(r"^([\w-]+)==(\S+)", (ROOT / "benchmarks" / "requirements.txt").read_text(), re.MULTILINE))
    return [
        f"{_processor()}, {os.cpu_count()} cores, {memory_gb:.0f} GB",
        f"Python {platform.python_version()}, {', '.join(f'{name} {version(name)}' for name in OURS)}",
        f"peers: {', '.join(f'{name} {pins[name]}' for name in PEERS)}",
    ]


def _when() -> str:
    changed = ", with changes" if _git("status", "--porcelain", "--", "migrate", "benchmarks/*.py") else ""
    return f"{datetime.now(UTC):%Y-%m-%d}, commit {_git('rev-parse', '--short', 'HEAD')}{changed}"


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607 - the developer's git
    return done.stdout.strip()


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        found = None
    return found.group(1) if found else platform.processor() or platform.machine()


def main() -> int:
    """Measure all, write the pages; return 1 if a benchmark failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that all works")
    parser.add_argument("--only", nargs="+", choices=[step.name for step in STEPS], help="these alone")
    parser.add_argument("--again", action="store_true", help="write the pages anew, measure nothing")
    args = parser.parse_args()
    kept: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {"steps": {}}
    steps = [] if args.again else [step for step in STEPS if not args.only or step.name in args.only]
    failed = []
    for step in steps:
        told = measured(step, quick=args.quick)
        if told is None:
            failed.append(step.name)
            kept["steps"].pop(step.name, None)
        else:
            kept["steps"][step.name] = told
        if not args.quick:
            KEPT.write_text(json.dumps({"about": about(), "steps": kept["steps"]}, indent=1) + "\n", encoding="utf-8")
    if not args.quick:
        kept = json.loads(KEPT.read_text(encoding="utf-8"))
        write_results(kept)
        write_readme(kept)
        print("written: benchmarks/RESULTS.md, README.md")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
