"""Workbooks that would fill the memory or never end are refused, with the limit that they break."""

import zipfile
from pathlib import Path

import pytest
from workbook_packages import WORKBOOKS, grids, ods, package, texts, xlsx, xlsx_parts

from migrate.readers import limits
from migrate.readers.archive import Archive
from migrate.readers.limits import CellBudget, Unreadable
from migrate.readers.xml_tags import start_tags


def cell(place: str) -> str:
    return f'<c r="{place}"><v>1</v></c>'


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (f'<row r="1">{cell("A1")}</row><row r="1048576">{cell("XFD1048576")}</row>', "reaches to XFD1048576"),
        (f'<row r="1">{cell("XFD1")}</row><row r="20000">{cell("B20000")}</row>', "reaches to XFD20000"),
        (f'<row r="1">{cell("A1")}</row><row r="2">{cell("XFD1048576")}</row>', "reaches to XFD1048576"),
        (
            f'<row r="1">{cell("A1")}</row><row r="1048576">{cell("xfd1048576").replace(" r", "  r")}</row>',
            "XFD1048576",
        ),
        (f'<row r="1048577">{cell("A1048577")}</row>', "beyond the end"),
        (f'<row r="1">{cell("XFE1")}</row>', "beyond the end"),
        (f'<row r="12345678">{cell("A1")}</row>', "too large"),
        (f"<row r='{'9' * 30}'>{cell('A1')}</row>", "too large"),
    ],
)
def test_a_cell_far_away_is_refused_with_sheet_and_place(tmp_path: Path, rows: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why) as caught:
        grids(xlsx(tmp_path, rows))
    assert "sheet 'Sites'" in str(caught.value)


def test_the_last_row_alone_is_read(tmp_path: Path) -> None:
    (grid,) = grids(xlsx(tmp_path, f'<row r="1048576">{cell("A1048576")}</row>'))
    assert grid.frame.shape == (1_048_576, 1)
    assert grid.frame.item(-1, 0) == "1"


def test_sheets_share_one_budget_of_cells() -> None:
    budget = CellBudget()
    budget.spend("A", rows=1_000_000, columns=50, filled=1_000_000)
    with pytest.raises(Unreadable, match="'B' reaches to T1000000"):
        budget.spend("B", rows=1_000_000, columns=20, filled=1_000_000)
    with pytest.raises(Unreadable, match="beyond the end"):
        CellBudget().spend("A", rows=1, columns=16_385, filled=1)


def test_a_large_sheet_with_next_to_nothing_in_it_is_refused(tmp_path: Path) -> None:
    CellBudget().spend("A", rows=1_048_576, columns=3, filled=1)
    CellBudget().spend("A", rows=1_000_000, columns=12, filled=100_000)
    with pytest.raises(Unreadable, match="reaches to Z1048576, and nearly all of it is empty"):
        grids(xlsx(tmp_path, f'<row r="1">{cell("A1")}</row><row r="1048576">{cell("Z1048576")}</row>'))


def test_a_part_that_unpacks_far_beyond_its_size_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrate.readers.archive.RATIO_COUNTS_FROM_BYTES", 1_000_000)
    text = "x" * 3_000_000
    path = xlsx(tmp_path, f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>')
    with pytest.raises(Unreadable, match="zip bombs"):
        grids(path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = xlsx(tmp_path, f'<row r="1">{cell("A1")}</row>')
    monkeypatch.setattr("migrate.readers.archive.MAX_INFLATED_BYTES", 500)
    with pytest.raises(Unreadable, match="unpacks to more than"):
        grids(path)


def test_bytes_are_counted_as_they_come_whatever_the_part_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = package(tmp_path / "a.zip", {"a.xml": "x" * 10_000})
    archive = Archive(path)
    monkeypatch.setattr(archive, "_left", 9_999)
    with pytest.raises(Unreadable, match="unpacks to more than"), archive:
        archive.read("a.xml")


def test_parts_that_unpack_to_too_much_together_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrate.readers.archive.RATIO_COUNTS_FROM_BYTES", 1_000_000)
    path = package(tmp_path / "a.zip", {f"{n}.xml": "<a/>" * 200_000 for n in range(3)})
    with pytest.raises(Unreadable, match="unpacks to more than 100 times its size"):
        Archive(path)
    monkeypatch.setattr("migrate.readers.archive.RATIO_COUNTS_FROM_BYTES", 2_400_000)
    with Archive(path) as archive:
        for _ in range(3):
            archive.read("0.xml")
        with pytest.raises(Unreadable, match="unpacks to more than 100 times its size"):
            archive.read("0.xml")


def test_a_text_that_no_cell_could_hold_is_refused(tmp_path: Path) -> None:
    parts = {"a.xml": f"<a>{'x' * 1_048_576}</a>", "b.xml": f"<a>{'x' * 500_000}</a>" * 3}
    with Archive(package(tmp_path / "a.zip", parts)) as archive:
        assert len(archive.read("b.xml")) == 1_500_021
        with pytest.raises(Unreadable, match=r"'a\.xml' has a text of more than 512 KiB"):
            archive.read("a.xml")


def test_a_list_of_parts_without_end_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = package(tmp_path / "a.zip", {"a.xml": "x"})
    data = bytearray(path.read_bytes() + bytes(5_000_000))
    end = data.rindex(b"PK\x05\x06")
    directory = data[end + 16 : end + 20]
    record = data[end : end + 12] + (4_500_000).to_bytes(4, "little") + directory + b"\0\0"
    path.write_bytes(data[:end] + bytes(4_500_000) + record)
    with pytest.raises(Unreadable, match="list of parts is said to be longer than 4 MiB"):
        Archive(path)


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_that_unpacks_without_a_limit_is_refused(tmp_path: Path, packing: int) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", packing) as archive:
        archive.writestr("a.xml", "x")
    with pytest.raises(Unreadable, match="packed as no spreadsheet program does"):
        Archive(tmp_path / "a.zip")


def test_a_row_that_says_to_be_repeated_a_million_times_is_refused(tmp_path: Path) -> None:
    cells_ = "<table:table-cell office:value-type='string'><text:p>x</text:p></table:table-cell>" * 2
    row = f"<table:table-row table:number-rows-repeated='600000'>{cells_}</table:table-row>"
    with pytest.raises(Unreadable, match="'A' repeats cells more than 1,000,000 times"):
        grids(ods(tmp_path, f"<table:table table:name='A'>{row}</table:table>"), "ods")


def test_sheets_without_number_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SHEETS", 2)
    three = {
        "xlsx": package(tmp_path / "a.xlsx", xlsx_parts(dict.fromkeys("ABC", ""))),
        "xlsb": WORKBOOKS / "sheet_visibility.xlsb",
        "ods": ods(tmp_path, "<table:table table:name='A'/>" * 3),
        "html": tmp_path / "a.html",
        "xml": tmp_path / "a.xml",
    }
    table = "<table><tr><th>a{0}<th>b<tr><td>1<td>2</table>"
    three["html"].write_text("".join(table.format(n) for n in range(3)), encoding="utf-8")
    three["xml"].write_text(f"<Workbook>{'<Worksheet/>' * 3}</Workbook>", encoding="utf-8")
    for kind, path in three.items():
        with pytest.raises(Unreadable, match="more than 2 sheets"):
            grids(path, kind)


def test_a_number_format_of_any_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="a number format of more than 1,000 characters"):
        grids(xlsx(tmp_path, f'<row r="1">{cell("A1")}</row>', formats=["0" * 1_001]))


def test_a_doctype_in_letters_of_another_alphabet_is_refused() -> None:
    declared = '<?xml version="1.0" encoding="cp037"?>'
    body = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("cp037")
    with pytest.raises(Unreadable):
        list(start_tags(declared.encode() + body))
    with pytest.raises(Unreadable, match="DOCTYPE"):
        list(start_tags(b"<!DOCTYPE a><a/>"))


def test_a_part_longer_than_it_says_is_refused(tmp_path: Path) -> None:
    path = package(tmp_path / "a.zip", {"a.xml": "x" * 10_000})
    data = path.read_bytes()
    central = data.rindex(b"PK\x01\x02")
    path.write_bytes(data[: central + 24] + (100).to_bytes(4, "little") + data[central + 28 :])
    with Archive(path) as archive, pytest.raises(Unreadable, match="longer than it says"):
        archive.read("a.xml")


def test_a_row_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrate.readers.rows_xlsx.MAX_ROW_BYTES", 1_000)
    monkeypatch.setattr("migrate.readers.archive._CHUNK_BYTES", 600)
    rows = f'<row r="1">{"".join(cell(f"A{n}") for n in range(1, 100))}</row>'
    with pytest.raises(Unreadable, match="a row of more than"):
        grids(xlsx(tmp_path, rows))


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"]
)
def test_a_doctype_is_refused_in_any_part(tmp_path: Path, part: str) -> None:
    parts = xlsx_parts({"Sites": f'<row r="1">{cell("A1")}</row>'})
    bomb = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>'
    parts[part] = bomb + str(parts[part])
    with pytest.raises(Unreadable, match="DOCTYPE"):
        grids(package(tmp_path / "a.xlsx", parts))


def test_a_doctype_across_two_pieces_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrate.readers.archive._CHUNK_BYTES", 5)
    path = package(tmp_path / "a.zip", {"a.xml": "<a/>  <!DOCTYPE b>"})
    with Archive(path) as archive, pytest.raises(Unreadable, match="DOCTYPE"):
        archive.read("a.xml")


def test_utf_16_is_refused(tmp_path: Path) -> None:
    path = package(tmp_path / "a.zip", {"a.xml": "<a/>".encode("utf-16")})
    with Archive(path) as archive, pytest.raises(Unreadable, match="UTF-16"):
        archive.read("a.xml")


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/a.xml", "1")
        archive.writestr("XL/A.xml", "2")
    with pytest.raises(Unreadable, match="same name"):
        Archive(path)


def test_too_many_parts_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrate.readers.archive.MAX_PARTS", 1)
    with pytest.raises(Unreadable, match="more than 1 parts"):
        Archive(package(tmp_path / "a.zip", {"a": "1", "b": "2"}))


def test_a_protected_zip_is_refused(tmp_path: Path) -> None:
    path = package(tmp_path / "a.zip", {"a.xml": "1"})
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(Unreadable, match="password"):
        Archive(path)


def test_a_broken_zip_and_a_broken_part_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(Unreadable, match="zip container"):
        Archive(tmp_path / "a.zip")
    path = package(tmp_path / "b.zip", {"a.xml": "abc" * 1_000})
    data = bytearray(path.read_bytes())
    data[40:44] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    with Archive(path) as archive, pytest.raises(Unreadable, match="can't be unpacked"):
        archive.read("a.xml")


def test_a_package_without_a_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="list of sheets"):
        grids(package(tmp_path / "a.xlsx", {"xl/a.xml": "<a/>"}))


def test_parts_that_no_parser_opens_are_not_looked_at(tmp_path: Path) -> None:
    parts = xlsx_parts({"Sites": f'<row r="1">{cell("A1")}</row>'})
    power_query = "<DataMashup/>".encode("utf-16")
    path = package(
        tmp_path / "a.xlsx", {**parts, "xl/media/image1.png": b"<!DOCTYPE", "customXml/item1.xml": power_query}
    )
    assert texts(grids(path)[0]) == [["1"]]


def test_the_stated_limits_hold_what_excel_can_hold() -> None:
    assert (limits.MAX_ROWS, limits.MAX_COLUMNS) == (1_048_576, 16_384)
    assert limits.MAX_CELLS > 50 * limits.MAX_ROWS
