"""What stands on a terminal: wide or narrow, with colours or without, of any encoding; and what is piped."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any

import pytest
from called import clean_environment, newest_run

from migrate.shipped import samples_folder

LAVAL = samples_folder() / "laval" / "laval-export.csv"
COLOUR = re.compile(r"\x1b\[[\d;]*3\dm")
CHECK = ("check", str(LAVAL), "-m", "laval")
ASCII = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}


def at_terminal(folder: Path, *words: str, columns: int = 80, **variables: str) -> str:
    """Return what a command writes to a terminal, results and all."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = clean_environment() | {"TERM": "xterm-256color"} | variables
    command = [sys.executable, "-m", "migrate", *words]
    with subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, cwd=folder, env=environment):
        os.close(slave)
        told = b""
        try:
            while part := os.read(master, 65536):
                told += part
        except OSError:  # Linux ends a terminal that nobody has open so
            pass
    os.close(master)
    return told.decode().replace("\r\n", "\n")


def piped(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "migrate", *words]
    return subprocess.run(
        command, cwd=folder, env=clean_environment() | variables, capture_output=True, check=False, timeout=120
    )


def test_colours_are_for_terminals_that_want_them(tmp_path: Path) -> None:
    assert COLOUR.search(at_terminal(tmp_path, *CHECK))
    assert not COLOUR.search(at_terminal(tmp_path, *CHECK, NO_COLOR="1"))
    assert "\x1b" not in at_terminal(tmp_path, *CHECK, TERM="dumb")
    assert b"\x1b" not in piped(tmp_path, *CHECK, TERM="xterm-256color").stdout


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_the_demo_and_a_rehearsal_are_without_colours_too(tmp_path: Path, variables: dict[str, Any]) -> None:
    rehearse = ("rehearse", str(LAVAL), "-m", "laval", "--settle", "0")
    for words in (("demo",), rehearse, ("rehearse", "--help"), ("mappings",), ("gone",)):
        assert not COLOUR.search(at_terminal(tmp_path, *words, **variables))


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_sentences_break_between_words_and_commands_can_be_copied(tmp_path: Path, columns: int) -> None:
    lines = at_terminal(tmp_path, *CHECK, columns=columns, TERM="dumb").splitlines()
    long = [line for line in lines if len(line) > columns]
    assert all(line.startswith(("Next: ", "  attention ", "  report ")) for line in long)
    assert lines[-1] == f"Next: chekt-migrate check {LAVAL} -m laval"
    assert any(line.rstrip().endswith("address1 is") or " address1 is " in line for line in lines)


@pytest.mark.parametrize("variables", [ASCII, {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}])
def test_an_encoding_that_lacks_characters_gets_others_instead(tmp_path: Path, variables: dict[str, str]) -> None:
    done = piped(tmp_path, *CHECK, **variables)
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"such as Eastern -> America/New_York" in done.stdout
    inspected = piped(tmp_path, "inspect", str(LAVAL), **variables).stdout
    assert (b"Caf\\u00e9" if variables is ASCII else b"Caf\xe9") in inspected


def test_an_error_is_told_in_any_encoding_on_stderr_too(tmp_path: Path) -> None:
    done = piped(tmp_path, "check", "fehlt→.csv", "-m", "laval", **ASCII)
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: ")
    assert b"\nNext: chekt-migrate check " in done.stderr


def test_json_is_whole_in_any_encoding(tmp_path: Path) -> None:
    told = json.loads(piped(tmp_path, *CHECK, "--format", "json", **ASCII).stdout)
    assert told == json.loads((newest_run(tmp_path) / "run.json").read_text(encoding="utf-8"))
    assert told["normalized"]["site.timezone"]["example"] == "Eastern → America/New_York"


def test_a_shipped_mapping_is_written_as_it_is_in_any_encoding(tmp_path: Path) -> None:
    (path,) = (samples_folder().parent / "mappings").glob("laval.toml")
    assert piped(tmp_path, "mappings", "show", "laval", **ASCII).stdout == path.read_bytes()


def test_a_reader_that_has_enough_ends_a_command_in_silence(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "migrate", "mappings", "schema"]
    with subprocess.Popen(
        words, cwd=tmp_path, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_at_a_terminal_a_bar_shows_how_a_run_goes_and_leaves_nothing_behind(tmp_path: Path) -> None:
    words = ("rehearse", *map(str, sorted((samples_folder() / "tidy").glob("*.csv"))), "-m", "tidy", "--rate", "20/s")
    told = at_terminal(tmp_path, *words, TERM="xterm", NO_COLOR="1")
    shown = [part for part in re.split("[\r\n]", told) if " of 66 records" in part]
    form = re.compile(r" *\d+% (.{10} )?\d+ s left, \d+ of 66 records, \d+ of \d+ requests, .*/min( allowed)?")
    assert any(form.fullmatch(part.rstrip()) for part in shown)
    assert [line for line in told.split("\n") if " of 66 records" in line.rsplit("\r", 1)[-1]] == []
    assert " of 66 records" not in at_terminal(tmp_path, *words, "--quiet", TERM="xterm")
    assert piped(tmp_path, *words).stderr == b""
