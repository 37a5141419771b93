"""The end of a run: outcomes, sums that must balance, files."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from migrate.app.after_run import after_run
from migrate.app.check import Checked
from migrate.app.kept import is_dry
from migrate.app.next_command import Usual
from migrate.app.recording import Recording
from migrate.app.scope import findings_of, restrict
from migrate.errors import Defect, MigrateError
from migrate.journal.journal import Journal
from migrate.model.sources import Source
from migrate.outcomes.resolve import Stage, resolve
from migrate.outcomes.rest import Rest
from migrate.outcomes.slices import resolve_slices
from migrate.outcomes.summary import exit_code
from migrate.pipeline.odd_findings import FACT, odd_findings
from migrate.planning.plan import Plan
from migrate.report.attention import find_attention
from migrate.report.run_report import CHANGES_SCHEMA, RunFacts, RunReport
from migrate.report.shown import ROWS_SHOWN
from migrate.report.write import count, write_reports

_log = logging.getLogger("migrate.app")


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended: what it got to (`stage`), the error or the signal that ended it, if one did."""

    stage: Stage
    error: MigrateError | None = None
    signal_exit: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to: its folder, its report, its plan if it has one, why it ended early if it did."""

    folder: Path
    report: RunReport
    written: tuple[Path, ...]
    plan: Plan | None = None
    error: MigrateError | None = None

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self.report.facts.run_id

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Record → outcome → number."""
        return {record: dict(numbers) for record, numbers in self.report.facts.counts.items()}

    @property
    def exit_code(self) -> int:
        """What the run's command ends with."""
        return self.report.facts.exit_code or 0


@dataclass(frozen=True, slots=True)
class _Told:
    """What the reports of a run say; `report_of` is the part of its files that they are about."""

    facts: RunFacts
    report_of: Checked
    outcomes: pl.DataFrame
    findings: pl.DataFrame
    error: MigrateError | None


def finish(
    recording: Recording,
    checked: Checked,
    *,
    ending: Ending,
    plan: Plan | None = None,
    rows: pl.DataFrame | None = None,
    usual: Usual | None = None,
) -> Run:
    """Write all files of a run that ended; sums that don't balance make it a defect, with its own exit code.

    `usual` are the settings that the next command has by itself; a run that talks to nobody has no use for them.
    """
    told = _tell(recording, checked, ending, plan=plan, rows=rows)
    now = datetime.now(UTC)
    facts = replace(
        told.facts,
        state=_state(ending, told.error),
        finished_at=now,
        seconds=round((now - recording.facts.started_at).total_seconds(), 3),
        exit_code=_exit_code(ending, told.error, told.outcomes),
    )
    return _written(recording, replace(told, facts=facts), plan=plan, usual=usual)


def write_again(
    recording: Recording, checked: Checked, *, plan: Plan | None, rows: pl.DataFrame | None, usual: Usual | None
) -> Run:
    """Write the reports of a run once more; what run.json says of its end stands."""
    kept = recording.facts
    dry = is_dry(kept.verb, kept.state, recording.journal)
    ending = Ending("check" if kept.dealer_id is None else "plan" if dry else "apply")
    told = _tell(recording, checked, ending, plan=plan, rows=rows)
    return _written(recording, told, plan=plan, usual=usual)


def _tell(
    recording: Recording, checked: Checked, ending: Ending, *, plan: Plan | None, rows: pl.DataFrame | None
) -> _Told:
    """Return what the run's reports say, but for how it ended."""
    report_of = checked if plan is None else replace(checked, records=plan.records)
    report_of = report_of if rows is None else restrict(report_of, rows)
    error = ending.error
    outcomes, rest = outcomes_so_far(recording.journal, report_of, stage=ending.stage, planned=plan is not None)
    try:
        report_of.balance(outcomes, counted=0 if rest is None or plan is None else rest.number)
    except Defect as defect:
        error = defect
    if rest is not None and outcomes.height + rest.number <= ROWS_SHOWN:
        outcomes, rest = pl.concat([*rest.told(outcomes, report_of.sources)]), None
    findings = checked.findings if plan is None else plan.findings
    if rows is not None:
        findings = findings_of(checked, findings, rows=rows)
    return _Told(
        facts=replace(
            recording.facts,
            inputs=report_of.inputs,
            normalized=checked.normalized if rows is None else checked.normalized_in(rows),
        ),
        # the cell to mend may stand in a row of a retried record that was not retried
        report_of=replace(report_of, sources=checked.sources, rest=rest),
        outcomes=outcomes,
        findings=pl.concat([findings, odd_findings(recording.journal.fact(FACT))]),
        error=error,
    )


def outcomes_so_far(
    journal: Journal, checked: Checked, *, stage: Stage, planned: bool
) -> tuple[pl.DataFrame, Rest | None]:
    """Return what has become of the records so far, of a large run but for what is plain, and the rest of them.

    Before there was a plan, what is not invalid is pending.
    """
    if planned:
        results = journal.held_results() if stage == "apply" else None
        if checked.pieces:
            return resolve_slices(checked.records, checked.sources, stage=stage, results=results)
        told = None if results is None else results.whole()
        return resolve(checked.records, checked.sources, stage=stage, results=told), checked.rest
    outcomes = resolve(checked.records, checked.sources, stage="check")
    if stage != "check":
        outcomes = outcomes.with_columns(pl.col("outcome").replace("valid", "pending"))
    return outcomes, checked.rest


def _state(ending: Ending, error: MigrateError | None) -> str:
    if error is not None or ending.signal_exit is not None:
        return "interrupted"
    return "planned" if ending.stage == "plan" else "finished"


def _exit_code(ending: Ending, error: MigrateError | None, outcomes: pl.DataFrame) -> int:
    if error is not None:
        return error.exit_code
    return exit_code(outcomes) if ending.signal_exit is None else ending.signal_exit


def _written(recording: Recording, told: _Told, *, plan: Plan | None, usual: Usual | None) -> Run:
    report = RunReport(
        facts=told.facts,
        sources=_sources(told),
        outcomes=told.outcomes,
        findings=told.findings,
        left_out=told.report_of.left_out,
        changes=_changes(told.report_of),
        rest=told.report_of.rest,
    )
    facts = count(report)
    checked = told.report_of
    following = after_run(facts, folder=recording.folder, mapping=checked.mapping.path, only=checked.only, usual=usual)
    report = replace(report, facts=facts, next_command=following)
    run = Run(recording.folder, report, tuple(write_reports(recording.folder, report)), plan, told.error)
    recording.facts = facts  # not before: a run whose reports can't be written has not ended as they say
    _log.info("%s %s: %s", facts.verb, run.run_id, facts.state, extra={"run_id": run.run_id, "counts": run.counts})
    return run


def _sources(told: _Told) -> Sequence[Source]:
    """Return the sources with all rows that need attention."""
    rows_of = told.report_of.rows_of
    return told.report_of.sources if rows_of is None else rows_of(find_attention(told.outcomes, told.findings).rows)


def _changes(planned: Checked) -> pl.DataFrame:
    """Return what differs at the dealer (CHANGES_SCHEMA); before there was a plan, nothing is known to."""
    names = list(CHANGES_SCHEMA)
    told = [frame.select(names).drop_nulls() for frame in planned.records.values() if "_changes" in frame.columns]
    return pl.concat([CHANGES_SCHEMA.to_frame(), *told])
