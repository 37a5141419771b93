"""Sniffing: what kind of file it is, by its content; its name only serves to tell the two apart."""

import re
from collections.abc import Mapping
from contextlib import closing
from mmap import ACCESS_READ, mmap
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from migrate.errors import InputError
from migrate.readers.archive import Archive
from migrate.readers.encoding import told_encoding
from migrate.readers.limits import MAX_XLS_BYTES, PROTECTED, Unreadable
from migrate.readers.ole import OLE, is_protected
from migrate.readers.text_limits import MAX_FILE_BYTES

Kind = Literal["xlsx", "xlsb", "xls", "ods", "html", "xml", "text"]

KIND_NAMES: Mapping[Kind, str] = MappingProxyType(
    {
        "xlsx": "an Excel workbook (.xlsx)",
        "xlsb": "a binary Excel workbook (.xlsb)",
        "xls": "an old Excel workbook (.xls)",
        "ods": "an OpenDocument spreadsheet (.ods)",
        "html": "a web page (HTML)",
        "xml": "a spreadsheet in XML of 2003",
        "text": "a text file",
    }
)
_SUFFIXES: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        "xlsx": (".xlsx", ".xlsm", ".xltx", ".xltm"),
        "xlsb": (".xlsb",),
        "xls": (".xls", ".xlt"),
        "ods": (".ods", ".ots"),
        "html": (".html", ".htm"),
        "xml": (".xml",),
        "text": (".csv", ".tsv", ".tab", ".txt", ".prn"),
    }
)
_HEAD_BYTES = 4096
_SPREADSHEETML = b"urn:schemas-microsoft-com:office:spreadsheet"
_SAVE_AS = "Open it in a spreadsheet program and save it as .xlsx or .csv."
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"RIFF", "a media file"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an XZ archive"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\0\1\0\0Standard", "an Access database"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"PAR1", "a Parquet file"),
)
_BINARY_ONLY = frozenset({b"BM", b"MZ", b"BZh", b"RIFF"})
"""Marks that text may begin with too; they count only before bytes that no text holds."""

_HTML = re.compile(rb"\s*<(?:!doctype html|html|head|meta|table|style|body|script)\b", re.IGNORECASE)
_XML = re.compile(rb"\s*<(?:\?xml\b|(?:\w+:)?Workbook\s)")
_MARKUP = re.compile(rb"\s*<(?:!--|[a-z][a-z0-9]*[\s>/])", re.IGNORECASE)
_HTML_WITHIN = re.compile(rb"<(?:html|table)[\s>]", re.IGNORECASE)
_MHTML = re.compile(rb"\s*(?:mime-version\s*:|content-type\s*:\s*multipart/related)", re.IGNORECASE)
_JSON = re.compile(rb"\s*(?:\[\s*)?\{\s*\"")
_CONTROLS = frozenset(range(0x20)) - frozenset(b"\t\n\v\f\r\x1a\x1b")
_BINARY_SHARE = 0.05


def sniff(path: Path) -> Kind:
    """Return the kind of a file that can be read.

    Raises:
        InputError: it is missing, empty, not permitted, too large, or of a kind that holds no table.
    """
    head = _head(path)
    if head.startswith(_ZIP):
        return _kind_of_zip(path)
    if head.startswith(OLE):
        return _kind_of_ole(path)
    _refuse_others(path, head)
    letters = _letters(head)
    if kind := _kind_of_markup(path, letters):
        return kind
    if _JSON.match(letters):
        raise InputError(f"{path}: is JSON, not a spreadsheet. Export the inventory as .xlsx or .csv.")
    _refuse_binary(path, head)
    return "text"


def expected_kind(path: Path) -> Kind | None:
    """Return the kind that a file's name promises, if any."""
    suffix = path.suffix.lower()
    return next((kind for kind, suffixes in _SUFFIXES.items() if suffix in suffixes), None)


def _kind_of_zip(path: Path) -> Kind:
    try:
        with Archive(path) as archive:
            names = archive.names
            mimetype = _beginning(archive, "mimetype") if "mimetype" in archive else b""
    except Unreadable as error:
        raise InputError(f"{path}: {error}") from error
    folders = {name.partition("/")[0] for name in names}
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "xl" in folders:
        return "xlsx"
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    if "word" in folders or b"opendocument.text" in mimetype:
        raise InputError(f"{path}: is a text document, not a spreadsheet. Copy its table into a spreadsheet.")
    if "ppt" in folders or b"opendocument.presentation" in mimetype:
        raise InputError(f"{path}: is a presentation, not a spreadsheet. Copy its table into a spreadsheet.")
    if any(name.endswith(".iwa") for name in names):
        raise InputError(f"{path}: is an Apple document. Export it from Numbers as Excel or CSV.")
    raise InputError(f"{path}: is a ZIP archive. Unpack it and name the files in it.")


def _head(path: Path) -> bytes:
    """Return the first bytes of a file that can be read."""
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a folder. Name the files in it.")
        size = path.stat().st_size
        if not path.is_file():
            raise InputError(f"{path}: is not a regular file. Save it as a file and name that.")
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file. Check the name and the folder.") from None
    except PermissionError:
        raise InputError(f"{path}: may not be read. Ask for the permission, or close it where it is open.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: can't be read: {getattr(error, 'strerror', None) or error}.") from None
    if not head:
        raise InputError(f"{path}: is empty. Export it again.")
    if size > MAX_FILE_BYTES:
        raise InputError(f"{path}: is larger than {MAX_FILE_BYTES // 1024**3} GiB. Split it into smaller files.")
    return head


def _beginning(archive: Archive, name: str) -> bytes:
    with closing(archive.chunks(name)) as chunks:
        return next(chunks, b"")


def _kind_of_ole(path: Path) -> Kind:
    if path.stat().st_size > MAX_XLS_BYTES:
        raise InputError(f"{path}: is larger than {MAX_XLS_BYTES // 1024**2} MiB; save it as .xlsx, or split it.")
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        if is_protected(data):
            raise InputError(f"{path}: {PROTECTED}.")
        if any(data.find(f"{name}\0".encode("utf-16-le")) >= 0 for name in ("Workbook", "WORKBOOK", "Book", "BOOK")):
            return "xls"
    raise InputError(f"{path}: is an Office file, but no spreadsheet. {_SAVE_AS}")


def _refuse_others(path: Path, head: bytes) -> None:
    for mark, name in _OTHERS:
        if head.startswith(mark) and (mark not in _BINARY_ONLY or any(byte in _CONTROLS for byte in head)):
            raise InputError(f"{path}: is {name}, not a spreadsheet. Export the inventory as .xlsx or .csv.")


def _letters(head: bytes) -> bytes:
    """Return the beginning of a text as ASCII, whichever Unicode encoding it has."""
    return head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")


def _kind_of_markup(path: Path, letters: bytes) -> Kind | None:
    is_xml = _XML.match(letters) is not None
    if _MHTML.match(letters):
        raise InputError(f"{path}: is a web archive (MHTML), whatever its name says. {_SAVE_AS}")
    if is_xml and (_SPREADSHEETML in letters or b"Excel.Sheet" in letters):
        return "xml"
    if _HTML.match(letters) or ((is_xml or _MARKUP.match(letters)) and _HTML_WITHIN.search(letters)):
        return "html"
    if is_xml:
        raise InputError(f"{path}: is an XML document, whatever its name says. {_SAVE_AS}")
    return None


def _refuse_binary(path: Path, head: bytes) -> None:
    is_binary = sum(byte in _CONTROLS for byte in head) > _BINARY_SHARE * len(head)
    if is_binary and not told_encoding(head, None, path=path):
        raise InputError(f"{path}: is neither text nor a spreadsheet. {_SAVE_AS}")
