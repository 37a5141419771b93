"""One writer per dealer: a lock that the operating system takes back when its holder ends, however it ends."""

import getpass
import hashlib
import json
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from migrate.errors import Refused, UsageError
from migrate.settings import Settings

_GLANCE_S = 0.3
"""How long a lock is tried for: whoever only looks whether it is taken holds it for a moment."""
_GLANCE_AGAIN_S = 0.02


def holding_dealer(settings: Settings, *, run_id: str) -> AbstractContextManager[None]:
    """Hold the dealer that the settings mean; as `holding`."""
    return holding(settings.require_dealer(), settings.origin, run_id=run_id)


@contextmanager
def holding(dealer_id: str, origin: str, *, run_id: str) -> Iterator[None]:
    """Hold the dealer for as long as the context lasts.

    Raises:
        Refused: another run on this machine holds it; the message says which.
    """
    target = f"dealer {dealer_id} at {origin}"
    name = hashlib.sha256(target.encode()).hexdigest()[:32]
    folder = _folder()
    lock, holder = FileLock(folder / f"{name}.lock"), folder / f"{name}.json"
    try:
        _acquire(lock)
    except Timeout as error:
        raise Refused(f"{target} is held by another run{_told(holder)}; wait until it has ended") from error
    except OSError as error:
        raise UsageError(f"{folder}: the lock for the dealer can't be made there ({error.strerror})") from error
    try:
        since = datetime.now(UTC).isoformat(timespec="seconds")
        facts = {"run_id": run_id, "pid": os.getpid(), "host": socket.gethostname(), "since": since}
        with suppress(OSError):  # the lock itself is held; who holds it can be told without
            holder.write_text(json.dumps(facts), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def is_held(run_id: str) -> bool:
    """Return whether a process on this machine holds a dealer for the run."""
    return any(_holder(path).get("run_id") == run_id and _is_locked(path) for path in _folder().glob("*.json"))


def _is_locked(holder: Path) -> bool:
    """Return whether the lock beside `holder` is taken: a killed process leaves its file, but not the lock."""
    lock = FileLock(holder.with_suffix(".lock"))
    try:
        _acquire(lock)
    except (Timeout, OSError):
        return True
    lock.release()
    return False


def _acquire(lock: FileLock) -> None:
    lock.acquire(timeout=_GLANCE_S, poll_interval=_GLANCE_AGAIN_S)


def _folder() -> Path:
    """Return the folder of this person's locks on this machine, whatever --out a run has."""
    with suppress(OSError, KeyError):
        folder = Path(tempfile.gettempdir(), f"chekt-migrate-{getpass.getuser()}")
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder
    return Path(tempfile.gettempdir())


def _told(holder: Path) -> str:
    facts = _holder(holder)
    try:
        return f" ({facts['run_id']}, process {facts['pid']} on {facts['host']}, since {facts['since']})"
    except KeyError:
        return ""


def _holder(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}
