"""Verbs that need no credentials, called as they are typed: what they print, leave and end with."""

import json
from pathlib import Path

import pytest
from cli_calls import call
from typer.testing import Result

from migrate.shipped import samples_folder

TIDY = [str(path) for path in sorted((samples_folder() / "tidy").glob("*.csv"))]


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("CHEKT_BASE_URL", "CHEKT_CLIENT_ID", "CHEKT_CLIENT_SECRET", "CHEKT_ACCESS_TOKEN", "CHEKT_DEALER_ID"):
        monkeypatch.delenv(name, raising=False)


def following(result: Result) -> list[str]:
    """Return the words of the command that a result names last."""
    last = result.stdout.splitlines()[-1]
    assert last.startswith("Next: chekt-migrate ")
    return last.removeprefix("Next: chekt-migrate ").split()


def test_the_demo_does_the_whole_job_and_names_a_report_that_is_there() -> None:
    done = call("demo")
    assert (done.exit_code, done.stderr) == (0, "")
    verdicts = [line for line in done.stdout.splitlines() if " records " in line]
    assert verdicts[-1] == "All 23 records are in."
    opened, following = done.stdout.splitlines()[-2:]
    assert opened.startswith("Open ")
    assert Path(opened.removeprefix("Open ")).is_file()
    assert following == "Next: chekt-migrate inspect YOUR-FILE.xlsx"
    assert [json.loads(path.read_text())["verb"] for path in sorted(Path("reports").glob("*/run.json"))] == [
        "check",
        "plan",
        "apply",
        "retry",
    ]


def test_each_command_names_the_next_one_from_check_to_retry() -> None:
    checked = call("check", *TIDY, "-m", "tidy")
    assert checked.exit_code == 1
    assert following(checked) == ["check", *TIDY, "-m", "tidy"]
    retried = call("retry", "last", "--from", str(next(Path("reports").glob("*/attention.xlsx"))))
    assert retried.exit_code == 1
    assert following(retried) == ["check", *TIDY, "-m", "tidy"]
    assert call("report", "last").stdout == retried.stdout


def test_a_rehearsal_ends_with_the_plan_that_follows_it() -> None:
    done = call("rehearse", *TIDY, "-m", "tidy", "--out", "trial", "--settle", "0")
    assert done.exit_code == 1
    assert following(done) == ["plan", *TIDY, "-m", "tidy", "--out", "trial"]
    asked = call("retry", "last", "--out", "trial", "--yes")
    assert asked.exit_code == 2
    assert "no run that retry can act on" in asked.stderr


def test_a_rehearsal_takes_no_credentials_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CHEKT_ACCESS_TOKEN", "CHEKT_CLIENT_ID", "CHEKT_CLIENT_SECRET", "CHEKT_JWT_KEY_FILE"):
        monkeypatch.setenv(name, "nothing-that-works")
    monkeypatch.setenv("CHEKT_TOKEN_URL", "https://elsewhere.invalid/token")
    assert call("rehearse", *TIDY, "-m", "tidy", "--settle", "0").exit_code == 1


def test_a_report_that_is_written_again_is_the_same() -> None:
    done = call("rehearse", *TIDY, "-m", "tidy", "--settle", "0")
    [run] = Path("reports").iterdir()
    before = {path.name: path.read_bytes() for path in run.glob("*.csv")} | {"run": (run / "run.json").read_bytes()}
    assert call("report", "last").stdout == done.stdout
    after = {path.name: path.read_bytes() for path in run.glob("*.csv")} | {"run": (run / "run.json").read_bytes()}
    assert after == before


def test_as_json_a_verb_prints_its_run_json_and_nothing_else() -> None:
    done = call("check", *TIDY, "-m", "tidy", "--format", "json")
    [run] = Path("reports").iterdir()
    assert json.loads(done.stdout) == json.loads((run / "run.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("verb", ["plan", "apply"])
def test_without_credentials_a_verb_that_needs_them_says_which(verb: str) -> None:
    yes = ["--yes"] if verb == "apply" else []
    done = call(verb, *TIDY, "-m", "tidy", "--dealer", "1", *yes)
    assert done.exit_code == 3
    assert "CHEKT_CLIENT_ID" in done.stderr
    assert not list(Path().glob("reports/*"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["apply", *TIDY, "-m", "tidy"], "--yes"),
        (["apply", *TIDY, "--yes"], "-m"),
        (["apply", "last", "--dry-run"], "saved plan needs no dry run"),
        (["retry", "last"], "no run that retry can act on"),
        (["resume", "last"], "no run that resume can act on"),
        (["report", "2026"], "no run 2026"),
        (["check", "gone.csv", "-m", "tidy"], "gone.csv"),
        (["check", *TIDY, "-m", "gone"], "gone"),
        (["rehearse", *TIDY, "-m", "tidy", "--faults", "odder"], "flaky"),
        (["rehearse", *TIDY, "-m", "tidy", "--rate", "fast"], "fast"),
        (["sandbox", "--fault", "nonsense"], "nonsense"),
    ],
)
def test_a_command_that_can_not_be_carried_out_says_why_and_leaves_nothing(words: list[str], said: str) -> None:
    done = call(*words)
    assert done.exit_code == 2
    assert done.stderr.startswith("error: ")
    assert said in done.stderr
    assert done.stdout == ""
    assert not list(Path().glob("reports/*"))
