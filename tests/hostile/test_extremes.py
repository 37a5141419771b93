"""Files at the edge of what can be, and names that mean something elsewhere: no row is lost, no file goes astray."""

import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from migrate.cli.main import app
from migrate.readers.read import read

MAPPING = """
name = "Sites"
[[table]]
record = "site"
[table.fields]
external_site_id = "Id"
name = "Name"
timezone = "TZ"
"""
ROWS = "Id,Name,TZ\nS-1,Shop,UTC\nS-2,Yard,Nowhere\n"
NAMES = {
    "parents": "../../up.csv",
    "device": "CON.csv",
    "emoji": "\U0001f600 sites.csv",
    "newline": "new\nline.csv",
    "dash": "-rf.csv",
    "shell": "it's; rm -rf ~ $(x).csv",
    "long": f"{'x' * 240}.csv",
}


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "work" / "here"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    Path("own.toml").write_text(MAPPING, encoding="utf-8")


def call(*words: str) -> Result:
    return CliRunner().invoke(app, words, catch_exceptions=False, prog_name="chekt-migrate")


def outcomes() -> list[tuple[str, str]]:
    """Return row and outcome of each record of the only run."""
    (path,) = Path("reports").glob("*/outcomes.csv")
    frame = pl.read_csv(path, infer_schema=False)
    return frame.select("row", "outcome").rows()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names, and no bash")
@pytest.mark.parametrize("name", NAMES.values(), ids=[f"F75-{name}" for name in NAMES])
def test_whatever_a_file_is_called_what_is_written_stays_in_its_folder(name: str, tmp_path: Path) -> None:
    Path(name).write_text(ROWS, encoding="utf-8")
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    checked = call("check", "-m", "own.toml", "--", name)
    assert checked.exit_code == 1
    following = checked.stdout.splitlines()[-1].removeprefix("Next: ")
    words = subprocess.run(["bash", "-c", f"printf '%s\\0' {following}"], capture_output=True, text=True, check=True)
    named = words.stdout.split("\0")[2]
    assert not named.startswith("-")
    assert Path(named).resolve() == Path(name).resolve()
    assert call("inspect", "--dump", "dumped", "--", name).exit_code == 0
    made = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    homes = [Path("reports").resolve(), Path("dumped").resolve()]
    assert all(any(home in path.parents for home in homes) for path in made)
    (dumped,) = Path("dumped").iterdir()
    assert not re.match(r"[.-]|CON\.|[^\n]*\n", dumped.name)
    assert pl.read_csv(dumped, infer_schema=False)["Name"].to_list() == ["Shop", "Yard"]
    (run,) = Path("reports").iterdir()
    assert {path.parent for path in run.rglob("*")} == {run}


def test_f75_a_name_that_is_too_long_for_the_disk_is_an_error_of_two_lines() -> None:
    done = call("check", f"{'x' * 300}.csv", "-m", "own.toml")
    assert done.exit_code == 2
    assert "can't be read (File name too long)" in done.stderr or "there is no such file" in done.stderr
    assert done.stderr.count("\n") == 2


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ("Id,Name,TZ\n", []),
        ("Id,Name,TZ", []),
        ("Id,Name,TZ\nS-1,Shop,UTC", [("2", "valid")]),
        (
            "Id,Name,TZ\rS-1,Shop,UTC\rS-2,Yard,UTC\nS-3,Dock,UTC\r\nS-4,Gate,UTC",
            [(f"{n}", "valid") for n in (2, 3, 4, 5)],
        ),
        ('Id,Name,TZ\nS-1,Shop,UTC\nS-2,"Yard,UTC\n', [("2", "valid"), ("3", "invalid")]),
        ('Id,Name,TZ\nS-1,"Shop,UTC\nS-2,Yard,UTC\n', [("2", "invalid"), ("3", "valid")]),
    ],
    ids=["F70-header", "F70-header-alone", "F70-one-row", "F73-line-ends", "F73-last-quote", "F73-quote"],
)
def test_no_row_is_lost(data: str, rows: list[tuple[str, str]]) -> None:
    Path("sites.csv").write_bytes(data.encode())
    done = call("check", "sites.csv", "-m", "own.toml")
    assert done.exit_code == any(outcome == "invalid" for _, outcome in rows)
    assert outcomes() == rows


def test_f70_as_many_columns_as_a_sheet_has_are_read() -> None:
    names = ["Id", "Name", "TZ", *(f"C{n}" for n in range(16_381))]
    Path("sites.csv").write_text(f"{','.join(names)}\nS-1,Shop,UTC{',x' * 16_381}\n", encoding="utf-8")
    (table,) = read("sites.csv")
    assert (len(table.columns), table.frame["C16380"].to_list()) == (16_384, ["x"])


def test_f70_a_long_cell_goes_all_the_way_and_is_cut_visibly_where_a_cell_holds_less() -> None:
    note, emoji = "n" * 40_000, "\U0001f600" * 100_000
    Path("sites.csv").write_text(f"Id,Name,TZ,Note\nS-1,{emoji},Nowhere,{note}\n", encoding="utf-8")
    assert call("check", "sites.csv", "-m", "own.toml").exit_code == 1
    (run,) = Path("reports").iterdir()
    kept = pl.read_csv(run / "attention.csv", infer_schema=False)
    assert kept.select("Name", "Note").rows() == [(emoji, note)]
    book = load_workbook(run / "attention.xlsx")
    in_workbook = str(book.worksheets[0]["D2"].value)
    assert len(in_workbook) <= 32_767
    assert "cut" in in_workbook[-60:]


def test_f73_a_nul_is_kept_and_told() -> None:
    rows = "".join(f"S-{n},Shop,UTC\n" for n in range(2, 60))
    Path("sites.csv").write_bytes(f"Id,Name,TZ\nS-1,A\0B,UTC\n{rows}".encode())
    (table,) = read("sites.csv")
    assert table.rows == 59
    assert table.frame["Name"][0] == "A\0B"
    assert table.findings.select("cell", "code").rows() == [("B2", "control_character")]
