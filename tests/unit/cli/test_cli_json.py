"""Every verb that has a result prints it for other programs: one JSON value on stdout, nothing else there."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from migrate.cli.main import VERBS, app
from migrate.model.text import ACTING
from migrate.shipped import samples_folder

TIDY = [str(path) for path in sorted((samples_folder() / "tidy").glob("*.csv"))]
WITHOUT = {"sandbox"}
"""The sandbox serves, and has no result."""
runner = CliRunner()


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def call(*words: str) -> Result:
    return runner.invoke(app, [*words, "--format", "json"], catch_exceptions=False)


def newest_run_json() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((max(Path("reports").iterdir()) / "run.json").read_text(encoding="utf-8"))
    return told


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in WITHOUT])
def test_every_verb_with_a_result_can_print_it_as_json(verb: str) -> None:
    assert "--format" in runner.invoke(app, [verb, "--help"]).stdout


@pytest.mark.parametrize(
    ("words", "verb", "exit_code"),
    [
        (("demo",), "retry", 0),
        (("check", *TIDY, "-m", "tidy"), "check", 1),
        (("rehearse", *TIDY, "-m", "tidy", "--settle", "0"), "rehearse", 1),
    ],
)
def test_a_run_is_its_run_json(words: tuple[str, ...], verb: str, exit_code: int) -> None:
    done = call(*words)
    told = json.loads(done.stdout)
    assert told == newest_run_json()
    assert (told["verb"], told["exit_code"], done.exit_code) == (verb, exit_code, exit_code)


def test_what_goes_on_with_a_run_is_its_run_json_too() -> None:
    call("check", *TIDY, "-m", "tidy")
    assert json.loads(call("report", "last").stdout) == newest_run_json()
    told = json.loads(call("retry", "last").stdout)
    assert told == newest_run_json()
    assert told["verb"] == "retry"


def test_a_run_that_ends_with_an_error_is_on_stdout_and_the_error_on_stderr() -> None:
    env = {"CHEKT_BASE_URL": "http://127.0.0.1:9", "CHEKT_ACCESS_TOKEN": "t", "CHEKT_DEALER_ID": "1"}
    words = ["plan", *TIDY, "-m", "tidy", "--format", "json", "-q"]
    done = runner.invoke(app, words, env=env, catch_exceptions=False)
    told = json.loads(done.stdout)
    assert told == newest_run_json()
    assert told["state"] == "interrupted"
    assert told["exit_code"] == done.exit_code == 3
    assert done.stderr.splitlines()[-1].startswith("error: ")


def test_lists_are_lists() -> None:
    assert json.loads(call("runs").stdout) == []
    assert {"name": "tidy", "title": "Tidy"}.keys() == json.loads(call("mappings").stdout)[0].keys()
    shown = json.loads(call("mappings", "show", "tidy").stdout)
    assert shown["text"] == runner.invoke(app, ["mappings", "show", "tidy"]).stdout
    assert [item["path"] for item in json.loads(call("inspect", *TIDY).stdout)] == TIDY


def test_a_mistake_leaves_stdout_empty() -> None:
    done = call("check", "gone.csv", "-m", "tidy")
    assert (done.exit_code, done.stdout) == (2, "")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_what_doctor_prints_is_json_in_any_encoding_and_acts_on_no_terminal(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CHEKT_CLIENT_ID", "CHEKT_CLIENT_SECRET", "CHEKT_ACCESS_TOKEN", "CHEKT_BASE_URL", "CHEKT_DEALER_ID"):
        monkeypatch.delenv(name, raising=False)
    out = "高 é\u202e\x9b"
    done = CliRunner(charset=encoding).invoke(app, ["doctor", "--out", out, "--format", "json"], catch_exceptions=False)
    assert not re.search(ACTING, done.stdout.replace("\n", ""))
    told = json.loads(done.stdout)
    [folder] = [line["told"] for line in told["checks"] if line["check"] == "folder"]
    assert out in folder
    assert told["next"] == r"chekt-migrate doctor --out $'高 é\u202e\x9b'"
