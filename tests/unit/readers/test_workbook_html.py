"""Web pages that go by the name of a workbook come out as the sheets that a spreadsheet program makes of them."""

from pathlib import Path

import pytest
from readers_files import codes as finding_codes
from readers_files import refusal, told
from workbook_packages import codes, grids, hidden_rows, texts

from migrate.readers import html_tables
from migrate.readers.grid import Grid
from migrate.readers.limits import MAX_COLUMNS, Unreadable
from migrate.readers.options import ReadOptions
from migrate.readers.read import read

ASP_NET_GRID = """
<div>
\t<table cellspacing="0" rules="all" border="1" id="ctl00_Main_GridView1" style="border-collapse:collapse;">
\t\t<tr style="color:White;background-color:#507CD1;font-weight:bold;">
\t\t\t<th scope="col"><a href="javascript:__doPostBack('GridView1','Sort$Acct')">Account #</a></th>
\t\t\t<th scope="col">Name</th>
\t\t\t<th scope="col">Phone</th><th scope="col">&nbsp;</th>
\t\t</tr><tr>
\t\t\t<td>0042</td><td>Caf&eacute; &amp; Bar</td><td>(555) 010-0042</td>
\t\t\t<td><input type="checkbox" checked="checked" /></td>
\t\t</tr><tr style="background-color:#EFF3FB;">
\t\t\t<td>004200000000000000017</td><td>O&#39;Neil<br />Warehouse   B</td><td>&nbsp;</td>
\t\t\t<td><input type="text" value="x" /></td>
\t\t</tr>
\t</table>
</div>
"""
SSRS_REPORT = """<html><head><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=utf-8"><title>Sites</title>
<style type="text/css">.a1 { BORDER: 1pt solid } .a2 { mso-number-format:"\\@" }</style></head>
<body bottomMargin="0"><DIV dir="LTR" style="HEIGHT:100%"><TABLE CELLSPACING="0" CELLPADDING="0"><TR><TD>
<TABLE CELLSPACING="0" CELLPADDING="0" LANG="en-US"><TR><TD style="WIDTH:40mm;HEIGHT:6mm"></TD><TD></TD></TR>
<TR VALIGN="top"><TD COLSPAN="2"><DIV class="a1">Site inventory</DIV></TD></TR></TABLE>
<TABLE CELLSPACING="0" CELLPADDING="0" COLS="3" BORDER="0">
<TR><TD style="HEIGHT:0mm;WIDTH:25mm"></TD><TD></TD><TD></TD></TR>
<TR VALIGN="top"><TD class="a1"><DIV>Site</DIV></TD><TD class="a1"><DIV>Account</DIV></TD><TD class="a1">
<DIV>Zone</DIV></TD></TR>
<TR VALIGN="top"><TD ROWSPAN="2" class="a1">S-1</TD><TD class="a2">000123</TD><TD class="a2">001</TD></TR>
<TR VALIGN="top"><TD class="a2">000123</TD><TD class="a2">002</TD></TR>
<TR VALIGN="top"><TD class="a1">Total: 2</TD><TD></TD><TD></TD></TR></TABLE>
</TD></TR></TABLE></DIV></body></html>"""
EXCEL_PAGE = """<html xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=windows-1252">
<!--[if gte mso 9]><xml><x:ExcelWorkbook><x:ExcelWorksheets><x:ExcelWorksheet><x:Name>Cameras</x:Name>
</x:ExcelWorksheet></x:ExcelWorksheets></x:ExcelWorkbook></xml><![endif]-->
<style><!-- td {mso-number-format:General;} .xl24 {mso-number-format:"\\@";} --></style></head>
<body><table x:str border=0 cellpadding=0><col width=64>
<tr height=17><td height=17>Serial</td><td>Stra\xdfe</td><td class=xl24>Zone</td></tr>
<tr><td align=right x:num="420000000012">4.2E+11</td><td x:str="Main ">Main<span style='mso-spacerun:yes'> </span></td>
<td class=xl24>007</td></tr>
<tr style='mso-height-source:userset;display:none'><td x:num>12</td><td>B &lt; C</td>
<td style='mso-number-format:"000"' x:num="8">8</td></tr>
<![if supportMisalignedColumns]><tr height=0 style='display:none'><td width=64></td></tr><![endif]>
</table></body></html>"""


def page(folder: Path, html: str | bytes, name: str = "sites.xls") -> list[Grid]:
    path = folder / name
    path.write_bytes(html if isinstance(html, bytes) else html.encode())
    return grids(path, "html")


def body(folder: Path, rows: str) -> list[list[str | None]]:
    (grid,) = page(folder, f"<table>{rows}</table>")
    return texts(grid)


def test_a_grid_of_a_web_shop_keeps_its_zeros_and_lines(tmp_path: Path) -> None:
    (grid,) = page(tmp_path, ASP_NET_GRID)
    assert texts(grid) == [
        ["Account #", "Name", "Phone", None],
        ["0042", "Café & Bar", "(555) 010-0042", None],
        ["004200000000000000017", "O'Neil\nWarehouse B", None, "x"],
    ]
    assert codes(grid) == []


def test_a_report_in_frames_of_tables_is_one_sheet_below_its_title(tmp_path: Path) -> None:
    (grid,) = page(tmp_path, SSRS_REPORT)
    assert [row for row in texts(grid) if any(row)] == [
        ["Site inventory", None, None],
        ["Site", "Account", "Zone"],
        ["S-1", "000123", "001"],
        [None, "000123", "002"],
        ["Total: 2", None, None],
    ]
    (table,) = read(tmp_path / "sites.xls")
    assert (table.format, table.columns) == ("html", ["Site", "Account", "Zone"])
    assert table.left_out["why"].to_list() == ["total"]
    (warning,) = told(table, "wrong_extension")
    assert (warning["severity"], warning["value"]) == ("warning", ".xls")
    assert "is a web page (HTML), whatever its name says, and was read as such" in warning["message"]


def test_a_page_that_excel_saved_has_its_name_its_digits_and_its_hidden_rows(tmp_path: Path) -> None:
    (grid,) = page(tmp_path, EXCEL_PAGE.encode("cp1252"))
    assert grid.sheet == "Cameras"
    assert texts(grid) == [["Serial", "Straße", "Zone"], ["420000000012", "Main", "007"], ["12", "B < C", "008"]]
    assert hidden_rows(grid) == (3,)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("<tr><td rowspan=2>a<td>b<tr><td>c", [["a", "b"], [None, "c"]]),
        ("<tr><td colspan=2>a</td><td>b</td></tr>", [["a", None, "b"]]),
        ("<tr><td rowspan=3 colspan=2>a</td><td>b</td></tr><tr><td>c</td></tr>", [["a", None, "b"], [None, None, "c"]]),
        ("<tr><td rowspan=2>a</td><td rowspan=2>b</td></tr><tr><td>c", [["a", "b", None], [None, None, "c"]]),
        ("<tr><td colspan='x' rowspan=0>a</td><td colspan=-1>b</td></tr>", [["a", "b"]]),
        ("<thead><tr><th>H</th></tr></thead><tbody><td>a</td></tbody><tfoot><tr><td>f", [["H"], ["a"], ["f"]]),
        ("<tr><td><p>a</p><p>b</p></td><td><b>x</b><i>y</i> z\n\t w</td></tr>", [["a\nb", "xy z w"]]),
        ("<tr><td>5 < 6 &lt; 7</td><td>a&nbsp;b &amp;amp; &#x4e2d;</td></tr>", [["5 < 6 < 7", "a\xa0b &amp; 中"]]),
        ("<tr><td><span style='display: none'>20240101</span>1/1/24</td></tr>", [["1/1/24"]]),
        ("<tr><td><script>document.write('<td>x')</script>a<!-- <td>b --></td></tr>", [["a"]]),
        ("<tr><td><select><option>A<option selected>B<option>C</select></td></tr>", [["B"]]),
        ('<tr><td title=5"> a</td><td data-x=\'>\' title="<td>">b</td></tr>', [["a", "b"]]),
        ("<tr><td>=1+1</td><td><textarea> t </textarea></td></tr>", [["=1+1", "t"]]),
        ("<tr></tr><tr><td>a</td></tr>", [[None], ["a"]]),
        ("<tr><td>a<td hidden>k<td>b<tr><td>c<td style='Display:None'>", [["a", "b"], ["c", None]]),
    ],
)
def test_cells_are_laid_out_as_browsers_do(tmp_path: Path, rows: str, expected: list[list[str | None]]) -> None:
    assert body(tmp_path, rows) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("<td x:num='420000000012'>4.2E+11", "420000000012"),
        ("<td x:num=42>", "42"),
        ("<td x:num=nan>", None),
        ("<td x:num=1e400>", None),
        ("<td x:num=1_001>", None),
        ("<td x:num=nan>4.2E+11", "4.2E+11"),
        ("<td x:num=inf>7", "7"),
    ],
)
def test_a_number_behind_a_cell_is_taken_only_if_it_is_one(tmp_path: Path, cell: str, expected: str | None) -> None:
    assert body(tmp_path, f"<tr><td>a</td>{cell}</td><td>b</td></tr>") == [["a", expected, "b"]]


def test_a_cell_that_is_not_shown_takes_no_place_and_is_told(tmp_path: Path) -> None:
    hidden = "<td style='color:red; display:none'>{}<b>!</b></td>"
    rows = "".join(f"<tr>{hidden.format(key)}<td>S{key}</td><td>Shop {key}</td></tr>" for key in ("91", "92"))
    (tmp_path / "a.html").write_text(
        f"<table><tr><th>Site<th style='display:none'>&nbsp;<th>Name{rows}</table>", encoding="utf-8"
    )
    (table,) = read(tmp_path / "a.html")
    assert table.columns == ["Site", "Name"]
    assert table.frame.rows() == [(2, "S91", "Shop 91"), (3, "S92", "Shop 92")]
    (note,) = told(table, "hidden_cells")
    assert (note["severity"], str(note["message"])[-3:]) == ("note", ": 2")


def test_a_table_within_a_cell_that_is_not_shown_is_a_hidden_one(tmp_path: Path) -> None:
    inner = "<table><tr><td>x<td>y<tr><td>z<td>8</table>"
    html = f"<table><tr><td>a<td>b<td style='display:none'>{inner}<tr><td>c<td>7</table>"
    outer, within = page(tmp_path, html)
    assert (texts(outer)[-2:], outer.hidden) == ([["a", "b"], ["c", "7"]], False)
    assert within.hidden


def test_cells_that_span_rows_are_told_as_merged_where_they_stand_in_the_sheet(tmp_path: Path) -> None:
    html = "<h1>Sites</h1><table><tr><th>Site<th>Zone<tr><td rowspan=2>S1<td>1<tr><td>2</table>"
    (grid,) = page(tmp_path, html)
    assert texts(grid)[2:] == [["S1", "1"], [None, "2"]]
    assert [code for code in codes(grid) if code[2] == "merged_cells"] == [(3, 0, "merged_cells", "S1")]


def test_tables_with_different_headers_are_sheets_and_pages_of_one_are_not(tmp_path: Path) -> None:
    sites = "<table><tr><th>Site<th>Name<tr><td>{}<td>Shop</table>"
    cameras = "<table><tr><th>Zone<th>Camera<tr><td>1<td>Door</table>"
    html = f"<h1>Sites</h1>{sites.format(1)}<p>Page 1</p>{sites.format(2)}<h1>Cameras</h1>{cameras}"
    first, second = page(tmp_path, html)
    assert (first.sheet, second.sheet) == ("Table 1", "Table 2")
    assert texts(first)[3:] == [["Page 1", None], ["Site", "Name"], ["2", "Shop"]]
    assert [row for row in texts(second) if any(row)][:2] == [["Cameras", None], ["Zone", "Camera"]]
    one, two = read(tmp_path / "sites.xls")
    assert one.frame.rows() == [(3, "1", "Shop"), (4, "Page 1", None), (5, "Site", "Name"), (6, "2", "Shop")]
    assert one.left_out.rows() == [(4, "page number"), (5, "repeated header")]
    assert (two.header_row, two.frame.rows()) == (8, [(9, "1", "Door")])


def test_text_above_is_a_title_and_text_below_is_left_out_and_told(tmp_path: Path) -> None:
    rows = "<tr><th>Site<th>Name<tr><td>0001<td>Shop<tr><td colspan=2>Total: 1"
    (tmp_path / "a.html").write_text(
        f"<h1>Sites</h1><table>{rows}</table><hr><p>&copy; Acme</p><p>1 of 1", encoding="utf-8"
    )
    (table,) = read(tmp_path / "a.html")
    assert (table.header_row, table.frame.rows()) == (2, [(3, "0001", "Shop"), (4, "Total: 1", None)])
    assert table.left_out.rows() == [(4, "total")]
    (note,) = told(table, "text_below")
    assert (note["severity"], note["value"]) == ("note", "\xa9 Acme")
    assert note["message"].endswith("lines of it: 2")


@pytest.mark.parametrize(
    ("html", "guessed"),
    [
        ("<meta charset=euc-kr><table><tr><td>서울".encode("cp949"), None),
        ("<table><tr><td>서울</table>".encode("utf-16"), None),
        ("\ufeff<table><tr><td>서울</table>".encode(), None),
        ("<meta charset=iso-8859-1><table><tr><td>서울</table>".encode(), None),
        ("<table><tr><td>서울</table>".encode("cp949"), "cp949"),
        ("<meta charset=utf-8><table><tr><td>서울 강남</table>".encode("cp949"), "cp949"),
    ],
)
def test_letters_are_those_of_the_encoding_that_is_told_or_guessed(
    tmp_path: Path, html: bytes, guessed: str | None
) -> None:
    (grid,) = page(tmp_path, html)
    assert str(texts(grid)[0][0]).startswith("서울")
    assert [value for _, _, code, value in codes(grid) if code == "encoding_guessed"] == [guessed] * bool(guessed)


@pytest.mark.parametrize("charset", ["", "<meta charset=iso-8859-1>"])
def test_an_encoding_that_is_told_goes_before_what_the_page_says(tmp_path: Path, charset: str) -> None:
    html = f"{charset}<table><tr><td>Site<td>Zone<tr><td>Żółw<td>1</table>"
    (tmp_path / "a.html").write_bytes(html.encode("cp1250"))
    (table,) = read(tmp_path / "a.html", options=ReadOptions(encoding="cp1250"))
    assert (table.frame["Site"].to_list(), finding_codes(table)) == (["Żółw"], [])


@pytest.mark.parametrize(
    ("encoding", "why"),
    [("utf-8", "byte 7 (line 1) is no text in utf-8"), ("utf-16", "is not utf-16"), ("a\0b", "is no encoding")],
)
def test_an_encoding_that_a_page_is_not_in_is_refused(tmp_path: Path, encoding: str, why: str) -> None:
    html = "<table>\xe9<tr><td>Site<td>Zone<tr><td>A<td>1</table>".encode("cp1252")
    assert why in refusal(tmp_path, html, "a.html", options=ReadOptions(encoding=encoding))


@pytest.mark.parametrize(("letters", "sureness"), [("서울특별시 강남구 테헤란로", "sure"), ("é", "a guess")])
def test_a_guessed_encoding_is_told_as_it_is_of_a_text_file(tmp_path: Path, letters: str, sureness: str) -> None:
    encoded = letters.encode("cp949" if sureness == "sure" else "cp1252")
    (tmp_path / "a.csv").write_bytes(b"Site,Zone\n" + encoded + b",1\n")
    (tmp_path / "a.html").write_bytes(b"<table><tr><td>Site<td>Zone<tr><td>" + encoded + b"<td>1</table>")
    of_text, of_page = (told(read(tmp_path / name)[0], "encoding_guessed")[0] for name in ("a.csv", "a.html"))
    assert f"({sureness}: " in str(of_page["message"])
    for part in ("severity", "value", "message", "hint"):
        assert of_page[part] == of_text[part]


def test_many_lines_below_a_table_are_counted(tmp_path: Path) -> None:
    (grid,) = page(tmp_path, "<table><tr><td>Site<td>Zone<tr><td>1<td>2</table>" + "<p>a<p>b" * 15_000)
    assert codes(grid) == [(None, None, "text_below", "a")]
    assert str(grid.notes["message"][0]).endswith("lines of it: 30,000")


def test_a_table_that_is_cut_short_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text("<table><tr><td>Site<td>Zone</tr><tr><td>1<td>2</tr><tr><td>2", encoding="utf-8")
    (table,) = read(tmp_path / "a.xls")
    assert finding_codes(table) == ["wrong_extension", "cut_short"]
    assert table.frame.rows() == [(2, "1", "2"), (3, "2", None)]


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<html><body>Session expired, log in", "is a web page (HTML) without a table"),
        ("<html><frameset><frame src=sheet001.htm></frameset>", "without a table"),
        ("<table><tr><td>Site</td></tr><tr><td cla", "a tag is not closed"),
        ("<table><tr><td>a</td></tr></table><!-- <table>", "a comment is not closed"),
        ("<table><tr><td>a</td></tr><script>var a = 1", "its <script> is not closed"),
        ("<table><tr><td>" * 51, "tables within tables, more than 50 deep"),
        ("<table>" + "<tr>" * 1_001, "more than 1,000 rows"),
        ("<table><tr>" + "<td colspan=1000>a" * 17, f"more than {MAX_COLUMNS:,} columns"),
    ],
)
def test_a_page_that_can_not_be_read_is_refused_with_the_reason(
    tmp_path: Path, html: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html_tables, "MAX_ROWS", 1_000)
    with pytest.raises(Unreadable) as caught:
        page(tmp_path, html)
    assert why in str(caught.value)


def test_a_refused_page_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"<html><body>Log in").startswith(": is a web page (HTML) without a table")
