"""Any workbook that is written is read as it was meant, whatever stands in its cells."""

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.readers import formats_ods, formats_xls, formats_xlsb, formats_xlsx
from migrate.readers.addresses import column_letters
from migrate.readers.limits import Unreadable
from migrate.readers.rows_xlsx import Rows
from migrate.readers.showing import to_grid

PLACES = st.tuples(st.integers(0, 40), st.integers(0, 60))
TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x2FFF, exclude_categories=["Cs", "Cc"]), min_size=1)
VALUES = st.one_of(TEXT, st.integers(0, 10**15 - 1), st.booleans(), st.just("#N/A"))
READERS = [formats_ods, formats_xls, formats_xlsb, formats_xlsx]


def shown(value: str | int) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    return f"{value:05}" if isinstance(value, int) else value


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(PLACES, VALUES, max_size=30))
def test_every_cell_comes_back_in_its_place_as_it_is_shown(cells: dict[tuple[int, int], str | int]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet, zeros = book.add_worksheet(), book.add_format({"num_format": "00000"})
            for (row, col), value in cells.items():
                if isinstance(value, bool):
                    sheet.write_boolean(row, col, value)
                elif isinstance(value, int):
                    sheet.write_number(row, col, value, zeros)
                else:
                    sheet.write_string(row, col, value, zeros)
        (grid,) = [to_grid(sheet) for sheet in formats_xlsx.sheets(path)]
    found = {
        (row, col): text
        for row, line in enumerate(grid.frame.rows())
        for col, text in enumerate(line)
        if text is not None
    }
    assert found == {place: shown(value) for place, value in cells.items()}


@given(st.lists(st.lists(st.integers(0, 800), unique=True, max_size=5).map(sorted), max_size=5), st.integers(1, 50))
def test_rows_are_the_same_however_the_xml_is_cut(columns: list[list[int]], chunk: int) -> None:
    rows = [
        f'<row r="{n}">{"".join(f"<c r={chr(34)}{column_letters(col)}{n}{chr(34)}><v>1</v></c>" for col in cols)}</row>'
        for n, cols in enumerate(columns, 1)
    ]
    xml = f"<worksheet><sheetData>{''.join(rows)}</sheetData><after/></worksheet>".encode()
    found = Rows(iter([xml[at : at + chunk] for at in range(0, len(xml), chunk)]))
    assert b"".join(found.pieces()).decode() == "".join(rows)
    assert found.last_row == len(columns)
    assert found.columns == max((col + 1 for cols in columns for col in cols), default=0)
    assert found.first_filled == min((col for cols in columns for col in cols), default=0)


@settings(deadline=None)
@given(
    st.integers(0, 3),
    st.binary(max_size=200),
    st.sampled_from(["", "xl/workbook.xml", "xl/workbook.bin", "content.xml"]),
)
def test_any_bytes_are_refused_and_nothing_worse(reader: int, data: bytes, part: str) -> None:
    link = '<a><Relationship Type="/officeDocument" Target="{}"/></a>'
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        if part:
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("_rels/.rels", link.format(part))
                archive.writestr(part, data)
        else:
            path.write_bytes(data)
        try:
            found = list(READERS[reader].sheets(path))
        except Unreadable:
            found = []
    assert found == []
