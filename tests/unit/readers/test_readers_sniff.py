"""The kind of a file is told by its content, and what holds no table is refused with a reason."""

import io
import os
import sys
import zipfile
from pathlib import Path

import pytest
from readers_files import reader, refusal, told

from migrate.errors import InputError
from migrate.readers import sniff as sniff_module
from migrate.readers.read import read
from migrate.readers.sniff import sniff


def zipped(*names: str, mimetype: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def ole(*names: str) -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + b"".join(f"{name}\0".encode("utf-16-le") for name in names)
    )


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (zipped("xl\\workbook.xml"), "xlsx"),
        (zipped("xl/workbook.bin"), "xlsb"),
        (zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "ods"),
        (ole("Root Entry", "Workbook"), "xls"),
        (ole("Root Entry", "Book"), "xls"),
        (b"Site,Zone\n1,2\n", "text"),
        (b"BMW dealer,Zone\n1,2\n", "text"),
        ("Site\tZone\n1\t2\n".encode("utf-16"), "text"),
        ("Site\tZone\n1\t2\n".encode("utf-16-be"), "text"),
        (b"<5 cameras,Zone\n", "text"),
        (b"<b>Site</b>,Zone\n", "text"),
        (b"<html><table><tr><td>1</td></tr></table>", "html"),
        (b"<!-- by ACME --><div>\n<TABLE id='a'>", "html"),
        (b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">', "html"),
        (b"\xff\xfe" + "<table>".encode("utf-16-le"), "html"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "xml"),
        (b'<ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">', "xml"),
        (b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>', "xml"),
    ],
)
@pytest.mark.parametrize("name", ["cameras.csv", "cameras.xls", "cameras"])
def test_the_kind_is_told_by_content_under_any_name(tmp_path: Path, data: bytes, kind: str, name: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert sniff(tmp_path / name) == kind


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "is a PNG picture, not a spreadsheet"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "is a JPEG picture"),
        (b"GIF89a" + bytes(40), "is a GIF picture"),
        (b"BM\x00\x01" + bytes(40), "is a BMP picture"),
        (b"%PDF-1.7\n...", "is a PDF document"),
        (b"\x1f\x8b\x08" + bytes(40), "is a gzip archive"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html>\n<body>", "is a web page (HTML) without a table"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "is a web archive (MHTML)"),
        (b'<?xml version="1.0"?><kml/>', "is an XML document"),
        (b'[{"site": 1}]', "is JSON"),
        (bytes(range(256)) * 20, "is neither text nor a spreadsheet"),
        (zipped("a.csv"), "is a ZIP archive. Unpack it"),
        (zipped("word/document.xml"), "is a text document"),
        (zipped("ppt/presentation.xml"), "is a presentation"),
        (zipped("Index/Document.iwa"), "Export it from Numbers"),
        (zipped("xl/workbook.xml")[:-30], "is damaged, perhaps cut short"),
        (ole("Root Entry", "EncryptedPackage"), "is protected by a password; save it without one"),
        (ole("Root Entry", "WordDocument"), "is an Office file, but no spreadsheet"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # bytes with a time stamp make no name
)
def test_a_file_that_holds_no_table_is_refused_by_what_it_is(tmp_path: Path, data: bytes, reason: str) -> None:
    assert reason in refusal(tmp_path, data, "cameras.xls")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no such file\. Check the name"):
        read(tmp_path / "nowhere.csv")
    with pytest.raises(InputError, match="is a folder"):
        read(tmp_path)
    with pytest.raises(InputError, match="can't be read"):
        read(tmp_path / ("x" * 300))


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and permissions work otherwise there")
def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="is not a regular file"):
        read(tmp_path / "pipe")


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("Site\n1\n")

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match="may not be read"):
        read(tmp_path / "a.csv")


def test_the_refusal_of_a_huge_file_names_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sniff_module, "MAX_FILE_BYTES", 1024**3)
    with (tmp_path / "a.csv").open("wb") as file:
        file.write(b"Site\n1\n")
        file.truncate(1024**3 + 1)
    with pytest.raises(InputError, match=r"is larger than 1 GiB\. Split it"):
        read(tmp_path / "a.csv")


def test_a_wrong_extension_is_told_once_and_the_content_read(tmp_path: Path) -> None:
    table = reader(tmp_path)("Site\tZone\nA\t1\n", "cameras.xls")
    assert table.frame.rows() == [(2, "A", "1")]
    (note,) = told(table, "wrong_extension")
    assert (note["severity"], note["value"], note["row"]) == ("warning", ".xls", None)
    assert "is a text file, whatever its name says" in note["message"]
    assert told(reader(tmp_path)("Site\tZone\nA\t1\n", "cameras.log"), "wrong_extension") == []


def test_an_old_workbook_that_is_far_too_large_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sniff_module, "MAX_XLS_BYTES", 2 * 1024**2)
    assert "is larger than 2 MiB; save it as .xlsx" in refusal(tmp_path, ole("Workbook") + bytes(2 * 1024**2), "a.xls")
