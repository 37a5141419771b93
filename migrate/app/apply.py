"""Carrying out a plan: the pipeline over the journal, then the reports."""

import asyncio
from dataclasses import replace
from pathlib import Path

import polars as pl

from migrate.api.client import PartnerClient
from migrate.app.after_run import after_run
from migrate.app.driving import Driving, Work
from migrate.app.finish import Ending, Run, finish
from migrate.app.kept import keep_agreed, keep_plan, keep_read
from migrate.app.options import Options
from migrate.app.planned import Planned
from migrate.app.recording import Recording, start
from migrate.app.signals import interruptible
from migrate.app.usual import usual_settings
from migrate.errors import Refused, Stopped
from migrate.pipeline.execute import Progress, execute
from migrate.pipeline.jobs import count_planned
from migrate.pipeline.to_go import Sites
from migrate.planning.plan import Plan


async def apply(
    planned: Planned, client: PartnerClient, *, out: str | Path = "reports", options: Options | None = None
) -> Run:
    """Carry out a plan in a new run under `out`; returns what became of it.

    Raises:
        Refused: the plan's brake holds, and `options.force` is not set.
    """
    options = options or Options()
    refuse_braked(planned.plan, force=options.force)
    checked = planned.checked
    with start(
        "apply",
        Path(out),
        mapping=checked.mapping,
        paths=tuple(item.path for item in checked.inputs),
        dealer_id=client.dealer_id,
        base_url=client.origin,
        only=checked.only,
        options=options.facts(),
        keep=lambda journal: keep_agreed(journal, agreed=True),
    ) as recording:
        keep_read(recording.journal, checked)
        keep_plan(recording.journal, planned.plan)
        return await carry_out(recording, planned, client, options=options, driving=Driving())


def refuse_braked(plan: Plan, *, force: bool) -> None:
    """Raise Refused if the plan refuses itself."""
    if plan.brakes and not force:
        lines = "\n".join(f"  {line}" for line in plan.brakes)
        raise Refused(f"the plan refuses itself (--force carries it out all the same):\n{lines}")


async def carry_out(
    recording: Recording,
    planned: Planned,
    client: PartnerClient,
    *,
    options: Options,
    driving: Driving,
    rows: pl.DataFrame | None = None,
) -> Run:
    """Carry out a plan that is in the journal, and write the reports, however it ends."""
    interrupt, watch = driving.interrupt, driving.watch
    estimate = planned.plan.estimate
    records = planned.plan.records
    sites = Sites.of(records, batch_size=options.batch_size)
    watch.work(Work(count_planned(records), estimate.total, estimate.requests["lists"], sites))
    checked = planned.checked
    begun = replace(recording.facts, inputs=checked.inputs)
    usual = usual_settings()
    interrupt.following = after_run(
        begun, folder=recording.folder, mapping=checked.mapping.path, only=checked.only, usual=usual
    )
    try:
        with interruptible(interrupt):
            await execute(
                planned.plan.records,
                remote=client,
                journal=recording.journal,
                options=options.pipeline(),
                stop=interrupt.stop,
                progress=Progress(watch.settled, watch.wait, watch.done, sites, sent=planned.let_go),
                writer=driving.writer,
            )
    except asyncio.CancelledError:
        if interrupt.number is None:
            raise
    except Stopped as error:  # the journal could not even be opened for writing
        interrupt.stop.request(error)
    count_requests(recording, client)
    planned.let_go()
    watch.writing()
    ending = Ending("apply", error=interrupt.stop.error, signal_exit=interrupt.exit_code)
    return finish(recording, checked, ending=ending, plan=planned.plan, rows=rows, usual=usual)


def count_requests(recording: Recording, client: PartnerClient) -> None:
    """Add the client's requests to the run's."""
    counts = client.counts
    recording.count(sent=counts.sent, retried=counts.retried, rate_limited=counts.rate_limited)
