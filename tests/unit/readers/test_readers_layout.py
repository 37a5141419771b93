"""Merged cells and hidden columns are read, and told with their place."""

import struct
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from readers_files import cells, told
from workbook_packages import WORKBOOKS, grids, ods, package, record, wide, xlsb, xlsx_parts

from migrate.readers.grid import Grid
from migrate.readers.layout import MERGED, MERGED_DOWN_HINT, merged_notes
from migrate.readers.layout_xlsx import LayoutXlsx
from migrate.readers.limits import Unreadable
from migrate.readers.read import read

Made = Callable[[Path], Grid]

ROWS: list[list[str | None]] = [
    ["Site", "Zone", "Camera", "Note"],
    ["S1", "1", "C1"],
    [None, "2", "C2"],
    [None, "3", "C3"],
    ["North"],
]


def made_xlsx(folder: Path) -> Grid:
    return grids(written(folder))[0]


def written(folder: Path) -> Path:
    path = folder / "merged.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Cameras")
        for row, texts in enumerate(ROWS):
            sheet.write_row(row, 0, texts)
        sheet.merge_range("A2:A4", "S1")
        sheet.merge_range("A5:C5", "North")
        sheet.merge_range("G1:H2", "")
        sheet.set_column("B:B", None, None, {"hidden": True})
        sheet.set_column("E:XFD", None, None, {"hidden": True})
    return path


def made_xlsx_with_prefix(folder: Path) -> Grid:
    path = written(folder)
    parts = xlsx_parts({"Cameras": ""})
    row = "".join(
        f'<x:row r="{n}">'
        + "".join(
            f'<x:c r="{"ABCD"[c]}{n}" t="inlineStr"><x:is><x:t>{text}</x:t></x:is></x:c>'
            for c, text in enumerate(texts)
            if text
        )
        + "</x:row>"
        for n, texts in enumerate(ROWS, 1)
    )
    ranges = "<x:mergeCell ref='A2:A4'/><x:mergeCell xr:uid='{1}' ref=\"A5:C5\" />"
    parts["xl/worksheets/sheet1.xml"] = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:xr="r">'
        '<x:cols><x:col max="2" hidden="true" min="2"/><x:col min="3" max="4" hidden="0"/></x:cols>'
        f'<x:sheetData>{row}</x:sheetData><x:mergeCells count="2">{ranges}</x:mergeCells></x:worksheet>'
    )
    return grids(package(path, parts))[0]


def made_ods(folder: Path) -> Grid:
    def cell(text: str | None, more: str = "") -> str:
        tag = "table-cell" if text else "covered-table-cell"
        return f'<table:{tag} office:value-type="string" {more}><text:p>{text or ""}</text:p></table:{tag}>'

    spans = {"S1": 'table:number-rows-spanned="3"', "North": 'table:number-columns-spanned="3"'}
    rows = "".join(
        f"<table:table-row>{''.join(cell(text, spans.get(text or '', '')) for text in texts)}</table:table-row>"
        for texts in ROWS
    )
    hidden = '<table:table-column table:visibility="collapse"/>'
    columns = f'<table:table-column/>{hidden}<table:table-column table:number-columns-repeated="2"/>{hidden}'
    return grids(ods(folder, f'<table:table table:name="Cameras">{columns}{rows}</table:table>'), "ods")[0]


def made_xlsb(folder: Path) -> Grid:
    parts = [record(60, struct.pack("<IIIIH", col, col, 2340, 0, col == 1)) for col in range(4)]
    for row, texts in enumerate(ROWS):
        parts.append(record(0, struct.pack("<IIH", row, 0, 0) + bytes(4)))
        parts += [record(6, struct.pack("<II", col, 0) + wide(text)) for col, text in enumerate(texts) if text]
    parts += [record(176, struct.pack("<IIII", *place)) for place in ((1, 3, 0, 0), (4, 4, 0, 2))]
    return grids(xlsb(folder, b"".join(parts)), "xlsb")[0]


def made_xls(_: Path) -> Grid:
    return grids(WORKBOOKS / "merged.xls", "xls")[0]


@pytest.mark.parametrize("made", [made_xlsx, made_xlsx_with_prefix, made_ods, made_xlsb, made_xls])
def test_merged_ranges_with_a_value_and_hidden_columns_in_use_are_told(tmp_path: Path, made: Made) -> None:
    notes = made(tmp_path).notes
    merged = notes.filter(code="merged_cells").select("row", "col", "severity", "value", "message").rows()
    down = "the cells A2:A4 are merged; their value stands in A2 alone"
    across = "the cells A5:C5 are merged; their value stands in A5 alone"
    assert merged == [
        (2, 0, "warning", "S1", down),
        *((5, col, "warning", "North", across) for col in range(3)),
    ]
    hidden = notes.filter(code="hidden_column").select("row", "col", "severity").rows()
    assert hidden[0] == (None, 1, "note")
    assert [col for _, col, _ in hidden] in ([1], [1, 3])


def test_the_columns_of_merged_cells_and_hidden_ones_have_their_names(tmp_path: Path) -> None:
    (table,) = read(written(tmp_path))
    assert cells(table)[:2] == [(2, "S1", "1", "C1", None), (3, None, "2", "C2", None)]
    assert [(note["cell"], note["column"]) for note in told(table, "merged_cells")] == [
        ("A2", "Site"),
        ("A5", "Site"),
        ("B5", "Zone"),
        ("C5", "Camera"),
    ]
    said = 'column "Zone": hidden in the workbook, and read like any other'
    hidden = [(note["row"], note["column"], note["message"]) for note in told(table, "hidden_column")]
    assert hidden == [(None, "Zone", said)]


def test_ranges_that_are_none_are_passed_over_and_too_many_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = xlsx_parts({"S": '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'})
    ranges = "".join(f'<mergeCell ref="{ref}"/>' for ref in ("B1:A1", "A1:XFD1048576", "A1:XFD1048576", "ZZ9:ZZ10"))
    sheet = str(parts["xl/worksheets/sheet1.xml"]).replace(
        "</worksheet>", f"<mergeCells>{ranges}</mergeCells></worksheet>"
    )
    path = package(tmp_path / "a.xlsx", {**parts, "xl/worksheets/sheet1.xml": sheet})
    (grid,) = grids(path)
    assert grid.notes.select("row", "col", "code").rows() == [(1, 0, "merged_cells"), (1, 1, "merged_cells")]
    monkeypatch.setattr("migrate.readers.layout_xlsx.MAX_ROWS", 3)
    with pytest.raises(Unreadable, match="more than 3 merged ranges"):
        grids(path)


def test_a_tag_that_is_cut_in_two_is_seen_once() -> None:
    xml = b'<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:B2"/></mergeCells>'
    for cut in range(len(xml)):
        layout = LayoutXlsx()
        layout.see_below(xml[:cut])
        layout.see_below(xml[cut:])
        assert layout.merged.rows() == [(1, 2, 0, 0), (1, 2, 1, 1)]


def test_of_a_block_of_merged_cells_the_first_column_alone_can_be_filled_down() -> None:
    merged = pl.DataFrame([(1, 2, 0, 1), (3, 4, 1, 1)], schema=MERGED, orient="row")
    frame = pl.DataFrame({"0": ["a", None, None, None], "1": [None, None, "b", None]})
    notes = merged_notes(merged, frame).select("row", "col", pl.col("hint") == MERGED_DOWN_HINT)
    assert notes.rows() == [(1, 0, True), (1, 1, False), (3, 1, True)]
