"""SpreadsheetML 2003 comes out as Excel shows it, whatever suffix it goes by."""

from pathlib import Path

import pytest
from readers_files import refusal, told
from workbook_packages import codes, grids, hidden_rows, texts

from migrate.readers.grid import Grid
from migrate.readers.limits import Unreadable
from migrate.readers.read import read

HEAD = """<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:html="http://www.w3.org/TR/REC-html40">
"""
ACCOUNTS = (
    HEAD
    + """ <DocumentProperties xmlns="urn:schemas-microsoft-com:office:office">
  <Author>Accounts 7</Author></DocumentProperties>
 <Styles>
  <Style ss:ID="Default" ss:Name="Normal"><NumberFormat/></Style>
  <Style ss:ID="s21"><NumberFormat ss:Format="000000"/></Style>
  <Style ss:ID="s22" ss:Parent="s21"><Font ss:Bold="1"/></Style>
  <Style ss:ID="s23"><NumberFormat ss:Format="Short Date"/></Style>
  <Style ss:ID="s24"><NumberFormat ss:Format="@"/></Style>
  <Style ss:ID="s25"><NumberFormat ss:Format="Currency"/></Style>
  <Style ss:ID="s26"><NumberFormat ss:Format="Yes/No"/></Style>
 </Styles>
 <Worksheet ss:Name="Kunden">
  <Table ss:ExpandedColumnCount="7" ss:ExpandedRowCount="9" x:FullColumns="1">
   <Column ss:StyleID="s22" ss:Width="60"/><Column ss:Index="3" ss:Hidden="1" ss:Span="1"/>
   <Row><Cell ss:MergeAcross="3"><Data ss:Type="String">Kundenliste</Data></Cell></Row>
   <Row ss:Index="3" ss:Height="15">
    <Cell ss:StyleID="Default"><Data ss:Type="String">Konto</Data></Cell><Cell><Data ss:Type="String">Name</Data></Cell>
    <Cell><Data ss:Type="String">Seit</Data></Cell><Cell><Data ss:Type="String">Serial</Data></Cell>
    <Cell><Data ss:Type="String">Saldo</Data></Cell><Cell><Data ss:Type="String">Aktiv</Data></Cell>
   </Row>
   <Row>
    <Cell><Data ss:Type="Number">42</Data></Cell>
    <Cell><Data ss:Type="String">M&#252;ller &amp; S&#246;hne&#10;Werk 2</Data>
     <Comment ss:Author="x"><ss:Data xmlns="http://www.w3.org/TR/REC-html40"><B>x:</B> not a value</ss:Data></Comment>
    </Cell>
    <Cell ss:StyleID="s23"><Data ss:Type="DateTime">2021-03-05T00:00:00.000</Data></Cell>
    <Cell ss:StyleID="s24"><Data ss:Type="String">0017</Data></Cell>
    <Cell ss:StyleID="s25"><Data ss:Type="Number">1234.5</Data></Cell>
    <Cell ss:StyleID="s26"><Data ss:Type="Number">1</Data></Cell>
   </Row>
   <Row ss:Hidden="1">
    <Cell><Data ss:Type="Number">43</Data></Cell>
    <Cell ss:Index="4"><Data ss:Type="Number">420000000012</Data></Cell>
    <Cell ss:Formula="=R[-1]C*2"/><Cell><Data ss:Type="Boolean">0</Data></Cell>
   </Row>
   <Row ss:Index="7" ss:StyleID="s21">
    <Cell ss:StyleID="Default"><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>0</B>44</ss:Data></Cell>
    <Cell ss:MergeDown="1"><Data ss:Type="Error">#N/A</Data></Cell><Cell><Data ss:Type="Number">7</Data></Cell>
   </Row>
  </Table>
  <WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetVisible</Visible></WorksheetOptions>
 </Worksheet>
 <Worksheet ss:Name="Alt"><Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row></Table>
  <WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions>
 </Worksheet>
</Workbook>
"""
)


def workbook(folder: Path, xml: str | bytes) -> list[Grid]:
    path = folder / "kunden.xls"
    path.write_bytes(xml if isinstance(xml, bytes) else xml.encode())
    return grids(path, "xml")


def sheet(rows: str, *, around: str = "") -> str:
    return f'{HEAD}{around}<Worksheet ss:Name="A"><Table>{rows}</Table></Worksheet></Workbook>'


def cell(type_: str, value: str, given: str = "") -> str:
    return f'<Row><Cell {given}><Data ss:Type="{type_}">{value}</Data></Cell></Row>'


def test_a_workbook_of_an_accounting_program_is_read_as_excel_shows_it(tmp_path: Path) -> None:
    first, second = workbook(tmp_path, ACCOUNTS)
    assert texts(first) == [
        ["Kundenliste", None, None, None, None, None],
        [None] * 6,
        ["Konto", "Name", "Seit", "Serial", "Saldo", "Aktiv"],
        ["000042", "Müller & Söhne\nWerk 2", "3/5/2021", "0017", "$1,234.50", "Yes"],
        ["000043", None, None, "420000000012", None, "FALSE"],
        [None] * 6,
        ["044", "#N/A", "000007", None, None, None],
    ]
    assert (first.sheet, first.hidden, hidden_rows(first)) == ("Kunden", False, (5,))
    assert codes(first) == [
        (None, 0, "zeros_by_format", "2, such as 42 → 000042 in A4"),
        (None, 2, "zeros_by_format", "1, such as 7 → 000007 in C7"),
        (None, 2, "hidden_column", None),
        (None, 3, "hidden_column", None),
        *((1, col, "merged_cells", "Kundenliste") for col in range(4)),
        (4, 2, "date_cell", "3/5/2021"),
        (5, None, "hidden_row", None),
        (5, 4, "formula_without_value", None),
        (7, 1, "merged_cells", "#N/A"),
    ]
    assert (second.sheet, second.hidden, texts(second)) == ("Alt", True, [["x"]])


def test_its_table_is_found_below_the_title_and_its_wrong_name_is_a_warning(tmp_path: Path) -> None:
    workbook(tmp_path, ACCOUNTS)
    table, _ = read(tmp_path / "kunden.xls")
    assert (table.format, table.header_row, table.columns[:2]) == ("xml", 3, ["Konto", "Name"])
    (warning,) = told(table, "wrong_extension")
    assert warning["severity"] == "warning"
    assert "is a spreadsheet in XML of 2003" in warning["message"]


@pytest.mark.parametrize(
    ("type_", "value", "code", "shown"),
    [
        ("Number", "0042", None, "42"),
        ("Number", "1.5E3", None, "1500"),
        ("Number", " -.5e+1 ", None, "-5"),
        ("Number", "1_001", None, "1_001"),
        ("Number", "١٢", None, "١٢"),
        ("Number", "nan", None, "nan"),
        ("Number", "1e400", None, "1e400"),
        ("Number", "a lot", "Percent", "a lot"),
        ("Number", "0.5", "Percent", "50.00%"),
        ("Number", "1234.5", "Standard", "1,234.50"),
        ("Number", "45306.5", "General Date", "1/15/2024 12:00"),
        ("Number", "45306", "Medium Date", "15-Jan-24"),
        ("Number", "0.75", "Short Time", "18:00"),
        ("String", "0042", None, "0042"),
        ("String", " a ", None, "a"),
        ("DateTime", "2024-01-15T00:00:00.000", None, "2024-01-15"),
        ("DateTime", "2024-01-15T10:30:00.000", None, "2024-01-15 10:30:00"),
        ("DateTime", "soon", "Short Date", "soon"),
        ("Boolean", "1", None, "TRUE"),
        ("Boolean", "maybe", None, "maybe"),
        ("Error", "#REF!", None, "#REF!"),
    ],
)
def test_each_type_is_shown_by_its_format(tmp_path: Path, type_: str, value: str, code: str | None, shown: str) -> None:
    style = f'<Styles><Style ss:ID="s1"><NumberFormat ss:Format="{code}"/></Style></Styles>' if code else ""
    (grid,) = workbook(tmp_path, sheet(cell(type_, value, 'ss:StyleID="s1"' if code else ""), around=style))
    assert str(texts(grid)[0][0]).strip() == shown


@pytest.mark.parametrize("type_", ["Number", "Boolean", "DateTime", "String"])
def test_a_cell_with_a_type_and_nothing_in_it_is_empty(tmp_path: Path, type_: str) -> None:
    row = f'<Row><Cell><Data ss:Type="{type_}"/></Cell><Cell><Data ss:Type="Number">7</Data></Cell></Row>'
    (grid,) = workbook(tmp_path, sheet(row))
    assert (texts(grid), codes(grid)) == ([[None, "7"]], [])


def test_a_formula_whose_number_was_not_saved_is_told(tmp_path: Path) -> None:
    row = (
        '<Row><Cell ss:Formula="=1+1"><Data ss:Type="Number"/></Cell><Cell><Data ss:Type="Number">7</Data></Cell></Row>'
    )
    (grid,) = workbook(tmp_path, sheet(row))
    assert codes(grid) == [(1, 0, "formula_without_value", None)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "cp949", "iso-8859-1"])
def test_it_is_read_in_the_encoding_that_it_names(tmp_path: Path, encoding: str) -> None:
    name = {"utf-8-sig": "utf-8", "cp1252": "windows-1252", "cp949": "ks_c_5601-1987"}.get(encoding, encoding)
    letters = "서울" if encoding in {"cp949", "utf-16"} else "Zürich"
    xml = sheet(cell("String", letters)).replace('version="1.0"', f'version="1.0" encoding="{name}"')
    (grid,) = workbook(tmp_path, xml.encode(encoding))
    assert texts(grid) == [[letters]]


def test_days_of_1904_are_counted_from_there(tmp_path: Path) -> None:
    around = '<ExcelWorkbook xmlns="urn:schemas-microsoft-com:office:excel"><Date1904/></ExcelWorkbook>'
    around += '<Styles><Style ss:ID="s1"><NumberFormat ss:Format="Short Date"/></Style></Styles>'
    (grid,) = workbook(tmp_path, sheet(cell("Number", "43844", 'ss:StyleID="s1"'), around=around))
    assert texts(grid) == [["1/15/2024"]]


CELL = cell("String", "a")
LAST = cell("String", "a", 'ss:Index="16384"')


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        (ACCOUNTS[:2_000], "its XML is broken"),
        (sheet('<Row ss:Index="1048577"/>'), "beyond 1,048,576"),
        (sheet(cell("String", "a", 'ss:Index="16385"')), "beyond column 16,384"),
        (sheet(f'{CELL}<Row ss:Index="1048576">{LAST[5:]}'), "reaches to XFD1048576"),
        (HEAD.replace("<Workbook", '<!DOCTYPE a [<!ENTITY b "bb">]><Workbook') + "</Workbook>", "DOCTYPE"),
        (sheet(CELL).replace('"1.0"', '"1.0" encoding="klingon"', 1), "klingon"),
    ],
)
def test_a_workbook_that_can_not_be_read_is_refused_with_the_reason(tmp_path: Path, xml: str, why: str) -> None:
    with pytest.raises(Unreadable) as caught:
        workbook(tmp_path, xml)
    assert why in str(caught.value)


def test_a_refused_workbook_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path, ACCOUNTS[:2_000].encode(), "kunden.xls").startswith(": is damaged: its XML is broken")
