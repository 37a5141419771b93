"""The two that `apply.py` compares, each in a process of its own: the tool, and a bare loop that sends the same.

Both print nothing but write what they took to a file, as JSON: phase → CPU seconds, seconds, peak memory in MB.
"""

import argparse
import asyncio
import contextlib
import cProfile
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson
import uvloop

from migrate.app import apply as applying
from migrate.app import conduct as conducting
from migrate.app import fresh
from migrate.app.driving import Driving
from migrate.app.finish import Run
from migrate.app.options import Options
from migrate.cli.sending import drive
from migrate.errors import MigrateError
from migrate.journal.writer import JournalWriter, Statement
from migrate.mapping.mapping import Mapping
from migrate.settings import Settings

CONCURRENCY = 8
_REPLAYED = ("Authorization", "Accept", "User-Agent", "x-partner-trace-id", "Idempotency-Key", "Content-Type")


@dataclass(slots=True)
class Taken:
    """What one phase took."""

    cpu_s: float
    wall_s: float
    peak_mb: float


@dataclass(slots=True)
class Figures:
    """What a client took; `requests` are those of the phase `send`."""

    requests: int = 0
    commits: int = 0
    journal_cpu_s: float = 0.0
    phases: dict[str, Taken] = field(default_factory=dict)

    @contextlib.contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Measure what is done within it."""
        reset_peak()
        cpu_s, wall_s = cpu_now_s(resource.RUSAGE_SELF), time.perf_counter()
        yield
        now_s = cpu_now_s(resource.RUSAGE_SELF)
        self.phases[name] = Taken(now_s - cpu_s, time.perf_counter() - wall_s, peak_mb())

    def write(self, path: Path) -> None:
        """Write them."""
        path.write_bytes(orjson.dumps(asdict(self)))


def cpu_now_s(who: int) -> float:
    """Return the CPU time so far, user and system."""
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def reset_peak() -> None:
    """Let the kernel measure the peak of the process's memory anew."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_mb() -> float:
    """Return the peak of the process's memory since it was reset, or at all where the kernel can't say."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def run_tool(args: argparse.Namespace) -> Figures:
    """Apply an inventory as the command does, with marks between the phases."""
    figures = Figures()
    sent_before = 0

    inner = {**vars(fresh), **vars(conducting), **vars(applying)}
    execute, plan = inner["execute"], inner["plan"]

    async def measured_execute(*given: Any, **named: Any) -> None:  # noqa: ANN401 - whatever it takes
        nonlocal sent_before
        counts = named["remote"].counts
        sent_before = counts.sent
        profile = cProfile.Profile(time.thread_time) if args.profile else None
        with figures.phase("send"), profile or contextlib.nullcontext():
            await execute(*given, **named)
        if profile is not None:
            profile.dump_stats(args.profile)
        figures.requests = counts.sent - sent_before

    async def measured_plan(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it takes
        with figures.phase("plan"):
            return await plan(*given, **named)

    within = partial(_within, figures)
    vars(applying).update(execute=measured_execute, finish=within("finish", inner["finish"]))
    vars(conducting).update(plan=measured_plan, keep_plan=within("keep plan", inner["keep_plan"]))
    vars(fresh).update(checking=_entering(figures, "check", inner["checking"]))

    async def use_case(driving: Driving) -> Run:
        driving.writer = _measured_writer(figures)
        return await fresh.apply_files(
            [Path(args.inventory)],
            Mapping.load(args.mapping),
            Settings(dealer_id="bench", base_url=args.base_url),
            out=Path(args.out),
            options=Options(rate="1000000/s", burst=100_000, batch_size=args.batch_size),
            driving=driving,
        )

    code = drive(use_case, quiet=False, as_json=False)
    if code:
        sys.exit(f"the tool ended with {code}")
    return figures


def _measured_writer(figures: Figures) -> type[JournalWriter]:
    """Return the journal's writer that counts its commits and its thread's CPU time."""

    class Measured(JournalWriter):
        def _commit(self, statements: list[Statement]) -> MigrateError | None:
            figures.commits += 1
            return super()._commit(statements)

        def _work(self) -> None:
            super()._work()
            figures.journal_cpu_s = cpu_now_s(resource.RUSAGE_THREAD)

    return Measured


def _within(figures: Figures, name: str, function: Any) -> Any:  # noqa: ANN401 - whatever it takes
    def measured(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it takes
        with figures.phase(name):
            return function(*given, **named)

    return measured


def _entering(figures: Figures, name: str, manager: Any) -> Any:  # noqa: ANN401 - whatever it takes
    @contextlib.contextmanager
    def measured(*given: Any, **named: Any) -> Iterator[Any]:  # noqa: ANN401 - whatever it takes
        with contextlib.ExitStack() as stack:
            with figures.phase(name):
                value = stack.enter_context(manager(*given, **named))
            yield value

    return measured


def run_bare(args: argparse.Namespace) -> Figures:
    """Send what was recorded of a run of the tool: bodies written with orjson, answers read with it, nothing else."""
    figures = Figures()
    with Path(args.recorded).open("rb") as lines:
        recorded = [orjson.loads(line) for line in lines]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, figures.phase("send"):
        figures.requests = runner.run(_send(recorded, args.base_url))
    return figures


async def _send(recorded: list[dict[str, Any]], base_url: str) -> int:
    """Send the writes site by site, `CONCURRENCY` sites side by side, then the reads that came after them."""
    first = next(number for number, told in enumerate(recorded) if told["method"] != "GET")
    units: dict[str, list[dict[str, Any]]] = {}
    old_ids: dict[str, str] = {}
    for told in recorded[first:]:
        if told["method"] == "POST" and told["path"].endswith("/sites"):
            units[told["body"]["external_site_id"]] = [told]
    for told in recorded[first:]:
        if told["method"] != "GET" and not told["path"].endswith("/sites"):
            old = urlsplit(told["path"]).path.split("/")[6]
            site = told["body"][0]["external_device_id"].rsplit("-", 1)[0] if old not in old_ids else old_ids[old]
            old_ids[old] = site
            units[site].append(told)
    reads = [told for told in recorded[first:] if told["method"] == "GET"]
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        todo = iter(units.values())
        async with asyncio.TaskGroup() as group:
            for _ in range(CONCURRENCY):
                group.create_task(_work(session, todo, base_url))
        for told in reads:
            await _ask(session, told, base_url, told["path"])
    return sum(map(len, units.values())) + len(reads)


async def _work(session: aiohttp.ClientSession, todo: Iterator[list[dict[str, Any]]], base_url: str) -> None:
    for create, *others in todo:
        site = await _ask(session, create, base_url, create["path"])
        for told in others:
            parts = told["path"].split("/")
            parts[6] = str(site["site_id"])
            await _ask(session, told, base_url, "/".join(parts))


async def _ask(session: aiohttp.ClientSession, told: dict[str, Any], base_url: str, path: str) -> Any:  # noqa: ANN401
    headers = {name: told["headers"][name] for name in _REPLAYED if name in told["headers"]}
    body = None if told["body"] is None else orjson.dumps(told["body"])
    async with session.request(told["method"], base_url + path, data=body, headers=headers) as response:
        return orjson.loads(await response.read())


def main() -> None:
    """Run one of the two."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("which", choices=["tool", "bare"])
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--told", required=True, type=Path, help="where the figures go")
    parser.add_argument("--inventory", help="tool: the file to apply")
    parser.add_argument("--mapping", help="tool: its mapping")
    parser.add_argument("--out", help="tool: where its run goes")
    parser.add_argument("--batch-size", type=int, default=50)
    parser.add_argument("--profile", help="tool: where cProfile's figures of the sending go")
    parser.add_argument("--recorded", help="bare: what to send")
    args = parser.parse_args()
    figures = run_tool(args) if args.which == "tool" else run_bare(args)
    figures.write(args.told)


if __name__ == "__main__":
    main()
