"""Runs that are killed at random moments, and gone on with: `python -m benchmarks.soak_kills [--kills N]`.

Each round applies an inventory to a new sandbox and kills the process with SIGKILL up to a few times, the first time
while it applies, then while it resumes; then it lets `resume` end. What the sandbox has, what it was asked for and what
the reports say must agree: nothing lost, nothing twice, nothing sent that the journal did not announce.
"""

import argparse
import asyncio
import csv
import json
import os
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

ROOT = Path(__file__).resolve().parent.parent
MAPPING = """
name = "Soak"
[[table]]
record = "site"
file = "sites.csv"
[table.fields]
external_site_id = "id"
name = "name"
timezone = { value = "America/New_York" }
[[table]]
record = "device"
file = "devices.csv"
[table.fields]
external_site_id = "site"
external_device_id = "id"
device_type = { value = "camera" }
zone_number = "zone"
"""
DEVICES_PER_SITE = 9
KILLS_PER_RUN = 10
EARLY_SHARE = 0.15
"""Of the kills, those that come at any time from the start on; the others come once something is being sent."""
APPLY = ("-m", "mapping.toml", "--yes", "--quiet", "--batch-size", "3", "--rate", "5000/s", "--burst", "500")
QUICK = ("--settle", "0.2", "--patience", "30")
LIMIT_S = 300.0
POLL_S = 0.01


@dataclass(frozen=True, slots=True)
class Span:
    """How long a run takes until it sends something, and from then on to its end."""

    starting_s: float
    sending_s: float


@dataclass(slots=True)
class Figures:
    """What came of the rounds so far; `at` is moment → number of kills that met it."""

    runs: int = 0
    kills: int = 0
    lost: int = 0
    twice: int = 0
    unannounced: int = 0
    violations: list[str] = field(default_factory=list)
    at: Counter[str] = field(default_factory=Counter)


def write_inventory(folder: Path, records: int) -> int:
    """Write an inventory of about so many records; returns how many they are."""
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    sites = max(1, records // (1 + DEVICES_PER_SITE))
    numbers = range(1, sites + 1)
    zones = range(1, DEVICES_PER_SITE + 1)
    tables: dict[str, list[tuple[str, ...]]] = {
        "sites.csv": [("id", "name"), *((f"S-{n}", f"Shop {n}") for n in numbers)],
        "devices.csv": [
            ("site", "id", "zone"),
            *((f"S-{n}", f"S-{n}-{z}", f"{z:03d}") for n in numbers for z in zones),
        ],
    }
    for name, rows in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return sites * (1 + DEVICES_PER_SITE)


class Round:
    """One inventory and one sandbox: killed, gone on with, looked at."""

    def __init__(self, folder: Path, sandbox: Sandbox, figures: Figures, *, records: int) -> None:
        self.folder = folder
        self.sandbox = sandbox
        self.figures = figures
        self.records = write_inventory(folder, records)

    async def start(self) -> asyncio.subprocess.Process:
        """Start what is next: `resume` of the run there is, else `apply`."""
        words = ("resume", "last", "--quiet") if self.run() else ("apply", "sites.csv", "devices.csv", *APPLY, *QUICK)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CHEKT_")}
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "migrate",
            *words,
            cwd=self.folder,
            env=kept | {"PYTHONPATH": str(ROOT)} | self.sandbox.environment,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )

    def run(self) -> Path | None:
        """Return the folder of the run, if it has got so far as to have one."""
        return next(iter(sorted((self.folder / "reports").glob("2*"))), None)

    def written(self) -> int:
        """Return how many requests asked for something to be made so far."""
        return sum(number for method, number in self.sandbox.history.methods.items() if method != "GET")

    async def sends(self, before: int, ending: asyncio.Task[object]) -> None:
        """Return once more is written than before, or the process has ended."""
        while self.written() == before and not ending.done():  # noqa: ASYNC110 - the sandbox tells nobody
            await asyncio.sleep(POLL_S)

    async def kill(self, span: Span, rng: Random) -> bool:
        """Start, kill at random; False: it was over before."""
        before, process = self.written(), await self.start()
        ending = asyncio.create_task(process.communicate())
        if rng.random() < EARLY_SHARE:
            await asyncio.wait([ending], timeout=rng.uniform(0.0, span.starting_s))
        else:
            await self.sends(before, ending)
            due = 1 - len(self.sandbox.state()["devices"]) / self.records
            await asyncio.wait([ending], timeout=rng.uniform(0.0, span.sending_s * due))
        if ending.done():
            return False
        process.send_signal(signal.SIGKILL)
        await ending
        self.figures.kills += 1
        self.figures.at[self.moment()] += 1
        return True

    def moment(self) -> str:
        """Return how far the run has got."""
        run = self.run()
        if run is None:
            return "before it had a folder"
        with closing(sqlite3.connect(run / "journal.sqlite")) as journal:
            if journal.execute("SELECT 1 FROM meta WHERE key = 'plan'").fetchone() is None:
                return "before its plan"
            if (announced := journal.execute("SELECT count(*) FROM intent").fetchone()[0]) == 0:
                return "before it sent"
            settled = journal.execute("SELECT count(*) FROM result").fetchone()[0]
            answered = journal.execute("SELECT count(*) FROM answer").fetchone()[0]
        if settled < self.records:
            return "while it sent" if announced == answered else "while it sent, with requests under way"
        state = json.loads((run / "run.json").read_text(encoding="utf-8"))["state"]
        return "once it had ended" if state == "finished" else "while it wrote its reports"

    async def let_end(self) -> Span:
        """Let it go on to its end; returns how long that took."""
        began, before, process = time.monotonic(), self.written(), await self.start()
        ending = asyncio.create_task(process.communicate())
        async with asyncio.timeout(LIMIT_S):
            await self.sends(before, ending)
            sending = time.monotonic()
            _, told = await ending
        if process.returncode != 0 or b"Traceback" in told:
            self.figures.violations.append(f"exit code {process.returncode}: {told.decode()[-500:]}")
        return Span(sending - began, time.monotonic() - sending)

    def look(self) -> None:
        """Compare the sandbox, its history and the reports."""
        state, figures, run = self.sandbox.state(), self.figures, self.run()
        made = Counter(site["external_site_id"] for site in state["sites"])
        made.update(device["external_device_id"] for device in state["devices"])
        figures.runs += 1
        figures.lost += self.records - len(made)
        figures.twice += sum(number - 1 for number in made.values())
        if run is None:
            figures.violations.append("there is no run")
            return
        with (run / "outcomes.csv").open(encoding="utf-8", newline="") as file:
            told = Counter((row["outcome"], row["external_id"]) for row in csv.DictReader(file))
        expected = Counter({("created", identity): 1 for identity in made})
        if told != expected:
            figures.violations.append(f"{run.name}: the report tells {(told - expected) + (expected - told)}")
        with closing(sqlite3.connect(run / "journal.sqlite")) as journal:
            announced = {trace for (trace,) in journal.execute("SELECT trace_id FROM intent")}
        for request in self.sandbox.history:
            if request.method != "GET" and request.endpoint != "token.create":
                figures.unannounced += request.headers.get("x-partner-trace-id") not in announced


async def soak(*, kills: int, records: int, seed: int) -> Figures:
    """Kill so many times, in as many runs as that takes."""
    rng, figures = Random(seed), Figures()  # noqa: S311 - no secret comes of it
    span: Span | None = None
    while figures.kills < kills:
        with tempfile.TemporaryDirectory() as folder:
            async with Sandbox(SandboxOptions(rate=None, history_size=100_000)) as sandbox:
                one = Round(Path(folder), sandbox, figures, records=records)
                if span is None:  # the first run is let be, and tells how long one takes
                    span = await one.let_end()
                    one.look()
                    continue
                for _ in range(min(rng.randint(1, KILLS_PER_RUN), kills - figures.kills)):
                    if not await one.kill(span, rng):
                        break
                await one.let_end()
                one.look()
        print(f"\r{figures.kills} of {kills} kills in {figures.runs} runs", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return figures


def main() -> int:
    """Soak, print the figures; returns 1 if something was lost, twice, unannounced or told wrongly."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = time.monotonic()
    figures = asyncio.run(soak(kills=asked.kills, records=asked.records, seed=asked.seed))
    print(
        f"{figures.kills} kills in {figures.runs} runs of {asked.records:,} records, seed {asked.seed}, "
        f"{time.monotonic() - began:.0f} s: {figures.lost} lost, {figures.twice} twice, "
        f"{figures.unannounced} sent without being announced, {len(figures.violations)} other violations"
    )
    for moment, number in figures.at.most_common():
        print(f"  {number:4} {moment}")
    for violation in figures.violations:
        print(f"  ! {violation}")
    return int(bool(figures.lost or figures.twice or figures.unannounced or figures.violations))


if __name__ == "__main__":
    sys.exit(main())
