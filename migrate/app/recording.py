"""A run being recorded: its folder, its journal, and its run.json from the first moment on."""

import contextlib
import logging
from collections.abc import Callable
from collections.abc import Mapping as Facts
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from migrate.app.interrupted import INTERRUPTED, Interrupted
from migrate.app.only_sites import OnlySites
from migrate.app.runs import KnownRun, new_run_folder
from migrate.errors import Defect, MigrateError, Refused, Stopped
from migrate.journal.journal import Journal
from migrate.mapping.mapping import Mapping
from migrate.report.run_json import write_run_json
from migrate.report.run_report import Requests, RunFacts
from migrate.version import __version__

_log = logging.getLogger("migrate.app")


@dataclass(slots=True)
class Recording:
    """One run while it is recorded; `facts` is what its run.json says so far."""

    folder: Path
    journal: Journal
    facts: RunFacts

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self.facts.run_id

    def count(self, *, sent: int = 0, retried: int = 0, rate_limited: int = 0, planned: int | None = None) -> None:
        """Add what a client has counted; `planned` is set."""
        before = self.facts.requests
        now = Requests(
            before.sent + sent,
            before.retried + retried,
            before.rate_limited + rate_limited,
            before.planned if planned is None else planned,
        )
        self.facts = replace(self.facts, requests=now)

    def running(self) -> RunFacts:
        """Return the facts of a run that is going on again."""
        self.facts = replace(self.facts, state="running", finished_at=None, exit_code=None, seconds=None)
        return self.facts

    def refuse_deleted(self) -> None:
        """Raise Refused if the folder is gone; ask while the dealer is held, as `runs prune` does when it deletes."""
        if not self.folder.is_dir():
            raise Refused(f"{self.folder} is gone: the run was deleted while it was about to go on")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.journal.close()
        if error is not None and self.facts.state == "running":
            self.facts = _cut_off(self.folder, self.facts, error)


def start(
    verb: str,
    out: Path,
    *,
    mapping: Mapping,
    paths: tuple[Path, ...],
    dealer_id: str | None = None,
    base_url: str | None = None,
    parent: str | None = None,
    only: OnlySites | None = None,
    options: Facts[str, Any] | None = None,
    keep: Callable[[Journal], None] | None = None,
) -> Recording:
    """Begin a run: its run.json, its journal with what `keep` puts there, and only then its folder under its name.

    Raises:
        UsageError: the folder can't be made or filled, so no run has begun.
        Stopped: the disk failed once it had.
    """
    now = datetime.now(UTC)
    with new_run_folder(out, now=now) as (begun, folder):
        facts = RunFacts(
            run_id=folder.name,
            verb=verb,
            state="running",
            version=__version__,
            started_at=now,
            dealer_id=dealer_id,
            base_url=base_url,
            parent=parent,
            mapping_name=mapping.name,
            mapping_sha256=mapping.sha256,
        )
        write_run_json(begun, facts)
        with Journal.create(begun) as journal:
            asked_for = {"options": dict(options or {}), "only_sites": None if only is None else only.facts()}
            journal.put_facts({**asked_for, **_origins(mapping, paths)})
            if keep is not None:
                keep(journal)
    _log.info("%s %s begins, in %s", verb, facts.run_id, folder, extra={"run_id": facts.run_id, "verb": verb})
    try:
        return Recording(folder, Journal.open(folder), facts)
    except BaseException as error:
        _cut_off(folder, facts, error)
        raise


def reopen(run: KnownRun) -> Recording:
    """Open a run's journal again; what its run.json says stands until it is written anew."""
    return Recording(run.folder, Journal.open(run.folder), facts_of(run))


def facts_of(run: KnownRun) -> RunFacts:
    """Return what a run.json says of how a run began and ended; not what was in its files."""
    told = run.facts
    return RunFacts(
        run_id=run.run_id,
        verb=told["verb"],
        state=told["state"],
        version=__version__,
        started_at=datetime.fromisoformat(told["started_at"]),
        finished_at=None if told["finished_at"] is None else datetime.fromisoformat(told["finished_at"]),
        exit_code=told["exit_code"],
        seconds=told["seconds"],
        dealer_id=told["dealer_id"],
        base_url=told["base_url"],
        parent=told["parent"],
        mapping_name=told["mapping"]["name"],
        mapping_sha256=told["mapping"]["sha256"],
        requests=Requests(**told["requests"]),
    )


def _cut_off(folder: Path, facts: RunFacts, error: BaseException) -> RunFacts:
    """Say in run.json that what nobody has caught ended the run; one that was taken back has no folder."""
    match error:
        case MigrateError() | Interrupted():
            exit_code = error.exit_code
        case KeyboardInterrupt():
            exit_code = INTERRUPTED
        case _:
            exit_code = Defect.exit_code
    told = replace(facts, state="interrupted", exit_code=exit_code)
    if folder.is_dir():
        with contextlib.suppress(Stopped):
            write_run_json(folder, told)
    return told


def _origins(mapping: Mapping, paths: tuple[Path, ...]) -> dict[str, Any]:
    """Return where the run comes from, for the journal."""
    return {
        "paths": [str(path.absolute()) for path in paths],
        "mapping": {"name": mapping.name, "sha256": mapping.sha256, "path": mapping.path, "text": mapping.text},
    }
