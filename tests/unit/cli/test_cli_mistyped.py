"""A command that is not typed as it should be is told in one line: what, and where to look."""

import json
import sys

import pytest
from typer.testing import CliRunner

from migrate.cli.main import app

runner = CliRunner()


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["chek"], "there is no verb chek; did you mean check?; see: chekt-migrate --help"),
        (["frobnicate"], "there is no verb frobnicate; see: chekt-migrate --help"),
        (["check"], "missing argument 'FILE'; see: chekt-migrate check --help"),
        (["check", "x.csv"], "missing option '--mapping' / '-m'; see: chekt-migrate check --help"),
        (
            ["check", "x", "-m", "tidy", "--format", "xml"],
            "invalid value for '--format': 'xml' is not one of 'text', 'json'; see: chekt-migrate check --help",
        ),
        (
            ["runs", "--outt", "x"],
            "no such option: --outt (Possible options: --out); see: chekt-migrate runs --help",
        ),
    ],
)
def test_one_line_says_what_and_where_to_look(words: list[str], line: str) -> None:
    done = runner.invoke(app, words, prog_name="chekt-migrate")
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"error: {line}\n")


def test_as_json_it_is_an_object(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["check", "--log-format", "json"]
    monkeypatch.setattr(sys, "argv", ["chekt-migrate", *words])
    done = runner.invoke(app, words, prog_name="chekt-migrate")
    assert json.loads(done.stderr)["exit_code"] == done.exit_code == 2


def test_without_words_it_tells_the_whole_help() -> None:
    done = runner.invoke(app, [])
    assert done.exit_code == 2
    assert "Start with: chekt-migrate demo" in " ".join(done.stderr.split())
