"""The sheets of a workbook become tables, each by its own options."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from migrate.errors import InputError
from migrate.readers import read as read_module
from migrate.readers.grid import GRID_NOTES, Grid
from migrate.readers.options import SheetOptions
from migrate.readers.read import read


def grid(sheet: str, rows: list[list[str | None]], notes: list[tuple[Any, ...]] | None = None, **more: Any) -> Grid:
    names = [str(index) for index in range(max(map(len, rows), default=0))]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return Grid(
        sheet, frame, more.pop("first_row", 1), pl.DataFrame(notes or [], schema=GRID_NOTES, orient="row"), **more
    )


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return a function that makes a workbook which is read as the grids given."""

    def make(*grids: Grid) -> Path:
        monkeypatch.setattr(read_module, "read_workbook", lambda *_, **__: list(grids))
        path = tmp_path / "book.xlsx"
        xlsxwriter.Workbook(path).close()
        return path

    return make


def test_each_sheet_is_a_table_by_the_options_that_fit_its_name(book: Callable[..., Path]) -> None:
    path = book(
        grid("Region West", [["Site", "Gate PIN"], ["A", "1"]]),
        grid("Region East", [["x", "y"], ["Site", "PIN"], ["B", "2"]], hidden=True),
        grid("Notes", []),
    )
    options = [SheetOptions("region *", keep=("Gate PIN",)), SheetOptions("*EAST", header_row=2, keep=("pin",))]
    west, east, notes = read(path, sheets=options)
    assert (west.sheet, west.format, west.header_row, west.columns) == ("Region West", "xlsx", 1, ["Site", "Gate PIN"])
    assert (east.hidden, east.header_row, east.frame.rows()) == (True, 2, [(3, "B", "2")])
    assert (notes.columns, notes.header_row, notes.rows) == ([], 0, 0)
    assert west.encoding is west.delimiter is west.quote is None


def test_a_workbook_without_a_cell_is_refused(book: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match=r"holds no rows\. Export it again"):
        read(book(grid("Sheet1", []), grid("Sheet2", [[None, None]])))
    with pytest.raises(InputError, match="holds no rows"):
        read(book())


def test_a_header_row_that_the_sheet_lacks_is_refused_by_the_sheets_name(book: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match="sheet West: header_row = 7 is not among its rows 1 to 2"):
        read(book(grid("West", [["Site"], ["A"]])), sheets=[SheetOptions("West", header_row=7)])


def test_rows_and_cells_are_numbered_as_in_the_sheet(book: Callable[..., Path]) -> None:
    rows: list[list[str | None]] = [["Site", None, "Zone"], ["A", None, "#N/A"], [None, None, None], ["B", None, "2"]]
    (table,) = read(book(grid("West", rows, first_row=5)))
    assert (table.header_row, table.columns) == (5, ["Site", "B", "Zone"])
    assert table.frame["_row"].to_list() == [6, 8]
    assert table.left_out.rows() == [(7, "blank")]
    assert table.findings["cell"].to_list() == ["C6"]


def test_notes_become_findings_of_their_column_without_secrets(book: Callable[..., Path]) -> None:
    rows: list[list[str | None]] = [["Cameras", None, None], ["Site", "Password", "URL"], ["A", "hunter2", "x"]]
    notes = [
        (None, None, "note", "hidden_sheet", None, "m", "h"),
        (1, 0, "warning", "date_cell", "Cameras", "m", "h"),
        (2, 0, "warning", "date_cell", "Site", "m", "h"),
        (3, 1, "warning", "rounded_digits", "hunter2", "m", "h"),
        (3, 2, "warning", "rounded_digits", "rtsp://a:hunter2@host", "m", "h"),
        (3, None, "note", "hidden_row", None, "m", "h"),
    ]
    (table,) = read(book(grid("West", rows, notes)))
    found = table.findings.select("row", "cell", "column", "code", "value").rows()
    assert found == [
        (None, None, None, "credentials_dropped", "Password"),
        (None, None, None, "hidden_sheet", None),
        (2, "A2", "Site", "date_cell", "Site"),
        (3, "C3", "URL", "rounded_digits", "rtsp://***@host"),
        (3, None, None, "hidden_row", None),
    ]


def test_what_is_damage_in_a_text_is_what_a_workbook_shows(book: Callable[..., Path]) -> None:
    (table,) = read(book(grid("West", [["Site", "Zone"], ["'0042", "###"], ['="7"', "1E+10"]])))
    assert table.frame.rows() == [(2, "'0042", "###"), (3, "7", "1E+10")]
    assert table.findings["code"].to_list() == ["unwrapped", "e_notation"]


def test_a_real_workbook_under_a_wrong_name_is_read(tmp_path: Path) -> None:
    path = tmp_path / "cameras.csv"
    book = xlsxwriter.Workbook(path)
    for name, site, zone in (("West", "A", 1), ("East", "B", "002")):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["Site", "Zone"])
        sheet.write_row(1, 0, [site, zone])
    book.close()
    west, east = read(path)
    assert (west.frame.rows(), east.frame.rows()) == ([(2, "A", "1")], [(2, "B", "002")])
    assert west.findings["code"].to_list() == ["wrong_extension"]
    assert east.findings.is_empty()
