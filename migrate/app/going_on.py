"""Going on with what was there before: a saved plan, a run that was cut off, the reports of a run."""

from collections.abc import Callable
from pathlib import Path

from migrate.api.auth import check_credentials
from migrate.app.check import Checked
from migrate.app.check_files import checking
from migrate.app.conduct import Conduct, conduct
from migrate.app.driving import Driving
from migrate.app.finish import Run, write_again
from migrate.app.kept import (
    MENDED,
    is_dry,
    keep_agreed,
    keep_plan,
    kept_agreed,
    kept_inputs,
    kept_mapping,
    kept_only,
    kept_plan,
)
from migrate.app.lock import holding_dealer
from migrate.app.options import Options
from migrate.app.planned import Planned
from migrate.app.read_back import as_planned, checking_kept, going_on_with, keep_again
from migrate.app.recording import Recording, reopen, start
from migrate.app.runs import KnownRun, known_run
from migrate.app.unchanged import (
    refuse_changed_inputs,
    refuse_changed_mapping,
    refuse_other_target,
    refuse_rehearsed,
    tell_changes,
)
from migrate.app.usual import usual_settings
from migrate.app.watch import ReadingWatch
from migrate.errors import Refused, UsageError
from migrate.journal.journal import FILE_NAME as JOURNAL_NAME
from migrate.journal.journal import Journal
from migrate.planning.plan import Plan
from migrate.report.run_json import write_run_json
from migrate.settings import Settings

SENDING = frozenset({"apply", "rehearse", "retry"})
_APPLIED_BY = "applied_by"
"""In a plan's journal: the run that carries it out."""
_PLANNED_IN = "planned_in"
"""In the journal of such a run: the folder of the plan."""
_UNTOUCHED = "fingerprint"
"""The fact that holds the saved plan's fingerprint until the run begins to send, and so to change what it is about."""


async def apply_saved(
    run: KnownRun,
    settings: Settings,
    *,
    out: Path,
    options: Options,
    driving: Driving,
    confirm: Callable[[Planned], bool] | None = None,
) -> Run:
    """Carry out a saved plan in a new run; refused if inputs, mapping or what it touches at the dealer changed."""
    refuse_unplanned(run)
    refuse_other_target(run, settings)
    check_credentials(settings)
    with Journal.open(run.folder) as journal:
        before, checked = _saved_plan(journal, run.run_id, watch=driving.watch)
        _refuse_other_way(before, options, run.run_id)

        def keep(own: Journal) -> None:
            keep_agreed(own, agreed=confirm is None)
            keep_again(own, journal, checked)
            keep_plan(own, before)
            own.put_facts({_UNTOUCHED: dict(before.fingerprint), _PLANNED_IN: str(run.folder.absolute())})

        with start(
            "apply",
            out,
            mapping=checked.mapping,
            paths=tuple(item.path for item in checked.inputs),
            dealer_id=run.facts["dealer_id"],
            base_url=run.facts["base_url"],
            parent=run.run_id,
            only=checked.only,
            options=options.facts(),
            keep=keep,
        ) as recording:

            def agreed(planned: Planned) -> bool:
                if confirm is not None and not confirm(planned):
                    return False
                journal.put_facts({_APPLIED_BY: recording.run_id})
                recording.journal.put_facts({_UNTOUCHED: None})
                return True

            how = Conduct(sends=True, kept=before, fingerprint=before.fingerprint, confirm=agreed)
            return await conduct(recording, checked, settings, options=options, driving=driving, how=how)


def refuse_unplanned(run: KnownRun) -> None:
    """Raise UsageError if the run is no saved plan."""
    refuse_rehearsed(run, "apply")
    if run.facts["verb"] != "plan":
        raise UsageError(f"{run.run_id} is no saved plan (it is a run of {run.facts['verb']}); make one with plan")


def can_apply(run: KnownRun) -> bool:
    """Return whether the run saved a plan, one that refuses itself included."""
    has_plan = run.facts["state"] == "planned" or run.facts["exit_code"] == Refused.exit_code
    return has_plan and bool(run.facts["verb"] == "plan")


def can_resume(run: KnownRun) -> bool:
    """Return whether `resume` can act on the run, a finished one included."""
    sends = run.facts["verb"] in SENDING - {"rehearse"}
    return sends and run.has_journal and run.facts["dealer_id"] is not None and bool(run.facts["state"] != "planned")


def refuse_unresumable(run: KnownRun) -> None:
    """Raise UsageError if the run is none that sends, or a person has decided against it."""
    refuse_rehearsed(run, "resume")
    verb = run.facts["verb"]
    if verb not in SENDING or run.facts["dealer_id"] is None:
        what = "retry of a check" if verb == "retry" else f"run of {verb}"
        raise UsageError(f"{run.run_id} is a {what}, which sends nothing; there is nothing to resume")
    if run.facts["state"] == "planned":
        raise UsageError(f"{run.run_id} was planned, and the question whether to write was answered no; use apply")


def asks(run: KnownRun) -> bool:
    """Return whether the run ended before anybody agreed to what it would send; a dry one sends nothing."""
    verb, state = run.facts["verb"], run.facts["state"]
    with Journal.peek(run.folder) as journal:
        return state != "finished" and not is_dry(verb, state, journal) and not kept_agreed(journal)


async def resume(
    run: KnownRun, settings: Settings, *, driving: Driving, confirm: Callable[[Planned], bool] | None = None
) -> Run:
    """Go on with a run in its own folder; one that ended before its plan existed starts over.

    A dry retry stays dry. `confirm` is asked only if nobody has agreed to the run so far.

    Raises:
        Refused: another run, or this one itself, holds the dealer; or an input has changed since the run read it.
    """
    refuse_unresumable(run)
    refuse_other_target(run, settings)
    if run.facts["state"] == "finished":
        return report(run)
    check_credentials(settings)
    with holding_dealer(settings, run_id=run.run_id):  # until it ends: from here on the run's files are this one's own
        now = known_run(run.folder) or run
        if now.facts["state"] == "finished":  # by another that went on with it
            return report(now)
        _refuse_changed(now)
        with reopen(now) as recording:
            return await _go_on(recording, settings, driving=driving, confirm=confirm)


def report(run: KnownRun) -> Run:
    """Write a run's reports again, from its journal alone."""
    with reopen(run) as recording:
        journal = recording.journal
        plan, rows = kept_plan(journal), journal.frame("rows")
        with going_on_with(journal, plan, is_whole=run.facts["dealer_id"] is not None) as checked:
            return write_again(recording, checked, plan=plan, rows=rows, usual=usual_settings())


async def _go_on(
    recording: Recording, settings: Settings, *, driving: Driving, confirm: Callable[[Planned], bool] | None
) -> Run:
    journal, run_id = recording.journal, recording.run_id
    options = Options.from_facts(journal.fact("options"))
    kept, fingerprint = kept_plan(journal), journal.fact(_UNTOUCHED)
    if kept is not None and not kept_agreed(journal):
        fingerprint = kept.fingerprint  # nothing was sent so far, so all must be as it was
    told = as_planned(journal, kept) if kept is not None and fingerprint is None else None
    checked = _checked(recording, watch=driving.watch) if told is None else told
    tell_changes(checked.inputs, checked.mapping, run_id)
    write_run_json(recording.folder, recording.running())

    def agreed(planned: Planned) -> bool:
        if not (confirm is None or kept_agreed(journal) or confirm(planned)):
            return False
        _mark_applied(journal, run_id)
        journal.put_facts({_UNTOUCHED: None})
        return True

    how = Conduct(
        sends=not is_dry(recording.facts.verb, recording.facts.state, journal),
        holds=False,
        rows=journal.frame("rows"),
        own=frozenset(journal.fact("own") or ()),
        kept=kept,
        fingerprint=fingerprint,
        confirm=agreed,
    )
    return await conduct(recording, checked, settings, options=options, driving=driving, how=how)


def _refuse_changed(run: KnownRun) -> None:
    """Raise Refused if a file is not as it was; asked before the run's own files are touched, which stay resumable.

    Rows that were mended are in none of the run's inputs, but in its journal alone.
    """
    with Journal.peek(run.folder) as journal:
        if journal.fact("read") and not journal.fact(MENDED):
            refuse_changed_inputs(kept_inputs(journal), run.run_id)


def _saved_plan(journal: Journal, run_id: str, *, watch: ReadingWatch) -> tuple[Plan, Checked]:
    """Return a plan that was made, was not carried out, and whose files and mapping are as they were."""
    plan = kept_plan(journal)
    if plan is None:
        raise UsageError(f"{run_id} ended before its plan was made; plan again")
    applied_by = journal.fact(_APPLIED_BY)
    if applied_by is not None:
        raise Refused(f"the plan {run_id} is stale: it was carried out by {applied_by}; plan again")
    with checking_kept(journal, is_whole=True, watch=watch) as checked:
        refuse_changed_inputs(checked.inputs, run_id)
    refuse_changed_mapping(checked.mapping, run_id)
    return plan, checked


def _refuse_other_way(plan: Plan, options: Options, run_id: str) -> None:
    """Raise UsageError if the plan was made to do something else with what the dealer has."""
    if options.on_existing != plan.on_existing:
        raise UsageError(
            f"{run_id} was planned with --on-existing {plan.on_existing} and is carried out exactly so; plan again "
            f"with --on-existing {options.on_existing}"
        )


def _mark_applied(journal: Journal, run_id: str) -> None:
    """Say in the plan's own run that it is carried out, if this run has one and it is still there."""
    folder = journal.fact(_PLANNED_IN)
    if folder is not None and Path(folder, JOURNAL_NAME).is_file():
        with Journal.open(Path(folder)) as planned_in:
            planned_in.put_facts({_APPLIED_BY: run_id})


def _checked(recording: Recording, *, watch: ReadingWatch) -> Checked:
    """Return the run's checked records; a run that was killed before it had read its files does it now."""
    journal = recording.journal
    if journal.fact("read"):
        with checking_kept(journal, is_whole=True, watch=watch) as checked:
            return checked
    paths = [*map(Path, journal.fact("paths"))]
    only = kept_only(journal)
    with checking(paths, kept_mapping(journal), recording, only=only, is_whole=True, watch=watch) as checked:
        return checked
