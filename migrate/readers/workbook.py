"""Workbooks as grids of the text that a person sees, parsed in a process of their own."""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from migrate.errors import InputError
from migrate.readers.archive import Archive
from migrate.readers.encoding import encoding_named
from migrate.readers.grid import Grid
from migrate.readers.limits import Unreadable, memory_limit, time_limit_s
from migrate.readers.watched import run_watched

ANSWER = "answer.json"
"""The file in which the process tells what it read, or why it refuses to."""

_PROCESS = "migrate.readers.workbook_process"
_SWELLS = {"xls": 5, "html": 2, "xml": 2}
"""How much larger than the file a workbook counts that is no zip archive."""
_SECRETS = "CHEKT_"
_THREADS = "4"
_MIB = 1024**2
_OTHERWISE = "open it in a spreadsheet program and save it again, or save its sheets as CSV"


def read_workbook(path: Path, *, kind: str, encoding: str | None = None) -> list[Grid]:
    """Return the worksheets of a workbook in their order; `kind` is one of `sniff.Kind` but `text`.

    `encoding` holds for web pages, in place of what the page says; other workbooks say it reliably.

    Raises:
        InputError: it is damaged, protected by a password, larger than the limits, or made to harm its reader.
    """
    encoding_name = None if encoding is None else encoding_named(encoding, path=path)
    with tempfile.TemporaryDirectory(prefix="chekt-migrate-") as name:
        folder = Path(name)
        try:
            told = _parse(path, kind, folder, encoding=encoding_name)
        except Unreadable as error:
            raise InputError(f"{path}: {error}") from error
        return [_grid(folder, nth, sheet) for nth, sheet in enumerate(told["sheets"])]


def _parse(path: Path, kind: str, folder: Path, *, encoding: str | None) -> dict[str, Any]:
    size = _unpacked_bytes(path, kind)
    limit_s, limit_bytes = time_limit_s(size), memory_limit(size)
    memory = f"a file of its size may take {limit_bytes // _MIB:,} MiB"
    command = [sys.executable, "-P", "-m", _PROCESS, str(path.resolve()), kind, str(folder), str(size)]
    command += [encoding] if encoding is not None else []
    ending = run_watched(command, environment=_environment(), limit_s=limit_s, limit_bytes=limit_bytes)
    if ending == "too slow":
        raise Unreadable(f"reading it took more than {limit_s} s and was stopped; {_OTHERWISE}")
    if ending == "too large":
        raise Unreadable(f"reading it took too much memory and was stopped ({memory}); {_OTHERWISE}")
    try:
        told: dict[str, Any] = json.loads((folder / ANSWER).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unreadable(
            f"can't be read: it is damaged, or there is too little memory for it ({memory}); {_OTHERWISE}"
        ) from error
    if "refused" in told:
        raise Unreadable(told["refused"])
    return told


def _unpacked_bytes(path: Path, kind: str) -> int:
    if kind in _SWELLS:
        return path.stat().st_size * _SWELLS[kind]
    with Archive(path) as archive:
        return archive.unpacked_bytes


def _environment() -> dict[str, str]:
    """Return this process's environment without credentials; modules are found where this process finds them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_SECRETS)}
    kept.setdefault("POLARS_MAX_THREADS", _THREADS)  # each takes memory, and a dozen read no faster
    return kept | {"PYTHONPATH": os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)}


def _grid(folder: Path, nth: int, told: dict[str, Any]) -> Grid:
    return Grid(
        sheet=told["sheet"],
        frame=pl.read_ipc((folder / f"{nth}.frame").read_bytes()),
        first_row=told["first_row"],
        notes=pl.read_ipc((folder / f"{nth}.notes").read_bytes()),
        hidden=told["hidden"],
    )
