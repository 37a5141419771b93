"""What follows a run as it lies there: the command to run next, with what it needs from its journal."""

import sqlite3
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from migrate.app.after_run import after_run
from migrate.app.kept import kept_only
from migrate.app.lock import is_held
from migrate.app.recording import facts_of
from migrate.app.runs import KnownRun
from migrate.app.usual import usual_settings
from migrate.errors import Defect, MigrateError
from migrate.journal.journal import Journal
from migrate.model.commands import command
from migrate.model.sources import Input


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
        mapping, only = journal.fact("mapping")["path"], kept_only(journal)
        told = after_run(facts, folder=run.folder, mapping=mapping, only=only, usual=usual_settings())
        return command("report", run.run_id, out=run.folder.parent) if told == listed and read else told
    return listed
