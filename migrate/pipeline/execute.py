"""Carrying out a plan: stations first, then sites side by side, then one more look for records that are there twice."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from migrate.errors import MigrateError
from migrate.journal.journal import Journal
from migrate.journal.writer import JournalWriter
from migrate.model.results import Result
from migrate.pipeline import single
from migrate.pipeline.audit import audit
from migrate.pipeline.job import Job
from migrate.pipeline.jobs import SiteUnit, count_planned, requests_by_site, site_units, station_jobs
from migrate.pipeline.ledger import Ledger
from migrate.pipeline.odd_findings import FACT
from migrate.pipeline.options import PipelineOptions
from migrate.pipeline.passed import passed_sites, sure_first
from migrate.pipeline.remote import Remote
from migrate.pipeline.running import Running
from migrate.pipeline.site import carry_out_unit
from migrate.pipeline.stop import Drained, Stop
from migrate.pipeline.to_go import Sites

DRAIN_S = 8.0
"""How long requests under way may take after a stop; containers are killed 10 s after SIGTERM."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Who is told how a run goes: `settled` with a number of records, `wait` with a sentence.

    `done` is told of requests of the plan that are answered, or not to be sent any more; a negative number, of others
    that turn out to be needed. `sites` tells how far each site is. `sent` is called when all bodies are sent: from
    then on of devices no more is asked for than outcomes tell.
    """

    settled: Callable[[int], None]
    wait: Callable[[str], None]
    done: Callable[[float], None] = lambda _: None
    sites: Sites = field(default_factory=Sites)
    sent: Callable[[], None] = lambda: None


async def execute(
    records: Mapping[str, pl.DataFrame],
    *,
    remote: Remote,
    journal: Journal,
    options: PipelineOptions,
    stop: Stop,
    progress: Progress,
    writer: Callable[[Path], JournalWriter] = JournalWriter,
) -> None:
    """Carry out the planned records; what the journal has settled already is left alone.

    Returns when all is settled or when `stop` was requested and what was under way has ended; `stop.error` then tells
    why. Everything that became of a record is in the journal.
    """
    async with writer(journal.path) as writing:
        running = Running(
            remote=remote,
            writer=writing,
            ledger=open_ledger(journal),
            options=options,
            stop=stop,
            planned=count_planned(records),
            settled=progress.settled,
            done=progress.done,
            sites=progress.sites,
            wait=progress.wait,
        )
        progress.settled(len(running.ledger.results))
        await _side_by_side(running, [_station(running, job) for job in station_jobs(records)])
        await _units(running, sure_first(site_units(records, without=_pass_by(running, records)), running.ledger))
        if running.all_settled and stop.withdraw():  # what was under way has settled the last: no row is left to spare
            await _units(running, site_units(records))  # the steps of sites that the stop kept back
        if not stop.requested:
            progress.sent()
            await _last_look(running, records)
        await _flush(running)
    _keep_oddities(running, journal)


def open_ledger(journal: Journal) -> Ledger:
    """Return how far the run is by its journal."""
    past = journal.past()
    return Ledger(past, _results(journal.told(past)), journal.made())


def _results(frame: pl.DataFrame) -> Iterator[Result]:
    for row in frame.iter_rows(named=True):
        yield Result(
            row["_n"],
            row["outcome"],
            retryable=row["retryable"],
            code=row["code"],
            message=row["message"],
            status_code=row["status_code"],
            remote_id=None if row["remote_id"] is None else int(row["remote_id"]),
            attempts=row["attempts"],
            trace_id=row["trace_id"],
        )


def _keep_oddities(running: Running, journal: Journal) -> None:
    facts = running.oddities.facts(journal.fact(FACT))
    try:
        if facts:
            journal.put_facts({FACT: facts})
    except MigrateError as error:
        running.stop.request(error)


def _pass_by(running: Running, records: Mapping[str, pl.DataFrame]) -> pl.Series | None:
    """Return the `_n` of the sites that a part of the run before has done with; tell what the plan holds for them."""
    if not len(running.ledger.results):
        return None
    size = running.options.batch_size
    passed, requests = passed_sites(records, running.ledger, batch_size=size)
    running.sites.pass_by(requests, left=requests_by_site(records, batch_size=size, without=passed).to_list())
    running.done(requests)
    return passed


async def _station(running: Running, job: Job) -> None:
    await single.carry_out(running, job, single.stations(running))
    running.done(1)


async def _units(running: Running, units: Iterator[SiteUnit]) -> None:
    """Let as many workers as requests may be in flight take one unit after the other."""
    endpoint = single.sites(running)

    async def work() -> None:
        for unit in units:
            if running.stop.requested:
                return
            await carry_out_unit(running, unit, endpoint)

    await _side_by_side(running, [work() for _ in range(running.options.concurrency)])


async def _side_by_side(running: Running, tasks: Sequence[Coroutine[None, None, None]]) -> None:
    """Run tasks until all have ended; after a stop they get a while to end by themselves."""
    async with asyncio.TaskGroup() as group:
        started = [group.create_task(_until_stopped(running, task)) for task in tasks]
        watcher = group.create_task(_cut_short(running.stop, started))
        ended = asyncio.Event()
        group.create_task(_until_stopped(running, running.keep_flushing(ended)))

        def end_with_the_last(_: object = None) -> None:
            if all(one.done() for one in started):
                watcher.cancel()
                running.end_flushing(ended)

        for task in started:
            task.add_done_callback(end_with_the_last)
        if not started:
            end_with_the_last()


async def _cut_short(stop: Stop, tasks: Sequence["asyncio.Task[None]"]) -> None:
    await stop.wait()
    await asyncio.sleep(DRAIN_S)
    for task in tasks:
        task.cancel()


async def _until_stopped(running: Running, task: Coroutine[None, None, None]) -> None:
    """Run a task; an error that no other task can get around either stops the run."""
    try:
        await task
    except Drained:
        return
    except MigrateError as error:
        running.stop.request(error)


async def _flush(running: Running) -> None:
    try:
        await running.flush()
    except MigrateError as error:
        running.stop.request(error)


async def _last_look(running: Running, records: Mapping[str, pl.DataFrame]) -> None:
    try:
        await audit(running, records)
    except MigrateError as error:
        running.stop.request(error)
    except Drained:
        return
