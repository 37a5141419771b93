"""A new run of the rows of a run that need attention, as they are or as they were mended."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from migrate.api.auth import check_credentials
from migrate.app.check import Checked, check_sources
from migrate.app.conduct import Conduct, conduct
from migrate.app.driving import Driving
from migrate.app.finish import Ending, Run, finish, outcomes_so_far
from migrate.app.kept import MENDED, is_dry, keep_agreed, keep_dry, keep_read, kept_plan, kept_sources
from migrate.app.options import Options
from migrate.app.planned import Planned
from migrate.app.read_back import going_on_with
from migrate.app.recording import Recording, start
from migrate.app.runs import KnownRun
from migrate.app.scope import restrict
from migrate.app.unchanged import mapping_now, refuse_changed_inputs, refuse_other_target, refuse_rehearsed
from migrate.errors import Refused, UsageError
from migrate.journal.journal import Journal
from migrate.mapping.lookup_again import look_up_again
from migrate.mapping.mapping import Mapping
from migrate.model.commands import command
from migrate.model.records import MERGED, RECORDS
from migrate.model.sources import Source
from migrate.model.text import excerpt
from migrate.outcomes.resolve import Stage
from migrate.report.attention import find_attention
from migrate.report.mend import read_mended
from migrate.settings import Settings

_log = logging.getLogger("migrate.app")


@dataclass(frozen=True, slots=True)
class Retried:
    """What a retry starts from: the files as mended, the rows to take, the sites that earlier runs made."""

    checked: Checked
    rows: pl.DataFrame
    own: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Told:
    """What became of a run: the rows that need attention, the sites that it and its parents made, what is pending."""

    rows: pl.DataFrame
    own: frozenset[str]
    pending: int


def is_offline(run: KnownRun) -> bool:
    """Return whether a retry of the run talks to nobody: it was a check, or a retry of one."""
    return run.facts["dealer_id"] is None


def sends(run: KnownRun) -> bool:
    """Return whether a retry of the run sends: not where the run was a dry one."""
    if is_offline(run):
        return False
    with Journal.open(run.folder) as journal:
        return not is_dry(run.facts["verb"], run.facts["state"], journal)


def retry_check(run: KnownRun, *, out: Path, mended: Path | None) -> Run:
    """Check the rows of a check again that need attention."""
    retried = _from(run, mended, stage="check")
    with _begin(run, retried, out=out, options=None, agreed=False, dry=True, mended=mended is not None) as recording:
        return finish(recording, retried.checked, ending=Ending("check"), rows=retried.rows)


async def retry(
    run: KnownRun,
    settings: Settings,
    *,
    out: Path,
    options: Options,
    driving: Driving,
    mended: Path | None = None,
    confirm: Callable[[Planned], bool] | None = None,
) -> Run:
    """Send the rows of a run again that need attention, checked with its other rows and with the dealer's records.

    A run that sent nothing (plan) is planned again. `mended` is the corrected attention file; rows that are not in it
    are left out.

    Raises:
        Refused: records of the run are pending, or an input changed and there is no mended file.
    """
    refuse_rehearsed(run, "retry")
    refuse_other_target(run, settings)
    check_credentials(settings)
    sending = sends(run)
    retried = _from(run, mended, stage="apply" if sending else "plan")
    with _begin(
        run,
        retried,
        out=out,
        options=options,
        agreed=confirm is None,
        dry=not sending,
        mended=mended is not None,
    ) as recording:
        how = Conduct(sends=sending, rows=retried.rows, own=retried.own, confirm=confirm)
        return await conduct(recording, retried.checked, settings, options=options, driving=driving, how=how)


def _from(run: KnownRun, mended: Path | None, *, stage: Stage) -> Retried:
    with Journal.open(run.folder) as journal:
        if stage == "apply" and not journal.fact("read"):
            raise Refused(f"{run.run_id} was cut off before it sent anything; first: {_resuming(run)}")
        checked, told = _so_far(journal, run, mended, stage=stage)
        if checked.pieces:  # the whole of a large run's rows: the check below has them all beside the late ones
            checked = replace(checked, sources=kept_sources(journal))
    if told.pending:
        raise Refused(f"{run.run_id} has {told.pending:,} records still to be sent; first: {_resuming(run)}")
    if told.rows.is_empty():
        raise UsageError(f"{run.run_id}: no row needs attention, so there is nothing to retry")
    mapping = mapping_now(checked.mapping, run.run_id)
    if mended is not None:
        return _mended(checked, told.rows, own=told.own, path=mended, mapping=mapping)
    again = check_sources(
        checked.inputs, checked.sources, mapping, only=checked.only, rows=told.rows, removed=checked.removed
    )
    return Retried(again, told.rows, told.own)


def _so_far(journal: Journal, run: KnownRun, mended: Path | None, *, stage: Stage) -> tuple[Checked, _Told]:
    """Return what the run's files came to, and what has become of it; of a large run without its rows."""
    plan, kept_rows = kept_plan(journal), journal.frame("rows")
    with going_on_with(journal, plan, is_whole=not is_offline(run)) as checked:
        if mended is None:
            refuse_changed_inputs(checked.inputs, run.run_id)
        told = checked if plan is None else replace(checked, records=plan.records)
        told = told if kept_rows is None else restrict(told, kept_rows)
        outcomes, rest = outcomes_so_far(journal, told, stage=stage, planned=plan is not None)
    parts = [outcomes] if rest is None or plan is None else rest.told(outcomes, told.sources)  # a check made nothing
    own = frozenset(journal.fact("own") or ()).union(*map(_made_sites, parts))
    pending = outcomes.filter(pl.col("outcome") == "pending").height
    if rest is not None:
        pending += sum(number for (_, outcome), number in rest.counts.items() if outcome == "pending")
    findings = checked.findings if plan is None else plan.findings
    return checked, _Told(find_attention(outcomes, findings).rows.select("_src", "_row"), own, pending)


def _resuming(run: KnownRun) -> str:
    return command("resume", run.run_id, out=run.folder.parent)


def _mended(checked: Checked, rows: pl.DataFrame, *, own: frozenset[str], path: Path, mapping: Mapping) -> Retried:
    """Put the corrected rows in; rows that needed attention and are no longer in the file are left out of the run."""
    mended = read_mended(path, checked.sources)
    if mended.rows.is_empty():
        raise UsageError(f"{path}: has no rows, so there is nothing to retry")
    _log.info("%d cells of %s were changed", mended.changed, path)
    if mended.ignored:
        names = ", ".join(excerpt(name, length=60) for name in mended.ignored)
        _log.warning("%s: columns in no source, and so ignored: %s; if one was renamed, name it as it was", path, names)
    gone = rows.join(mended.rows, on=["_src", "_row"], how="anti")
    looked_up = look_up_again(mended.sources, checked.sources, checked.mapping)
    sources = tuple(_without(source, gone, index) for index, source in enumerate(looked_up))
    removed = _removed(checked, gone)
    again = check_sources(checked.inputs, sources, mapping, only=checked.only, rows=mended.rows, removed=removed)
    return Retried(again, mended.rows, own)


def _removed(checked: Checked, gone: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return what others may belong to that stands in the rows that are `gone`, and what was removed before."""
    removed = dict(checked.removed)
    for kind in MERGED & checked.records.keys():
        places = checked.records[kind].select("_src", "_row", RECORDS[kind].id_field).drop_nulls()
        before = [removed[kind]] if kind in removed else []
        removed[kind] = pl.concat([places.join(gone, on=["_src", "_row"], how="semi"), *before])
    return removed


def _without(source: Source, gone: pl.DataFrame, index: int) -> Source:
    rows = gone.filter(pl.col("_src") == index)["_row"].implode()
    frame = source.table.frame.filter(~pl.col("_row").is_in(rows))
    return replace(source, table=replace(source.table, frame=frame))


def _made_sites(outcomes: pl.DataFrame) -> frozenset[str]:
    """Return the external ids of the sites that the run made or may have made, as they were meant or not."""
    told = pl.col("remote_id").is_not_null() & pl.col("outcome").is_in(["created", "failed"])
    made = (pl.col("action") == "create") & (told | (pl.col("outcome") == "unknown"))
    return frozenset(outcomes.filter((pl.col("record") == "site") & made)["external_id"])


def _begin(
    run: KnownRun, retried: Retried, *, out: Path, options: Options | None, agreed: bool, dry: bool, mended: bool
) -> Recording:
    def keep(journal: Journal) -> None:
        keep_agreed(journal, agreed=agreed)
        keep_dry(journal, dry=dry)
        keep_read(journal, retried.checked)
        journal.put_frames({"rows": retried.rows})
        journal.put_facts({"own": sorted(retried.own), MENDED: mended})

    return start(
        "retry",
        out,
        mapping=retried.checked.mapping,
        paths=tuple(item.path for item in retried.checked.inputs),
        dealer_id=run.facts["dealer_id"],
        base_url=run.facts["base_url"],
        parent=run.run_id,
        only=retried.checked.only,
        options=None if options is None else options.facts(),
        keep=keep,
    )
