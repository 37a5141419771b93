"""A whole command in a scenario: files are applied, the process dies, `resume` goes on, and `apply` comes once more."""

import asyncio
import os
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import polars as pl
from simulated_faults import Leg, Script, drawn
from simulated_laws import of_record, rows_by_id
from simulated_network import SECRET, TOKEN, Line, Network
from simulated_process import (
    SETTINGS,
    CutOff,
    SimulatedWriter,
    habits_of,
    in_memory,
    logged,
    options_of,
    run_in_simulated_time,
    shape_of,
    until_cut_off,
)
from simulated_run import Told
from simulated_store import Habits
from simulated_tables import inventory, mapping
from simulated_time import now

from migrate.app.driving import Driving
from migrate.app.finish import Run
from migrate.app.fresh import apply_files
from migrate.app.going_on import report, resume
from migrate.app.options import Options
from migrate.app.runs import KnownRun, known_runs
from migrate.errors import MigrateError
from migrate.settings import Settings

_LONG_AFTER_S = 1_000.0
_PEACE = Leg(None, (), 0.0)
Command = Callable[[Driving], Awaitable[Run]]


@dataclass
class Whole:
    """One scenario of whole commands, with what is wrong with it so far."""

    seed: int
    script: Script
    network: Network
    folder: Path
    options: Options
    settings: Settings
    found: list[str] = field(default_factory=list)

    @property
    def out(self) -> Path:
        return self.folder / "reports"

    def known(self) -> KnownRun | None:
        """Return the newest run, if one got so far as to have a folder."""
        return next(iter(known_runs(self.out)), None)


def whole_violations(seed: int, *, kept: frozenset[str] | None = None) -> list[str]:
    """Play a seed with whole commands; return a line for each law that it breaks."""
    with logged() as log:
        whole = run_in_simulated_time(_play(seed, kept))
    text = "\n".join(log)
    whole.found += [f"I6: the log holds {secret}" for secret in (SECRET, TOKEN) if secret in text]
    return whole.found


async def _play(seed: int, kept: frozenset[str] | None) -> Whole:
    of_shape, script = inventory(shape_of(seed)), drawn(seed, kept)
    network = Network(of_shape.dealer.copy(), script)
    network.store.habits = habits_of(script)
    folder = Path(tempfile.mkdtemp(prefix="simulated-", dir=in_memory()))
    # two processes may play at the same time, and a dealer is held by one run
    settings = SETTINGS.model_copy(update={"base_url": f"https://api-{os.getpid()}.simulated"})
    whole = Whole(seed, script, network, folder, options_of(seed), settings)
    try:
        files = of_shape.write(folder)
        await _faulty(whole, partial(_apply, whole, files))
        await _in_peace(whole, partial(_apply, whole, files))
        whole.found += _secrets_in(whole.out)
    finally:
        shutil.rmtree(folder)
    return whole


async def _apply(whole: Whole, files: list[Path], driving: Driving) -> Run:
    return await apply_files(files, mapping(), whole.settings, out=whole.out, options=whole.options, driving=driving)


async def _faulty(whole: Whole, apply: Command) -> None:
    """Apply, and resume as often as it is cut off."""
    for number, leg in enumerate(whole.script.legs):
        ended = await _command(whole, leg, apply, name=f"leg {number}")
        if ended == "finished":
            break
        await asyncio.sleep(leg.gap_s)
    await asyncio.sleep(_LONG_AFTER_S)


async def _in_peace(whole: Whole, apply: Command) -> None:
    """Resume until it has ended, report once more, and apply twice: the second time nothing is sent but reads."""
    whole.network.calm, whole.network.store.habits = True, Habits()
    first = whole.known()
    if first is None:
        whole.found.append("the first run left no folder")
        return
    if first.facts["state"] != "finished":
        ended = await _command(whole, _PEACE, apply, name="resumed in peace")
        if ended != "finished":
            whole.found.append(f"resumed in peace, and yet: {ended}")
    _report_again(whole)
    sent, again = await _fresh(whole, apply, "applied again")
    if set(sent) - {"GET"}:  # something was left to do; from now on nothing is
        first_again, (sent, again) = again, await _fresh(whole, apply, "applied a third time")
        if first_again is not None and again is not None:
            whole.found += _changed(first_again.report.outcomes, again.report.outcomes)
    if set(sent) - {"GET"}:
        whole.found.append(f"I8: an apply after a clean one sent {dict(sent)}")


async def _fresh(whole: Whole, apply: Command, name: str) -> tuple[Counter[str], Run | None]:
    before, ran = len(whole.network.history), list[Run]()

    async def command(driving: Driving) -> Run:
        ran.append(await apply(driving))
        return ran[0]

    await _command(whole, _PEACE, command, name=name, goes_on=False)
    return Counter(one.method for one in whole.network.history[before:]), ran[0] if ran else None


async def _command(whole: Whole, leg: Leg, apply: Command, *, name: str, goes_on: bool = True) -> str:
    """Run `apply`, or `resume` where a run is there to go on with; return how it ended."""
    known, driving = whole.known() if goes_on else None, Driving()
    points = CutOff(leg.ending, driving.interrupt.stop, on_death=lambda: _snapshot(whole))
    driving.transport = line = Line(whole.network, points, leg.outages)
    pauses = iter(range(10**9))
    part = len(whole.network.history)
    driving.writer = partial(
        SimulatedWriter,
        points=points,
        pause_s=lambda: whole.script.commit_s(1_000_000 * part + next(pauses)),
    )
    planned_at = now() if name.startswith("applied") else 0.0
    running = asyncio.ensure_future(apply(driving) if known is None else resume(known, whole.settings, driving=driving))
    if await until_cut_off(running, points):
        running.exception() if not running.cancelled() else None
        _as_it_was(whole)
        return "crashed"
    try:
        run = await running
    except MigrateError as error:
        return f"ended with {type(error).__name__}: {error}"
    ended = str(run.report.facts.state)
    told = Told(name, run.report.outcomes, ended, line, whole.network.store.copy(), 0, 0, planned_at)
    there = rows_by_id(told.store)
    for outcome in told.outcomes.iter_rows(named=True):
        rows = there.get((outcome["record"], outcome["external_id"]), [])
        whole.found += [f"{name}: {line}" for line in of_record(outcome, rows, told)]
    return ended


def _snapshot(whole: Whole) -> None:
    """Keep the files as a process that dies at this moment leaves them."""
    shutil.copytree(whole.out, whole.folder / "as it was")


def _as_it_was(whole: Whole) -> None:
    shutil.rmtree(whole.out)
    (whole.folder / "as it was").rename(whole.out)


def _report_again(whole: Whole) -> None:
    """Write the reports from the journal once more: they say the same (I5)."""
    known = whole.known()
    if known is None:
        return
    before = (known.folder / "outcomes.csv").read_bytes()
    report(known)
    if (known.folder / "outcomes.csv").read_bytes() != before:
        whole.found.append("I5: outcomes.csv is another one when it is written again")


def _changed(one: pl.DataFrame, two: pl.DataFrame) -> list[str]:
    """Return what a second clean run says of what the first one made otherwise than that it is there, the same."""
    joined = one.join(two, on="_n", suffix="_again").filter(pl.col("outcome").is_in(["created", "updated"]))
    other = joined.filter(pl.col("outcome_again") != "unchanged")
    return [
        f"I8: {external_id} was {outcome}, and is told {again} ({code}) by a second run"
        for external_id, outcome, again, code in other.select(
            "external_id", "outcome", "outcome_again", "code_again"
        ).iter_rows()
    ]


def _secrets_in(folder: Path) -> list[str]:
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                content = b"".join(book.read(name) for name in book.namelist())
        found += [f"I6: {path.name} holds {secret}" for secret in (SECRET, TOKEN) if secret.encode() in content]
    return found
