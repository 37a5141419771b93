"""The command as a process: called, waited for, its words and its newest run read."""

import asyncio
import csv
import json
import os
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
_WAIT_S = 120.0


@dataclass(frozen=True, slots=True)
class Called:
    """What a command came to."""

    exit_code: int
    stdout: str
    stderr: str


async def call(*words: str | Path, folder: Path, environment: Mapping[str, str] | None = None) -> Called:
    """Run the command in `folder`, with no CHEKT_ variables but those given; the loop stays free for a sandbox."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "migrate",
        *map(str, words),
        cwd=folder,
        env=clean_environment() | dict(environment or {}),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        stdout, stderr = await asyncio.wait_for(process.communicate(), _WAIT_S)
    except TimeoutError:
        process.kill()
        await process.communicate()
        raise
    assert process.returncode is not None
    return Called(process.returncode, stdout.decode(), stderr.decode())


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what steers the tool, and with the tool in its path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CHEKT_", "COLUMNS", "NO_COLOR"))}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def newest_run(folder: Path) -> Path:
    """Return the newest run folder under `folder`/reports."""
    return max((folder / "reports").glob("2*"))


def run_json(run: Path) -> dict[str, Any]:
    """Return a run's run.json."""
    facts: dict[str, Any] = json.loads((run / "run.json").read_text(encoding="utf-8"))
    return facts


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def outcomes_of(run: Path) -> Counter[str]:
    """Return outcome → number of records of a run."""
    return Counter(row["outcome"] for row in rows_of(run / "outcomes.csv"))
