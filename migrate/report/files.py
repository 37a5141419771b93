"""Files: written whole or not at all, readable by their owner only, never through a link."""

import os
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

from xlsxwriter.exceptions import XlsxWriterException

from migrate.errors import Stopped
from migrate.model.commands import command

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def write_whole(path: Path, write: Callable[[BinaryIO], object], *, durable: bool = False) -> Path:
    """Let `write` fill a new file, put it in the place of `path`, and return where it is now.

    That is a new numbered name if somebody has `path` open (Excel on Windows). `durable` waits until the disk has it;
    reports can do without, they are written again from the journal.

    Raises:
        Stopped: the file can't be written; the one before is as it was.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, _NEW, 0o600), "wb") as handle:
            write(handle)
            if durable:
                handle.flush()
                os.fsync(handle.fileno())
        return _put(part, path)
    except (OSError, XlsxWriterException) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        again = command("report", path.parent.name, out=path.parent.parent)
        raise Stopped(
            f"{path} can't be written: {reason}\nthe journal has everything: make room or allow writing, then `{again}`"
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _put(part: Path, path: Path) -> Path:
    try:
        part.replace(path)
    except PermissionError:
        if not path.exists():
            raise
    else:
        return path
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    free = next(candidate for candidate in numbered if not candidate.exists())
    part.replace(free)
    return free
