"""Corrected attention files, back into the rows that they came from."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from report_runs import findings, outcomes, source

from migrate.errors import InputError
from migrate.model.findings import findings_frame
from migrate.model.sources import Source
from migrate.readers.read import read
from migrate.report.attention import attention_frame, attention_sheets, find_attention
from migrate.report.delimited import write_csv
from migrate.report.mend import Mended, _choose, read_mended
from migrate.report.workbook import write_workbook

SITES = source([["S-1", "-12"], ["S-2", "ET"], ["S-3", None]], ["Id", "Zone"])
CAMERAS = source([["C-1", "9999"]], ["Camera", "zone"], sheet="Cameras")
KEYS = "_file,_sheet,_row"


def _mend(tmp_path: Path, text: str, *sources: Source) -> Mended:
    path = tmp_path / "attention.csv"
    path.write_text(text, encoding="utf-8")
    return read_mended(path, sources or (SITES, CAMERAS))


def _cells(source: Source) -> list[tuple[str | None, ...]]:
    return source.table.frame.drop("_row").rows()


def test_a_mended_cell_takes_the_place_of_the_one_in_its_row(tmp_path: Path) -> None:
    mended = _mend(tmp_path, f"Id,Zone,{KEYS}\nS-2,002,a.xlsx,Sites,3\n")

    assert _cells(mended.sources[0]) == [("S-1", "-12"), ("S-2", "002"), ("S-3", None)]
    assert mended.sources[1] == CAMERAS
    assert mended.rows.rows() == [(0, 3)]
    assert mended.changed == 1


def test_rows_may_be_sorted_and_removed_and_columns_moved_or_dropped(tmp_path: Path) -> None:
    text = "_row,Camera,Zone,_sheet,_file,note\n4,,003,Sites,a.xlsx,hi\n2,C-9,9,Cameras,a.xlsx,\n2,,1,Sites,a.xlsx,\n"

    mended = _mend(tmp_path, text)

    assert _cells(mended.sources[0]) == [("S-1", "1"), ("S-2", "ET"), ("S-3", "003")]
    assert _cells(mended.sources[1]) == [("C-9", "9")]
    assert sorted(mended.rows.rows()) == [(0, 2), (0, 4), (1, 2)]
    assert mended.ignored == ("note",)


def test_an_emptied_cell_is_empty(tmp_path: Path) -> None:
    mended = _mend(tmp_path, f"Id,Zone,{KEYS}\nS-2,,a.xlsx,Sites,3\n")

    assert _cells(mended.sources[0])[1] == ("S-2", None)


@pytest.mark.parametrize(
    ("row", "given", "cell"),
    [
        (2, "'-12", "-12"),
        (2, "-12", "-12"),
        (2, "'-13", "-13"),
        (2, "'-x", "-x"),
        (2, "'12 or so", "'12 or so"),
        (3, "'-x", "'-x"),
        (3, "'ET", "'ET"),
        (3, "-x", "-x"),
    ],
)
def test_our_mark_is_taken_off_where_we_put_it_and_there_alone(tmp_path: Path, row: int, given: str, cell: str) -> None:
    mended = _mend(tmp_path, f"Zone,{KEYS}\n{given},a.xlsx,Sites,{row}\n")

    assert _cells(mended.sources[0])[row - 2][1] == cell


def test_line_ends_that_a_spreadsheet_program_changed_are_no_change(tmp_path: Path) -> None:
    lines = source([["one\r\ntwo"]], ["Note"])

    mended = _mend(tmp_path, f'Note,{KEYS}\n"one\ntwo",a.xlsx,Sites,2\n', lines)

    assert mended.changed == 0
    assert _cells(mended.sources[0]) == [("one\r\ntwo",)]


def test_a_column_that_looks_like_a_credential_comes_back(tmp_path: Path) -> None:
    gates = source([["1234"]], ["Gate PIN"])

    mended = _mend(tmp_path, f"Gate PIN,{KEYS}\n4321,a.xlsx,Sites,2\n", gates)

    assert _cells(mended.sources[0]) == [("4321",)]


def test_a_row_number_that_a_spreadsheet_program_made_a_fraction_is_read(tmp_path: Path) -> None:
    assert _mend(tmp_path, f"Zone,{KEYS}\n1,a.xlsx,Sites,3.0\n").rows.rows() == [(0, 3)]


@pytest.mark.parametrize(
    "line", ["1,b.xlsx,Sites,3", "1,a.xlsx,Other,3", "1,a.xlsx,Sites,99", "1,a.xlsx,Sites,", "1,,,", "1,a.xlsx,Sites,x"]
)
def test_a_row_that_names_no_row_of_the_run_is_an_error_that_says_which(tmp_path: Path, line: str) -> None:
    with pytest.raises(InputError, match=r"attention.csv: row 3: _file, _sheet and _row name no row of the run"):
        _mend(tmp_path, f"Zone,{KEYS}\n1,a.xlsx,Sites,2\n{line}\n")


def test_many_such_rows_are_counted(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="row 2, 3, 4 and 2 more"):
        _mend(tmp_path, f"Zone,{KEYS}\n" + "1,a.xlsx,Sites,77\n" * 5)


def test_a_file_without_our_columns_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no _file and no _row"):
        _mend(tmp_path, "Id,Zone\nS-1,1\n")


def test_a_row_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    line = "1,a.xlsx,Sites,3\n"
    with pytest.raises(InputError, match=r"row 3 of a.xlsx more than once \(in its rows 2, 4\)"):
        _mend(tmp_path, f"Zone,{KEYS}\n{line}1,a.xlsx,Sites,2\n{line}")


def test_what_a_reader_found_in_a_changed_cell_goes_with_it(tmp_path: Path) -> None:
    damaged = [
        {"_row": 3, "row": 3, "column": "Zone", "cell": "B3", "code": "old", "severity": "warning", "message": "m"},
        {"_row": 4, "row": 4, "column": "Zone", "cell": "B4", "code": "kept", "severity": "warning", "message": "m"},
    ]
    sites = replace(SITES, table=replace(SITES.table, findings=findings_frame(damaged)))

    mended = _mend(tmp_path, f"x,Zone,{KEYS}\n,1.5E+12,a.xlsx,Sites,3\n", sites)

    told = mended.sources[0].table.findings
    assert told.select("code", "cell", "row", "_row", "column").rows() == [
        ("kept", "B4", 4, 4, "Zone"),
        ("e_notation", "B3", 3, 3, "Zone"),
    ]


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ('S-2,"1, Main St",ET,', []),
        ('S-2,"1, Main St",ET,ET', ["ragged_row"]),
        ("S-2,1, Main St,ET", ["ragged_row"]),
    ],
)
def test_a_torn_row_is_whole_once_nothing_is_behind_its_last_column(
    tmp_path: Path, line: str, codes: list[str]
) -> None:
    path = tmp_path / "sites.csv"
    path.write_text("Id,Street,Zone\nS-1,2 Elm St,ET\nS-2,1, Main St,ET\n", encoding="utf-8")
    (table,) = read(path)

    mended = _mend(tmp_path, f"Id,Street,Zone,D,{KEYS}\n{line},sites.csv,,3\n", Source("sites.csv", table))

    assert table.findings["code"].to_list() == ["ragged_row"]
    assert mended.sources[0].table.findings["code"].to_list() == codes


def test_an_empty_sheet_beside_is_no_row_without_our_columns(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Scratch").append(["my notes"])
    sheet = book["Sheet"]
    sheet.append(["Zone", *KEYS.split(",")])
    sheet.append(["002", "a.xlsx", "Sites", 3])
    book.save(tmp_path / "fixed.xlsx")

    mended = read_mended(tmp_path / "fixed.xlsx", [SITES, CAMERAS])

    assert mended.rows.rows() == [(0, 3)]
    assert mended.changed == 1


@pytest.mark.parametrize("name", ["attention.csv", "attention.xlsx"])
def test_the_files_that_a_run_leaves_come_back_with_every_source(tmp_path: Path, name: str) -> None:
    told = outcomes(
        {"outcome": "failed"},
        {},
        {"outcome": "invalid"},
        {"outcome": "failed", "_src": 1, "row": 2, "sheet": "Cameras"},
    )
    attention = find_attention(told, findings())
    with (tmp_path / name).open("wb") as handle:
        if name.endswith("csv"):
            write_csv(handle, attention_frame(attention, [SITES, CAMERAS]))
        else:
            write_workbook(handle, attention_sheets(attention, [SITES, CAMERAS]))

    mended = read_mended(tmp_path / name, [SITES, CAMERAS])

    assert [_cells(one) for one in mended.sources] == [_cells(SITES), _cells(CAMERAS)]
    assert mended.changed == 0
    assert sorted(mended.rows.rows()) == [(0, 2), (0, 4), (1, 2)]
    assert isinstance(mended.rows, pl.DataFrame)


def test_a_number_that_lost_nothing_but_its_zeros_is_as_it_was() -> None:
    was, now = pl.Series(["0011", "0011", "0010", "A01", "00"]), pl.Series(["11", "12", "10", "1", "0"])
    assert _choose(was, now, raw=now).to_list() == ["0011", "12", "0010", "1", "00"]


def test_a_cell_whose_zeros_were_put_back_says_so(tmp_path: Path) -> None:
    ids = source([["S-1", "0042"], ["S-2", "0042"], ["S-3", "0042"], ["S-4", "0"]], ["Id", "Zone"])
    lines = [f"S-{at},{zone},a.xlsx,Sites,{at + 1}" for at, zone in ((1, "42"), (2, "43"), (3, "0042"), (4, "0"))]

    mended = _mend(tmp_path, "\n".join([f"Id,Zone,{KEYS}", *lines, ""]), ids)
    once_more = _mend(tmp_path, "\n".join([f"Id,Zone,{KEYS}", *lines[1:], ""]), *mended.sources)

    assert [zone for _, zone in _cells(mended.sources[0])] == ["0042", "43", "0042", "0"]
    told = mended.sources[0].table.findings.filter(pl.col("code") == "zeros_put_back")
    assert told.select("_row", "cell", "column", "severity", "value").rows() == [(2, "B2", "Zone", "note", "42")]
    assert told["message"][0].startswith("taken as 0042, as it was")
    assert once_more.sources[0].table.findings.is_empty()
