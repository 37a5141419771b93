"""What follows a run: the command to run next, with what it needs from the run, its parent and the settings."""

import sqlite3
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from migrate.app.check import Checked
from migrate.app.kept import kept_only
from migrate.app.lock import is_held
from migrate.app.next_command import next_command
from migrate.app.only_sites import OnlySites
from migrate.app.recording import facts_of
from migrate.app.runs import KnownRun, known_run
from migrate.errors import Defect, MigrateError, SettingsError
from migrate.journal.journal import Journal
from migrate.model.commands import command
from migrate.model.sources import Input
from migrate.report.run_report import RunFacts
from migrate.settings import Settings


def after(facts: RunFacts, *, folder: Path, checked: Checked) -> str:
    """Return the command that follows a run of files that have been read."""
    return _after(facts, folder, mapping=checked.mapping.path, only=checked.only)


def after_known(run: KnownRun) -> str:
    """Return the command that follows a run as it lies there; its reports, or the list of runs, where none does."""
    listed = command("runs", out=run.folder.parent)
    if not run.has_journal or is_held(run.run_id):
        return listed
    with suppress(MigrateError, sqlite3.Error, LookupError, TypeError, ValueError), Journal.open(run.folder) as journal:
        paths, read = journal.fact("paths"), journal.fact("read")
        facts = replace(
            facts_of(run),
            inputs=[Input(Path(path), path, "", 0) for path in paths],
            counts=run.facts["counts"],
        )
        if facts.exit_code == Defect.exit_code and not read:
            facts = replace(facts, exit_code=None)  # there is nothing to be reported
        told = _after(facts, run.folder, mapping=journal.fact("mapping")["path"], only=kept_only(journal))
        return command("report", run.run_id, out=run.folder.parent) if told == listed and read else told
    return listed


def _after(facts: RunFacts, folder: Path, *, mapping: str, only: OnlySites | None) -> str:
    parent = None if facts.parent is None else known_run(folder.parent / facts.parent)
    return next_command(facts, folder=folder, mapping=mapping, only=only, usual=_usual(), parent=parent)


def _usual() -> Settings | None:
    """Return the settings that a command has to which no others are typed; None if these are none."""
    try:
        return Settings()
    except SettingsError:
        return None
