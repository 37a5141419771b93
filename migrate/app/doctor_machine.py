"""Whether this machine is fit: the folder of runs, its disk, the versions of what works here."""

import os
import platform
import shutil
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from migrate.app.doctor_lines import Line
from migrate.errors import UsageError
from migrate.version import __version__

LITTLE_BYTES: Final = 2**30
"""Less is told about: a journal keeps all rows and answers of its run."""
_PARTS: Final = ("polars", "aiohttp")


def look_at_machine(out: Path, *, free_bytes: Callable[[Path], int] | None = None) -> list[Line]:
    """Return what was seen; `free_bytes` tells what a folder's disk has left."""
    return [_folder(out), _disk(out, free_bytes or _free_bytes), _versions()]


def _folder(out: Path) -> Line:
    """Write a file into the folder of runs and take it away again, the folder too if it wasn't there."""
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=out, prefix=".doctor-") as file:
            file.write(b"doctor")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        told = f"{out}: nothing can be written there ({error.strerror})"
        return Line("folder", "wrong", told, "name a folder you may write to with --out", UsageError.exit_code)
    finally:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
    return Line("folder", "ok", f"{out.absolute()} can be written to")


def _disk(out: Path, free_bytes: Callable[[Path], int]) -> Line:
    there = next(folder for folder in (out.absolute(), *out.absolute().parents) if folder.is_dir())
    try:
        free = free_bytes(there)
    except OSError as error:
        return Line("disk", "skipped", f"{there}: its free space can't be told ({error.strerror})")
    told = f"{free / 2**30:,.1f} GiB free at {there}"
    if free >= LITTLE_BYTES:
        return Line("disk", "ok", told)
    return Line("disk", "warning", told, "free some, or name a folder on another disk with --out")


def _versions() -> Line:
    parts = ", ".join(f"{name} {version(name)}" for name in _PARTS)
    here = f"Python {platform.python_version()}, {parts}, {platform.platform()}"
    return Line("versions", "ok", f"chekt-migrate {__version__}, {here}")


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free
