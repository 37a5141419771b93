"""A run of files that are read in parts leaves the files that a run of all rows at once leaves."""

import asyncio
import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from migrate.app import check_files, check_parts, finish
from migrate.app.driving import Driving
from migrate.app.options import Options
from migrate.app.rehearse import rehearse
from migrate.mapping.mapping import Mapping
from migrate.outcomes import slices
from migrate.sandbox.options import SandboxOptions

FILES = sorted((Path(__file__).parents[2] / "samples" / "tidy").glob("*.csv"))
OF_ONE_RUN = {"run_id", "base_url", "started_at", "finished_at", "seconds", "requests", "remote_id", "trace_id"}


def checked(out: Path) -> Path:
    return check_files.check_files(FILES, Mapping.load("tidy"), out=out).folder


def rehearsed(out: Path) -> Path:
    driving, options = Driving(), Options()
    run = rehearse(
        FILES,
        Mapping.load("tidy"),
        out=out,
        options=options,
        driving=driving,
        sandbox_options=SandboxOptions(unique=True),
    )
    return asyncio.run(run).folder


@pytest.mark.parametrize("run", [checked, rehearsed])
def test_a_large_run_leaves_the_files_of_a_small_one(
    run: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = told_by(run(tmp_path / "small"))

    monkeypatch.setattr(check_files, "LARGE_FROM_BYTES", 0)
    monkeypatch.setattr(check_parts, "BATCH_BYTES", 2_000)
    monkeypatch.setattr(slices, "SLICE_RECORDS", 7)
    monkeypatch.setattr(finish, "ROWS_SHOWN", 0)

    assert told_by(run(tmp_path / "large")) == small


def told_by(folder: Path) -> dict[str, Any]:
    run = orjson.loads((folder / "run.json").read_bytes())
    tables = {}
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.name] = [list(without_own(row).values()) for row in csv.DictReader(file)]
    return {**tables, "run.json": without_own(run)}


def without_own(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in OF_ONE_RUN}
