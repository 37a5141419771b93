"""Files that would act on a terminal: their names, sheets, headers, ids and cells are shown escaped, by every verb."""

import json
import re
from pathlib import Path

import pytest
import xlsxwriter
from typer.testing import CliRunner

from migrate.cli.main import app
from migrate.model.text import ACTING

NASTY = "\x1b[2J\x07\x9b31m\u202egnp\u2066\u200f"
"""Clears the screen, rings, colours, turns the direction of writing."""
SHEET = "S\u202e\u2066x"
MAPPING = f"""
name = "{NASTY.replace(chr(27), "").replace(chr(7), "").replace(chr(0x9B), "")}"
[[table]]
record = "site"
[table.fields]
external_site_id = "Id"
name = "Na\u202eme"
timezone = "TZ"
account_number = "Acct"
"""
runner = CliRunner()


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own.toml").write_text(MAPPING, encoding="utf-8")


def write_csv() -> str:
    name = f"cust{NASTY}.csv"
    rows = [f'"S{number}{NASTY}","N{NASTY}","{zone}{NASTY}",{number},"{NASTY}"' for number, zone in enumerate("ABCD")]
    good = '"S9","N9","Eastern",9,""'
    header = f"Id,Na\u202eme,TZ,Acct,Other{NASTY}"
    Path(name).write_text("\n".join([header, *rows, rows[0], good]) + "\n", encoding="utf-8")
    return name


def write_workbook() -> str:
    name = "cust\u202exslx.xlsx"
    with xlsxwriter.Workbook(name) as book:
        sheet = book.add_worksheet(SHEET)
        for row, cells in enumerate([["Id", "Na\u202eme", "TZ", "Acct"], ["S\u202e1", "N\u2066", "Estern\u200f", "1"]]):
            sheet.write_row(row, 0, cells)
    return name


def told(*words: str) -> str:
    """Return all that a command printed."""
    done = runner.invoke(app, words, catch_exceptions=False)
    assert done.exit_code in {0, 1, 2, 3}, done.output
    assert done.output
    return done.stdout + done.stderr


def acts(text: str) -> list[str]:
    """Return the characters that would act, line ends aside."""
    return re.findall(ACTING, text.replace("\n", ""))


@pytest.mark.parametrize("write", [write_csv, write_workbook])
@pytest.mark.parametrize("output", ["text", "json"])
def test_no_verb_lets_a_file_act_on_the_terminal(write: object, output: str) -> None:
    assert callable(write)
    file, out = write(), "re\u202eports"
    as_ = ("--format", output)
    assert acts(told("inspect", file, "--dump", f"du{NASTY}mp", *as_)) == []
    for words in (
        ("check", file, "-m", "own.toml", "--out", out),
        ("rehearse", file, "-m", "own.toml", "--out", out, "--settle", "0", "-v"),
        ("report", "last", "--out", out),
        ("runs", "--out", out),
        ("mappings", "list"),
    ):
        assert acts(told(*words, *as_, "-v")) == [], words


def test_what_is_shown_is_there_to_be_seen() -> None:
    assert "\\x1b[2J\\x07\\x9b31m\\u202egnp\\u2066\\u200f" in told("check", write_csv(), "-m", "own.toml")
    assert "S\\u202e\\u2066x" in told("inspect", write_workbook())


def test_as_json_what_is_escaped_is_the_same_to_a_machine() -> None:
    file = write_csv()
    done = runner.invoke(app, ["inspect", file, "--format", "json"])
    [one] = json.loads(done.stdout)
    assert one["path"] == file
    assert one["tables"][0]["columns"][-1] == f"Other{NASTY}"


@pytest.mark.parametrize(
    "words",
    [
        ("check", f"gone{NASTY}.csv", "-m", "own.toml"),
        ("check", "own.toml", "-m", f"gone{NASTY}"),
        ("report", f"gone{NASTY}"),
        ("runs", "--out", f"gone{NASTY}"),
        ("runs", f"dr{NASTY}op"),
        ("mappings", f"sh{NASTY}ow"),
        (f"ch{NASTY}eck",),
        ("check", f"--o{NASTY}ut"),
        ("rehearse", "own.toml", "-m", "tidy", "--faults", f"odd{NASTY}"),
        ("rehearse", "own.toml", "-m", "tidy", "--rate", f"9{NASTY}"),
        ("sandbox", "--fault", f"x{NASTY}"),
        ("runs", "prune", "--older-than", f"9{NASTY}"),
    ],
)
@pytest.mark.parametrize("log_format", [(), ("--log-format", "json")])
def test_what_is_typed_does_not_act_either_when_it_comes_back(
    words: tuple[str, ...], log_format: tuple[str, ...]
) -> None:
    assert acts(told(*words, *log_format)) == []


def test_a_run_that_is_called_nastily_is_listed_and_pruned_in_escapes() -> None:
    for number, name in enumerate((f"20200101{NASTY}", "20200102-120000-000")):
        folder = Path("reports", name)
        folder.mkdir(parents=True)
        facts = {
            "run_id": name,
            "verb": NASTY,
            "state": "interrupted",
            "started_at": f"2020-01-0{number + 1}T00:00:00Z",
        }
        (folder / "run.json").write_text(json.dumps({**facts, "inputs": [{"path": NASTY}]}), encoding="utf-8")
    assert acts(told("runs")) == []
    assert acts(told("runs", "prune", "--older-than", "9d")) == []
    assert acts(told("runs", "prune", "--older-than", "9d", "--yes", "--format", "json")) == []
