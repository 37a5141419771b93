"""What follows a run of files that have been read: the next command, with what it needs from the run and its parent."""

from pathlib import Path

from migrate.app.next_command import Usual, next_command
from migrate.app.only_sites import OnlySites
from migrate.app.runs import known_run
from migrate.report.run_report import RunFacts


def after_run(facts: RunFacts, *, folder: Path, mapping: str, only: OnlySites | None, usual: Usual | None) -> str:
    """Return the command that follows a run in `folder`; the rest is told in `next_command`."""
    parent = None if facts.parent is None else known_run(folder.parent / facts.parent)
    return next_command(facts, folder=folder, mapping=mapping, only=only, usual=usual, parent=parent)
