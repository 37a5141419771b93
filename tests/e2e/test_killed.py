"""A run that is killed, at any instant, is gone on with: each record is made once, and told once."""

import contextlib
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from called import Called, clean_environment, outcomes_of, rows_of, run_json
from e2e_inventory import write_inventory
from e2e_tool import QUICK, Tool, ended, until

SITES, DEVICES = 6, 4
RECORDS = 1 + SITES + SITES * DEVICES
APPLY = ("--yes", "--batch-size", "2", "--concurrency", "3", *QUICK)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A slow sandbox, as a process with a store on disk that all tests share: each has ids of its own."""
    store = tmp_path_factory.mktemp("sandbox") / "store.sqlite"
    words = ["sandbox", "--store", str(store), "--port", "0", "--rate", "none", "--fault", "any:delay:0.03:*"]
    with subprocess.Popen(
        [sys.executable, "-m", "migrate", *words], env=clean_environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        told: dict[str, str] = {}
        while "CHEKT_DEALER_ID" not in told:
            told.update(re.findall(r"^export (\w+)=(.+)$", process.stdout.readline(), re.MULTILINE))
        yield store, told
        process.send_signal(signal.SIGTERM)


@contextlib.contextmanager
def reading(database: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        yield connection


class Case:
    """One test's inventory, command and moment."""

    def __init__(self, folder: Path, sandbox: tuple[Path, dict[str, str]], *, prefix: str) -> None:
        self.store, env = sandbox
        self.tool = Tool(folder, env)
        self.prefix = prefix
        self.words = write_inventory(folder, prefix=prefix, sites=SITES, devices=DEVICES)

    def made(self, kind: str) -> Counter[str]:
        """External id → how often the dealer has it."""
        id_field = {"stations": "external_monitoring_station_id"}.get(kind, f"external_{kind[:-1]}_id")
        with reading(self.store) as store:
            found = store.execute(f"SELECT {id_field} FROM {kind} WHERE {id_field} LIKE ?", (f"{self.prefix}-%",))
            return Counter(identity for (identity,) in found)

    def folder(self) -> Path | None:
        return next(iter(self.tool.runs()), None)

    def has(self, name: str) -> bool:
        folder = self.folder()
        return folder is not None and (folder / name).exists()

    def journal_says(self, query: str) -> bool:
        """Whether the query finds a row in the journal of the run."""
        folder = self.folder()
        if folder is None:
            return False
        with reading(folder / "journal.sqlite") as journal:
            return journal.execute(query).fetchone() is not None

    async def kill(self, *words: str, when: Callable[[], bool]) -> None:
        """Start a command and kill it as soon as the moment has come."""
        process = await self.tool.start(*words)
        await until(when, process)
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await ended(process)

    async def resume(self) -> Called:
        return await self.tool.run("resume", "last", "--quiet", "-v")

    def assert_all_is_in_once(self) -> None:
        for kind, number in (("stations", 1), ("sites", SITES), ("devices", SITES * DEVICES)):
            counts = self.made(kind)
            assert len(counts) == number, kind
            assert set(counts.values()) == {1}, kind
        (folder,) = self.tool.runs()
        assert run_json(folder)["state"] == "finished"
        assert run_json(folder)["exit_code"] == 0
        told = rows_of(folder / "outcomes.csv")
        assert len({(line["record"], line["external_id"]) for line in told}) == len(told) == RECORDS
        assert set(outcomes_of(folder)) <= {"created", "unchanged"}
        assert not list(folder.glob(".*"))


MOMENTS: dict[str, Callable[[Case], bool]] = {
    "its folder appears": lambda case: case.folder() is not None,
    "its files are read": lambda case: case.journal_says("SELECT 1 FROM meta WHERE key = 'read'"),
    "its plan is kept": lambda case: case.journal_says("SELECT 1 FROM meta WHERE key = 'plan'"),
    "its first request is announced": lambda case: case.journal_says("SELECT 1 FROM intent"),
    "the station is made": lambda case: bool(case.made("stations")),
    "the station is answered": lambda case: case.journal_says("SELECT 1 FROM answer"),
    "the first site is made": lambda case: bool(case.made("sites")),
    "three sites are made": lambda case: len(case.made("sites")) >= 3,
    "the first devices are made": lambda case: bool(case.made("devices")),
    "half of the devices are made": lambda case: len(case.made("devices")) >= SITES * DEVICES // 2,
    "the last devices are made": lambda case: len(case.made("devices")) == SITES * DEVICES,
    "its reports are begun": lambda case: case.has(".outcomes.csv.part") or case.has("outcomes.csv"),
    "its workbook is written": lambda case: case.has("report.xlsx"),
}


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_run_that_is_killed_when_goes_on(
    tmp_path: Path, sandbox: tuple[Path, dict[str, str]], moment: str
) -> None:
    case = Case(tmp_path, sandbox, prefix=f"M{list(MOMENTS).index(moment)}")
    await case.kill("apply", *case.words, *APPLY, when=lambda: MOMENTS[moment](case))
    assert not case.has("run.json") or run_json(case.tool.runs()[0])["state"] in {"running", "finished"}
    resumed = await case.resume()
    assert resumed.exit_code == 0, resumed.stderr
    case.assert_all_is_in_once()


@pytest.mark.parametrize("steps", [(2, 7, 15), (1, 4, 20)], ids=str)
async def test_a_run_that_is_killed_again_and_again_goes_on(
    tmp_path: Path, sandbox: tuple[Path, dict[str, str]], steps: tuple[int, ...]
) -> None:
    case = Case(tmp_path, sandbox, prefix=f"R{steps[0]}")
    for number, announced in enumerate(steps):
        words = ("resume", "last", "--quiet") if number else ("apply", *case.words, *APPLY)
        query = f"SELECT 1 FROM intent WHERE id >= {announced}"
        await case.kill(*words, when=partial(case.journal_says, query))
    resumed = await case.resume()
    assert resumed.exit_code == 0, resumed.stderr
    case.assert_all_is_in_once()


async def test_a_run_that_is_killed_while_it_begins_leaves_nothing_to_go_on_with(
    tmp_path: Path, sandbox: tuple[Path, dict[str, str]]
) -> None:
    case = Case(tmp_path, sandbox, prefix="B")
    await case.kill("apply", *case.words, *APPLY, when=(tmp_path / "reports").is_dir)
    if case.folder() is None:
        resumed = await case.resume()
        assert resumed.exit_code == 2
        assert "there is no run that resume can act on" in resumed.stderr
        assert (await case.tool.run("apply", *case.words, *APPLY)).exit_code == 0
    else:  # it was quicker than the kill
        assert (await case.resume()).exit_code == 0
    assert set(case.made("devices").values()) == {1}


async def test_a_run_of_a_saved_plan_that_is_killed_at_its_start_goes_on_with_that_plan(
    tmp_path: Path, sandbox: tuple[Path, dict[str, str]]
) -> None:
    case = Case(tmp_path, sandbox, prefix="P")
    assert (await case.tool.run("plan", *case.words)).exit_code == 0
    process = await case.tool.start("apply", "last", *APPLY)
    await until(lambda: len(case.tool.runs()) == 2, process)
    process.kill()
    await ended(process)
    applied = case.tool.runs()[-1]
    resumed = await case.resume()
    assert resumed.exit_code == 0, resumed.stderr
    assert outcomes_of(applied) == {"created": RECORDS}
    assert run_json(applied)["parent"] == case.tool.runs()[0].name
    again = await case.tool.run("apply", case.tool.runs()[0], *APPLY)
    assert again.exit_code == 5
    assert f"it was carried out by {applied.name}" in again.stderr
