"""Run folders: making one, finding one by what a person types, reading its run.json."""

import contextlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from migrate.errors import Refused, Stopped, UsageError
from migrate.journal.journal import FILE_NAME as JOURNAL_NAME
from migrate.model.commands import command

RUN_JSON = "run.json"
_ID_FORMAT = "%Y%m%d-%H%M%S"
_ID = re.compile(r"(\d{8}-\d{6})-\d{3}")
_NAMED = 5
_BEGUN = "."
"""In front of the id while a run's folder is filled."""


class _Input(BaseModel):
    path: str


class _Told(BaseModel, strict=True):
    """What run.json says, as far as a list shows it: what isn't known yet may lack, what is there has its type."""

    run_id: str
    verb: str = ""
    state: str = ""
    exit_code: int | None = None
    dealer_id: str | None = None
    base_url: str | None = None
    inputs: list[_Input] = []
    counts: dict[str, dict[str, int]] = {}


@dataclass(frozen=True, slots=True)
class KnownRun:
    """A run under the folder of runs; `facts` is its run.json, with what a list shows of it always there."""

    folder: Path
    facts: dict[str, Any]

    @property
    def run_id(self) -> str:
        """The run's id, which is its folder's name."""
        return self.folder.name

    @property
    def is_its_own(self) -> bool:
        """Whether the folder is called as the run in it is, so that this tool made it, for that run alone."""
        return _ID.fullmatch(self.run_id) is not None and self.facts["run_id"] == self.run_id

    @property
    def has_journal(self) -> bool:
        """Whether the run got as far as having a journal."""
        return (self.folder / JOURNAL_NAME).is_file()

    @property
    def resumable(self) -> bool:
        """Whether `resume` would go on with it: it was sending, and was neither ended nor refused."""
        told = self.facts
        cut_off = told["state"] in {"running", "interrupted"} and told["exit_code"] != Refused.exit_code
        return cut_off and told["verb"] in {"apply", "retry"} and told["dealer_id"] is not None


@contextlib.contextmanager
def new_run_folder(out: Path, *, now: datetime) -> Iterator[tuple[Path, Path]]:
    """Make the folder of a new run under `out`; yields where to fill it, and where it is once that has been done.

    A run that is killed while it begins has no folder, instead of one that nobody can go on with. The folder's name is
    the run's id and sorts by time (UTC, milliseconds).

    Raises:
        UsageError: the folder can't be made or filled.
    """
    try:
        begun, folder = _reserve(out, now.astimezone(UTC))
    except OSError as error:
        raise _unusable(out, error) from error
    try:
        yield begun, folder
        begun.rename(folder)
    except BaseException as error:
        shutil.rmtree(begun, ignore_errors=True)
        if isinstance(error, OSError | Stopped):
            raise _unusable(out, error) from error
        raise
    _sync(out)


def known_runs(out: Path) -> list[KnownRun]:
    """Return the runs under `out`, newest first; folders without a readable run.json are none."""
    if not out.is_dir():
        return []
    folders = (folder for folder in out.iterdir() if folder.is_dir() and not folder.name.startswith(_BEGUN))
    found = (known_run(folder) for folder in sorted(folders, reverse=True))
    return [run for run in found if run is not None]


def known_run(folder: Path) -> KnownRun | None:
    """Return the run in a folder as its run.json says now; None if the folder has none that is readable as one."""
    try:
        facts = json.loads((folder / RUN_JSON).read_text(encoding="utf-8"))
        told = _Told.model_validate(facts)
    except (OSError, ValueError):
        return None
    return KnownRun(folder, {**told.model_dump(), **facts})


def began_folders(out: Path) -> list[tuple[Path, datetime]]:
    """Return the hidden folders in which runs begin, and when they were made; those of killed runs stay behind."""
    if not out.is_dir():
        return []
    hidden = (folder for folder in out.iterdir() if folder.name.startswith(_BEGUN) and not folder.is_symlink())
    dated = ((folder, _moment(folder.name.removeprefix(_BEGUN))) for folder in sorted(hidden) if folder.is_dir())
    return [(folder, began) for folder, began in dated if began is not None]


def moment_of(run: KnownRun) -> datetime | None:
    """Return when a run began, as its id says, or its run.json, whichever is earlier; None where neither tells."""
    told = run.facts.get("started_at")
    stated = None
    if isinstance(told, str):
        with contextlib.suppress(ValueError):
            stated = datetime.fromisoformat(told)
    stated = stated.replace(tzinfo=UTC) if stated is not None and stated.tzinfo is None else stated
    return min((moment for moment in (_moment(run.run_id), stated) if moment is not None), default=None)


def find_run(name: str, out: Path, *, fits: Callable[[KnownRun], bool], verb: str) -> KnownRun:
    """Return the run that `name` means: a folder, an id, an unambiguous beginning of one, or `last` that fits.

    Raises:
        UsageError: there is none, or several.
    """
    runs = known_runs(out)
    if name == "last":
        fitting = [run for run in runs if fits(run)]
        if not fitting:
            raise UsageError(f"{out}: there is no run that {verb} can act on; see: {command('runs', out=out)}")
        return fitting[0]
    as_folder = known_run(Path(name)) if Path(name).is_dir() else None
    if as_folder is not None:
        return as_folder
    exact = [run for run in runs if run.run_id == name]
    matching = exact or [run for run in runs if run.run_id.startswith(name)]
    if not matching:
        raise UsageError(f"{out}: there is no run {name}; see: {command('runs', out=out)}")
    if len(matching) > 1:
        ids = ", ".join(run.run_id for run in matching[:_NAMED])
        more = ", ..." if len(matching) > _NAMED else ""
        raise UsageError(f"{name} is the beginning of {len(matching)} runs ({ids}{more}); type more of the id")
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


def _moment(run_id: str) -> datetime | None:
    match = _ID.fullmatch(run_id)
    if match is not None:
        with contextlib.suppress(ValueError):
            return datetime.strptime(match[1], _ID_FORMAT).replace(tzinfo=UTC)
    return None


def _unusable(out: Path, error: OSError | Stopped) -> UsageError:
    """Return the error of a place where no run can begin, for the reason that the disk gave."""
    told = error.__cause__ or error
    reason = getattr(told, "strerror", None) or str(told)
    return UsageError(
        f"{out}: no run folder can be made there ({reason}); make room, or name a folder you may write to with --out"
    )


def _sync(folder: Path) -> None:
    """Have the folder's entries on the disk, where the system knows how."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
