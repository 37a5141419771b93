"""Settings: read from the environment and .env, checked, and silent about secrets."""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.errors import ApiUnusable, SettingsError
from migrate.settings import Settings

CANARY = "canary-Zx81"


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("CHEKT_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_without_anything_the_public_api_is_meant() -> None:
    settings = Settings()
    assert settings.origin == "https://api.chekt.com"
    assert settings.token_url == "https://api.chekt.com/oauth/token"
    assert settings.env_file is None
    assert not settings.env_file_is_exposed


def test_the_environment_goes_before_the_file_and_an_argument_before_both(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(
        "\ufeffCHEKT_DEALER_ID=1\nCHEKT_CLIENT_ID=from-file\nCHEKT_BASE_URL=https://file.test\nOTHER=1\n", "utf-8"
    )
    monkeypatch.setenv("CHEKT_DEALER_ID", "2")
    monkeypatch.setenv("CHEKT_BASE_URL", "https://process.test")
    settings = Settings(dealer_id=3, base_url=None)
    assert settings.dealer_id == "3"
    assert settings.origin == "https://process.test"
    assert settings.token_url == "https://process.test/oauth/token"
    assert settings.client_id is not None
    assert settings.client_id.get_secret_value() == "from-file"
    assert settings.env_file == tmp_path / ".env"


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHEKT_DEALER_ID", "")
    monkeypatch.setenv("CHEKT_ACCESS_TOKEN", " ")
    settings = Settings()
    assert settings.dealer_id is None
    assert settings.access_token is None


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://API.chekt.com/", "https://api.chekt.com"),
        ("https://api.chektdev.com:8443", "https://api.chektdev.com:8443"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://127.8.9.1:1", "http://127.8.9.1:1"),
        ("http://[::1]:5", "http://[::1]:5"),
    ],
)
def test_a_base_url_becomes_an_origin(url: str, origin: str) -> None:
    assert Settings(base_url=url).origin == origin


@pytest.mark.parametrize(
    "url",
    [
        "http://api.chekt.com",
        "http://127.0.0.1.evil.test",
        "http://localhost@evil.test",
        "http://0.0.0.0",
        "https://user:canary-Zx81@api.chekt.com",
        "https://api.chekt.com/partner/v1",
        "https://api.chekt.com?x=canary-Zx81",
        "https://api.chekt.com#canary-Zx81",
        "https://api.chekt.com:99999",
        "https://[canary-Zx81]",
        "https://u:canary-Zx81℀@host",
        "ftp://api.chekt.com",
        "api.chekt.com",
        "https://",
        "https://api.chekt.com\\@evil.test",
        "https://api .chekt.com",
        "https://bücher.test",
    ],
)
@pytest.mark.parametrize("variable", ["CHEKT_BASE_URL", "CHEKT_TOKEN_URL"])
def test_a_url_that_is_refused_is_told_by_its_variable_and_not_by_its_value(
    monkeypatch: pytest.MonkeyPatch, variable: str, url: str
) -> None:
    monkeypatch.setenv(variable, url)
    if variable == "CHEKT_TOKEN_URL" and url.endswith("/partner/v1"):
        assert Settings().token_url == url
        return
    with pytest.raises(SettingsError) as raised:
        Settings()
    assert str(raised.value).startswith(f"{variable}: ")
    assert CANARY not in str(raised.value)
    assert raised.value.__context__ is None


def test_all_mistakes_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHEKT_ACCESS_TOKEN", f"Bearer {CANARY}")
    monkeypatch.setenv("CHEKT_DEALER_ID", f"../{CANARY}")
    with pytest.raises(SettingsError) as raised:
        Settings()
    lines = str(raised.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["CHEKT_ACCESS_TOKEN", "CHEKT_DEALER_ID"]
    assert CANARY not in str(raised.value)


def test_a_secret_is_in_no_repr() -> None:
    settings = Settings(client_id=CANARY, client_secret=CANARY, access_token=CANARY)
    assert CANARY not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_credentials_are_a_token_or_both_halves() -> None:
    for lacking in (Settings(), Settings(client_id="a"), Settings(client_secret="b")):
        with pytest.raises(ApiUnusable, match=r"CHEKT_CLIENT_SECRET \(or CHEKT_JWT_KEY_FILE.*CHEKT_ACCESS_TOKEN"):
            lacking.require_credentials()
    Settings(access_token="t").require_credentials()
    Settings(client_id="a", client_secret="b").require_credentials()


def test_a_missing_dealer_names_option_and_variable() -> None:
    with pytest.raises(SettingsError, match=r"--dealer .*CHEKT_DEALER_ID"):
        Settings().require_dealer()
    assert Settings(dealer_id="12").require_dealer() == "12"


@pytest.mark.parametrize("content", [b"\xff\xfeC\x00", "CHEKT_DEALER_ID=\udcff".encode("utf-8", "surrogateescape")])
def test_a_file_that_is_not_utf8_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(SettingsError, match="UTF-8"):
        Settings()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs permissions that bind this user")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("")
    (tmp_path / ".env").chmod(0)
    with pytest.raises(SettingsError, match="can't be read"):
        Settings()


def test_a_folder_is_no_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    assert Settings().env_file is None


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_a_file_that_others_can_read_is_known(tmp_path: Path) -> None:
    path = tmp_path / "other.env"
    path.write_text("CHEKT_DEALER_ID=5\n")
    for mode, exposed in ((0o600, False), (0o640, False), (0o644, True)):
        path.chmod(mode)
        assert Settings(env_file=path).env_file_is_exposed is exposed


@given(st.text())
def test_any_url_is_taken_or_refused_as_a_setting(url: str) -> None:
    with suppress(SettingsError):
        origin = Settings(env_file=None, base_url=url).origin
        assert origin.startswith(("https://", "http://localhost", "http://127.", "http://[::1]"))


@given(st.text(min_size=1))
def test_any_dealer_id_is_one_safe_segment_of_a_path(dealer_id: str) -> None:
    try:
        taken = Settings(env_file=None, dealer_id=dealer_id).dealer_id
    except SettingsError:
        return
    assert taken is None or not set(taken) & set("/.?#%\\ ")
