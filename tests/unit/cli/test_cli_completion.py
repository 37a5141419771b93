"""Completion in bash, zsh and fish, by the protocol that the shells speak, and by the shells themselves."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from migrate.cli.main import VERBS, app

ROOT = Path(__file__).resolve().parents[3]
MAPPINGS = sorted(path.stem for path in (ROOT / "mappings").glob("*.toml"))
SHELLS = {
    "bash": (".bash_completions/chekt-migrate.sh", ".bashrc"),
    "zsh": (".zfunc/_chekt-migrate", ".zshrc"),
    "fish": (".config/fish/completions/chekt-migrate.fish", None),
}
"""Shell → where its completion goes, and which file then reads it."""
runner = CliRunner()


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def ask(line: str, shell: str) -> str:
    """Return what a shell is told when the last word of the line is completed."""
    typed = line.split(" ")
    env = {
        "_CHEKT_MIGRATE_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(typed) - 1),
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    done = runner.invoke(app, [], env=env, prog_name="chekt-migrate")
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def offered(line: str) -> list[str]:
    return ask(f"chekt-migrate {line}", "bash").split()


def make_run(name: str, *, verb: str = "apply", out: str = "reports") -> None:
    folder = Path(out, name)
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"run_id": name, "verb": verb, "state": "finished"}), encoding="utf-8")


def test_a_verb_is_completed_in_each_shell() -> None:
    assert ask("chekt-migrate ins", "bash").splitlines() == ["inspect"]
    assert ask("chekt-migrate ins", "fish").startswith("inspect\tWhat is in a file")
    assert '"inspect":"What is in a file' in ask("chekt-migrate ins", "zsh")
    assert offered("") == list(VERBS)


def test_an_option_and_its_words_are_completed() -> None:
    assert {"--mapping", "--format", "--log-format"} <= set(offered("check --"))
    assert offered("check --format ") == ["text", "json"]
    assert offered("apply x.csv --on-existing u") == ["update"]
    assert "odd" in offered("rehearse x.csv --faults ")


@pytest.mark.parametrize("verb", ["check", "plan", "apply", "rehearse"])
def test_a_shipped_mapping_is_completed_and_so_is_a_mapping_file(verb: str) -> None:
    Path("own.toml").touch()
    Path("deeper").mkdir()
    Path("deeper/other.toml").touch()
    Path("customers.csv").touch()
    assert offered(f"{verb} x.csv -m ") == [*MAPPINGS, "deeper/", "own.toml"]
    assert offered(f"{verb} x.csv --mapping li") == ["lighthouse"]
    assert offered(f"{verb} x.csv -m deeper/o") == ["deeper/other.toml"]
    assert offered(f"{verb} x.csv -m nowhere/o") == []


@pytest.mark.parametrize("verb", ["retry", "resume", "report"])
def test_a_run_is_completed_newest_first(verb: str) -> None:
    make_run("20260101-120000-000")
    make_run("20260201-120000-000")
    make_run("20250101-120000-000", out="elsewhere")
    assert offered(f"{verb} ") == ["last", "20260201-120000-000", "20260101-120000-000"]
    assert offered(f"{verb} 202602") == ["20260201-120000-000"]
    assert offered(f"{verb} --out elsewhere 2") == ["20250101-120000-000"]
    assert ask(f"chekt-migrate {verb} 202601", "fish") == "20260101-120000-000\tapply finished\n"


def test_apply_completes_saved_plans_and_leaves_files_to_the_shell() -> None:
    make_run("20260101-120000-000", verb="plan")
    make_run("20260201-120000-000", verb="apply")
    assert offered("apply ") == []
    assert offered("apply 2026") == ["20260101-120000-000"]
    assert offered("check cust") == []


def test_what_a_verb_can_do_is_completed() -> None:
    assert offered("runs ") == ["list", "prune"]
    assert offered("mappings s") == ["show", "schema"]
    assert offered("mappings show l")[0] == "laval"


def test_what_is_no_command_completes_to_nothing_in_silence() -> None:
    assert offered("chek x") == []
    make_run("\x1b[2J")
    assert "\x1b" not in ask("chekt-migrate report ", "zsh")


def called(shell: str, script: str, *, home: Path) -> str:
    """Return what a script in a real shell prints, with the command in its path."""
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"no {shell} here")
    command = home / "bin" / "chekt-migrate"
    if not command.exists():
        command.parent.mkdir()
        command.write_text(
            f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m migrate "$@"\n', encoding="utf-8"
        )
        command.chmod(0o755)
    known = {"HOME": str(home), "PATH": f"{command.parent}:{os.environ['PATH']}", "TERM": "dumb", "LC_ALL": "C.UTF-8"}
    flags = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    words = [program, *flags, "-c", script]
    return subprocess.run(words, env=known, cwd=home, capture_output=True, text=True, check=True, timeout=120).stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_is_installed_where_the_shell_reads_it(shell: str, tmp_path: Path) -> None:
    told = called(shell, "chekt-migrate --install-completion; true", home=tmp_path)
    place, reader = SHELLS[shell]
    assert str(tmp_path / place) in told
    assert f"complete_{shell}" in (tmp_path / place).read_text(encoding="utf-8")
    if reader is not None:
        assert place.split("/")[0] in (tmp_path / reader).read_text(encoding="utf-8")


def test_bash_itself_completes_a_verb(tmp_path: Path) -> None:
    script = (
        'eval "$(chekt-migrate --show-completion; true)"; COMP_WORDS=(chekt-migrate ins); COMP_CWORD=1; '
        '_chekt_migrate_completion chekt-migrate; echo "${COMPREPLY[@]}"'
    )
    assert called("bash", script, home=tmp_path) == "inspect\n"


def test_fish_itself_completes_a_run(tmp_path: Path) -> None:
    make_run("20260101-120000-000")
    script = 'chekt-migrate --show-completion | source; complete -C "chekt-migrate report 2026"'
    assert called("fish", script, home=tmp_path) == "20260101-120000-000\tapply finished\n"
