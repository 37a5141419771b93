"""Passwords never leave the reader, unless the mapping asks for their column."""

from pathlib import Path

import polars as pl
import pytest
from readers_files import cells, codes, reader, told

from migrate.readers.credentials import is_credential, mask
from migrate.readers.options import SheetOptions


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "Password",
        "PASSWORD",
        "PassWord",
        "User Password",
        "RTSP password",
        "HardwarePassword",
        "passwd",
        "userpassword",
        "admin_pwd",
        "PWD",
        "Passcode",
        "Pass Code",
        "pass-code",
        "PIN",
        "Gate PIN",
        "pin_code",
        "userPIN",
        "PINs",
        "Code Word",
        "CodeWord",
        "codeword",
        "Client Secret",
        "RTSPPassword",
        "Pin1",
        "Password (2)",
        "Passwords",
        "Passwort",
        "Benutzerpasswort",
        "Kennwort",
        "Geheimzahl",
        "Codewort",
        "Losung",
        "Losungswort",
        "비밀번호",
        "카메라 비밀번호",
        "비밀 번호",
        "암호",
        "접속암호",
        "패스워드",
        "핀번호",
        "비번",
        "Mot de passe",
        "Code d'accès",
        "Contraseña",
        "Senha",
        "Wachtwoord",
        "Zugangscode",
        "Pincode",
        "Door code",
        "Gate Code",
        "User code",
        "Installer code",
        "Duress",
        "PW",
    ],
)
def test_a_name_that_holds_a_credential_as_a_word_is_one(name: str) -> None:
    assert is_credential(name)


@pytest.mark.parametrize(
    "name",
    [
        "Pinnacle",
        "Opinion",
        "Shipping",
        "Spindle",
        "Passenger",
        "Compass",
        "Pass",
        "Code",
        "Word",
        "Secretary",
        "Zip Code",
        "Losungen",
        "Site",
        "암호화",
        "번호",
        "Pass/Fail",
        "Keyword",
        "장비번호",
        "설비번호",
        "Panel code",
        "Alarm code",
        "",
    ],
)
def test_other_names_are_not_credentials(name: str) -> None:
    assert not is_credential(name)


TEXT = "Site,Password,Zone,Gate PIN\nA,hunter2,#N/A,1E+05\nB,swordfish,2,#REF!\n"


def everything(table: object) -> str:
    with pl.Config(fmt_str_lengths=1000, tbl_rows=-1, tbl_cols=-1, tbl_width_chars=10_000):
        return repr(table)


def test_a_credential_column_is_dropped_told_by_name_and_its_values_nowhere(tmp_path: Path) -> None:
    table = reader(tmp_path)(TEXT)
    assert table.columns == ["Site", "Zone"]
    assert table.dropped == ("Password", "Gate PIN")
    assert table.letters == {"Site": "A", "Zone": "C"}
    assert [f["value"] for f in told(table, "credentials_dropped")] == ["Password", "Gate PIN"]
    assert [f["cell"] for f in told(table, "excel_error")] == ["C2"]
    for secret in ("hunter2", "swordfish", "1E+05"):
        assert secret not in everything(table)


def test_what_is_told_of_a_dropped_column_goes_with_it(tmp_path: Path) -> None:
    table = reader(tmp_path)('Site,Password,Zone\nA,"hun"ter2,1\nB,"swordfish,2\n')
    assert codes(table) == ["credentials_dropped"]


def test_a_column_to_keep_is_kept_under_any_spelling(tmp_path: Path) -> None:
    table = reader(tmp_path)(TEXT, sheets=[SheetOptions(keep=(" gate  pin ",))])
    assert table.columns == ["Site", "Zone", "Gate PIN"]
    assert table.dropped == ("Password",)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("rtsp://admin:hunter2@10.0.0.5:554/ch1", "rtsp://***@10.0.0.5:554/ch1"),
        ("see rtsp://admin:p@ss:w@host/1 please", "see rtsp://***@host/1 please"),
        ("http://admin:pa/ss@host/x", "http://***@host/x"),
        ("rtsp://:hunter2@host", "rtsp://***@host"),
        ("admin:hunter2@10.0.0.5", "***@10.0.0.5"),
        ("rtsp://host/user=admin&password=hunter2&ch=1", "rtsp://host/user=admin&password=***&ch=1"),
        ("http://host/?usr=a&PWD=hunter2", "http://host/?usr=a&PWD=***"),
        ("http://host:80/a@b", "http://host:80/a@b"),
        ("sip:100@10.0.0.5", "sip:100@10.0.0.5"),
        ("ann@example.com", "ann@example.com"),
        ("mailto:ann@example.com", "mailto:ann@example.com"),
        ("10:30 ann@example.com", "10:30 ann@example.com"),
    ],
)
def test_credentials_inside_of_an_address_are_masked(tmp_path: Path, text: str, masked: str) -> None:
    assert mask(text) == masked
    table = reader(tmp_path)(f"Site,Address\nA,{text}\nB,\n")
    assert cells(table)[0] == (2, "A", masked)
    notes = told(table, "masked_credentials")
    assert [(note["severity"], note["cell"], note["value"]) for note in notes] == (
        [("note", "B2", masked)] if text != masked else []
    )
    assert "hunter2" not in everything(table)
