"""A second table under the first is told, and no password in it is read."""

from pathlib import Path

import pytest
import xlsxwriter
from readers_files import cells, codes, reader, told

from migrate.readers.read import read

FIRST = "Site,Name,Zone\nA,x,1\nB,y,2\n"
SECOND = "Camera,MAC,Model\nC1,00:11:22:33:44:55,M\nC2,00:11:22:33:44:56,M\n"


@pytest.mark.parametrize(
    ("between", "row"), [("\n", 5), ("\n\n\n", 7), ("\nCameras,,\n", 6), ("\nCameras,,\nof 2024,,\n", 7)]
)
def test_a_second_header_behind_a_blank_row_is_told_with_its_row(tmp_path: Path, between: str, row: int) -> None:
    table = reader(tmp_path)(FIRST + between + SECOND)
    (finding,) = told(table, "second_table")
    assert (finding["severity"], finding["cell"], finding["row"]) == ("warning", f"A{row}", None)
    assert f"row {row} looks like the header of another table" in finding["message"]
    assert table.frame.height == 2 + between.count(",,\n") + 3


def test_three_tables_in_a_sheet_are_told_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "tables.xlsx"
    texts = (FIRST + "\n" + SECOND + "\n,Panel,IP\n,P1,10.1.1.1\n").splitlines()
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, line in enumerate(texts):
            sheet.write_row(row, 0, line.split(","))
    (table,) = read(path)
    assert [finding["cell"] for finding in told(table, "second_table")] == ["A5", "B9"]


@pytest.mark.parametrize(
    "more",
    [
        "C,z,3\n",
        "Site,Name,Zone\nC,z,3\n",
        "North,,\nC,z,3\n",
        "C,x,\nD,z,4\n",
        "C,z,TBD\nD,z,4\n",
        "Total,,3\n",
        "Prepared by,Ann,\n",
        "Camera,MAC,Model\n",
        "C,none,none\nD,u,v\n",
    ],
)
def test_rows_behind_a_blank_one_that_name_nothing_are_no_second_table(tmp_path: Path, more: str) -> None:
    table = reader(tmp_path)(FIRST + "\n" + more)
    assert "second_table" not in codes(table)


def test_passwords_of_a_second_table_are_masked(tmp_path: Path) -> None:
    table = reader(tmp_path)(FIRST + "\nCamera,Password,Port\nC1,hunter2,80\nC2,hunter3,81\n")
    assert cells(table)[2:] == [(5, "Camera", "Password", "Port"), (6, "C1", "***", "80"), (7, "C2", "***", "81")]
    assert cells(table)[0] == (2, "A", "x", "1")


def test_a_blank_row_behind_each_record_costs_no_more_than_a_look_at_the_first(tmp_path: Path) -> None:
    table = reader(tmp_path)(FIRST + "".join(f"\nS{n},x,{n}\n" for n in range(3, 2_000)))
    assert codes(table) == []


def test_a_table_beside_the_first_is_told_where_it_has_rows_of_its_own(tmp_path: Path) -> None:
    text = "Site,Name,,Camera,MAC\nA,x,,C1,00:11:22:33:44:55\nB,y,,C2,00:11:22:33:44:56\n,,,C3,00:11:22:33:44:57\n"
    table = reader(tmp_path)(text)
    (finding,) = told(table, "table_beside")
    assert (finding["severity"], finding["row"], finding["column"]) == ("note", None, None)
    assert finding["message"].startswith("the columns from D on stand apart, behind an empty column, and end in row 4")
    assert table.columns == ["Site", "Name", "C", "Camera", "MAC"]


@pytest.mark.parametrize(
    "text",
    [
        "Site,Name,,Camera,MAC\nA,x,,C1,M1\nB,y,,C2,M2\n",
        "Site,Name,,Note\nA,x,,n\nB,y,,\n",
        "Site,Name,Gap,Camera,MAC\nA,x,,C1,M1\nB,y,,,\n",
        "Site,Name,Camera,MAC,,\nA,x,C1,M1,,\nB,y,,,,\n",
        "Site,Name,,Camera,MAC\n",
        "Site,Name,,Camera,MAC\nA,x,,C1,M1\nB,y,,C2,M2\nTotal,2,,,\n",
        "Site,Name,,Camera,MAC\nA,x,,C1,M1\n,,,C2,M2\n,,,C3,M3\nB,y,,C4,M4\n,,,C5,M5\n",
    ],
)
def test_columns_that_end_together_or_stand_close_are_one_table(tmp_path: Path, text: str) -> None:
    assert "table_beside" not in codes(reader(tmp_path)(text))
