"""Every verb says what it does, and every option what it means."""

import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from migrate.cli.main import VERBS, Verbs, app
from migrate.version import __version__

SENDS = {"--dealer", "--base-url", "--rate", "--burst", "--concurrency", "--batch-size", "--timeout", "--force"}
WRITES = SENDS | {"--settle", "--patience", "--yes", "-y", "--on-existing", "--max-failures"}
OPTIONS = {
    "demo": {"--out"},
    "inspect": {"--write", "--dump", "--format"},
    "check": {"-m", "--mapping", "--only-sites", "--out", "--format"},
    "plan": SENDS | {"-m", "--mapping", "--only-sites", "--out", "--format", "--on-existing", "--quiet", "-q"},
    "apply": WRITES
    | {"-m", "--mapping", "--only-sites", "--out", "--format", "--dry-run", "--quiet", "-q", "--verbose", "-v"},
    "rehearse": {"-m", "--mapping", "--only-sites", "--faults", "--out", "--rate", "--settle", "--format"},
    "retry": WRITES | {"--from", "--out", "--format"},
    "resume": {"--out", "--format", "--quiet"},
    "report": {"--out", "--format"},
    "runs": {"--out", "--format"},
    "mappings": set(),
    "template": {"-o"},
    "doctor": {"--dealer", "--base-url", "--out", "--timeout", "--format", "--verbose", "-v"},
    "sandbox": {"--port", "--store", "--fault", "--rate"},
}
"""Verb → options of the interface page that it must have."""

runner = CliRunner()


def params(verb: str) -> list[tuple[set[str], str | None, bool]]:
    group = typer.main.get_command(app)
    assert isinstance(group, Verbs)
    with group.make_context("chekt-migrate", [], resilient_parsing=True) as context:
        command = group.get_command(context, verb)
    assert command is not None
    return [
        (set(param.opts), getattr(param, "help", None), getattr(param, "hidden", False)) for param in command.params
    ]


def test_the_help_lists_all_verbs_in_the_order_of_the_work() -> None:
    told = runner.invoke(app, ["--help"]).output
    places = [told.index(f"\n  {verb} ") for verb in VERBS]
    assert places == sorted(places)
    assert "Start with: chekt-migrate demo" in " ".join(told.split())


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_is_complete(verb: str) -> None:
    done = runner.invoke(app, [verb, "--help"], env={"COLUMNS": "80", "TERM": "dumb"})
    assert done.exit_code == 0
    assert done.output.startswith(f"Usage: chekt-migrate {verb}") or f" {verb} " in done.output.splitlines()[0]
    assert max(map(len, done.output.splitlines())) <= 80
    for names, told, hidden in params(verb):
        assert told, f"{names} say nothing"
        assert not hidden
        assert all(name in done.output for name in names if name.startswith("-"))


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_has_the_options_of_the_interface(verb: str) -> None:
    assert OPTIONS[verb] <= set.union(set(), *(names for names, _, _ in params(verb)))


def test_an_option_has_one_meaning_wherever_it_stands() -> None:
    meanings: dict[str, set[str | None]] = {}
    for verb in VERBS:
        if verb != "sandbox":  # what it does with --rate and --burst is to serve
            for names, told, _ in params(verb):
                for name in names & (WRITES | {"--out", "--quiet", "--verbose"}):
                    meanings.setdefault(name, set()).add(told)
    assert {name: len(told) for name, told in meanings.items()} == dict.fromkeys(meanings, 1)


def test_the_version_is_told() -> None:
    done = runner.invoke(app, ["--version"])
    assert (done.exit_code, done.output) == (0, f"chekt-migrate {__version__}\n")


@pytest.mark.parametrize("words", [["chek"], ["check"], ["check", "x.csv"], ["plan", "-m"], ["apply", "--burst", "0"]])
def test_a_command_that_is_not_one_is_exit_code_2(words: list[str]) -> None:
    done = runner.invoke(app, words)
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_the_module_is_the_same_command(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[3]
    words = [sys.executable, "-m", "migrate", "--version"]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == f"chekt-migrate {__version__}\n"
