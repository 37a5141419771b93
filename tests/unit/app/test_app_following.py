"""What follows a run that lies there is a command that works, whatever became of the run."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from migrate.app.check_files import check_files
from migrate.app.following import after_known
from migrate.app.lock import holding_dealer
from migrate.app.recording import Recording, start
from migrate.app.runs import KnownRun, known_runs
from migrate.cli.main import app
from migrate.mapping.mapping import Mapping
from migrate.report.run_json import write_run_json
from migrate.settings import Settings
from migrate.shipped import samples_folder

SETTINGS = Settings(env_file=None, base_url="http://127.0.0.1:9", dealer_id="12345", access_token="t")
OUT = Path("reports")


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHEKT_BASE_URL", SETTINGS.origin)
    monkeypatch.setenv("CHEKT_DEALER_ID", "12345")
    for file in (samples_folder() / "tidy").glob("*.csv"):
        shutil.copy(file, tmp_path)


def begun(verb: str, *, out: Path = OUT) -> Recording:
    target: dict[str, Any] = {} if verb == "check" else {"dealer_id": "12345", "base_url": SETTINGS.origin}
    return start(verb, out, mapping=Mapping.load("tidy"), paths=tuple(sorted(Path().glob("*.csv"))), **target)


def files() -> str:
    return " ".join(str(path.absolute()) for path in sorted(Path().glob("*.csv")))


def killed(verb: str, *, out: Path = OUT) -> KnownRun:
    begun(verb, out=out).journal.close()
    return known_runs(out)[0]


def following(run: KnownRun) -> str:
    return after_known(run).removeprefix("chekt-migrate ")


@pytest.mark.parametrize("verb", ["check", "plan", "rehearse"])
def test_a_run_that_was_killed_before_it_had_read_its_files_is_started_again(verb: str) -> None:
    run = killed(verb)
    assert following(run) == f"{verb} {files()} -m tidy"
    listed = CliRunner().invoke(app, ["runs"]).stdout
    assert listed.endswith(f"Next: chekt-migrate {verb} {files()} -m tidy\n")


@pytest.mark.parametrize("verb", ["apply", "retry"])
def test_a_run_that_was_killed_while_it_sent_is_resumed(verb: str) -> None:
    run = killed(verb)
    assert following(run) == f"resume {run.run_id}"
    run = killed(verb, out=Path("my runs"))
    assert following(run) == f"resume {run.run_id} --out 'my runs'"


def test_a_run_that_is_going_on_is_left_alone() -> None:
    run = killed("apply")
    with holding_dealer(SETTINGS, run_id=run.run_id):
        assert following(run) == "runs"


def test_a_run_that_needs_attention_is_not_only_reported() -> None:
    run = check_files(sorted(Path().glob("*.csv")), Mapping.load("tidy"), out=OUT)
    assert run.exit_code == 1
    assert following(known_runs(OUT)[0]) == f"check {files()} -m tidy"


@pytest.mark.parametrize("verb", ["check", "apply"])
def test_a_defect_is_reported_only_if_there_is_something_to_report(verb: str) -> None:
    with pytest.raises(ZeroDivisionError), begun(verb):
        raise ZeroDivisionError
    run = known_runs(OUT)[0]
    assert run.facts["exit_code"] == 70
    assert following(run) == (f"resume {run.run_id}" if verb == "apply" else f"check {files()} -m tidy")


def test_where_nothing_else_follows_a_run_is_reported() -> None:
    recording = begun("retry")
    recording.journal.put_facts({"read": True})
    write_run_json(recording.folder, recording.facts)
    recording.journal.close()
    told = {**known_runs(OUT)[0].facts, "state": "finished", "exit_code": 0, "counts": {"site": {"created": 1}}}
    assert following(KnownRun(recording.folder, told)) == f"report {recording.run_id}"


@pytest.mark.parametrize("damage", ["none", "empty", "text"])
def test_a_run_without_a_readable_journal_ends_with_the_list(damage: str) -> None:
    run = killed("apply")
    journal = run.folder / "journal.sqlite"
    for path in run.folder.glob("journal.sqlite*"):
        path.unlink()
    if damage != "none":
        journal.write_text("" if damage == "empty" else "no journal at all" * 100)
    assert following(run) == "runs"


def test_a_run_json_that_says_too_little_ends_with_the_list() -> None:
    run = killed("apply")
    assert following(KnownRun(run.folder, {"run_id": run.run_id})) == "runs"
