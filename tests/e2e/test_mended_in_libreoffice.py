"""The attention file as LibreOffice saves it comes back whole: what looks like a number, date or formula stays text.

How the files in `tests/fixtures/attention` were made is told in the README there; where LibreOffice is installed, it
saves the workbook of the run itself too.
"""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from called import outcomes_of, run_json
from e2e_inventory import DEVICES, SITES, write_csv, write_mapping
from e2e_tool import QUICK, Tool
from in_libreoffice import needs_libreoffice, saved_by_libreoffice
from openpyxl import load_workbook
from typer.testing import CliRunner

from migrate.cli.main import app
from migrate.readers.read import read
from migrate.sandbox.server import Sandbox

FIXTURES = Path(__file__).parent.parent / "fixtures" / "attention"
SEND = ("--yes", *QUICK)
TINT = "FFFBD5D0"
REMOVED = 2
TEXTS = (
    *("=1+1", "=cmd|'/c calc'!A0", "+82 2 1234", "-12", "@home", "'quoted", "0012", "8201234567890123", "1-2", "3/4"),
    *("1e5", "TRUE", "12:30", "50%", "서울 강남 물류센터", "شركة الأمن", "<b>bold</b>", "x" * 300, "https://a.example"),
)
AS_CSV = {"1e5": "100000"}
"""What a CSV file doesn't keep, as it says nothing of types: the program that opens it takes this for a number."""


def _sites() -> list[list[str]]:
    return [[f"{n:04d}", text, "Estern", text, f"{n:06d}", "", "3", ""] for n, text in enumerate(TEXTS, start=1)]


def _devices() -> list[list[str]]:
    return [[f"{n:04d}", f"{n:04d}-001", "001", text, ""] for n, text in enumerate(TEXTS, start=1)]


@pytest.fixture
async def applied(tmp_path: Path, sandbox: Sandbox) -> tuple[Tool, Path]:
    """A run of sites whose time zone is wrong, so that all of them and their devices need attention."""
    write_csv(tmp_path / "sites.csv", SITES, _sites())
    write_csv(tmp_path / "devices.csv", DEVICES, _devices())
    text = write_mapping(tmp_path).read_text(encoding="utf-8")
    write_mapping(tmp_path, text[: text.index("[[table]]")] + text[text.index('[[table]]\nrecord = "site"') :])
    tool = Tool(tmp_path, sandbox.environment)
    assert (await tool.run("apply", "sites.csv", "devices.csv", "-m", "mapping.toml", *SEND)).exit_code == 1
    (run,) = tool.runs()
    assert outcomes_of(run) == {"invalid": len(TEXTS), "blocked": len(TEXTS)}
    return tool, run


def _mend(path: Path) -> None:
    """Write the right time zone into every tinted cell of a workbook."""
    book = load_workbook(path)
    for row in book["sites"].iter_rows(min_row=2):
        (cell,) = [cell for cell in row if cell.fill.fgColor.rgb == TINT]
        assert cell.value == "Estern"
        cell.value = "America/Chicago"
    book.save(path)


def _rearrange(path: Path) -> None:
    """Turn rows and columns of each sheet of a workbook round, and take out the rows of the last REMOVED texts."""
    book = load_workbook(path)
    for sheet in book.worksheets:
        header, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
        at = header.index("id" if sheet.title == "sites" else "site")
        gone = {f"{number:04d}" for number in range(len(TEXTS) - REMOVED + 1, len(TEXTS) + 1)}
        kept = [row for row in rows if row[at] not in gone]
        assert len(kept) == len(rows) - REMOVED
        sheet.delete_rows(1, sheet.max_row)
        for row in (header, *reversed(kept)):
            sheet.append([None if value is None else str(value) for value in reversed(row)])
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            cell.data_type = "s" if cell.value is not None else "n"  # a text stays one, as where a person sorts
    book.save(path)


async def _assert_texts_are_in(
    tool: Tool, sandbox: Sandbox, parent: Path, path: Path, *, texts: Sequence[str] = TEXTS
) -> None:
    retried = await tool.run("retry", parent.name, "--from", path, *SEND)
    assert retried.exit_code == 0, retried.stdout + retried.stderr
    assert outcomes_of(tool.runs()[-1]) == {"created": 2 * len(texts)}
    assert run_json(tool.runs()[-1])["parent"] == parent.name
    sites = {site["external_site_id"]: site for site in sandbox.state()["sites"]}
    for number, text in enumerate(texts, start=1):
        site = sites[f"{number:04d}"]
        assert (site["name"], site["address1"], site["account_number"]) == (text, text, f"{number:06d}")
        assert site["timezone"] == "America/Chicago"
    names = {device["external_device_id"]: device["name"] for device in sandbox.state()["devices"]}
    assert names == {f"{number:04d}-001": text for number, text in enumerate(texts, start=1)}


async def test_a_workbook_that_libreoffice_saved_is_mended_and_taken(
    applied: tuple[Tool, Path], sandbox: Sandbox, tmp_path: Path
) -> None:
    tool, run = applied
    path = Path(shutil.copy(FIXTURES / "attention-libreoffice.xlsx", tmp_path))
    _mend(path)
    await _assert_texts_are_in(tool, sandbox, run, path)


@pytest.mark.parametrize("name", ["mended-libreoffice.xlsx", "mended-libreoffice.ods"])
async def test_a_mended_workbook_that_libreoffice_saved_is_taken(
    applied: tuple[Tool, Path], sandbox: Sandbox, name: str
) -> None:
    tool, run = applied
    await _assert_texts_are_in(tool, sandbox, run, FIXTURES / name)


async def test_a_mended_csv_file_that_libreoffice_saved_has_its_zeros_back(
    applied: tuple[Tool, Path], sandbox: Sandbox
) -> None:
    tool, run = applied
    path = FIXTURES / "mended-libreoffice.csv"
    assert ",'=1+1,1,," in path.read_text(encoding="utf-8")
    await _assert_texts_are_in(tool, sandbox, run, path, texts=[AS_CSV.get(text, text) for text in TEXTS])


async def test_rows_that_were_sorted_or_deleted_and_columns_that_were_moved_in_libreoffice_are_taken(
    applied: tuple[Tool, Path], sandbox: Sandbox
) -> None:
    tool, run = applied
    path = FIXTURES / "rearranged-libreoffice.xlsx"
    await _assert_texts_are_in(tool, sandbox, run, path, texts=TEXTS[:-REMOVED])
    assert len(sandbox.state()["sites"]) == len(TEXTS) - REMOVED


def test_tints_and_comments_stand_where_they_stood_once_libreoffice_has_saved_them() -> None:
    sheet = load_workbook(FIXTURES / "attention-libreoffice.xlsx")["sites"]
    header = {str(cell.value): cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        tinted = [cell for cell in sheet[row] if cell.fill.fgColor.rgb == TINT]
        assert [(cell.value, cell.column) for cell in tinted] == [("Estern", header["tz"])]
        told = 'time zone "Estern" is not known'
        assert tinted[0].comment is not None
        assert tinted[0].comment.text.startswith(told)
        beside = str(sheet.cell(row, header["_message"]).value)
        assert beside.startswith(told)
        assert "did you mean" in beside


@needs_libreoffice
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
async def test_libreoffice_opens_and_saves_the_workbook_of_a_run(
    applied: tuple[Tool, Path], sandbox: Sandbox, tmp_path: Path, kind: str
) -> None:
    tool, run = applied
    path = Path(shutil.copy(run / "attention.xlsx", tmp_path))
    _mend(path)
    _rearrange(path)
    saved = await saved_by_libreoffice(path, kind, folder=tmp_path / "saved")
    await _assert_texts_are_in(tool, sandbox, run, saved, texts=TEXTS[:-REMOVED])


@needs_libreoffice
def test_libreoffice_shows_the_report_of_a_run_as_it_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_csv(tmp_path / "sites.csv", SITES, _sites())
    text = write_mapping(tmp_path).read_text(encoding="utf-8")
    write_mapping(tmp_path, text[: text.index("[[table]]")] + text[text.index('[[table]]\nrecord = "site"') :])
    write_csv(tmp_path / "devices.csv", DEVICES, _devices())
    assert CliRunner().invoke(app, ["check", "sites.csv", "devices.csv", "-m", "mapping.toml"]).exit_code == 1
    (report,) = tmp_path.glob("reports/*/report.xlsx")
    saved = asyncio.run(saved_by_libreoffice(report, "ods", folder=tmp_path / "saved"))
    written, shown = ([(table.sheet, table.frame.rows()) for table in read(path)] for path in (report, saved))
    assert [name for name, _ in written] == ["Summary", "Outcomes", "Findings"]
    assert shown == written
