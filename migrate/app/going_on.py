"""Going on with what was there before: a saved plan, a run that was cut off, the reports of a run."""

from collections.abc import Callable
from pathlib import Path

from migrate.api.auth import check_credentials
from migrate.app.check import Checked, check
from migrate.app.conduct import Conduct, conduct
from migrate.app.driving import Driving
from migrate.app.finish import Run, write_again
from migrate.app.kept import keep_plan, keep_read, kept_checked, kept_mapping, kept_only, kept_plan
from migrate.app.options import Options
from migrate.app.planned import Planned
from migrate.app.recording import Recording, reopen, start
from migrate.app.runs import KnownRun
from migrate.app.unchanged import refuse_changed_inputs, refuse_changed_mapping, refuse_other_target, refuse_rehearsed
from migrate.errors import Refused, UsageError
from migrate.journal.journal import Journal
from migrate.report.run_json import write_run_json
from migrate.settings import Settings

SENDING = frozenset({"apply", "rehearse", "retry"})
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
    if run.facts["verb"] != "plan":
        raise UsageError(f"{run.run_id} is no saved plan (it is a run of {run.facts['verb']}); make one with plan")
    refuse_other_target(run, settings)
    check_credentials(settings)
    with Journal.open(run.folder) as journal:
        before = kept_plan(journal)
        if before is None:
            raise UsageError(f"{run.run_id} ended before its plan was made; plan again")
        applied_by = journal.fact("applied_by")
        if applied_by is not None:
            raise Refused(f"the plan {run.run_id} is stale: it was carried out by {applied_by}; plan again")
        checked = kept_checked(journal)
        refuse_changed_inputs(checked.inputs, run.run_id)
        refuse_changed_mapping(checked.mapping, run.run_id)

        def keep(own: Journal) -> None:
            keep_read(own, checked)
            keep_plan(own, before)
            own.put_facts({_UNTOUCHED: dict(before.fingerprint)})

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
                journal.put_facts({"applied_by": recording.run_id})
                recording.journal.put_facts({_UNTOUCHED: None})
                return True

            how = Conduct(sends=True, kept=before, fingerprint=before.fingerprint, confirm=agreed)
            return await conduct(recording, checked, settings, options=options, driving=driving, how=how)


async def resume(run: KnownRun, settings: Settings, *, driving: Driving) -> Run:
    """Go on with a run in its own folder; one that ended before its plan existed starts over."""
    refuse_rehearsed(run, "resume")
    if run.facts["verb"] not in SENDING:
        raise UsageError(
            f"{run.run_id} is a run of {run.facts['verb']}, which sends nothing; there is nothing to resume"
        )
    refuse_other_target(run, settings)
    with reopen(run) as recording:
        if recording.facts.state == "finished":
            return _again(recording)
        if recording.facts.state == "planned":
            raise UsageError(f"{run.run_id} was planned, and the question whether to write was answered no; use apply")
        check_credentials(settings)
        journal = recording.journal
        options = Options.from_facts(journal.fact("options"))
        checked = _checked(recording)
        write_run_json(recording.folder, recording.running())

        def agreed(_: Planned) -> bool:
            journal.put_facts({_UNTOUCHED: None})
            return True

        how = Conduct(
            sends=True,
            rows=journal.frame("rows"),
            own=frozenset(journal.fact("own") or ()),
            kept=kept_plan(journal),
            fingerprint=journal.fact(_UNTOUCHED),
            confirm=agreed,
        )
        return await conduct(recording, checked, settings, options=options, driving=driving, how=how)


def report(run: KnownRun) -> Run:
    """Write a run's reports again, from its journal alone."""
    with reopen(run) as recording:
        return _again(recording)


def _again(recording: Recording) -> Run:
    journal = recording.journal
    return write_again(recording, kept_checked(journal), plan=kept_plan(journal), rows=journal.frame("rows"))


def _checked(recording: Recording) -> Checked:
    """Return the run's checked records; a run that was killed before it had read its files does it now."""
    journal = recording.journal
    if journal.fact("read"):
        return kept_checked(journal)
    checked = check(map(Path, journal.fact("paths")), kept_mapping(journal), only=kept_only(journal))
    keep_read(journal, checked)
    return checked
