"""A mistake of the tool itself: told as one, with an exit code of its own, and the journal kept."""

import json
from pathlib import Path

import pytest
from polars.exceptions import PanicException
from typer.testing import CliRunner

from migrate.app import check_files, finish
from migrate.cli.main import app
from migrate.outcomes.resolve import resolve
from migrate.shipped import samples_folder

TIDY = [str(path) for path in sorted((samples_folder() / "tidy").glob("*.csv"))]
runner = CliRunner()


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_counts_that_do_not_balance_are_exit_code_70(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finish, "resolve", lambda *words, **named: resolve(*words, **named).slice(1))
    done = runner.invoke(app, ["check", *TIDY, "-m", "tidy"])
    assert done.exit_code == 70
    assert "error: the counts don't balance: 70 records, but 69 outcomes" in done.stderr
    (run,) = Path("reports").iterdir()
    assert (run / "journal.sqlite").is_file()
    told = json.loads((run / "run.json").read_text())
    assert (told["state"], told["exit_code"]) == ("interrupted", 70)
    assert done.stdout.splitlines()[-1] == f"Next: chekt-migrate report {run.name}"


@pytest.mark.parametrize("error", [ZeroDivisionError, PanicException])
def test_an_error_that_nobody_foresaw_is_exit_code_70_and_no_traceback(
    error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error("a value of the customer's")

    monkeypatch.setattr(check_files, "check", fail)
    done = runner.invoke(app, ["check", *TIDY, "-m", "tidy"])
    assert done.exit_code == 70
    assert f"a mistake of the tool itself ({error.__name__})" in done.stderr
    assert "Traceback" not in done.output
    assert "customer's" not in done.output
    (run,) = Path("reports").iterdir()
    assert json.loads((run / "run.json").read_text())["exit_code"] == 70
