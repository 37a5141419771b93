"""Rows that make no record are named, and real ones never are."""

from pathlib import Path

import polars as pl
import pytest
from readers_files import cells, reader

HEADER = "Customer,Site,City,Zone\n"
ROWS = "Ann,S1,Troy,1\nBob,S2,Troy,2\n"


def left_out(folder: Path, text: str) -> list[tuple[int, str]]:
    rows: list[tuple[int, str]] = reader(folder)(text).left_out.rows()
    return rows


@pytest.mark.parametrize(
    "total",
    [
        "Total,,,2",
        "TOTAL:,,,",
        ",Grand Total,,3",
        "Total 2,,,",
        "Count: 2,,,",
        "Total sites: 2,,,",
        "Sum,,,3",
        "Summe,,,3",
        "합계,,,3",
        "총 2건,,,",
        "Gesamtsumme,,,3",
        "Number of records,,,2",
        "Totals,,,",
    ],
)
def test_totals_under_the_table_are_left_out_but_stay_in_the_frame(tmp_path: Path, total: str) -> None:
    table = reader(tmp_path)(HEADER + ROWS + "\n" + total + "\n,,,\n")
    assert table.left_out.rows() == [(4, "blank"), (5, "total")]
    assert table.frame["_row"].to_list() == [2, 3, 5]


@pytest.mark.parametrize(
    "row",
    [
        "Total Wine & More,S3,Troy,3",
        "Total,S3,Troy,3",
        "Total,S3,,",
        "Sum Cafe,,,",
        "Totally Thai,,,",
        "Count Basie,,,",
        "3,,,",
    ],
)
def test_a_customer_whose_name_begins_like_a_total_is_a_row(tmp_path: Path, row: str) -> None:
    assert left_out(tmp_path, HEADER + ROWS + row + "\n") == []


def test_a_total_between_rows_is_a_row(tmp_path: Path) -> None:
    assert left_out(tmp_path, HEADER + "Total,,,2\n" + ROWS) == []


@pytest.mark.parametrize("label", ["Subtotal", "Sub-total North", "Zwischensumme", "Sous-total Lyon:", "소계"])
def test_a_subtotal_between_rows_is_left_out_and_told(tmp_path: Path, label: str) -> None:
    first, second = ROWS.splitlines(keepends=True)
    assert left_out(tmp_path, HEADER + first + f"{label},2,,\n" + second) == [(3, "total")]


@pytest.mark.parametrize("row", ["Subtotal,Main St,2,\n", "Subtotal,,,\n", "Subtotals 24 Ltd,2,,\n"])
def test_a_row_that_says_more_than_a_subtotal_or_nothing_else_is_a_row(tmp_path: Path, row: str) -> None:
    first, second = ROWS.splitlines(keepends=True)
    assert left_out(tmp_path, HEADER + first + row + second) == []


def test_several_totals_under_each_other_are_all_left_out(tmp_path: Path) -> None:
    text = HEADER + ROWS + "Total:,,,3\nGrand total:,,,3\n"
    assert left_out(tmp_path, text) == [(4, "total"), (5, "total")]


def test_a_header_repeated_on_each_page_is_left_out(tmp_path: Path) -> None:
    text = "Report\n" + HEADER + ROWS + " customer,SITE ,City,Zone\n" + ROWS + "Customer,S9,Troy,1\n"
    table = reader(tmp_path)(text)
    assert table.left_out.rows() == [(5, "repeated header")]
    assert table.frame.height == 6


def test_a_row_of_white_space_is_blank_and_one_with_a_cell_is_not(tmp_path: Path) -> None:
    table = reader(tmp_path)(HEADER + " ,\u00a0,\t,\u3000\n,,,x\n" + ROWS + "\n ,,,\n")
    assert table.left_out.rows() == [(2, "blank")]
    assert table.frame["_row"].to_list() == [3, 4, 5]
    assert table.rows == 4


def test_a_table_with_a_header_only_has_no_rows(tmp_path: Path) -> None:
    table = reader(tmp_path)(HEADER + "\n,,,\n")
    assert (table.frame.height, table.rows, table.left_out.height) == (0, 0, 0)
    assert table.frame.schema["_row"] == pl.UInt32
    assert cells(table) == []
