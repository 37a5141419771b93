"""The next command to run, filled in: what a person would do after a run that ended as it did."""

from pathlib import Path
from typing import Protocol

from migrate.app.only_sites import OnlySites
from migrate.app.runs import KnownRun
from migrate.errors import Defect, Refused
from migrate.model.commands import command, file_word
from migrate.model.outcomes import NEEDS_ATTENTION
from migrate.report.run_report import RunFacts
from migrate.shipped import short_name

_TALKING = frozenset({"plan", "apply", "retry", "resume"})
"""The verbs that take a dealer and an API."""


class Usual(Protocol):
    """What the settings say of dealer and API, as far as a command need not repeat it."""

    @property
    def dealer_id(self) -> str | None:
        """The dealer's id, if one is set."""

    @property
    def origin(self) -> str:
        """Scheme, host and port of the API."""


def next_command(
    facts: RunFacts,
    *,
    folder: Path,
    mapping: str,
    only: OnlySites | None = None,
    usual: Usual | None,
    parent: KnownRun | None = None,
) -> str:
    """Return the command; `folder` is the run's, `mapping` the path of its mapping, `only` the sites it takes.

    `usual` are the settings without what was typed: the command names the dealer and the API where they mean others.
    `parent` is the run that was retried.
    """
    wave = [] if only is None else ["--only-sites", only.told]
    again = [*(file_word(item.path) for item in facts.inputs), "-m", short_name(mapping), *wave]
    words = _words(facts, folder=folder, again=again, parent=parent)
    return command(*words, *(_target(facts, usual) if words[0] in _TALKING else ()), out=folder.parent)


def _words(facts: RunFacts, *, folder: Path, again: list[str], parent: KnownRun | None) -> list[str]:
    """Return verb and arguments; `again` are those that name the same files."""
    if facts.exit_code == Defect.exit_code:
        return ["report", facts.run_id]
    if facts.state in {"running", "interrupted"}:  # one that is over, and still says that it runs, was killed
        return _after_interruption(facts, again)
    outcomes = {outcome for numbers in facts.counts.values() for outcome in numbers}
    if "planned" in outcomes:
        return _after_planning(facts, again, parent)
    offline = facts.dealer_id is None
    if offline and (facts.verb == "retry" or not outcomes or outcomes & NEEDS_ATTENTION):
        return ["check", *again]  # mended in the files themselves: they are what will be applied
    if outcomes & NEEDS_ATTENTION and facts.verb != "rehearse":
        return _retry(folder)
    made = facts.verb == "apply" and bool(outcomes & {"created", "updated"})  # planning again shows that all is in
    return ["plan", *again] if facts.verb == "rehearse" or offline or made else ["runs"]


def _after_planning(facts: RunFacts, again: list[str], parent: KnownRun | None) -> list[str]:
    if facts.verb == "plan":
        return ["apply", facts.run_id]
    if facts.verb == "apply":  # the question before writing was answered with no
        return ["apply", *again]
    asked = parent is not None and parent.facts["verb"] != "plan" and parent.facts["state"] != "planned"
    return _retry(parent.folder) if parent is not None and asked else ["runs"]


def _after_interruption(facts: RunFacts, again: list[str]) -> list[str]:
    if facts.verb == "retry" and facts.dealer_id is None:
        return ["check", *again]
    if facts.verb not in {"apply", "retry"}:
        return [facts.verb, *again]
    if facts.exit_code != Refused.exit_code:
        return ["resume", facts.run_id]
    return ["plan", *again] if facts.verb == "apply" else ["runs"]


def _retry(folder: Path) -> list[str]:
    return ["retry", folder.name, "--from", str(folder / "attention.xlsx")]


def _target(facts: RunFacts, usual: Usual | None) -> list[str]:
    """Return the options that name the run's dealer and API, where the settings don't; a rehearsal's are gone."""
    theirs = {} if facts.verb == "rehearse" else {"--dealer": facts.dealer_id, "--base-url": facts.base_url}
    ours = {} if usual is None else {"--dealer": usual.dealer_id, "--base-url": usual.origin}
    return [
        word
        for option, value in theirs.items()
        if value is not None and value != ours.get(option)
        for word in (option, value)
    ]
