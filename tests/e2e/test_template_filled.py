"""A template that somebody filled in comes back whole, whichever program saved it: zeros, drop-downs, example rows.

How the files in `tests/fixtures/template` were made is told in the README there; where LibreOffice is installed, it
saves a template of now too.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest
from called import call, newest_run, outcomes_of, rows_of, run_json
from in_libreoffice import needs_libreoffice, saved_by_libreoffice
from openpyxl import load_workbook

from migrate import Mapping as MappingFile
from migrate import check
from migrate.report.template_workbook import template_workbook

FIXTURES = Path(__file__).parent.parent / "fixtures" / "template"
FILLED: Mapping[str, tuple[tuple[str | None, ...], ...]] = {
    "Stations": (("CS-01", "Prairie Signal Center", "MV1", "01"),),
    "Sites": (
        (
            *("0017", "Bramble Court", "America/Chicago", "CS-01", "0042", "12 Quarry Rd", "Dayton, OH 45402"),
            *("Alarm Panel - Primary Bridge", "no"),
        ),
        ("0018", "Copper Kettle", "Eastern", "CS-01", "0043", None, None, "CHeKT Video Security System", None),
    ),
    "Devices": (
        ("0017", "0017-1", "camera", "001", "012,013", "Front door", "02:00:5E:00:53:01", "Axis", "P3265-LVE", "00421"),
        ("0017", "0017-B", "bridge", "016", None, None, "02:00:5E:00:53:02", "CHeKT", "CKB-308", None),
        ("0018", "0018-1", "camera", "007", None, "Till", None, None, None, None),
    ),
}
"""Sheet → rows as they are typed below the example."""


def fill(path: Path) -> None:
    """Write a template to `path`, filled in below the example rows."""
    path.write_bytes(template_workbook())
    book = load_workbook(path)
    for sheet, rows in FILLED.items():
        for row in rows:
            book[sheet].append(row)
    book.save(path)


def assert_all_is_read(path: Path) -> None:
    """Check that a filled template gives what was typed, without a finding."""
    checked = check([path], MappingFile.load("template"))
    assert checked.findings.to_dicts() == []
    assert checked.left_out["why"].to_list() == ["filtered by where"] * 3
    sites, devices = checked.records["site"], checked.records["device"]
    assert checked.records["station"].select("external_monitoring_station_id", "prefix", "linecard").rows() == [
        ("CS-01", "MV1", "01")
    ]
    assert sites.select("external_site_id", "timezone", "account_number", "security_type", "is_activated").rows() == [
        ("0017", "America/Chicago", "0042", 1, False),
        ("0018", "America/New_York", "0043", 3, None),
    ]
    assert devices.select("external_site_id", "external_device_id", "device_type", "zone_number").rows() == [
        ("0017", "0017-1", "camera", "001"),
        ("0017", "0017-B", "bridge", "016"),
        ("0018", "0018-1", "camera", "007"),
    ]
    assert devices.select("additional_zone_numbers", "serial_number").row(0) == ("012,013", "00421")


async def test_a_filled_template_is_read_without_a_finding_and_all_of_it_goes_in(tmp_path: Path) -> None:
    fill(tmp_path / "dealer.xlsx")
    assert_all_is_read(tmp_path / "dealer.xlsx")
    rehearsed = await call("rehearse", "dealer.xlsx", "-m", "template", folder=tmp_path)
    assert (rehearsed.exit_code, rehearsed.stderr) == (0, "")
    run = newest_run(tmp_path)
    assert outcomes_of(run) == {"created": 6}
    assert not any(run_json(run)["findings"].values())
    assert rows_of(run / "findings.csv") == []


def test_an_example_row_that_was_copied_down_makes_no_record_and_one_that_was_typed_over_does(tmp_path: Path) -> None:
    path = tmp_path / "dealer.xlsx"
    path.write_bytes(template_workbook())
    book = load_workbook(path)
    book["Sites"].append([cell.value for cell in book["Sites"][2]])
    book["Sites"].append(["example-002", *(cell.value for cell in book["Sites"][2][1:])])
    book["Sites"]["A2"] = "0019"
    book["Sites"]["D2"] = None
    book.save(path)
    checked = check([path], MappingFile.load("template"))
    assert checked.records["site"]["external_site_id"].to_list() == ["0019"]
    sheets = [source.table.sheet for source in checked.sources]
    left_out = [(sheets[src], row) for src, row in checked.left_out.select("_src", "_row").rows()]
    assert [row for sheet, row in left_out if sheet == "Sites"] == [3, 4]


def test_what_the_examples_show_is_right_if_it_were_meant(tmp_path: Path) -> None:
    path = tmp_path / "dealer.xlsx"
    path.write_bytes(template_workbook())
    lines = MappingFile.load("template").text.splitlines(keepends=True)
    unfiltered = "".join(line for line in lines if not line.startswith("where = "))
    checked = check([path], MappingFile.parse(unfiltered, path="unfiltered.toml"))
    assert checked.findings.to_dicts() == []
    assert {record: frame.height for record, frame in checked.records.items()} == {"station": 1, "site": 1, "device": 1}


@pytest.mark.parametrize("name", ["filled-libreoffice.xlsx", "filled-libreoffice.ods"])
def test_a_template_that_libreoffice_saved_is_read_without_a_finding(name: str) -> None:
    assert_all_is_read(FIXTURES / name)


def test_libreoffice_keeps_notes_drop_downs_and_text_cells() -> None:
    page = load_workbook(FIXTURES / "filled-libreoffice.xlsx")["Devices"]
    assert all(cell.comment for cell in page[1])
    assert [str(rule.formula1) for rule in page.data_validations.dataValidation] == ['"camera,bridge"']
    texts = [(span.min, span.max) for span in page.column_dimensions.values() if span.number_format == "@"]
    assert {cell.column for cell in page[1]} <= {at for first, last in texts for at in range(first, last + 1)}


@needs_libreoffice
async def test_libreoffice_opens_and_saves_a_template_of_now(tmp_path: Path) -> None:
    fill(tmp_path / "dealer.xlsx")
    await saved_by_libreoffice(tmp_path / "dealer.xlsx", "xlsx", folder=tmp_path / "saved")
    assert_all_is_read(tmp_path / "saved" / "dealer.xlsx")
