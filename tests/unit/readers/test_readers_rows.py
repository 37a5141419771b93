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


PAGE_NUMBERS = ["Page 2", "Page 2 of 7", "PAGE: 2/7", "- Seite 2 von 7 -", "Página 2 de 7", "Pag. 2 di 7", "2 페이지"]


@pytest.mark.parametrize("line", PAGE_NUMBERS)
@pytest.mark.parametrize("where", ["{},,,", ",{},,", " ,,,{}"])
def test_the_number_of_a_page_alone_in_its_row_is_left_out_wherever_it_stands(
    tmp_path: Path, line: str, where: str
) -> None:
    assert left_out(tmp_path, HEADER + ROWS + where.format(line) + "\n" + ROWS) == [(4, "page number")]


def test_a_mere_fraction_is_the_number_of_a_page_only_where_a_page_may_end(tmp_path: Path) -> None:
    assert left_out(tmp_path, HEADER + ROWS + "2/7,,,\n" + ROWS) == []
    for behind, found in [("", []), (HEADER, [(5, "repeated header")]), ("\n", [(5, "blank")])]:
        text = HEADER + ROWS + "2/7,,,\n" + behind + (ROWS if behind else "")
        assert left_out(tmp_path, text) == [(4, "page number"), *found]


@pytest.mark.parametrize("row", ["Page 2,S3,,", "Page Street,,,", "Page 2 Books,,,", "7,,,", "2/7,,,x", "Page,,,"])
def test_a_row_that_says_more_than_the_number_of_a_page_is_a_row(tmp_path: Path, row: str) -> None:
    assert left_out(tmp_path, HEADER + ROWS + row + "\n" + HEADER) == [(5, "repeated header")]


def test_in_a_table_of_one_column_a_page_is_a_row(tmp_path: Path) -> None:
    assert left_out(tmp_path, "Site\nPage 1\nPage 2\n") == []


def test_a_total_above_the_number_of_its_page_is_left_out(tmp_path: Path) -> None:
    page = HEADER + ROWS + "Total,,,2\nPage 1 of 2\n"
    assert left_out(tmp_path, page + page) == [
        *((4, "total"), (5, "page number"), (6, "repeated header")),
        *((9, "total"), (10, "page number")),
    ]


def test_among_many_rows_the_numbers_of_pages_are_found(tmp_path: Path) -> None:
    rows = "".join(f"A{n},,,\n" if n % 3 else f"B{n},S{n},Troy,1\n" for n in range(1, 300))
    text = HEADER + (rows + ",,Page 1 of 2,\n") * 2
    assert left_out(tmp_path, text) == [(301, "page number"), (601, "page number")]
