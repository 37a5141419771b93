"""Remembered: the rate that an API was found to allow an app, kept from run to run; a hint, never a limit."""

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from pathlib import Path
from typing import Final

from migrate.settings import Settings

_KEPT: Final = timedelta(days=30)
_MOST: Final = 100
_HIGHEST_PER_MINUTE: Final = 1_000_000
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


@dataclass(frozen=True, slots=True)
class Remembered:
    """Requests a minute, and when that was learned."""

    per_minute: float
    learned_at: datetime


def recall(settings: Settings, folder: Path, *, now: datetime) -> Remembered | None:
    """Return what was learned of this API for this app within 30 days; a file that can't be read tells nothing."""
    return _kept(folder, now).get(_key(settings))


def remember(settings: Settings, folder: Path, *, per_minute: float, now: datetime) -> None:
    """Keep a rate, readable by its owner only; what can't be written is not kept."""
    kept = {**_kept(folder, now), _key(settings): Remembered(per_minute, now)}
    newest = sorted(kept.items(), key=lambda item: item[1].learned_at)[-_MOST:]
    rates = {
        key: {"per_minute": round(rate.per_minute, 1), "learned_at": rate.learned_at.isoformat(timespec="seconds")}
        for key, rate in newest
    }
    path = _file(folder)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, _NEW, 0o600), "w", encoding="utf-8") as handle:
            json.dump(rates, handle, indent=1)
        part.replace(path)
    with suppress(OSError):
        part.unlink(missing_ok=True)


def cache_folder(environment: Mapping[str, str]) -> Path | None:
    """Return this person's folder for what may be lost at any time; None where the machine names none."""
    named = environment.get("XDG_CACHE_HOME") or (environment.get("LOCALAPPDATA") if sys.platform == "win32" else None)
    if named and Path(named).is_absolute():
        return Path(named, "chekt-migrate")
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "chekt-migrate"


def _key(settings: Settings) -> str:
    """Return host and app, the app as a hash; without a client id there is one app for all."""
    client_id = settings.client_id.get_secret_value() if settings.client_id else ""
    return f"{settings.origin} {hashlib.sha256(client_id.encode()).hexdigest()[:16]}"


def _file(folder: Path) -> Path:
    return folder / "rates.json"


def _kept(folder: Path, now: datetime) -> dict[str, Remembered]:
    """Return all that is young enough and makes sense."""
    try:
        text = json.loads(_file(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    read = {key: _read(value) for key, value in text.items()} if isinstance(text, dict) else {}
    return {key: rate for key, rate in read.items() if rate and timedelta(0) <= now - rate.learned_at <= _KEPT}


def _read(value: object) -> Remembered | None:
    try:
        per_minute = float(value["per_minute"])  # type: ignore[index]  # what it is is seen here
        learned_at = datetime.fromisoformat(value["learned_at"]).astimezone(UTC)  # type: ignore[index]
    except (LookupError, TypeError, ValueError, OverflowError):
        return None
    if not isfinite(per_minute) or not 1 <= per_minute <= _HIGHEST_PER_MINUTE:
        return None
    return Remembered(per_minute, learned_at)
