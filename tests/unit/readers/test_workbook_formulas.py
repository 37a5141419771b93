"""A formula that has a new value whenever the workbook is opened is told, with the value that was read."""

import struct
from pathlib import Path

import pytest
from workbook_packages import MAIN, codes, grids, ods, package, record, texts, wide, xlsb, xlsx, xlsx_parts

from migrate.readers.formulas_xls import new_each_time
from migrate.readers.grid import Grid

CODE = "volatile_formula"
BY_EXCEL = Path(__file__).parents[2] / "corpus" / "workbooks" / "formula_stress_test.xls"


def volatile(grid: Grid) -> list[tuple[int | None, int | None, str | None]]:
    """Return row, column and value of what is told of formulas."""
    return [(row, col, value) for row, col, code, value in codes(grid) if code == CODE]


def test_xlsx_formulas_are_told_by_excels_mark_and_by_what_they_call(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="str"><f ca="1">Zone(B1)</f><v>7</v></c><c r="B1"><f>rand()</f><v>0.5</v></c>'
        '<c r="C1"><f aca="false">B1*2</f><v>1</v></c><c r="D1" t="str"><f>"KNOW ("&amp;B1</f><v>x</v></c></row>'
        '<row r="2"><c r="A2" t="str"><f t="shared" ca="1" si="0"/><v></v></c><c r="B2"><f>TODAY()</f></c></row>'
    )
    (grid,) = grids(xlsx(tmp_path, rows))
    assert volatile(grid) == [(1, 0, "7"), (1, 1, "0.5"), (2, 0, None)]
    assert (2, 1, "formula_without_value", None) in codes(grid)


def test_a_sheet_without_formulas_has_none_told(tmp_path: Path) -> None:
    parts = xlsx_parts({"A": '<row r="1"><c r="A1" t="str"><v>NOW()</v></c></row>', "B": ""})
    parts["xl/worksheets/sheet2.xml"] = f"<worksheet {MAIN}><sheetData/></worksheet>"
    found = grids(package(tmp_path / "a.xlsx", parts))
    assert [texts(grid) for grid in found] == [[["NOW()"]], []]
    assert [volatile(grid) for grid in found] == [[], []]


def test_ods_formulas_are_told_in_each_cell_that_repeats_them(tmp_path: Path) -> None:
    value = 'office:value-type="float" office:value="5"'
    cells = (
        f'<table:table-cell table:formula="of:=NOW()" table:number-columns-repeated="2" {value}/>'
        f'<table:table-cell table:formula="of:=[.A1]+1" {value}/><table:table-cell table:formula="of:=NOW()"/>'
    )
    (grid,) = grids(ods(tmp_path, f"<table:table><table:table-row>{cells}</table:table-row></table:table>"), "ods")
    assert volatile(grid) == [(1, 0, "5"), (1, 1, "5")]


def test_spreadsheetml_formulas_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(
        '<?xml version="1.0"?><Workbook xmlns="urn:s" xmlns:ss="urn:s"><Worksheet ss:Name="A"><Table><Row>'
        '<Cell ss:Formula="=TODAY()+1"><Data ss:Type="Number">5</Data></Cell>'
        '<Cell ss:Formula="=RC[-1]"><Data ss:Type="Number">5</Data></Cell>'
        "</Row></Table></Worksheet></Workbook>",
        encoding="utf-8",
    )
    assert volatile(grids(path, "xml")[0]) == [(1, 0, "5")]


@pytest.mark.parametrize(
    ("kind", "value"),
    [(8, wide("ab")), (9, struct.pack("<d", 5)), (10, b"\1"), (11, b"\x2a")],
    ids=["text", "number", "truth", "error"],
)
def test_xlsb_formulas_are_told_by_their_flags(tmp_path: Path, kind: int, value: bytes) -> None:
    row = record(0, struct.pack("<III", 0, 0, 0) + bytes(2))
    cells = [record(kind, struct.pack("<II", col, 0) + value + bytes([flags, 0])) for col, flags in enumerate((2, 0))]
    (grid,) = grids(xlsb(tmp_path, row + b"".join(cells)), "xlsb")
    assert volatile(grid) == [(1, 0, texts(grid)[0][0])]


def test_xls_formulas_of_excel_are_told() -> None:
    told = {grid.sheet: volatile(grid) for grid in grids(BY_EXCEL, "xls")}
    assert told["Date"] == [(6, 1, "4/30/13 14:04"), (7, 1, "4/30/13")]
    assert [(row, col) for row, col, _ in told["Math"]] == [(46, 1), (47, 1)]
    assert told["Statistical"] == []


@pytest.mark.parametrize("cut", range(1, 30))
def test_records_of_an_xls_that_are_cut_short_do_no_harm(cut: int) -> None:
    formula = struct.pack("<HHHHH8sHIH", 0x06, 22, 3, 4, 0, bytes(8), 1, 0, 0)
    stream = struct.pack("<HH", 0x809, 0) + formula + struct.pack("<HH", 0x0A, 0) + formula
    assert new_each_time(stream, 0) == [(4, 4)]
    assert new_each_time(stream[:cut], 0) in ([], [(4, 4)])
