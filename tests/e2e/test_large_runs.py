"""A run of files that are read in parts leaves the files that a run of all rows at once leaves."""

import asyncio
import csv
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import orjson
import pytest

from migrate.app import check_files, check_parts, finish
from migrate.app.driving import Driving
from migrate.app.fresh import apply_files, plan_files
from migrate.app.going_on import apply_saved, report, resume
from migrate.app.kept import kept_pieces
from migrate.app.options import Options
from migrate.app.rehearse import rehearse, sandbox_settings
from migrate.app.retry import retry
from migrate.app.runs import KnownRun, known_runs
from migrate.errors import Refused
from migrate.journal.journal import Journal
from migrate.mapping.mapping import Mapping
from migrate.outcomes import slices
from migrate.readers import batches
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

FILES = sorted((Path(__file__).parents[2] / "samples" / "tidy").glob("*.csv"))
OF_ONE_RUN = {
    "run_id",
    "parent",
    "base_url",
    "started_at",
    "finished_at",
    "seconds",
    "requests",
    "remote_id",
    "trace_id",
}

OF_TRIES = OF_ONE_RUN | {"attempts"}

QUICK = Options(rate="1000/s", settle=0.1)


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


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    make_large(monkeypatch)


def make_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files be read, and outcomes be told, in parts of some rows."""
    monkeypatch.setattr(check_files, "LARGE_FROM_BYTES", 0)
    monkeypatch.setattr(check_parts, "BATCH_BYTES", 500)
    monkeypatch.setattr(batches, "HEAD_BYTES", 300)
    monkeypatch.setattr(slices, "SLICE_RECORDS", 7)
    monkeypatch.setattr(finish, "ROWS_SHOWN", 0)


@pytest.mark.parametrize("run", [checked, rehearsed])
def test_a_large_run_leaves_the_files_of_a_small_one(
    run: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = told_by(run(tmp_path / "small"))

    make_large(monkeypatch)

    folder = run(tmp_path / "large")
    assert told_by(folder) == small
    with Journal.open(folder) as journal:
        assert min(kept_pieces(journal).values()) > 1


async def test_once_all_is_sent_a_large_run_holds_no_more_of_its_devices_than_outcomes_tell(
    tmp_path: Path, large: None
) -> None:
    run = await rehearse(
        FILES,
        Mapping.load("tidy"),
        out=tmp_path,
        options=Options(),
        driving=Driving(),
        sandbox_options=SandboxOptions(unique=True),
    )
    assert run.plan is not None
    held = run.plan.records["device"]
    assert "created" in run.counts["device"]
    assert {"_n", "external_device_id", "_message", "_changes"} <= {*held.columns}
    assert not {"mac", "name", "serial_number"} & {*held.columns}


@pytest.mark.parametrize("run", [checked, rehearsed])
def test_the_reports_of_a_large_run_are_written_again_as_they_were(
    run: Callable[[Path], Path], tmp_path: Path, large: None
) -> None:
    folder = run(tmp_path)
    first = told_by(folder, but=set())
    for path in folder.glob("*.csv"):
        path.unlink()

    report(known_runs(tmp_path)[0])

    assert told_by(folder, but=set()) == first


@pytest.mark.parametrize("how", ["resumed", "retried", "saved", "unplanned"])
async def test_a_large_run_that_is_gone_on_with_leaves_the_files_of_a_small_one(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone_on_with = {
        "resumed": cut_off_and_resumed,
        "retried": refused_and_retried,
        "saved": saved_and_applied,
        "unplanned": unplanned_and_reported,
    }[how]
    small = told_by(await gone_on_with(tmp_path / "small"), but=OF_TRIES)

    make_large(monkeypatch)

    assert told_by(await gone_on_with(tmp_path / "large"), but=OF_TRIES) == small


async def cut_off_and_resumed(out: Path) -> Path:
    async with Sandbox(SandboxOptions(unique=True)) as sandbox:
        run = await applied(out, sandbox, Faults.parse(["any:401-before:*@9"]))
        assert run.resumable
        return (await resume(run, sandbox_settings(sandbox), driving=Driving())).folder


async def refused_and_retried(out: Path) -> Path:
    async with Sandbox(SandboxOptions(unique=True)) as sandbox:
        run = await applied(
            out, sandbox, Faults.parse(["devices.create/T-002-1:poison:*", "sites.create/T-005:poison:*"])
        )
        retried = await retry(run, sandbox_settings(sandbox), out=out, options=QUICK, driving=Driving())
        assert retried.counts["device"]["created"] > 1  # those of the site were blocked
        return retried.folder


async def saved_and_applied(out: Path) -> Path:
    """Carry out a saved plan, in two goes."""
    async with Sandbox(SandboxOptions(unique=True)) as sandbox:
        settings, driving = sandbox_settings(sandbox), Driving()
        await plan_files(FILES, Mapping.load("tidy"), settings, out=out, options=QUICK, driving=driving)
        sandbox.play(Faults.parse(["any:401-before:*@9"]))
        await apply_saved(known_runs(out)[0], settings, out=out, options=QUICK, driving=Driving())
        sandbox.play(Faults())
        run = known_runs(out)[0]
        assert run.resumable
        return (await resume(run, settings, driving=Driving())).folder


async def unplanned_and_reported(out: Path) -> Path:
    """Let a run end before its plan: none of its records is done with, and all of them keep it from being retried."""
    async with Sandbox(SandboxOptions(unique=True)) as sandbox:
        run = await applied(out, sandbox, Faults.parse(["any:401-before:*"]))
        pending = sum(counts["pending"] for counts in run.facts["counts"].values())
        with pytest.raises(Refused, match=f"has {pending} records still to be sent"):
            await retry(run, sandbox_settings(sandbox), out=out, options=QUICK, driving=Driving())
        return report(run).folder


async def applied(out: Path, sandbox: Sandbox, faults: Faults) -> KnownRun:
    """Return a run that met faults, which the sandbox has no more."""
    sandbox.play(faults)
    mapping, settings = Mapping.load("tidy"), sandbox_settings(sandbox)
    await apply_files(FILES, mapping, settings, out=out, options=QUICK, driving=Driving())
    sandbox.play(Faults())
    return known_runs(out)[0]


def told_by(folder: Path, *, but: Collection[str] = OF_ONE_RUN) -> dict[str, Any]:
    """Return what the files of a run say, but for some facts."""
    run = orjson.loads((folder / "run.json").read_bytes())
    tables = {}
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.name] = [list(without(row, but).values()) for row in csv.DictReader(file)]
    return {**tables, "run.json": without(run, but)}


def without(facts: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in names}
