"""Deleting old runs, which hold customers' names: which are old, which stay all the same and why, what that frees."""

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from migrate.app.lock import holding, is_held
from migrate.app.runs import RUN_JSON, KnownRun, began_folders, known_run, known_runs, moment_of
from migrate.errors import Refused, UsageError

_AGE = re.compile(r"(\d{1,6})([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_BEGUN_BY_THEN = timedelta(hours=1)
"""A folder that is still being filled after this time has nobody who fills it."""
_OVER_BY_THEN = timedelta(days=7)
"""A run that writes nothing holds no lock; one that says it is running is over after this time."""


@dataclass(frozen=True, slots=True)
class OldRun:
    """A run that is old enough; `began` is in UTC."""

    run: KnownRun
    began: datetime
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Prunable:
    """What can be deleted, newest first, and which old runs stay, with the reason; `leftovers` never became a run."""

    old: Sequence[OldRun]
    kept: Sequence[tuple[str, str]]
    leftovers: Sequence[Path]

    @property
    def size_bytes(self) -> int:
        """How much deleting it all frees."""
        return sum(item.size_bytes for item in self.old) + sum(map(_size_bytes, self.leftovers))


def parse_age(text: str) -> timedelta:
    """Return the age that `text` says, such as `90d`, `12w`, `36h`; raise UsageError if it says none."""
    match = _AGE.fullmatch(text.strip().lower())
    if match is None:
        raise UsageError(f"--older-than {text}: say a number with h, d or w, such as 90d")
    return int(match[1]) * _UNITS[match[2]]


def find_prunable(out: Path, *, older_than: timedelta, now: datetime, unfinished: bool = False) -> Prunable:
    """Return the runs under `out` that began longer ago than `older_than`; `unfinished` takes those to be resumed too.

    A run that may still be going on stays whatever is asked for, and so do a folder that has not the name of the run in
    it, and a link to one.
    """
    old, kept = [], []
    for run in known_runs(out):
        began = moment_of(run)
        if not run.is_its_own or run.folder.is_symlink() or began is None or now - began < older_than:
            continue
        why = _reason_to_stay(run, now - began, unfinished=unfinished)
        if why is None:
            old.append(OldRun(run, began, _size_bytes(run.folder)))
        else:
            kept.append((run.run_id, why))
    leftovers = [folder for folder, began in began_folders(out) if now - began >= _BEGUN_BY_THEN]
    return Prunable(old, kept, leftovers)


def prune(found: Prunable) -> Iterator[tuple[OldRun, str | None]]:
    """Delete what was found; yields each run with None once it is gone, or with the reason why it stays after all.

    Raises:
        UsageError: something can't be deleted; the rest is gone by then.
    """
    failed: list[str] = []
    for folder in found.leftovers:
        with suppress(OSError):
            shutil.rmtree(folder)
    for item in found.old:
        try:
            why = _delete_unless_changed(item.run)
        except OSError as error:
            failed.append(f"{item.run.folder}: can't be deleted ({error.strerror}); check your rights to it")
        else:
            yield item, why
    if failed:
        raise UsageError("\n".join(failed))


def _reason_to_stay(run: KnownRun, age: timedelta, *, unfinished: bool) -> str | None:
    if is_held(run.run_id):
        return "it is running"
    if run.facts["state"] == "running" and age < _OVER_BY_THEN:
        return "it may be running"
    if run.resumable and not unfinished:
        return "it can be resumed; --unfinished takes it too"
    return None


def _delete_unless_changed(run: KnownRun) -> str | None:
    """Delete a run as it was found, holding what `resume` would hold; return why it stays if it went on since."""
    dealer_id, origin = str(run.facts["dealer_id"]), str(run.facts["base_url"])
    try:
        with holding(dealer_id, origin, run_id=run.run_id) if run.resumable else nullcontext():
            if known_run(run.folder) != run:
                return "it went on since it was looked at"
            _delete(run.folder)
    except Refused:
        return "it is running, or another run holds its dealer"
    return None


def _delete(folder: Path) -> None:
    """Delete a run's folder, its run.json last: one that is killed on the way leaves a run that can be deleted."""
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != RUN_JSON:
            entry.unlink()
    (folder / RUN_JSON).unlink(missing_ok=True)
    folder.rmdir()


def _size_bytes(folder: Path) -> int:
    size = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                size += Path(parent, name).lstat().st_size
    return size
