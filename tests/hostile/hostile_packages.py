"""What hostile files are made of: archives, workbooks and texts, put together as no program would save them."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping

Content = bytes | Iterable[bytes]

MIB = 1024**2
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FIRST = '<row r="1"><c r="A1"><v>1</v></c></row>'
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SPREADSHEETML = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'


def zipped(parts: Mapping[str, Content], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing, compresslevel=9) as archive:
        for name, content in parts.items():
            with archive.open(name, "w", force_zip64=True) as part:
                for piece in [content] if isinstance(content, bytes) else content:
                    part.write(piece)
    return buffer.getvalue()


def root(workbook: str) -> bytes:
    """Return the part that leads to the workbook."""
    link = f'<Relationship Id="r1" Type="{LINKS}/officeDocument" Target="{workbook}"/>'
    return f"<Relationships>{link}</Relationships>".encode()


def xlsx(sheet: str | Content, *, sheets: int = 1, **changed: Content) -> bytes:
    """Return an XLSX; `changed` are the parts `workbook`, `styles`, `strings`."""
    rows = f"<worksheet {MAIN}><sheetData>{sheet}</sheetData></worksheet>" if isinstance(sheet, str) else sheet
    entries = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r1"/>' for n in range(1, sheets + 1))
    links = "".join(
        f'<Relationship Id="{id_}" Type="{LINKS}/{kind}" Target="{target}.xml"/>'
        for id_, kind, target in (
            ("r1", "worksheet", "sheet1"),
            ("r2", "styles", "styles"),
            ("r3", "sharedStrings", "sharedStrings"),
        )
    )
    book = f'<workbook {MAIN} xmlns:r="{LINKS}"><sheets>{entries}</sheets></workbook>'
    return zipped(
        {
            "_rels/.rels": root("xl/workbook.xml"),
            "xl/workbook.xml": changed.get("workbook", book.encode()),
            "xl/_rels/workbook.xml.rels": f"<Relationships>{links}</Relationships>".encode(),
            "xl/styles.xml": changed.get("styles", f"<styleSheet {MAIN}/>".encode()),
            "xl/sharedStrings.xml": changed.get("strings", f"<sst {MAIN}/>".encode()),
            "xl/sheet1.xml": rows if not isinstance(rows, str) else rows.encode(),
        }
    )


def ods(tables: str) -> bytes:
    """Return an ODS of these tables."""
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    content = f"<office:document-content {spaces}>{body}</office:document-content>"
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": mimetype, "content.xml": content.encode(), "META-INF/manifest.xml": b"<m/>"})


def repeated(*, rows: int, columns: int) -> bytes:
    """Return an ODS of one filled cell that says to be repeated."""
    cell = f'<table:table-cell office:value-type="string" table:number-columns-repeated="{columns}">'
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}<text:p>x</text:p></table:table-cell>'
    return ods(f'<table:table table:name="A">{row}</table:table-row></table:table>')


def inflating(head: str, piece: str, size: int, tail: str = "") -> Iterable[bytes]:
    """Yield about `size` bytes of the same piece."""
    block = piece.encode() * max(MIB // len(piece), 1)
    yield head.encode()
    for _ in range(size // len(block)):
        yield block
    yield tail.encode()


def sheet_of(piece: str, size: int) -> Iterable[bytes]:
    """Yield a sheet of about `size` bytes of the same rows."""
    return inflating(f"<worksheet {MAIN}><sheetData>", piece, size, "</sheetData></worksheet>")


def amplified() -> bytes:
    """Return a sheet of 100,000 cells that name one text of 200 KB: 20 GB, were each given its own."""
    text = f"<sst {MAIN}><si><t>{'x' * 200_000}</t></si></sst>"
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 100_001))
    return xlsx(rows, strings=text.encode())


def overlapping() -> bytes:
    """Return an archive whose list names one packed part a thousand times over."""
    packed = zlib.compress(bytes(60 * MIB), 9)[2:-4]
    sizes = struct.pack("<III", zlib.crc32(bytes(60 * MIB)), len(packed), 60 * MIB)
    local = b"PK\3\4" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + struct.pack("<HH", 9, 0) + b"xl/aa.xml"
    entries = b"".join(
        b"PK\1\2"
        + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0)
        + sizes
        + struct.pack("<HHHHHII", 9, 0, 0, 0, 0, 0, 0)
        + f"xl/{n:02x}.xml".encode()
        for n in range(16, 76)
    )
    return with_end(local + packed, entries, count=60)


def with_end(before: bytes, entries: bytes, *, count: int, says: int | None = None) -> bytes:
    """Return an archive with this list of parts, which may say to be of another length."""
    size = len(entries) if says is None else says
    return before + entries + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, size, len(before), 0)


def endless_list() -> bytes:
    """Return an archive with a list of a million parts."""
    entry = b"PK\1\2" + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    return with_end(b"PK\3\4" + bytes(26), entry * 1_000_000, count=0xFFFF)


def sparse(size: int) -> Iterable[bytes]:
    """Yield one line that is as long as the file, without ever holding it."""
    block = b"Site 1,Shop,Door," * (MIB // 17)
    for _ in range(size // len(block)):
        yield block


def xlsb(cells: bytes) -> bytes:
    """Return an XLSB of these records of cells."""
    links = f'<Relationship Id="r1" Type="{LINKS}/worksheet" Target="sheet1.bin"/>'
    wide = struct.pack("<I", 2) + "r1".encode("utf-16-le")
    return zipped(
        {
            "_rels/.rels": root("xl/workbook.bin"),
            "xl/workbook.bin": b"\x9c\x01" + bytes([8 + 16]) + bytes(8) + wide * 2,
            "xl/_rels/workbook.bin.rels": f"<Relationships>{links}</Relationships>".encode(),
            "xl/sheet1.bin": cells,
        }
    )


def ole(*streams: str) -> bytes:
    """Return what looks like an OLE container of these streams."""
    return OLE + bytes(600) + b"".join(f"{name}\0".encode("utf-16-le") for name in streams) + b"\xff" * 2_000


def declaring_too_much() -> bytes:
    """Return an archive whose parts say to be 4 GiB each."""
    data = bytearray(zipped({"xl/workbook.xml": b"<a/>"}))
    entry = data.rindex(b"PK\1\2")
    data[entry + 24 : entry + 28] = struct.pack("<I", 0xFFFFFFFE)
    return _listed_twice(bytes(data), entry)


def _listed_twice(data: bytes, entry: int) -> bytes:
    end = data.rindex(b"PK\5\6")
    first = data[entry:end]
    second = first.replace(b"xl/workbook.xml", b"xl/another1.xml")
    return with_end(data[:entry], first + second, count=2)


def half(data: bytes) -> bytes:
    """Return the first half of a file."""
    return data[: len(data) // 2]


def with_broken_part() -> bytes:
    """Return an XLSX with a part that can't be unpacked."""
    data = xlsx(FIRST, styles="".join(map(chr, range(1, 50_000))).encode())
    at = data.index(b"xl/styles.xml") + 1_000
    return data[:at] + b"\xff" * 200 + data[at + 200 :]


def long_format() -> bytes:
    """Return an XLSX with a number format of 200,000 characters."""
    formats = f'<numFmts><numFmt numFmtId="164" formatCode="{"0" * 200_000}"/></numFmts>'
    return xlsx(FIRST, styles=f'<styleSheet>{formats}<cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>'.encode())


def far(place: str) -> bytes:
    """Return an XLSX with a cell far away."""
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return xlsx(f'{FIRST}<row r="{row}"><c r="{place}"><v>1</v></c></row>')


def xml_far() -> bytes:
    """Return a SpreadsheetML with a cell far away."""
    cell = '<Data xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" ss:Type="String">x</Data></Cell></Row>'
    far = f'<Row><Cell>{cell}<Row Index="1048576"><Cell Index="16384">{cell}'
    return f'{SPREADSHEETML}<Worksheet Name="A"><Table>{far}</Table></Worksheet></Workbook>'.encode()
