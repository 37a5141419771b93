"""Run folders: making one, finding one by what a person types, reading its run.json."""

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from migrate.errors import UsageError
from migrate.journal.journal import FILE_NAME as JOURNAL_NAME

_ID_FORMAT = "%Y%m%d-%H%M%S"
_BEGUN = "."
"""In front of the id while a run's folder is filled."""


@dataclass(frozen=True, slots=True)
class KnownRun:
    """A run under the folder of runs; `facts` is its run.json."""

    folder: Path
    facts: dict[str, Any]

    @property
    def run_id(self) -> str:
        """The run's id, which is its folder's name."""
        return self.folder.name

    @property
    def has_journal(self) -> bool:
        """Whether the run got as far as having a journal."""
        return (self.folder / JOURNAL_NAME).is_file()


@contextlib.contextmanager
def new_run_folder(out: Path, *, now: datetime) -> Iterator[tuple[Path, Path]]:
    """Make the folder of a new run under `out`; yields where to fill it, and where it is once that has been done.

    A run that is killed while it begins has no folder, instead of one that nobody can go on with. The folder's name is
    the run's id and sorts by time (UTC, milliseconds).

    Raises:
        UsageError: the folder can't be made.
    """
    try:
        begun, folder = _reserve(out, now.astimezone(UTC))
    except OSError as error:
        raise UsageError(
            f"{out}: no run folder can be made there ({error.strerror}); name a folder you may write to with --out"
        ) from error
    try:
        yield begun, folder
        begun.rename(folder)
    except BaseException:
        shutil.rmtree(begun, ignore_errors=True)
        raise
    _sync(out)


def known_runs(out: Path) -> list[KnownRun]:
    """Return the runs under `out`, newest first; folders without a readable run.json are none."""
    if not out.is_dir():
        return []
    folders = (folder for folder in out.iterdir() if folder.is_dir() and not folder.name.startswith(_BEGUN))
    found = (_known(folder) for folder in sorted(folders, reverse=True))
    return [run for run in found if run is not None]


def find_run(name: str, out: Path, *, fits: Callable[[KnownRun], bool], verb: str) -> KnownRun:
    """Return the run that `name` means: a folder, an id, an unambiguous beginning of one, or `last` that fits.

    Raises:
        UsageError: there is none, or several.
    """
    runs = known_runs(out)
    if name == "last":
        fitting = [run for run in runs if fits(run)]
        if not fitting:
            raise UsageError(f"{out}: there is no run that {verb} can act on; see: chekt-migrate runs")
        return fitting[0]
    as_folder = _known(Path(name)) if Path(name).is_dir() else None
    if as_folder is not None:
        return as_folder
    exact = [run for run in runs if run.run_id == name]
    matching = exact or [run for run in runs if run.run_id.startswith(name)]
    if not matching:
        raise UsageError(f"{out}: there is no run {name}; see: chekt-migrate runs")
    if len(matching) > 1:
        ids = ", ".join(run.run_id for run in matching[:5])
        raise UsageError(f"{name} is the beginning of {len(matching)} runs ({ids}); type more of the id")
    return matching[0]


def _reserve(out: Path, moment: datetime) -> tuple[Path, Path]:
    """Make the folder of a run that begins, hidden; the moment is moved on until no other run has its id."""
    out.mkdir(parents=True, exist_ok=True)
    while True:
        run_id = f"{moment:{_ID_FORMAT}}-{moment.microsecond // 1000:03d}"
        begun, folder = out / f"{_BEGUN}{run_id}", out / run_id
        with contextlib.suppress(FileExistsError):
            begun.mkdir(mode=0o700)
            if not folder.exists():  # asked after the mkdir: a run that has this id made the same one, then renamed it
                return begun, folder
            begun.rmdir()
        moment += timedelta(milliseconds=1)


def _sync(folder: Path) -> None:
    """Have the folder's entries on the disk, where the system knows how."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _known(folder: Path) -> KnownRun | None:
    try:
        facts = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return KnownRun(folder, facts) if isinstance(facts, dict) and "run_id" in facts else None
