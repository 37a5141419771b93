"""Which of a workbook's sheets an option is about."""

from pathlib import Path

import pytest
import xlsxwriter

from migrate.readers.options import SheetOptions
from migrate.readers.read import read


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A title in row 1 and a header in row 3 of the first sheet, a small second one."""
    path = tmp_path / "book.xlsx"
    workbook = xlsxwriter.Workbook(path)
    first, second = workbook.add_worksheet("Customers"), workbook.add_worksheet("Notes (old)")
    first.write_column(0, 0, ["Title", None, "Site", "S1"])
    first.write_column(2, 1, ["Name", "Foo"])
    second.write_column(0, 0, ["Remark", "call Dana"])
    workbook.close()
    return path


def test_a_header_row_without_a_sheet_is_that_of_the_first_sheet_that_has_rows(book: Path) -> None:
    tables = read(book, sheets=[SheetOptions(header_row=3)])
    assert [(table.sheet, table.header_row) for table in tables] == [("Customers", 3), ("Notes (old)", 1)]


def test_a_sheet_that_is_named_goes_before_what_is_told_without_a_name(book: Path) -> None:
    options = [SheetOptions(sheet=" customers "), SheetOptions(header_row=1)]
    assert read(book, sheets=options)[0].header_row == 3


def test_a_glob_takes_the_sheets_that_match_in_any_case(book: Path) -> None:
    options = [SheetOptions(sheet="NOTES*", header_row=0)]
    assert read(book, sheets=options)[1].columns == ["A"]
