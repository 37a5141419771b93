"""Bytes become the right letters, and a guess is told as one."""

from pathlib import Path

import pytest
from readers_files import cells, codes, reader, refusal, told

from migrate.readers.options import ReadOptions

WESTERN = "Site,Owner\n1,Café Müller\n2,Peña y Ibáñez\n3,Ángel Núñez\n4,O\u2019Brien\n5,Åsa Öberg \u2013 €5\n"
KOREAN = "지점,카메라,구역\n서울 강남점,정문 카메라,1\n부산 해운대점,CAM주차장,2\n똠방각하,뷁,3\n"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
@pytest.mark.parametrize("text", [WESTERN, KOREAN])
def test_what_a_text_proves_of_its_encoding_is_no_guess(tmp_path: Path, text: str, encoding: str, name: str) -> None:
    table = reader(tmp_path)(text.encode(encoding))
    assert table.encoding == name
    assert codes(table) == []
    assert [",".join(row[1:]) for row in cells(table)] == text.splitlines()[1:]
    assert table.columns == text.splitlines()[0].split(",")


@pytest.mark.parametrize("text", [WESTERN, "Owner\nJoão INSTALAÇÃO\nSÃO JOÃO\nCONCEIÇÃO\n", "Street\nStraße 5\n"])
def test_western_accents_are_cp1252(tmp_path: Path, text: str) -> None:
    table = reader(tmp_path)(text.encode("cp1252"))
    assert table.encoding == "cp1252"
    assert [",".join(row[1:]) for row in cells(table)] == text.splitlines()[1:]
    (note,) = told(table, "encoding_guessed")
    assert (note["severity"], note["row"], note["value"]) == ("note", None, "cp1252")
    assert 'encoding = "cp949"' in note["hint"]


@pytest.mark.parametrize("text", [KOREAN, "Site,Name\nS1,A동\nS2,본사\n", "Site\nB동2F\n"])
def test_korean_syllables_are_cp949(tmp_path: Path, text: str) -> None:
    table = reader(tmp_path)(text.encode("cp949"))
    assert table.encoding == "cp949"
    assert [",".join(row[1:]) for row in cells(table)] == text.splitlines()[1:]
    (note,) = told(table, "encoding_guessed")
    assert 'encoding = "cp1252"' in note["hint"]


@pytest.mark.parametrize(
    ("encoding", "text", "language"),
    [
        ("cp1250", "Název,Město\nŽelezářství Dvořák,Příbram\nKsięgarnia Żak,Łódź\n", "Central Europe"),
        ("cp1251", "Объект,Адрес\nАптека Здоровье,ул. Ленина\n", "Cyrillic"),  # noqa: RUF001
        ("cp1253", "Πελάτης\nΦαρμακείο Αθήνα\n", "Greek"),  # noqa: RUF001
        ("cp1254", "Müşteri\nÇarşı Eczanesi\nIğdır Şubesi\n", "Turkish"),  # noqa: RUF001
        ("iso8859-15", "Nom\nBœuf Sacré\nŒuvres du Cœur\n", "French"),
        ("mac_roman", "Name\nCafé Lumière\nBäckerei Grünwald\nMünchen Süd\n", "Western Europe"),
        ("cp932", "名称,住所\nさくら薬局,東京都港区\n田中商店,大阪市北区\n", "Japanese"),
        ("gb18030", "名称,地址\n上海东方商店,南京路百货\n大门摄像机,仓库后门\n", "Chinese (simplified)"),
        ("cp950", "名稱,地址\n高雄門市,臺北市信義區\n大門攝影機,倉庫後門\n", "Chinese (traditional)"),
    ],
)
def test_letters_that_go_together_tell_their_encoding(tmp_path: Path, encoding: str, text: str, language: str) -> None:
    table = reader(tmp_path)(text.encode(encoding))
    assert table.encoding == encoding
    assert [",".join(row[1:]) for row in cells(table)] == text.splitlines()[1:]
    (note,) = told(table, "encoding_guessed")
    assert (note["severity"], note["value"]) == ("note", encoding)
    assert f"sure: its letters are those of {language})" in note["message"]


def test_where_two_encodings_fit_the_choice_is_a_warning(tmp_path: Path) -> None:
    (note,) = told(reader(tmp_path)("Site\nTõ\n".encode("cp1252")), "encoding_guessed")
    assert note["severity"] == "warning"
    assert "taken to be cp1252 (a guess: " in note["message"]


def test_letters_of_no_language_are_taken_as_the_commonest_encoding_and_told(tmp_path: Path) -> None:
    (note,) = told(reader(tmp_path)(b"Site\nx\xa4y\n\x83z\n"), "encoding_guessed")
    assert (note["severity"], note["value"]) == ("warning", "cp1252")
    assert "no language" in note["message"]


def test_a_told_encoding_is_no_guess(tmp_path: Path) -> None:
    table = reader(tmp_path)("Site\nΛέψη\n".encode("cp1253"), options=ReadOptions(encoding="windows-1253"))
    assert (table.encoding, codes(table), cells(table)) == ("cp1253", [], [(2, "Λέψη")])
    marked = reader(tmp_path)("Site\nA\n".encode("utf-8-sig"), options=ReadOptions(encoding="UTF8"))
    assert (marked.encoding, marked.columns) == ("utf-8-sig", ["Site"])


@pytest.mark.parametrize(
    ("data", "encoding", "reason"),
    [
        (b"Site\nA\nB\xff\n", "utf-8", "byte 8 (line 3) is no text in utf-8"),
        (b"Site\nA\nB\x81\n", "cp1252", "byte 8 (line 3) is no text in cp1252"),
        (b"Site\nA\nB\x81\xff!", None, "byte 8 (line 3) is no text in cp1252"),
        ("Café, Müller\n".encode() + b"\xe9\n", None, "byte 15 (line 2) is no text in utf-8"),
        (b"\xff\xfeS\0i\0t", None, "is no text in utf-16"),
        (b"Site\n", "klingon", '"klingon" is no encoding'),
        (b"Site\n", "base64", "can't be read with encoding"),
        ("Café\n".encode(), "cp1252", 'encoding = "cp1252" is wrong, the file is utf-8'),
        ("Café\n".encode("utf-16"), "cp1252", 'encoding = "cp1252" is wrong, the file is utf-16'),
        ("Café\n".encode("utf-8-sig"), "utf-16", 'encoding = "utf-16" is wrong, the file is utf-8-sig'),
        (b"Site 1\n", "utf-16", 'encoding = "utf-16" is wrong, the file is not utf-16'),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_their_place(
    tmp_path: Path, data: bytes, encoding: str | None, reason: str
) -> None:
    assert reason in refusal(tmp_path, data, options=ReadOptions(encoding=encoding))


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        ('3;Strasse;"a;b";{}\n', "line 4) is no text in utf-8, as most of the file is; cell 4 there looks like {}, as"),
        ("3;{};x;y\n4;z;{};y\n", "cell 2 there looks like {} (2 such lines), as where two files were put together"),
    ],
)
@pytest.mark.parametrize(("encoding", "letters"), [("cp949", "서울특별시 강남구 테헤란로"), ("cp1252", "Café Müller")])
def test_a_file_in_two_encodings_is_refused_with_the_cell_and_both(
    tmp_path: Path, odd: str, told: str, encoding: str, letters: str
) -> None:
    clean = "5;Äpfel Öl Übung;Größe;übermäßig äöü\n".encode()
    data = b"Id;Name;Ort;Typ\n" + clean * 2 + odd.replace("{}", letters).encode(encoding) + clean * 30
    assert told.format(encoding) in refusal(tmp_path, data)


def test_zero_bytes_are_told_and_cost_no_row(tmp_path: Path) -> None:
    table = reader(tmp_path)("Site,Zone\nfirst\0 site,1\nsecond site,2\n" + "third site,3\n" * 20)
    assert table.rows == 22
    assert [note["cell"] for note in told(table, "control_character")] == ["A2"]
    assert cells(table)[0] == (2, "first\0 site", "1")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf16"])
def test_an_encoding_may_be_told_that_the_file_proves_too(tmp_path: Path, encoding: str) -> None:
    table = reader(tmp_path)("\ufeffSite\nA\n".encode("utf-16-le"), options=ReadOptions(encoding=encoding))
    assert table.frame.rows() == [(2, "A")]
    assert table.columns == ["Site"]
