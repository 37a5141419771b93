"""Workbooks as grids of the text that a person sees, parsed in a process of their own."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from migrate.errors import InputError
from migrate.readers.grid import Grid

ANSWER = "answer.json"
"""The file in which the process tells what it read, or why it refuses to."""

_PROCESS = "migrate.readers.workbook_process"
_PATIENCE_S = 120
_BYTES_A_SECOND = 100_000
_SECRETS = "CHEKT_"


def read_workbook(path: Path, *, kind: str) -> list[Grid]:
    """Return the worksheets of a workbook in their order; `kind` is `xlsx` (XLSM too), `xlsb`, `xls` or `ods`.

    Raises:
        InputError: it is damaged, protected by a password, larger than the limits, or made to harm its reader.
    """
    with tempfile.TemporaryDirectory(prefix="chekt-migrate-") as name:
        folder = Path(name)
        _parse(path, kind, folder)
        try:
            told = json.loads((folder / ANSWER).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(
                f"{path}: can't be read: it is damaged, or takes more memory than it may; open it in a spreadsheet "
                "program and save it again, or save its sheets as CSV"
            ) from error
        if "refused" in told:
            raise InputError(f"{path}: {told['refused']}")
        return [_grid(folder, nth, sheet) for nth, sheet in enumerate(told["sheets"])]


def _parse(path: Path, kind: str, folder: Path) -> None:
    limit_s = _PATIENCE_S + path.stat().st_size // _BYTES_A_SECOND
    command = [sys.executable, "-P", "-m", _PROCESS, str(path.resolve()), kind, str(folder)]
    try:
        subprocess.run(  # noqa: S603 - this interpreter, our module, and paths as arguments
            command,
            env=_environment(),
            timeout=limit_s,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(
            f"{path}: reading it took more than {limit_s} s and was stopped; save its sheets as CSV, or split it"
        ) from error


def _environment() -> dict[str, str]:
    """Return this process's environment without credentials; modules are found where this process finds them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_SECRETS)}
    return kept | {"PYTHONPATH": os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)}


def _grid(folder: Path, nth: int, told: dict[str, Any]) -> Grid:
    return Grid(
        sheet=told["sheet"],
        frame=pl.read_ipc((folder / f"{nth}.frame").read_bytes()),
        first_row=told["first_row"],
        notes=pl.read_ipc((folder / f"{nth}.notes").read_bytes()),
        hidden=told["hidden"],
        hidden_rows=tuple(told["hidden_rows"]),
    )
