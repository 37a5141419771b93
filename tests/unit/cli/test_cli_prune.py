"""Deleting old runs says what it is about to do, asks, and says what that freed."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from migrate.app.prune import Prunable, find_prunable
from migrate.cli.main import app

runner = CliRunner()
PRUNE = ("runs", "prune", "--older-than", "90d")


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrate.cli.options.is_terminal", lambda: True)


def make_run(name: str, **facts: object) -> None:
    folder = Path("reports", name)
    folder.mkdir(parents=True)
    told = {"run_id": name, "verb": "apply", "state": "finished", "exit_code": 0, "dealer_id": "1", **facts}
    (folder / "run.json").write_text(json.dumps(told), encoding="utf-8")
    (folder / "outcomes.csv").write_bytes(b"x" * 1_500_000)


def make_runs() -> None:
    make_run("20200101-120000-000")
    make_run("20200301-120000-000")
    make_run("20200201-120000-000", state="interrupted", exit_code=130)
    make_run("20990101-120000-000")


def call(*words: str, answer: str = "") -> Result:
    return runner.invoke(app, words, input=answer)


def there() -> list[str]:
    return sorted(path.name for path in Path("reports").iterdir())


def test_without_an_age_nothing_is_deleted() -> None:
    make_runs()
    done = call("runs", "prune", "--yes")
    assert (done.exit_code, done.stderr) == (
        2,
        "error: say which runs: chekt-migrate runs prune --older-than 90d\n",
    )
    assert len(there()) == 4


def test_where_nobody_can_be_asked_nothing_is_deleted_without_yes() -> None:
    make_runs()
    done = call(*PRUNE)
    assert done.exit_code == 2
    assert "say --yes" in done.stderr
    assert len(there()) == 4


def test_with_yes_old_runs_go_and_what_that_freed_is_told() -> None:
    make_runs()
    done = call(*PRUNE, "--yes")
    assert (done.exit_code, done.stdout) == (0, "deleted 2 runs, 3 MB freed\nNext: chekt-migrate runs\n")
    assert done.stderr.splitlines() == [
        "20200201-120000-000 stays: it can be resumed; --unfinished takes it too",
        "2 runs under reports, 3 MB: from 20200101-120000-000 to 20200301-120000-000",
    ]
    assert there() == ["20200201-120000-000", "20990101-120000-000"]


@pytest.mark.usefixtures("at_a_terminal")
@pytest.mark.parametrize(("answer", "left"), [("y\n", 2), ("YES\n", 2), ("n\n", 4), ("\n", 4), ("", 4)])
def test_at_a_terminal_it_asks_after_it_has_said_what(answer: str, left: int) -> None:
    make_runs()
    done = call(*PRUNE, answer=answer)
    assert done.exit_code == 0
    assert done.stderr.endswith("to 20200301-120000-000\nDelete them for good? [y/N] ")
    assert len(there()) == left
    assert done.stdout.startswith("deleted 2 runs" if left == 2 else "nothing was deleted\n")


def test_where_there_is_nothing_to_delete_nobody_is_asked() -> None:
    make_run("20990101-120000-000")
    done = call(*PRUNE)
    assert (done.exit_code, done.stdout) == (0, "nothing was deleted\nNext: chekt-migrate runs\n")


def test_all_old_runs_go_when_the_unfinished_ones_are_asked_for() -> None:
    make_runs()
    assert call(*PRUNE, "--yes", "--unfinished").exit_code == 0
    assert there() == ["20990101-120000-000"]


@pytest.mark.parametrize("words", [(), ("--format", "json")])
def test_a_run_that_went_on_while_the_question_stood_stays_and_that_is_told(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_runs()

    def find_and_resume(*args: Any, **options: Any) -> Prunable:
        found = find_prunable(*args, **options)
        run_json = Path("reports/20200201-120000-000/run.json")
        told = json.loads(run_json.read_text(encoding="utf-8"))
        run_json.write_text(json.dumps({**told, "state": "running", "exit_code": None}), encoding="utf-8")
        return found

    monkeypatch.setattr("migrate.cli.runs.find_prunable", find_and_resume)
    done = call(*PRUNE, "--yes", "--unfinished", *words)
    assert there() == ["20200201-120000-000", "20990101-120000-000"]
    assert "20200201-120000-000 stays: it went on since it was looked at" in done.stderr
    assert ("deleted 2 runs, 3 MB freed" in done.stdout) == (not words)
    assert not words or [run["run_id"] for run in json.loads(done.stdout)["kept"]] == ["20200201-120000-000"]


def test_what_is_left_of_a_run_that_was_killed_while_it_began_goes_too() -> None:
    Path("reports/.20200101-120000-000").mkdir(parents=True)
    Path("reports/.20200101-120000-000/journal.sqlite").write_bytes(b"x" * 2000)
    done = call(*PRUNE, "--yes")
    assert done.stdout.startswith("deleted 0 runs, 2 kB freed\n")
    assert there() == []


def test_as_json_stdout_holds_what_was_deleted_and_what_stays() -> None:
    make_runs()
    done = call(*PRUNE, "--yes", "--format", "json")
    told = json.loads(done.stdout)
    assert told["deleted"] == ["20200301-120000-000", "20200101-120000-000"]
    assert [kept["run_id"] for kept in told["kept"]] == ["20200201-120000-000"]
    assert told["freed_bytes"] > 3_000_000


@pytest.mark.parametrize("words", [("drop",), ("list", "--older-than", "90d"), ("prune", "--older-than", "soon")])
def test_a_list_of_runs_that_is_asked_for_in_another_way_is_a_mistake(words: tuple[str, ...]) -> None:
    make_runs()
    done = call("runs", *words)
    assert done.exit_code == 2
    assert done.stderr.startswith("error: ")
    assert len(there()) == 4
