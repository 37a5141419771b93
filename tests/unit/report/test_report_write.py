"""All files of a run, from the same frames."""

import csv
import json
import stat
from dataclasses import replace
from functools import partial
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from report_runs import findings, outcomes, report, source

from migrate.model.sources import LEFT_OUT_SCHEMA
from migrate.outcomes.rest import Rest, beside
from migrate.report.run_report import RunReport
from migrate.report.write import write_reports

SITES = source([["S-1", "Estern"], ["S-2", "ET"]], ["Id", "TZ"])
LEFT_OUT = pl.DataFrame({"_src": [0], "_row": [9], "why": ["blank"]}, schema=LEFT_OUT_SCHEMA)
ERRORS = findings({"_row": 2, "_n": 0, "column": "TZ", "cell": "B2", "external_id": "-S", "hint": "mend it"})


def _run(*, good: bool = False) -> RunReport:
    told = outcomes(
        {"outcome": "created" if good else "invalid", "external_id": "=S-1", "message": None if good else "bad"},
        {"outcome": "skipped", "message": "name: A → B", "attempts": 1, "status_code": 200, "remote_id": "7"},
    )
    return report(told, sources=[SITES], found=None if good else ERRORS, left_out=LEFT_OUT)


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


def test_every_file_is_there_and_its_owners_alone(tmp_path: Path) -> None:
    written = write_reports(tmp_path, _run())

    assert [path.name for path in written] == [
        *("outcomes.csv", "findings.csv", "left_out.csv", "attention.csv", "attention.xlsx"),
        *("report.xlsx", "report.html", "run.json"),
    ]
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in written}
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}


def test_columns_are_those_of_the_interface_page(tmp_path: Path) -> None:
    write_reports(tmp_path, _run())

    header, first, second = _read(tmp_path / "outcomes.csv")
    assert ",".join(header) == (
        "file,sheet,row,record,external_id,external_site_id,action,outcome,retryable,code,message,status_code,remote_id,"
        "attempts,trace_id"
    )
    assert first[:5] == ["a.xlsx", "Sites", "2", "site", "'=S-1"]
    assert second[11:14] == ["200", "7", "1"]
    header, finding = _read(tmp_path / "findings.csv")
    assert ",".join(header) == ("file,sheet,row,cell,column,record,external_id,field,severity,code,value,message,hint")
    assert finding[3:8] == ["B2", "TZ", "site", "'-S", "timezone"]
    assert _read(tmp_path / "left_out.csv") == [["file", "sheet", "row", "why"], ["a.xlsx", "Sites", "9", "blank"]]


def test_the_counts_of_run_json_are_those_of_the_files(tmp_path: Path) -> None:
    write_reports(tmp_path, _run())

    told = json.loads((tmp_path / "run.json").read_text())
    assert told["counts"] == {"site": {"invalid": 1, "skipped": 1}}
    assert told["findings"] == {"error": 1, "warning": 0, "note": 0}
    assert told["left_out"] == {"blank": 1}


def test_attention_files_go_when_no_row_needs_attention(tmp_path: Path) -> None:
    write_reports(tmp_path, _run())
    assert (tmp_path / "attention.xlsx").exists()

    written = write_reports(tmp_path, _run(good=True))

    assert not any(path.name.startswith("attention") for path in [*written, *tmp_path.iterdir()])


def test_the_workbook_tells_the_same_as_the_files(tmp_path: Path) -> None:
    write_reports(tmp_path, _run())

    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    assert book.sheetnames == ["Summary", "Outcomes", "Findings"]
    summary = [row[:3] for row in book["Summary"].iter_rows(values_only=True)]
    assert summary[:3] == [("what", "which", "number"), ("site", "invalid", 1), ("site", "skipped", 1)]
    assert ("input", "a.xlsx", 2) in summary
    assert ("error", "timezone", 1) in summary
    assert [book["Summary"].cell(row, 2).fill.fgColor.rgb for row in (2, 3)] == ["FFFBD5D0", "FFFCE8B8"]
    cells = list(book["Outcomes"].iter_rows(min_row=2, values_only=True))
    assert cells[0][4] == "=S-1"
    assert book["Outcomes"]["E2"].data_type != "f"
    assert [book["Outcomes"].cell(row, 8).fill.fgColor.rgb for row in (2, 3)] == ["FFFBD5D0", "FFFCE8B8"]
    assert book["Findings"]["I2"].value == "error"


def test_a_run_without_anything_leaves_its_files_all_the_same(tmp_path: Path) -> None:
    written = write_reports(tmp_path, report(outcomes()))

    assert {path.name for path in written} == {
        *("outcomes.csv", "findings.csv", "left_out.csv", "report.xlsx", "report.html", "run.json")
    }
    assert len(_read(tmp_path / "outcomes.csv")) == 1


def test_the_workbook_says_what_it_leaves_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrate.report.shown.ROWS_SHOWN", 1)

    write_reports(tmp_path, _run())

    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    assert str(book["Summary"]["D2"].value).startswith("Of 2 outcomes, 1 that need attention are shown here")
    assert book["Outcomes"].max_row == 2


def test_the_workbook_of_a_check_in_parts_has_all_outcomes_while_they_are_not_too_many(tmp_path: Path) -> None:
    lines = pl.DataFrame({"_row": [4], "record": ["device"], "external_id": ["C"], "external_site_id": ["S-1"]})
    parts = [(0, 9, lines.cast({"_row": pl.UInt32}))]
    rest = Rest({("device", "valid"): 1}, partial(beside, lambda: iter(parts)))
    write_reports(tmp_path, replace(_run(), rest=rest))

    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx")["Outcomes"]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        row[0] for row in _read(tmp_path / "outcomes.csv")[1:]
    ]
    assert sheet.max_row == 1 + 3
