"""XLSB workbooks as a person sees them."""

import struct
from pathlib import Path

import pytest
from workbook_packages import WORKBOOKS, codes, grids, hidden_rows, record, texts, wide, xlsb

from migrate.readers.limits import Unreadable


def row(number: int, *, hidden: bool = False) -> bytes:
    return record(0, struct.pack("<IIH", number - 1, 0, 0) + bytes([0, 0x10 if hidden else 0, 0, 0]))


def cell(kind: int, col: int, value: bytes, *, style: int = 0) -> bytes:
    return record(kind, struct.pack("<II", col, style) + value)


def test_all_kinds_of_cells_are_read(tmp_path: Path) -> None:
    cells = (
        row(2)
        + cell(1, 0, b"")
        + cell(2, 1, struct.pack("<i", 7 << 2 | 2))
        + cell(2, 2, struct.pack("<i", -123 << 2 | 3))
        + cell(2, 3, struct.pack("<d", 1.5)[4:])
        + cell(3, 4, b"\x2a")
        + cell(4, 5, b"\x01")
        + cell(5, 6, struct.pack("<d", 0.1 + 0.2))
        + cell(6, 7, wide("own"))
        + cell(7, 8, struct.pack("<I", 1))
        + cell(8, 9, wide("formula"))
        + cell(9, 10, struct.pack("<d", 44000), style=1)
        + cell(10, 11, b"\x00")
        + cell(11, 12, b"\x63")
        + cell(62, 13, b"\0" + wide("rich"))
    )
    (grid,) = grids(xlsb(tmp_path, cells, formats=["m/d/yy"], shared=["zero", "one"]), "xlsb")
    assert texts(grid) == [
        [None] * 14,
        [
            None,
            "7",
            "-1.23",
            "1.5",
            "#N/A",
            "TRUE",
            "0.3",
            "own",
            "one",
            "formula",
            "6/18/20",
            "FALSE",
            "#UNKNOWN!",
            "rich",
        ],
    ]
    assert codes(grid) == [(2, 10, "date_cell", "6/18/20")]


def test_short_cells_stand_to_the_right_of_the_one_before(tmp_path: Path) -> None:
    first = cell(2, 3, struct.pack("<i", 1 << 2 | 2), style=1)
    short = record(13, struct.pack("<I", 1) + struct.pack("<i", 2 << 2 | 2))
    assert texts(grids(xlsb(tmp_path, row(1) + first + short, formats=["00"]), "xlsb")[0]) == [
        [None, None, None, "01", "02"]
    ]


def test_hidden_rows_and_the_1904_date_system_are_known(tmp_path: Path) -> None:
    cells = row(1) + row(2, hidden=True) + cell(5, 0, struct.pack("<d", 0), style=1) + cell(5, 1, bytes(8), style=99)
    (grid,) = grids(xlsb(tmp_path, cells, formats=["yyyy"], flags=1), "xlsb")
    assert texts(grid)[1] == ["1904", "0"]
    assert hidden_rows(grid) == (2,)


def test_a_workbook_by_excel_keeps_its_sheets_and_hidden_ones() -> None:
    found = grids(WORKBOOKS / "sheet_visibility.xlsb", "xlsb")
    assert [(grid.sheet, grid.hidden) for grid in found] == [("Visible", False), ("Hidden", True), ("VeryHidden", True)]
    assert texts(found[0])[:2] == [
        list("visible")[:1] + list("isible"),
        ["118", "105", "115", "105", "98", "108", "101"],
    ]


@pytest.mark.parametrize("cells", [row(1) + b"\x02", row(1) + cell(7, 0, struct.pack("<I", 5)), cell(5, 0, b"\0")])
def test_records_cut_short_are_refused(tmp_path: Path, cells: bytes) -> None:
    with pytest.raises(Unreadable, match="cut short"):
        grids(xlsb(tmp_path, cells), "xlsb")


def test_a_cell_far_away_is_refused_with_its_place(tmp_path: Path) -> None:
    cells = row(1) + cell(4, 0, b"\1") + row(1_048_576) + cell(4, 16_383, b"\1")
    with pytest.raises(Unreadable, match=r"'Sites' reaches to XFD1048576"):
        grids(xlsb(tmp_path, cells), "xlsb")
    with pytest.raises(Unreadable, match="beyond the end"):
        grids(xlsb(tmp_path, row(1_048_577) + cell(4, 0, b"\1")), "xlsb")


def test_too_many_cells_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrate.readers.cells.MAX_WALKED_CELLS", 1)
    with pytest.raises(Unreadable, match="more than 1 cells"):
        grids(xlsb(tmp_path, row(1) + cell(4, 0, b"\1") + cell(4, 1, b"\1")), "xlsb")
