"""Conducting a run that talks to the dealer: client, plan, brake, question, pipeline, reports."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from migrate.api.client import PartnerClient
from migrate.app.apply import carry_out, count_requests, refuse_braked
from migrate.app.check import Checked
from migrate.app.driving import Driving, traffic_of
from migrate.app.finish import Ending, Run, finish
from migrate.app.first_rate import FirstRate, first_rate, keep_rate
from migrate.app.interrupted import Interrupted
from migrate.app.kept import keep_agreed, keep_plan
from migrate.app.lock import holding_dealer
from migrate.app.options import Options
from migrate.app.planned import Planned, look, plan
from migrate.app.recording import Recording
from migrate.app.scope import numbers_in
from migrate.app.signals import interruptible
from migrate.app.usual import usual_settings
from migrate.errors import MigrateError, Refused
from migrate.journal.journal import Journal
from migrate.model.records import RECORDS
from migrate.outcomes.resolve import Stage
from migrate.planning.meanwhile import links_of, made_by_others
from migrate.planning.plan import Plan
from migrate.planning.stale import changed, changes, stale, touched
from migrate.settings import Settings

_log = logging.getLogger("migrate.app")
_CHANGES_SHOWN = 20
_SANDBOXED = "rehearse"


@dataclass(frozen=True, slots=True)
class Conduct:
    """How a run goes about its plan.

    `sends` is false for a dry run, `holds` where the caller holds the dealer already. `rows` (`_src`, `_row`) narrows a
    retry; `own` are sites that its parents made. `kept` is the plan of a run that is resumed, or a saved one; what a
    saved one touches at the dealer must still have its `fingerprint`. `confirm` asks a person before anything is
    written.
    """

    sends: bool
    holds: bool = True
    rows: pl.DataFrame | None = None
    own: frozenset[str] = frozenset()
    kept: Plan | None = None
    fingerprint: Mapping[str, str] | None = None
    confirm: Callable[[Planned], bool] | None = None


async def conduct(
    recording: Recording, checked: Checked, settings: Settings, *, options: Options, driving: Driving, how: Conduct
) -> Run:
    """Plan, and carry the plan out if the run sends; returns what became of it, however it ended."""
    interrupt, agreed = driving.interrupt, False
    planned: Planned | None = None
    error: MigrateError | None = None
    async with AsyncExitStack() as stack:
        sandboxed = recording.facts.verb == _SANDBOXED
        first = FirstRate("") if sandboxed else first_rate(settings, options.rate)
        client = await stack.enter_async_context(
            PartnerClient(
                settings,
                transport=driving.transport,
                remembered_per_minute=first.remembered_per_minute,
                **options.for_client(),
            )
        )
        if not sandboxed:
            driving.watch.wait(first.told)
            stack.callback(keep_rate, settings, client.pace)
        driving.watch.traffic(partial(traffic_of, client))
        try:
            if how.sends and how.holds:
                stack.enter_context(holding_dealer(settings, run_id=recording.run_id))
            with interruptible(interrupt):
                planned = await _plan(recording, checked, client, options=options, driving=driving, how=how)
            if planned.plan is not how.kept:
                keep_plan(recording.journal, planned.plan)
            _log.info("planned: %d requests", planned.plan.estimate.total, extra={"run_id": recording.run_id})
            recording.count(planned=planned.plan.estimate.total)
            refuse_braked(planned.plan, force=options.force)
            agreed = how.sends and (how.confirm is None or how.confirm(planned))
            if agreed:
                keep_agreed(recording.journal, agreed=True)
        except (asyncio.CancelledError, Interrupted):
            if interrupt.number is None:
                raise
        except MigrateError as raised:
            error = raised
        recording.refuse_deleted()
        ended = error is not None or interrupt.number is not None
        if planned is not None and agreed and not ended:
            return await carry_out(recording, planned, client, options=options, driving=driving, rows=how.rows)
        count_requests(recording, client)
    stage: Stage = "apply" if how.sends and ended else "plan"
    ending = Ending(stage, error=error, signal_exit=interrupt.exit_code)
    kept = how.kept if planned is None else planned.plan
    return finish(recording, checked, ending=ending, plan=kept, rows=how.rows, usual=usual_settings())


async def _plan(
    recording: Recording,
    checked: Checked,
    client: PartnerClient,
    *,
    options: Options,
    driving: Driving,
    how: Conduct,
) -> Planned:
    scope = None if how.rows is None else numbers_in(checked, how.rows)
    if how.kept is not None and how.fingerprint is None:
        due, records = _due(how.kept, recording.journal), links_of(how.kept.records)
        dealer = await look(records, client, options=options, scope=due, progress=driving.watch.read)
        _refuse_stale(made_by_others(records, dealer, scope=due))
        return Planned(checked, how.kept, scope)
    planned = await plan(checked, client, options=options, scope=scope, own=how.own, progress=driving.watch.read)
    if how.kept is None or how.fingerprint is None:
        return planned
    kept, now = how.kept, planned.plan
    prints = touched(now.dealer, kept.records)
    told = changes(kept.dealer, now.dealer, kept.records, changed(how.fingerprint, prints))
    _refuse_stale(stale(how.fingerprint, prints, told) or _hindered(kept, now))
    return Planned(checked, replace(kept, brakes=kept.brakes or now.brakes), scope)


def _hindered(kept: Plan, fresh: Plan) -> list[str]:
    """Return a line for each planned record that a record of the dealer now keeps out that the plan did not touch."""
    lines = []
    for name, frame in kept.records.items():
        planned = frame.select("_n", "_planned").filter(pl.col("_planned") == "planned").select("_n")
        closed = fresh.records[name].filter(pl.col("_verdict").is_not_null()).join(planned, on="_n", how="semi")
        lines += [
            f"{name} {identity}: {message}"
            for identity, message in closed.select(RECORDS[name].id_field, "_message").iter_rows()
        ]
    return lines


def _due(kept: Plan, journal: Journal) -> pl.Series:
    """Return the `_n` of the planned records that are neither settled nor in doubt; blocked ones are due again."""
    known = journal.ended().implode()
    due = [
        frame.select("_n", "_planned").filter((pl.col("_planned") == "planned") & ~pl.col("_n").is_in(known))["_n"]
        for frame in kept.records.values()
    ]
    return pl.concat(due).sort()


def _refuse_stale(changes: Sequence[str]) -> None:
    if changes:
        lines = [f"  {line}" for line in changes[:_CHANGES_SHOWN]]
        lines += [f"  ... and {len(changes) - _CHANGES_SHOWN:,} more"] * (len(changes) > _CHANGES_SHOWN)
        told = "\n".join(lines)
        raise Refused(
            "the plan is stale: what it touches at the dealer has changed; start again from the files with plan or "
            f"apply, which send only what the dealer does not have\n{told}"
        )
