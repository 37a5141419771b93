"""The header is found under titles, and its names are unique."""

from pathlib import Path

import polars as pl
import pytest
from readers_files import cells, reader, refusal

from migrate.readers.header import find_header, fold, header_at
from migrate.readers.options import ReadOptions, SheetOptions

ROWS = "S1,Main Street 5,001,Gate\nS1,Main Street 5,002,Yard\nS2,Elm Street 7,001,Gate\n"
HEADER = "Site,Address,Zone,Camera\n"


@pytest.mark.parametrize(
    ("titles", "row"),
    [
        ("", 1),
        ("Acme Alarm\n", 2),
        ("Acme Alarm\n\n", 3),
        ("Acme Alarm,,,\nCamera list,,,\nPrinted:,3/4/2024,,\n\n", 5),
        ("\n\n\nAcme\n", 5),
        ('"Acme, cameras of all sites"\n2024-03-04\n"Page 1 of 3"\nRegion: West\n', 5),
        (",,,\nReport,March,West,\n", 3),
        (",Where,,What\n", 2),
    ],
)
def test_titles_above_the_header_are_passed_over(tmp_path: Path, titles: str, row: int) -> None:
    table = reader(tmp_path)(titles + HEADER + ROWS, options=ReadOptions(delimiter=","))
    assert table.header_row == row
    assert table.columns[:4] == ["Site", "Address", "Zone", "Camera"]
    assert cells(table)[0][:5] == (row + 1, "S1", "Main Street 5", "001", "Gate")


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Zone,Name\n1,Gate\n2,Yard\n", 1),
        ("Cameras of Acme\nZone,Name\n1,Gate\n2,Yard\n", 2),
        ("Printed:,3/4/2024\nZone,Name\n1,Gate\n2,Yard\n", 2),
        ("Name\nGate\nYard\n", 1),
        ("Our cameras\n\nName\nGate\nYard\n", 3),
        ("Site,Address,Zone,Camera\n", 1),
        ("Our cameras\n\nSite,Address,Zone,Camera\n", 3),
        ("Site,,Zone,Camera\nS1,a,1,Gate\nS2,b,2,Yard\n", 1),
        (",Site,Zone,\nx,S1,1,y\nx,S2,2,y\n", 0),
        ("Site,Name,Owner,Note\nS1,Gate,Ann,x\nS2,Yard,Bob,\n", 1),
        ("Site,Zone 1,Zone 2,2024\nS1,a,b,7\nS2,a,b,8\n", 1),
        ("1,00:11:22:33:44:55,8016\n2,00:11:22:33:44:56,8016\n", 0),
        ("1,2,3\nfoo,bar,baz\nbaz,,qux\n", 0),
        ("S1,5,7\nS2,6,8\nTotal,11,15\n", 0),
        ("42\n43\n", 0),
    ],
)
def test_a_header_is_where_texts_name_the_columns_and_nowhere_else(tmp_path: Path, text: str, row: int) -> None:
    table = reader(tmp_path)(text, options=ReadOptions(delimiter=","))
    assert table.header_row == row
    assert table.frame.height + max(row - 1, 0) >= text.count("\n") - 1 - text.count("\n\n")


def test_without_a_header_columns_are_called_by_their_letters(tmp_path: Path) -> None:
    table = reader(tmp_path)(HEADER + ROWS, sheets=[SheetOptions(header_row=0)])
    assert table.columns == ["A", "B", "C", "D"]
    assert (table.header_row, table.frame["_row"].to_list()) == (0, [1, 2, 3, 4])


def test_a_told_header_row_is_taken_as_it_is(tmp_path: Path) -> None:
    table = reader(tmp_path)("sep=,\n" + HEADER + ROWS, sheets=[SheetOptions(header_row=3)])
    assert table.columns == ["S1", "Main Street 5", "001", "Gate"]
    assert table.frame["_row"].to_list() == [4, 5]


@pytest.mark.parametrize("row", [5, 9])
def test_a_header_row_outside_of_the_file_is_refused(tmp_path: Path, row: int) -> None:
    reason = refusal(tmp_path, (HEADER + ROWS).encode(), sheets=[SheetOptions(header_row=row)])
    assert f"header_row = {row} is not among its rows 1 to 4" in reason


def test_options_for_a_sheet_of_another_name_do_not_apply_to_a_text(tmp_path: Path) -> None:
    options = [SheetOptions(sheet="*", header_row=0), SheetOptions(header_row=1), SheetOptions(header_row=2)]
    assert reader(tmp_path)(HEADER + ROWS, sheets=options).header_row == 1


def test_names_are_folded_blank_ones_lettered_and_repeated_ones_numbered() -> None:
    names = ["\ufeffSite\u00a0 #", None, "Zone", " zone ", "Zone (2)", "A", "\n", "_row"]
    frame = pl.DataFrame({str(n): [name] for n, name in enumerate(names)}, schema=dict.fromkeys("01234567", pl.String))
    header = header_at(frame, 0)
    assert header.names == ("Site #", "B", "Zone", "zone (2)", "Zone (2) (2)", "A", "G", "_row (2)")
    assert header.letters == tuple("ABCDEFGH")


def test_letters_go_on_with_two_behind_z() -> None:
    frame = pl.DataFrame({str(n): ["x"] for n in range(28)})
    assert header_at(frame, -1).names[25:] == ("Z", "AA", "AB")


def test_folding_trims_and_makes_white_space_one_space() -> None:
    assert fold("\u200b Time\r\nZone\u00a0\u3000") == "Time Zone"
    assert fold(None) == ""


def test_no_row_of_an_empty_sheet_is_a_header() -> None:
    assert find_header(pl.DataFrame()) == -1
    assert find_header(pl.DataFrame({"0": [None, None]}, schema={"0": pl.String})) == -1


def test_a_name_that_means_several_columns_to_polars_is_lettered_and_its_damage_mended_in_that_column_alone(
    tmp_path: Path,
) -> None:
    table = reader(tmp_path)('*,^N.*$,Name\n"=""01""","=""02""","=""x"""\n', options=ReadOptions(delimiter=","))
    assert table.columns == ["A", "B", "Name"]
    assert cells(table) == [(2, "01", "02", "x")]
