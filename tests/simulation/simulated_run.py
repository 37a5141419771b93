"""A scenario from its seed: a plan is carried out by legs that are cut off, and then by a clean run."""

import asyncio
import shutil
import sqlite3
import tempfile
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import polars as pl
from simulated_faults import Leg, Script, dice, drawn
from simulated_network import Line, Network
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
from simulated_store import Habits, Store
from simulated_tables import Inventory, inventory
from simulated_time import now

from migrate.api.client import PartnerClient
from migrate.app.check import Checked
from migrate.app.finish import outcomes_so_far
from migrate.app.options import Options
from migrate.app.planned import plan as make_plan
from migrate.journal.journal import FILE_NAME, Journal
from migrate.pipeline.execute import Progress, execute
from migrate.pipeline.stop import Stop
from migrate.planning.plan import Plan

_LONG_AFTER_S = 1_000.0
_PLANNED_AGAIN = 5  # of so many simple scenarios, one is planned again: planning takes longer than all the rest


@dataclass
class Told:
    """What a leg left behind: its report, how it ended, and what it did to the server in between."""

    name: str
    outcomes: pl.DataFrame
    ended: str
    line: Line
    store: Store
    settled: int
    in_journal: int
    planned_at: float

    @property
    def began_at(self) -> float:
        return self.line.began_at


@dataclass
class Scenario:
    """Everything that can be held against a scenario."""

    seed: int
    script: Script
    network: Network
    inventory: Inventory
    options: Options
    first: Plan
    legs: list[Told] = field(default_factory=list)
    clean: list[Told] = field(default_factory=list)
    planned_again: Plan | None = None
    log: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    journal_bytes: bytes = b""

    @property
    def history(self) -> list[tuple[Any, ...]]:
        """What reached the network, but for names that are unique in the world."""
        return [
            (
                one.number,
                one.at,
                one.method,
                one.path,
                one.body,
                one.fault,
                one.ended_at,
                one.committed_at,
                one.answered,
            )
            for one in self.network.history
        ]


def play(seed: int, *, kept: frozenset[str] | None = None) -> Scenario:
    """Play the scenario of a seed to its end."""
    with logged() as log:
        scenario = run_in_simulated_time(_play(seed, kept))
    scenario.log = log
    return scenario


async def _play(seed: int, kept: frozenset[str] | None) -> Scenario:
    script = drawn(seed, kept)
    shape = shape_of(seed)
    of_shape = inventory(shape)
    options = options_of(seed)
    first = _first_plan(shape)
    network = Network(of_shape.dealer.copy(), script)
    network.store.habits = habits_of(script)
    scenario = Scenario(seed, script, network, of_shape, options, first)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: scenario.broken.append(str(context.get("exception", context))))
    folder = Path(tempfile.mkdtemp(prefix="simulated-", dir=in_memory()))
    try:
        await _carried_out(scenario, folder)
    finally:
        shutil.rmtree(folder)
    return scenario


async def _carried_out(scenario: Scenario, folder: Path) -> None:
    Journal.create(folder).close()
    for number, leg in enumerate(scenario.script.legs):
        told = await _leg(scenario, folder, scenario.first, leg, name=f"leg {number}")
        scenario.legs.append(told)
        if told.ended == "finished":
            break
        await asyncio.sleep(leg.gap_s)
    await asyncio.sleep(_LONG_AFTER_S)
    scenario.network.calm, scenario.network.store.habits = True, Habits()
    scenario.legs.append(await _leg(scenario, folder, scenario.first, Leg(None, (), 0.0), name="resumed in peace"))
    scenario.journal_bytes = _bytes_in(folder)
    if scenario.seed % _PLANNED_AGAIN and _is_simple(scenario):
        return
    again = await _plan_now(scenario.inventory.checked, scenario.network, scenario.options)
    if _due(again):
        (folder / "again").mkdir()
        Journal.create(folder / "again").close()
        scenario.clean.append(
            await _leg(scenario, folder / "again", again, Leg(None, (), 0.0), name="clean run", planned_at=now())
        )
        again = await _plan_now(scenario.inventory.checked, scenario.network, scenario.options)
    scenario.planned_again = again


async def _leg(scenario: Scenario, folder: Path, plan: Plan, leg: Leg, *, name: str, planned_at: float = 0.0) -> Told:
    """Run the pipeline as a process would, until it ends or is cut off; then read what its journal says."""
    stop, settled = Stop(), [0]
    points = CutOff(leg.ending, stop)
    line = Line(scenario.network, points, leg.outages)
    pauses = iter(range(10**9))
    part = len(scenario.network.history)
    with Journal.open(folder) as journal:
        async with PartnerClient(
            SETTINGS, transport=line, rng=dice(scenario.seed, name), **scenario.options.for_client()
        ) as client:
            running = asyncio.ensure_future(
                execute(
                    plan.records,
                    remote=client,
                    journal=journal,
                    options=scenario.options.pipeline(),
                    stop=stop,
                    progress=Progress(partial(_add, settled), lambda _: None),
                    writer=partial(
                        SimulatedWriter,
                        points=points,
                        pause_s=lambda: scenario.script.commit_s(1_000_000 * part + next(pauses)),
                    ),
                )
            )
            ended = await _ended(running, points, stop)
    with Journal.open(folder) as journal:
        outcomes = _report(scenario.inventory.checked, plan, journal)
    return Told(name, outcomes, ended, line, scenario.network.store.copy(), settled[0], _settled_in(folder), planned_at)


async def _ended(running: "asyncio.Future[None]", points: CutOff, stop: Stop) -> str:
    if await until_cut_off(running, points):
        return "crashed"
    return "finished" if not stop.requested else f"stopped: {stop.error}"


def _report(checked: Checked, plan: Plan, journal: Journal) -> pl.DataFrame:
    report_of = replace(checked, records=plan.records)
    outcomes, _ = outcomes_so_far(journal, report_of, stage="apply", planned=True)
    report_of.balance(outcomes)
    return outcomes


def _is_simple(scenario: Scenario) -> bool:
    """Return whether the server holds each record once, so that a second run is sure to say what the first one did."""
    store = scenario.network.store
    made = sum(len(table) for table in (store.stations, store.sites, store.devices))
    return (
        made == scenario.legs[-1].outcomes.filter(pl.col("outcome").is_in(["created", "updated", "unchanged"])).height
    )


def _bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob(f"{FILE_NAME}*")))


def _settled_in(folder: Path) -> int:
    with sqlite3.connect(folder / FILE_NAME) as connection:
        count: int = connection.execute("SELECT count(*) FROM result").fetchone()[0]
    connection.close()
    return count


@lru_cache(maxsize=64)
def _first_plan(shape: int) -> Plan:
    """Return the plan of a shape, made while nothing goes wrong; its own loop runs beside the scenario's."""
    of_shape = inventory(shape)
    network = Network(of_shape.dealer.copy(), drawn(0), calm=True)
    outer = asyncio.get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return run_in_simulated_time(_plan_now(of_shape.checked, network, Options(on_existing="update")))
    finally:
        asyncio._set_running_loop(outer)


async def _plan_now(checked: Checked, network: Network, options: Options) -> Plan:
    async with PartnerClient(
        SETTINGS, transport=Line(network, CutOff(None, Stop())), rng=dice("plan"), **options.for_client()
    ) as client:
        return (await make_plan(checked, client, options=options)).plan


def _due(plan: Plan) -> bool:
    return any((frame["_planned"] == "planned").any() for frame in plan.records.values())


def _add(total: list[int], number: int) -> None:
    total[0] += number
