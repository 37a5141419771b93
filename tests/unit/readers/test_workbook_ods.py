"""ODS workbooks as a person sees them."""

from pathlib import Path

import pytest
from workbook_packages import OFFICE, WORKBOOKS, codes, grids, hidden_rows, ods, package, texts

from migrate.readers.limits import Unreadable


def table(*rows: str, columns: str = "", name: str = "Sites", style: str = "") -> str:
    return f'<table:table table:name="{name}" table:style-name="{style}">{columns}{"".join(rows)}</table:table>'


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def cell(text: str, attributes: str = 'office:value-type="string"', *, tag: str = "table-cell") -> str:
    return f"<table:{tag} {attributes}>{f'<text:p>{text}</text:p>' if text else ''}</table:{tag}>"


def number(text: str, value: str, *, style: str = "", kind: str = "float") -> str:
    named = f'table:style-name="{style}"' if style else ""
    return cell(text, f'office:value-type="{kind}" office:value="{value}" {named}')


def number_style(name: str, inside: str) -> str:
    return (
        f'<number:number-style style:name="N{name}">{inside}</number:number-style>'
        f'<style:style style:name="{name}" style:family="table-cell" style:data-style-name="N{name}"/>'
    )


GENERAL = number_style("general", '<number:number number:min-integer-digits="1"/>')
ZEROS = number_style("zeros", '<number:number number:decimal-places="0" number:min-integer-digits="4"/>')
UNIT = number_style("unit", '<number:number number:min-integer-digits="1"/><number:text>kg</number:text>')


def test_cells_show_the_text_that_the_file_holds(tmp_path: Path) -> None:
    cells = [
        cell("Gate"),
        number("$1.00", "1", kind="currency"),
        number("12%", "0.1234", kind="percentage"),
        cell("6/18/20", 'office:value-type="date" office:date-value="2020-06-18"'),
        cell("", 'office:value-type="time" office:time-value="PT06H30M00S"'),
        cell("WAHR", 'office:value-type="boolean" office:boolean-value="true"'),
        cell("", 'office:value-type="boolean" office:boolean-value="false"'),
        number("#N/A", "0"),
        cell("", 'office:value-type="string" office:string-value="given"'),
    ]
    (grid,) = grids(ods(tmp_path, table(row(*cells))), "ods")
    assert texts(grid) == [["Gate", "$1.00", "12%", "6/18/20", "PT06H30M00S", "TRUE", "FALSE", "#N/A", "given"]]
    assert codes(grid) == [(1, 3, "date_cell", "6/18/20"), (1, 4, "date_cell", "PT06H30M00S")]


def test_only_general_numbers_are_given_with_all_their_digits(tmp_path: Path) -> None:
    cells = [
        number("0.33", "0.333333333333333", style="general"),
        number("0042", "42", style="zeros"),
        number("5kg", "5", style="unit"),
        number("1.23E+10", "12345678901"),
        number("####", "7", style="zeros"),
        number("", "8"),
        number("1.2346E+19", "12345678901234567890"),
    ]
    (grid,) = grids(ods(tmp_path, table(row(*cells)), styles=GENERAL + ZEROS + UNIT), "ods")
    assert texts(grid) == [["0.333333333333333", "0042", "5kg", "12345678901", "7", "8", "12345678901234600000"]]
    assert codes(grid) == [
        (None, 1, "zeros_by_format", "1, such as 42 → 0042 in B1"),
        (1, 6, "rounded_digits", "12345678901234600000"),
    ]


@pytest.mark.parametrize("value", ["", "nan", "1e400", "1_001", "some"])
def test_what_is_no_number_is_the_text_that_the_cell_shows(tmp_path: Path, value: str) -> None:
    path = ods(tmp_path, table(row(number("7 kg", value), number("", value), cell("a"))))
    assert texts(grids(path, "ods")[0]) == [["7 kg", None, "a"]]


def test_a_format_may_come_from_the_column_or_a_parent_style(tmp_path: Path) -> None:
    columns = (
        '<table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:default-cell-style-name="child"/>'
    )
    child = '<style:style style:name="child" style:family="table-cell" style:parent-style-name="zeros"/>'
    loop = '<style:style style:name="loop" style:family="table-cell" style:parent-style-name="loop"/>'
    cells = [number("1.0", "1"), number("2.0", "2", style="loop"), number("0003", "3"), number("4.0", "4")]
    path = ods(tmp_path, table(row(*cells), columns=columns), styles=ZEROS + child + loop)
    assert texts(grids(path, "ods")[0]) == [["1", "2", "0003", "4"]]


def test_repeated_cells_and_rows_are_repeated(tmp_path: Path) -> None:
    rows = [
        row(attributes='table:number-rows-repeated="2"'),
        row(
            cell("", 'table:number-columns-repeated="2"'),
            cell("a", 'office:value-type="string" table:number-columns-repeated="2"'),
            cell("", 'table:number-columns-repeated="16380"'),
            attributes='table:number-rows-repeated="2" table:visibility="filter"',
        ),
        row(cell("", 'table:number-columns-repeated="16384"'), attributes='table:number-rows-repeated="1048572"'),
    ]
    (grid,) = grids(ods(tmp_path, table(*rows)), "ods")
    assert texts(grid) == [[None] * 4, [None] * 4, [None, None, "a", "a"], [None, None, "a", "a"]]
    assert hidden_rows(grid) == (3, 4)


def test_paragraphs_spaces_and_comments_are_told_apart(tmp_path: Path) -> None:
    note = "<office:annotation><text:p>seen by <text:span>Bob</text:span></text:p></office:annotation>"
    first = "<text:p>a<text:s text:c='2'/>b<text:tab/>c</text:p>"
    second = "<text:p><text:span>d</text:span><text:line-break/>e</text:p>"
    cells = f'<table:table-cell office:value-type="string">{note}\n  {first}\n  {second}\n</table:table-cell>'
    assert texts(grids(ods(tmp_path, table(row(cells))), "ods")[0]) == [["a  b\tc\nd\ne"]]


def test_covered_cells_are_empty_and_formulas_without_value_are_told(tmp_path: Path) -> None:
    cells = [cell("a"), cell("b", tag="covered-table-cell"), cell("", 'table:formula="of:=1+1"'), cell("c")]
    (grid,) = grids(ods(tmp_path, table(row(*cells))), "ods")
    assert texts(grid) == [["a", None, None, "c"]]
    assert codes(grid) == [(1, 2, "formula_without_value", None)]


def test_hidden_rows_under_the_last_cell_are_not_told(tmp_path: Path) -> None:
    hidden = row(attributes='table:visibility="collapse" table:number-rows-repeated="1048575"')
    assert codes(grids(ods(tmp_path, table(row(cell("a")), hidden)), "ods")[0]) == []


def test_hidden_tables_and_rows_are_told(tmp_path: Path) -> None:
    properties = '<style:table-properties table:display="false"/>'
    styles = f'<style:style style:name="ta" style:family="table">{properties}</style:style>'
    first, second = grids(
        ods(tmp_path, table(name="A", style="ta") + table(row(cell("b")), name="B"), styles=styles), "ods"
    )
    assert (first.sheet, first.hidden, first.frame.shape) == ("A", True, (0, 0))
    assert (second.sheet, second.hidden) == ("B", False)


def test_a_workbook_by_excel_keeps_its_filtered_rows() -> None:
    found = grids(WORKBOOKS / "AutoFilter.ods", "ods")
    assert texts(found[0])[1] == [
        "5",
        "XLSX (Excel 2007+)",
        "js-xlsx",
        "Strict Open XML Spreadsheet, Excel Workbook",
        "1",
    ]
    assert hidden_rows(found[0]) == ()
    assert sum(len(hidden_rows(grid)) for grid in found) == 94


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (row(cell("a"), attributes='table:number-rows-repeated="1048577"'), "beyond XFD1048576"),
        (row(cell("a", 'office:value-type="string" table:number-columns-repeated="16385"')), "beyond XFD1048576"),
        (row(cell("a"), attributes='table:number-rows-repeated="many"'), "damaged"),
        ("<table:table-row>", "damaged"),
    ],
)
def test_a_table_beyond_all_bounds_or_broken_is_refused(tmp_path: Path, rows: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        grids(ods(tmp_path, table(rows)), "ods")


def test_a_protected_or_incomplete_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="password"):
        grids(
            package(tmp_path / "a.ods", {"META-INF/manifest.xml": "<m:encryption-data/>", "content.xml": b"\1"}), "ods"
        )
    with pytest.raises(Unreadable, match="missing"):
        grids(package(tmp_path / "b.ods", {"styles.xml": f"<office:document-styles {OFFICE}/>"}), "ods")
