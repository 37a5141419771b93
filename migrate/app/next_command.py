"""The next command to run, filled in: what a person would do after a run that ended as it did."""

from pathlib import Path

from migrate.app.commands import command
from migrate.app.only_sites import OnlySites
from migrate.errors import Defect, Refused
from migrate.model.outcomes import NEEDS_ATTENTION
from migrate.report.run_report import RunFacts
from migrate.shipped import short_name


def next_command(facts: RunFacts, *, folder: Path, mapping: str, only: OnlySites | None = None) -> str:
    """Return the command; `folder` is the run's, `mapping` the path of its mapping, `only` the sites it takes."""
    wave = [] if only is None else ["--only-sites", only.told]
    again = [*(str(item.path) for item in facts.inputs), "-m", short_name(mapping), *wave]
    return command(*_words(facts, folder=folder, again=again), out=folder.parent)


def _words(facts: RunFacts, *, folder: Path, again: list[str]) -> list[str]:
    """Return verb and arguments; `again` are those that name the same files."""
    if facts.exit_code == Defect.exit_code:
        return ["report", facts.run_id]
    if facts.state == "interrupted":
        return _after_interruption(facts, again)
    outcomes = {outcome for numbers in facts.counts.values() for outcome in numbers}
    if "planned" in outcomes:
        return _after_planning(facts, again)
    offline = facts.dealer_id is None
    if offline and (facts.verb == "retry" or outcomes & NEEDS_ATTENTION):
        return ["check", *again]  # mended in the files themselves: they are what will be applied
    if outcomes & NEEDS_ATTENTION and facts.verb != "rehearse":
        return ["retry", facts.run_id, "--from", str(folder / "attention.xlsx")]
    made = facts.verb == "apply" and bool(outcomes & {"created", "updated"})  # planning again shows that all is in
    return ["plan", *again] if facts.verb == "rehearse" or offline or made else ["runs"]


def _after_planning(facts: RunFacts, again: list[str]) -> list[str]:
    if facts.verb == "plan":
        return ["apply", facts.run_id]
    return ["apply", *again] if facts.verb == "apply" else ["runs"]  # the question before writing was answered with no


def _after_interruption(facts: RunFacts, again: list[str]) -> list[str]:
    if facts.verb not in {"apply", "retry"}:
        return [facts.verb, *again]
    if facts.exit_code != Refused.exit_code:
        return ["resume", facts.run_id]
    return ["plan", *again] if facts.verb == "apply" else ["runs"]
