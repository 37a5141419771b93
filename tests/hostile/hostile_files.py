"""Files made to harm whoever reads them, or that can't be read: each with the words that its refusal must hold."""

import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hostile_packages import (
    FIRST,
    LAUGHS,
    MAIN,
    MIB,
    OUTSIDE,
    SPREADSHEETML,
    Content,
    amplified,
    declaring_too_much,
    endless_list,
    far,
    half,
    inflating,
    long_format,
    ole,
    overlapping,
    repeated,
    sheet_of,
    sparse,
    with_broken_part,
    xlsb,
    xlsx,
    xml_far,
    zipped,
)


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file: its name tells its kind, `says` is in its refusal; a large one takes seconds to make.

    One that says nothing is read, and made to take long.
    """

    fault: str
    name: str
    content: Callable[[], Content]
    says: str
    is_large: bool = False

    def write(self, folder: Path) -> Path:
        """Write the file, and return where."""
        path = folder / self.name
        content = self.content()
        with path.open("wb") as file:
            for part in [content] if isinstance(content, bytes) else content:
                file.write(part)
        return path


def hostile_files() -> tuple[Hostile, ...]:
    """Return all of them."""
    return (*_FAR, *_BOMBS, *_BROKEN, *_MARKUP, *_PAGES, *_TEXTS)


_SPANS = "<table><tr>" + "<td rowspan=65534>a" * 1_000 + "<tr><td>" * 65_000

_FAR = (
    Hostile("F71", "far-cell.xlsx", lambda: far("XFD1048576"), "reaches to XFD1048576"),
    Hostile(
        "F71",
        "far-corners.xlsx",
        lambda: xlsx('<row r="1"><c r="XFD1"><v>1</v></c></row><row r="20000"><c r="B20000"><v>1</v></c></row>'),
        "reaches to XFD20000",
    ),
    Hostile("F71", "no-such-cell.xlsx", lambda: far("ZZZZ99999999"), "too large"),
    Hostile(
        "F71",
        "far-cell.xlsb",
        lambda: xlsb(
            b"\x00\x0c" + struct.pack("<I", 2**31) + bytes(8) + b"\x04\x09" + struct.pack("<II", 0, 0) + b"\1"
        ),
        "beyond the end of a sheet",
    ),
    Hostile(
        "F71",
        "repeated-rows.ods",
        lambda: repeated(rows=1_048_576, columns=2),
        "repeats cells more than 1,000,000 times",
    ),
    Hostile(
        "F71",
        "repeated-cells.ods",
        lambda: repeated(rows=60_000, columns=16_384),
        "repeats cells more than 1,000,000 times",
    ),
    Hostile("F71", "far-cell-2003.xml", xml_far, "reaches to XFD1048576"),
)
_BOMBS = (
    Hostile(
        "F71",
        "one-text-of-512-MiB.xlsx",
        lambda: xlsx(sheet_of("x", 512 * MIB)),
        "unpacks to more than 100 times its size",
        is_large=True,
    ),
    Hostile(
        "F71",
        "one-shared-text.xlsx",
        lambda: xlsx(FIRST, strings=inflating(f"<sst {MAIN}><si><t>", "x", 48 * MIB)),
        "has a text of more than 512 KiB",
        is_large=True,
    ),
    Hostile(
        "F71",
        "many-rows.xlsx",
        lambda: xlsx(sheet_of(f"<row>{'<c><v>1</v></c>' * 10}</row>", 512 * MIB)),
        "unpacks to more than 100 times its size",
        is_large=True,
    ),
    Hostile(
        "F71",
        "many-parts-each-small.xlsx",
        lambda: zipped({f"xl/{n}.xml": inflating("", "<a/>", 48 * MIB) for n in range(8)}),
        "unpacks to more than 100 times its size",
        is_large=True,
    ),
    Hostile("F71", "4-GiB.xlsx", declaring_too_much, "unpacks to more than 4 GiB"),
    Hostile(
        "F71",
        "texts-shared-100000-times.xlsx",
        amplified,
        "took too much memory and was stopped (a file of its size may take",
    ),
    Hostile("F71", "overlapping.xlsx", overlapping, "unpacks to more than 100 times its size", is_large=True),
    Hostile(
        "F71",
        "zips-in-a-zip.xlsx",
        lambda: zipped({f"{n}.zip": zipped({"a.xlsx": bytes(MIB)}) for n in range(10)}),
        "is a ZIP archive",
    ),
    Hostile(
        "F71",
        "bzip2.xlsx",
        lambda: zipped({"xl/workbook.xml": bytes(MIB)}, zipfile.ZIP_BZIP2),
        "packed as no spreadsheet program does",
    ),
    Hostile("F71", "million-parts.xlsx", endless_list, "list of parts is said to be longer than 4 MiB", is_large=True),
    Hostile(
        "F71",
        "20001-parts.xlsx",
        lambda: zipped({f"xl/{n}": b"" for n in range(20_001)}),
        "has more than 20,000 parts",
        is_large=True,
    ),
    Hostile("F71", "thousands-of-sheets.xlsx", lambda: xlsx(FIRST, sheets=5_000), "has more than 1,000 sheets"),
    Hostile(
        "F71",
        "number-format.xlsx",
        long_format,
        "a number format of more than 1,000 characters",
    ),
    Hostile(
        "F71",
        "laughs.xlsx",
        lambda: xlsx(FIRST, strings=(LAUGHS + "<sst><si><t>&c;</t></si></sst>").encode()),
        "has a DOCTYPE",
    ),
    Hostile(
        "F71",
        "outside.xlsx",
        lambda: xlsx(FIRST, workbook=(OUTSIDE + "<workbook>&a;</workbook>").encode()),
        "has a DOCTYPE",
    ),
)
_BROKEN = (
    Hostile("F71", "half.xlsx", lambda: half(xlsx(FIRST)), "is damaged, perhaps cut short"),
    Hostile("F71", "broken-part.xlsx", with_broken_part, "can't be unpacked"),
    Hostile("F71", "empty-package.xlsx", lambda: zipped({"xl/none.xml": b"<a/>"}), "list of sheets is missing"),
    Hostile("F71", "broken-xml.xlsx", lambda: xlsx(FIRST, workbook=b"<workbook><sheets>"), "its XML is broken"),
    Hostile(
        "F71",
        "cut-rows.xlsx",
        lambda: xlsx(f"<worksheet {MAIN}><sheetData>{FIRST[:-6]}".encode()),
        "ends in the middle of its rows",
    ),
    Hostile("F71", "cut-records.xlsb", lambda: xlsb(b"\x00\x0c\0\0"), "its records are cut short"),
    Hostile("F71", "password.xlsx", lambda: ole("Root Entry", "EncryptedPackage"), "is protected by a password"),
    Hostile("F71", "noise.xls", lambda: ole("Root Entry", "Workbook"), "is damaged"),
    Hostile("F71", "2-GB.xls", lambda: [ole("Workbook"), *sparse(2_000_000_000)], "larger than 256 MiB", is_large=True),
    Hostile("F71", "picture.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "is a PNG picture"),
)
_MARKUP = (
    Hostile("F71", "spans.xls", _SPANS.encode, "span more than 2,000,000 rows together", is_large=True),
    Hostile("F71", "deep.xls", lambda: b"<table><tr><td>" * 100_000, "more than 50 deep"),
    Hostile("F71", "log-in.xls", lambda: b"<html><body><form>Session expired</form>", "without a table"),
    Hostile("F71", "cut.html", lambda: b"<table><tr><td>a</td></tr><!-- " + bytes(MIB), "a comment is not closed"),
    Hostile(
        "F71",
        "laughs-2003.xml",
        SPREADSHEETML.replace("<Workbook", f"{LAUGHS}<Workbook").encode,
        "has a DOCTYPE",
    ),
    Hostile("F71", "half-2003.xml", lambda: half(xml_far()), "its XML is broken"),
)
_PAGES = tuple(
    Hostile("F71", f"{name}.html", page.encode, says)
    for name, page, says in (
        ("values", "<table>" + "<td title='" * 100_000, "a tag is not closed"),
        ("odd-values", "<table>" + '<a b="' * 100_001, "a tag is not closed"),
        ("brackets", "<table><tr><td>" + "<" * 500_000, ""),
        ("hidden", "<table><tr><td>" + "<span style='display:none'>" * 50_000, "without a table"),
        ("entities", "<table><tr><td>" + "&" * 500_000, ""),
        ("comments", "<table>" + "<!--" * 200_000, "a comment is not closed"),
        ("styles", "<table>" + "<style>" * 100_000, "its <style> is not closed"),
        ("options", "<table><tr><td>" + "<option>" * 100_000, "without a table"),
    )
)
"""Pages of one thing again and again, in which a search that begins anew at each of them would take hours."""
_TEXTS = (
    Hostile("F70", "empty.csv", lambda: b"", "is empty"),
    Hostile("F70", "blank.csv", lambda: b"\n\n\n", "holds no rows"),
    Hostile("F70", "16385-columns.csv", lambda: b"a," * 16_384 + b"a\n", "a row has more than 16,384 cells"),
    Hostile("F70", "commas.csv", lambda: b"," * 4_000_000 + b"\n", "a row has more than 16,384 cells", is_large=True),
    Hostile(
        "F70",
        "one-long-row.csv",
        (",".join(map(str, range(16_384))) + '\n1,"2"x' * 100_000).encode,
        "nearly all others have next to none",
    ),
    Hostile("F73", "long-headers.csv", f"a{'_' * 30_000}b1x,camera{' ' * 30_000}2\nAA:BB:CC:00:00:01,1\n".encode, ""),
    Hostile("F73", "binary.csv", lambda: bytes(range(256)) * 40, "is neither text nor a spreadsheet"),
    Hostile("F73", "one-line.csv", lambda: sparse(64 * MIB), "a line is longer than 4 MiB"),
    Hostile("F73", "one-line-of-2-GB.csv", lambda: sparse(2_000_000_000), "a line is longer than 4 MiB", is_large=True),
    Hostile("F73", "one-quoted-line.csv", lambda: [b'"', *sparse(20 * MIB)], "a line is longer than 4 MiB"),
)
