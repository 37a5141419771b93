"""XLSX workbooks as a person sees them."""

from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook
from workbook_packages import MAIN, codes, grids, hidden_rows, package, texts, xlsx, xlsx_parts

from migrate.readers.limits import Unreadable


def test_numbers_show_as_their_format_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, (number, code) in enumerate(
            [(42, "000000"), (123456789, "000-00-0000"), (0.125, "0.0%"), (5, "$0.00")]
        ):
            sheet.write_number(row, 0, number, book.add_format({"num_format": code}))
    assert texts(grids(path)[0]) == [["000042"], ["123-45-6789"], ["12.5%"], ["$5.00"]]


def test_zeros_that_a_format_gives_are_one_note_a_column_with_their_number_and_an_example(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="str"><v>0042</v></c><c r="B1" s="1"><v>1234</v></c><c r="C1" s="2"><v>7</v></c></row>'
        '<row r="2"><c r="A2"><v>0.5</v></c><c r="B2" s="1"><v>42</v></c><c r="C2" s="2"><v>0.25</v></c></row>'
        '<row r="3"><c r="B3" s="1"><v>7</v></c><c r="C3" s="3"><v>0.5</v></c></row>'
    )
    (grid,) = grids(xlsx(tmp_path, rows, formats=["0000", "000", "hh:mm"]))
    assert [row[1] for row in texts(grid)] == ["1234", "0042", "0007"]
    assert [note for note in codes(grid) if note[2] != "date_cell"] == [
        (None, 1, "zeros_by_format", "2, such as 42 → 0042 in B2"),
        (None, 2, "zeros_by_format", "2, such as 7 → 007 in C1"),
    ]


def test_a_general_number_has_all_digits_up_to_15(tmp_path: Path) -> None:
    values = ["0.30000000000000004", "1E+14", "12345678901", "1E-07", "1.5e-10", "1234.0", "1.123456789012345", "-0.1"]
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{value}</v></c></row>' for n, value in enumerate(values, 1))
    shown = [row[0] for row in texts(grids(xlsx(tmp_path, rows))[0])]
    assert shown == [
        "0.3",
        "100000000000000",
        "12345678901",
        "0.0000001",
        "0.00000000015",
        "1234",
        "1.12345678901235",
        "-0.1",
    ]


def test_text_is_left_alone_whatever_its_format(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="1" t="inlineStr"><is><t>0042</t></is></c>'
        '<c r="C1" t="str"><f>A1</f><v>12345678901234567890</v></c></row>'
    )
    path = xlsx(tmp_path, rows, formats=["000"], shared=["1.50"])
    assert texts(grids(path)[0]) == [["1.50", "0042", "12345678901234567890"]]


def test_booleans_errors_and_dates_show_as_in_excel(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="b"><f>1=2</f><v>0</v></c><c r="C1" t="e"><v>#N/A</v></c>'
        '<c r="D1" s="1"><v>44000</v></c><c r="E1" s="1" t="d"><v>2020-06-18T00:00:00Z</v></c>'
        '<c r="F1" t="d"><v>2020-06-18</v></c><c r="G1" s="2" t="d"><v>06:30:00</v></c>'
        '<c r="H1" s="1" t="d"><v>some day</v></c></row>'
    )
    (grid,) = grids(xlsx(tmp_path, rows, formats=["m/d/yy", "h:mm"]))
    assert texts(grid) == [["TRUE", "FALSE", "#N/A", "6/18/20", "6/18/20", "2020-06-18", "6:30", "some day"]]
    assert [(col, value) for _, col, code, value in codes(grid) if code == "date_cell"] == [
        (3, "6/18/20"),
        (4, "6/18/20"),
        (6, "6:30"),
    ]


def test_the_1904_date_system_is_known(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" s="1"><v>0</v></c><c r="B1" s="1" t="d"><v>1904-01-02</v></c></row>'
    path = xlsx(tmp_path, rows, formats=["yyyy-mm-dd"], workbook='<workbookPr date1904="1"/>')
    assert texts(grids(path)[0]) == [["1904-01-01", "1904-01-02"]]


def test_rows_and_columns_stand_where_the_sheet_has_them(tmp_path: Path) -> None:
    rows = '<row r="3"><c r="C3"><v>1</v></c></row><row r="5"><c r="B5" t="str"><v></v></c><c r="D5"><v>2</v></c></row>'
    (grid,) = grids(xlsx(tmp_path, rows))
    assert grid.first_row == 1
    assert texts(grid) == [[None] * 4, [None] * 4, [None, None, "1", None], [None] * 4, [None, None, None, "2"]]


def test_styled_empty_cells_on_the_left_do_not_shift_columns(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" s="1"/><c r="B1" s="1"></c><c r="C1"><v></v></c><c r="D1" s="1"><v>7</v></c></row>'
    assert texts(grids(xlsx(tmp_path, rows, formats=["000"]))[0]) == [[None, None, None, "007"]]


def test_cells_without_a_place_are_counted(tmp_path: Path) -> None:
    rows = (
        "<row><c t='b'><v>1</v></c><c s='1'><v>7</v></c></row>"
        "<row r='4' hidden='1'><c/><c s='1'><v>8</v></c><c r='d4' s='1'><v>9</v></c><c s='1'><v>10</v></c></row>"
    )
    (grid,) = grids(xlsx(tmp_path, rows, formats=["000"]))
    assert texts(grid)[0] == ["TRUE", "007", None, None, None]
    assert texts(grid)[3] == [None, "008", None, "009", "010"]
    assert hidden_rows(grid) == (4,)


def test_a_prefix_on_all_tags_changes_nothing(tmp_path: Path) -> None:
    parts = xlsx_parts({"Sites": ""}, formats=["000"])
    parts["xl/worksheets/sheet1.xml"] = (
        f"<x:worksheet {MAIN.replace('xmlns=', 'xmlns:x=')}><x:sheetData>"
        '<x:row r="1"><x:c r="A1" s="1"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    assert texts(grids(package(tmp_path / "a.xlsx", parts))[0]) == [["007"]]


def test_rich_text_inside_cells_is_not_taken_for_cells(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><r><rPr><color rgb="FF0000"/><charset val="1"/></rPr>'
        "<t>Gate</t></r></is></c>"
        '<c r="B1" s="1"><v>7</v></c></row>'
    )
    assert texts(grids(xlsx(tmp_path, rows, formats=["000"]))[0]) == [["Gate", "007"]]


def test_wide_sheets_keep_all_their_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        zeros = book.add_format({"num_format": "000"})
        for row, width in enumerate([3, 60, 800, 30]):
            for col in range(width):
                sheet.write_number(row, col, col, zeros)
    frame = grids(path)[0].frame
    assert frame.shape == (4, 800)
    assert frame.row(2)[799] == "799"
    assert frame.row(1)[25:28] == ("025", "026", "027")


def test_a_formula_without_a_saved_value_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = Workbook()
    book.active.append(["a", "=1+1"])
    book.save(path)
    (grid,) = grids(path)
    assert texts(grid) == [["a"]]
    assert codes(grid) == [(1, 1, "formula_without_value", None)]


def test_a_formula_with_an_inline_text_was_computed_only_if_there_is_one(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><f>B2</f><is><t></t></is></c>'
        '<c r="B1" t="inlineStr"><f>B2</f><is><t>some</t></is></c></row>'
    )
    (grid,) = grids(xlsx(tmp_path, rows))
    assert texts(grid) == [[None, "some"]]
    assert codes(grid) == [(1, 0, "formula_without_value", None)]


def test_a_formula_with_an_empty_text_has_a_value(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="str"><f>""</f><v></v></c></row>'
    assert codes(grids(xlsx(tmp_path, rows))[0]) == []


def test_escapes_in_a_formulas_text_are_read(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="str"><f>B1</f><v>a_x000D_\r\nb &amp; _x005F_c</v></c></row>'
    assert texts(grids(xlsx(tmp_path, rows))[0]) == [["a\r\nb & _c"]]


def test_an_escape_that_is_no_character_stays_as_it_is_written(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="str"><f>B1</f><v>a_xD83D_b_xdfff__xD7FF_</v></c>'
        '<c r="B1" t="str"><v>a_xD83D_b</v></c><c r="C1" t="s"><v>0</v></c></row>'
    )
    assert texts(grids(xlsx(tmp_path, rows, shared=["a_xD83D_b"]))[0]) == [
        ["a_xD83D_b_xdfff_\ud7ff", "a_xD83D_b", "a_xD83D_b"]
    ]


def test_more_than_15_digits_are_told_as_rounded(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1.2345678901234568E+19</v></c><c r="B1" t="str"><v>12345678901234567890</v></c></row>'
    )
    (grid,) = grids(xlsx(tmp_path, rows))
    assert texts(grid) == [["12345678901234600000", "12345678901234567890"]]
    assert codes(grid) == [(1, 0, "rounded_digits", "12345678901234600000")]


def test_a_format_that_hides_a_value_is_told(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" s="1"><v>7</v></c><c r="B1" s="1" t="s"><v>0</v></c><c r="C1"><v>1</v></c></row>'
    (grid,) = grids(xlsx(tmp_path, rows, formats=[";;;"], shared=["Gate"]))
    assert texts(grid) == [[None, None, "1"]]
    assert codes(grid) == [(1, 0, "hidden_by_format", "7"), (1, 1, "hidden_by_format", "Gate")]


def test_text_formats_change_shared_and_inline_text(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="1" t="inlineStr"><is><t>b</t></is></c>'
        '<c r="C1" s="1"><v>5</v></c></row>'
    )
    path = xlsx(tmp_path, rows, formats=["0;0;0;&quot;Acct &quot;@"], shared=["a"])
    assert texts(grids(path)[0]) == [["Acct a", "Acct b", "5"]]


def test_an_empty_cell_in_a_text_format_stays_empty(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="C2" s="1" t="s"></c></row>'
    assert texts(grids(xlsx(tmp_path, rows, formats=["0;0;0;&quot;Acct &quot;@"]))[0]) == [["1"]]


def test_hidden_sheets_and_rows_are_read_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Seen").write_string("A1", "a")
        hidden = book.add_worksheet("R&D <old>")
        hidden.hide()
        hidden.write_string("A1", "b")
        hidden.write_string("A2", "c")
        hidden.set_row(1, None, None, {"hidden": True})
    seen, unseen = grids(path)
    assert (seen.sheet, seen.hidden, codes(seen)) == ("Seen", False, [])
    assert (unseen.sheet, unseen.hidden, hidden_rows(unseen)) == ("R&D <old>", True, (2,))
    assert codes(unseen) == [(None, None, "hidden_sheet", None), (2, None, "hidden_row", None)]
    assert unseen.notes["severity"].to_list() == ["note", "note"]


def test_empty_and_chart_sheets_do_not_stop_the_others(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Empty")
        sheet = book.add_worksheet("Data")
        sheet.write_number("A1", 1)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Data!$A$1:$A$1"})
        book.add_chartsheet("Chart").set_chart(chart)
        book.add_worksheet("Last").write_string("A1", "z")
    found = grids(path)
    assert [(grid.sheet, grid.frame.shape) for grid in found] == [("Empty", (0, 0)), ("Data", (1, 1)), ("Last", (1, 1))]


def test_a_large_sheet_is_scanned_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrate.readers.formats_xlsx._SCAN_FIRST_BYTES", 0)
    monkeypatch.setattr("migrate.readers.archive._CHUNK_BYTES", 4096)
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        zeros = book.add_format({"num_format": "00000"})
        for row in range(2_000):
            sheet.write_number(row, 1, row, zeros)
    frame = grids(path)[0].frame
    assert frame["1"].to_list() == [f"{row:05}" for row in range(2_000)]


def test_very_many_styles_are_found_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrate.readers.marks_xlsx._MAX_NAMED_STYLES", 1)
    rows = '<row r="1"><c r="A1" s="1"><v>7</v></c><c r="B1" s="2"><v>7</v></c><c r="C1" s="99"><v>7</v></c></row>'
    assert texts(grids(xlsx(tmp_path, rows, formats=["00", "000"]))[0]) == [["07", "007", "7"]]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ('<row r="2"><c r="A2"><v>2</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>', "out of order"),
        ('<row r="1"><c r="ZZZZ99999999"><v>1</v></c></row>', "ZZZZ99999999"),
        ('<row r="1"><c r="A0"><v>1</v></c></row>', "A0"),
        ('<row r="1"><c r="A1" t="n"><v>abc</v></c></row>', "damaged"),
    ],
)
def test_a_damaged_sheet_is_refused_by_its_name(tmp_path: Path, rows: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why) as caught:
        grids(xlsx(tmp_path, rows))
    assert "sheet 'Sites'" in str(caught.value)


def test_a_sheet_cut_short_is_refused(tmp_path: Path) -> None:
    parts = xlsx_parts({"Sites": ""})
    parts["xl/worksheets/sheet1.xml"] = f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
    with pytest.raises(Unreadable, match="ends in the middle"):
        grids(package(tmp_path / "a.xlsx", parts))


def test_a_macro_sheet_is_refused_with_what_to_do(tmp_path: Path) -> None:
    parts = xlsx_parts({"Sites": '<row r="1"><c r="A1"><v>1</v></c></row>'})
    links = str(parts["xl/_rels/workbook.xml.rels"])
    parts["xl/_rels/workbook.xml.rels"] = links.replace(
        "</Rel",
        '<Relationship Id="r2" Target="macrosheets/sheet1.xml" '
        'Type="http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet"/></Rel',
    )
    parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace(
        "</sheets>", '<sheet name="M" sheetId="2" r:id="r2"/></sheets>'
    )
    parts["xl/macrosheets/sheet1.xml"] = "<macrosheet/>"
    with pytest.raises(Unreadable, match="macro sheet"):
        grids(package(tmp_path / "a.xlsx", parts))
