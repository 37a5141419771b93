"""XLS workbooks as a person sees them."""

import struct
from pathlib import Path

import pytest
from workbook_packages import WORKBOOKS, codes, grids, texts

from migrate.readers.limits import Unreadable


def test_errors_booleans_and_dates_show_as_in_excel() -> None:
    (grid,) = grids(WORKBOOKS / "ErrorTypes.xls", "xls")
    shown = texts(grid)
    assert [row[0] for row in shown[1:13]] == [
        "#NULL!",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#N/A",
        "#WTF",
        "123",
        "foo",
        "10/11/14",
        "TRUE",
    ]
    assert [row for row, *_ in codes(grid) if row] == [12, 12, 12]


def test_formats_with_conditions_show_as_in_excel() -> None:
    shown = texts(grids(WORKBOOKS / "NumberFormatCondition.xls", "xls")[0])
    assert [row[:4] for row in shown[:3]] == [
        ["50", "50", "50", "050"],
        ["26", "26", "051", "51"],
        ["25", "25", "049", "49"],
    ]
    assert [row[0] for row in shown[5:8]] == ["-1", "-25", "26"]


def test_a_protected_workbook_is_refused() -> None:
    with pytest.raises(Unreadable, match="password"):
        grids(WORKBOOKS / "password_2002_128_strong.xls", "xls")


@pytest.mark.parametrize("cut", [600, 3_000, 20_000])
def test_a_damaged_workbook_is_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "cut.xls"
    path.write_bytes((WORKBOOKS / "NumberFormatCondition.xls").read_bytes()[:cut])
    with pytest.raises(Unreadable, match="damaged"):
        grids(path, "xls")


def test_what_only_begins_like_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "junk.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"junk" * 500)
    with pytest.raises(Unreadable, match="damaged"):
        grids(path, "xls")


def test_a_list_of_streams_that_goes_in_circles_is_refused(tmp_path: Path) -> None:
    data = bytearray((WORKBOOKS / "ErrorTypes.xls").read_bytes())
    (sector,) = struct.unpack_from("<i", data, 48)
    entries = 512 + 512 * sector
    (first,) = struct.unpack_from("<i", data, entries + 76)
    struct.pack_into("<i", data, entries + 128 * first + 68, first)
    (tmp_path / "a.xls").write_bytes(data)
    with pytest.raises(Unreadable, match=r"is damaged \(RecursionError\)"):
        grids(tmp_path / "a.xls", "xls")
