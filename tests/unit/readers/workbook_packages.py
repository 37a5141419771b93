"""What the workbook tests share: packages made of raw XML or records, and grids read without a process of their own."""

import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from migrate.readers import formats_html, formats_ods, formats_spreadsheetml, formats_xls, formats_xlsb, formats_xlsx
from migrate.readers.cells import Sheet
from migrate.readers.grid import Grid
from migrate.readers.showing import to_grid

WORKBOOKS = Path(__file__).parents[2] / "fixtures" / "workbooks"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"'
)
_READERS: dict[str, Callable[[Path], Iterator[Sheet]]] = {
    "xlsx": formats_xlsx.sheets,
    "xlsb": formats_xlsb.sheets,
    "xls": formats_xls.sheets,
    "ods": formats_ods.sheets,
    "html": formats_html.sheets,
    "xml": formats_spreadsheetml.sheets,
}


def grids(path: Path, kind: str = "xlsx") -> list[Grid]:
    """Return the grids of a workbook, read in this process."""
    return [to_grid(sheet) for sheet in _READERS[kind](path)]


def texts(grid: Grid) -> list[list[str | None]]:
    """Return the cells of a grid, row by row."""
    return [list(row) for row in grid.frame.rows()]


def codes(grid: Grid) -> list[tuple[int | None, int | None, str, str | None]]:
    """Return (row, column, code, value) of each note."""
    return grid.notes.select("row", "col", "code", "value").rows()


def hidden_rows(grid: Grid) -> tuple[int, ...]:
    """Return the rows of a grid that are told to be hidden."""
    return tuple(grid.notes.filter(code="hidden_row")["row"])


def package(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """Write a zip of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def xlsx_parts(
    sheets: Mapping[str, str], *, formats: Sequence[str] = (), shared: Sequence[str] = (), workbook: str = ""
) -> dict[str, str | bytes]:
    """Return the parts of an XLSX: name → rows as XML; cell style n has the nth format, 0 is General."""
    entries = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1))
    links = "".join(
        f'<Relationship Id="r{n}" Type="{LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    links += f'<Relationship Id="s" Type="{LINKS}/styles" Target="/xl/styles.xml"/>'
    links += f'<Relationship Id="t" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/>'
    codes_ = "".join(f'<numFmt numFmtId="{164 + n}" formatCode="{code}"/>' for n, code in enumerate(formats))
    styles = "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(formats)))
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _root("xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{LINKS}">{workbook}<sheets>{entries}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{links}</Relationships>",
        "xl/styles.xml": f"<styleSheet {MAIN}><numFmts>{codes_}</numFmts>"
        f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f"<sst {MAIN}>{''.join(f'<si><t>{text}</t></si>' for text in shared)}</sst>",
    }
    for n, rows in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{n}.xml"] = f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"
    return parts


def xlsx(
    folder: Path, rows: str, *, formats: Sequence[str] = (), shared: Sequence[str] = (), workbook: str = ""
) -> Path:
    """Write an XLSX of one sheet, `Sites`."""
    parts = xlsx_parts({"Sites": rows}, formats=formats, shared=shared, workbook=workbook)
    return package(folder / "sites.xlsx", parts)


def ods(folder: Path, tables: str, *, styles: str = "", name: str = "sites.ods") -> Path:
    """Write an ODS of these tables and automatic styles."""
    content = (
        f"<office:document-content {OFFICE}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return package(
        folder / name,
        {"content.xml": content, "styles.xml": f"<office:document-styles {OFFICE}/>", "META-INF/manifest.xml": "<m/>"},
    )


def record(kind: int, content: bytes = b"") -> bytes:
    """Return a record of an XLSB."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, number = b"", len(content)
    while True:
        size += bytes([number & 0x7F | (0x80 if number >> 7 else 0)])
        number >>= 7
        if not number:
            return head + size + content


def wide(text: str) -> bytes:
    """Return a text as records hold it."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(
    folder: Path, cells: bytes, *, formats: Sequence[str] = (), shared: Sequence[str] = (), flags: int = 0
) -> Path:
    """Write an XLSB of one sheet, `Sites`; cell style n has the nth format, 0 is General."""
    links = "".join(
        f'<Relationship Id="{id_}" Type="{LINKS}/{kind}" Target="{target}.bin"/>'
        for id_, kind, target in [
            ("r1", "worksheet", "worksheets/sheet1"),
            ("r2", "styles", "styles"),
            ("r3", "sharedStrings", "sharedStrings"),
        ]
    )
    styles = b"".join(record(44, struct.pack("<H", 164 + n) + wide(code)) for n, code in enumerate(formats))
    ids = [0, *(164 + n for n in range(len(formats)))]
    styles += record(617) + b"".join(record(47, struct.pack("<HH", 0, id_)) for id_ in ids) + record(618)
    return package(
        folder / "sites.xlsb",
        {
            "_rels/.rels": _root("xl/workbook.bin"),
            "xl/workbook.bin": record(153, bytes([flags])) + record(156, bytes(8) + wide("r1") + wide("Sites")),
            "xl/_rels/workbook.bin.rels": f"<Relationships>{links}</Relationships>",
            "xl/styles.bin": styles,
            "xl/sharedStrings.bin": b"".join(record(19, b"\0" + wide(text)) for text in shared),
            "xl/worksheets/sheet1.bin": cells,
        },
    )


def _root(workbook: str) -> str:
    link = f'<Relationship Id="r1" Type="{LINKS}/officeDocument" Target="{workbook}"/>'
    return f"<Relationships>{link}</Relationships>"
