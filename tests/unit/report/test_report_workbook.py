"""Workbooks: texts are texts, names are valid, long cells are cut with a mark."""

import errno
import gc
import io
import zipfile
from typing import Any, BinaryIO, cast

import openpyxl
import polars as pl
import pytest
from report_runs import PAYLOADS

from migrate.report import workbook as workbook_room
from migrate.report.measure import note_size
from migrate.report.workbook import CELL_MAX, Sheet, cell_text, sheet_name, write_workbook


def _written(*sheets: Sheet) -> io.BytesIO:
    handle = io.BytesIO()
    write_workbook(handle, sheets)
    handle.seek(0)
    return handle


def _rows(handle: io.BytesIO, sheet: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(handle)
    return list(book[sheet].iter_rows(values_only=True))


def test_numbers_are_numbers_and_texts_keep_their_zeros() -> None:
    handle = _written(Sheet("Rows", pl.DataFrame({"id": ["0042", None], "row": [2, 3]})))

    assert _rows(handle, "Rows") == [("id", "row"), ("0042", 2), (None, 3)]


def test_payloads_are_text_in_every_place_and_nothing_is_a_formula_or_a_link() -> None:
    frame = pl.DataFrame({payload: list(PAYLOADS) for payload in PAYLOADS})
    comments = [(index, PAYLOADS[0], payload) for index, payload in enumerate(PAYLOADS)]
    handle = _written(*(Sheet(payload, frame, comments=comments) for payload in PAYLOADS))

    with zipfile.ZipFile(handle) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert not any("<f>" in text or "<f " in text or "<hyperlink" in text for text in parts.values())
    assert not any('TargetMode="External"' in text for text in parts.values())
    book = openpyxl.load_workbook(handle)
    for sheet in book.worksheets:
        cells = [cell for line in sheet.iter_rows() for cell in line]
        assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}


def test_a_text_that_looks_like_rich_text_stays_a_text() -> None:
    handle = _written(Sheet("Rows", pl.DataFrame({"a": ["<r><t>x</t></r>"]})))

    assert _rows(handle, "Rows")[1] == ("<r><t>x</t></r>",)


def test_what_xml_cannot_hold_is_escaped_as_excel_does() -> None:
    handle = _written(Sheet("Rows", pl.DataFrame({"a": ["a\x07b", "_x0041_", "\uffff", "line\nbreak", "  spaced  "]})))

    with zipfile.ZipFile(handle) as archive:
        text = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "a_x0007_b" in text
    assert "_x005F_x0041_" in text
    assert "\uffff" not in text
    assert _rows(handle, "Rows")[4:] == [("line\nbreak",), ("  spaced  ",)]


def test_a_cell_that_is_too_long_is_cut_with_a_mark_that_says_so() -> None:
    handle = _written(Sheet("Rows", pl.DataFrame({"a": ["x" * 40_000, "short", "\U0001f600" * 20_000]})))

    long, short, wide = (row[0] for row in _rows(handle, "Rows")[1:])
    assert len(long) == CELL_MAX
    assert long.endswith("… [cut: 40,000 characters]")
    assert short == "short"
    assert wide.endswith("[cut: 20,000 characters]")
    assert len(wide.encode("utf-16-le")) // 2 <= CELL_MAX


def test_a_cell_that_just_fits_is_not_cut() -> None:
    assert cell_text("x" * CELL_MAX) == "x" * CELL_MAX


def test_tints_and_comments_stand_where_they_belong() -> None:
    frame = pl.DataFrame({"a": ["good", "bad", "good"], "b": ["1", "2", "3"]})
    handle = _written(
        Sheet("Rows", frame, tints={"a": pl.Series([None, "bad", None])}, comments=[(1, "a", "what is wrong\nand why")])
    )

    sheet = openpyxl.load_workbook(handle)["Rows"]
    assert [sheet.cell(row, 1).fill.fgColor.rgb for row in (2, 3, 4)] == ["00000000", "FFFBD5D0", "00000000"]
    assert sheet["A3"].comment is not None
    assert sheet["A3"].comment.text == "what is wrong\nand why"
    assert sheet["A3"].number_format == "@"


def test_the_header_stays_in_view_and_filters() -> None:
    sheet = openpyxl.load_workbook(_written(Sheet("Rows", pl.DataFrame({"a": ["1", "2"], "b": ["3", "4"]}))))["Rows"]

    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet.dimensions == "A1:B3"


def test_columns_are_as_wide_as_their_content_within_bounds_and_where_they_are_told() -> None:
    frame = pl.DataFrame({"a": ["x" * 20, None], "long": ["y" * 500, ""], "b": ["", ""], "told": ["z" * 90, ""]})
    frame = frame.with_columns(pl.Series("korean", ["서울 강남 센터", "x"]), n=pl.Series([1, 2]))
    sheet = openpyxl.load_workbook(_written(Sheet("Rows", frame, widths={"told": 60})))["Rows"]

    widths = [round(sheet.column_dimensions[letter].width) for letter in "ABCDEF"]
    assert widths == [23, 37, 9, 61, 17, 9]


def test_wrapped_rows_are_as_high_as_their_text_and_text_stays_text() -> None:
    frame = pl.DataFrame({"m": ["x" * 30, "y" * 100, "one\ntwo\nthree", None, "z" * 9_000], "n": [1, 2, 3, 4, 5]})
    sheet = openpyxl.load_workbook(_written(Sheet("Rows", frame, widths={"m": 40}, wrapped=frozenset({"m"}))))["Rows"]

    assert [sheet.row_dimensions[row].height for row in range(2, 7)] == [15, 45, 45, 15, 405]
    assert sheet["A3"].alignment.wrap_text is True
    assert sheet["A3"].number_format == "@"
    assert sheet["B3"].alignment.horizontal == "right"


def test_a_long_name_of_a_column_is_read_whole_in_a_higher_header() -> None:
    sheet = openpyxl.load_workbook(_written(Sheet("Rows", pl.DataFrame({"n " * 50: ["x"], "b": ["y"]}))))["Rows"]

    assert sheet.row_dimensions[1].height == 45
    assert sheet["A1"].alignment.wrap_text is True


def test_a_long_sheet_is_not_wrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_room, "WRAPPED_ROWS_MAX", 1)
    frame = pl.DataFrame({"m": ["x" * 300, "y"]})
    sheet = openpyxl.load_workbook(_written(Sheet("Rows", frame, wrapped=frozenset({"m"}))))["Rows"]

    assert not sheet["A2"].alignment.wrap_text
    assert sheet.row_dimensions[2].height is None


def test_a_comment_is_as_high_as_its_text_and_never_higher_than_a_screen() -> None:
    heights = [note_size(text)[1] for text in ("short", "x" * 100, "a\nb\nc", "서울" * 48, "x" * 9_000)]

    assert heights == [30, 62, 62, 78, 480]
    handle = _written(Sheet("Rows", pl.DataFrame({"a": ["1"]}), comments=[(0, "a", "x" * 100)]))
    with zipfile.ZipFile(handle) as archive:
        drawn = archive.read("xl/drawings/vmlDrawing1.vml").decode()
    assert "width:240pt;height:46.5pt" in drawn


def test_a_printed_sheet_is_a_page_wide_and_repeats_its_header() -> None:
    sheet = openpyxl.load_workbook(_written(Sheet("Rows", pl.DataFrame({"a": ["1"]}))))["Rows"]

    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
    assert sheet.print_title_rows == "$1:$1"


def test_many_rows_are_written_in_order_across_chunks() -> None:
    frame = pl.DataFrame({"a": [str(number) for number in range(45_000)]})
    book = openpyxl.load_workbook(_written(Sheet("Rows", frame)), read_only=True)

    assert [row[0] for row in book["Rows"].iter_rows(min_row=2, values_only=True)] == frame["a"].to_list()


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("Sites", set(), "Sites"),
        ("Sites", {"sites"}, "Sites (2)"),
        ("sites", {"sites", "sites (2)"}, "sites (3)"),
        ("a[b]:c*?/\\d", set(), "a_b__c____d"),
        ("'quoted'", set(), "quoted"),
        ("", set(), "Sheet"),
        ("''", set(), "Sheet"),
        ("History", set(), "History (2)"),
        ("x" * 40, set(), "x" * 31),
        ("x" * 40, {"x" * 31}, "x" * 27 + " (2)"),
        ("\U0001f600" * 20, set(), "\U0001f600" * 15),
        ("line\nbreak", set(), "line_break"),
    ],
)
def test_sheet_names_are_valid_and_unique(wanted: str, taken: set[str], name: str) -> None:
    assert sheet_name(wanted, taken) == name


class _Full(io.RawIOBase):
    def write(self, data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_one_error_and_leaves_nothing_open() -> None:
    with pytest.raises(OSError, match="No space left"):
        write_workbook(cast("BinaryIO", _Full()), [Sheet("Rows", pl.DataFrame({"a": ["x"]}))])
    gc.collect()
