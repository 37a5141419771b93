"""Assertions: signed by the key that is given, new for each sending; a key that won't do is told and never shown."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from api_virtual import ORIGIN, SITE, Answer, Network, client, granted, reply, run, settings
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import example, given
from hypothesis import strategies as st
from signing_keys import SHARED_SECRET, key_file, pem, rsa_key

from migrate.api.assertion import LIFE_S, JwtAssertion
from migrate.api.auth import check_credentials
from migrate.api.reply import Failure
from migrate.errors import ApiUnusable, SettingsError
from migrate.settings import Settings

NOW = 1_800_000_000.4
TOKEN_URL = f"{ORIGIN}/oauth/token"


def keyed(path: Path, **changes: Any) -> Settings:
    return settings(client_secret="", jwt_key_file=path, **changes)


def claims_of(signed: str, key: Any, algorithm: str, *, audience: str = TOKEN_URL) -> dict[str, Any]:
    """Return what an assertion says, once its signature, its times and its audience hold."""
    claims: dict[str, Any] = jwt.decode(signed, key, algorithms=[algorithm], audience=audience)
    return claims


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize("dress", [lambda text: text, lambda text: "\ufeff" + text.replace("\n", "\r\n") + "\r\n"])
def test_a_private_key_in_pem_signs_with_rs256(
    tmp_path: Path, form: PrivateFormat, dress: Callable[[str], str]
) -> None:
    path = key_file(tmp_path, dress(pem(rsa_key(), form)))
    told = JwtAssertion(keyed(path)).form()
    claims = claims_of(told["client_assertion"], rsa_key().public_key(), "RS256")
    assert (claims["iss"], claims["sub"]) == ("id-1", "id-1")


@pytest.mark.parametrize("dress", ["{}", "{}\n", "\ufeff{}\r\n", "  {}\n\n"])
def test_any_other_text_is_a_secret_that_signs_with_hs256(tmp_path: Path, dress: str) -> None:
    path = key_file(tmp_path, dress.format(SHARED_SECRET))
    told = JwtAssertion(keyed(path)).form()
    assert claims_of(told["client_assertion"], SHARED_SECRET, "HS256")["sub"] == "id-1"


def test_an_assertion_takes_the_place_of_the_secret_in_the_form(tmp_path: Path) -> None:
    path = key_file(tmp_path, SHARED_SECRET)
    form = JwtAssertion(keyed(path), wall=lambda: NOW).form()
    signed = form.pop("client_assertion")
    assert form == {
        "grant_type": "client_credentials",
        "client_id": "id-1",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }
    assert jwt.get_unverified_header(signed) == {"alg": "HS256", "typ": "JWT"}
    claims = jwt.decode(signed, options={"verify_signature": False})
    assert len(claims.pop("jti")) == 36
    assert claims == {
        "iss": "id-1",
        "sub": "id-1",
        "aud": TOKEN_URL,
        "iat": 1_800_000_000,
        "exp": 1_800_000_000 + LIFE_S,
    }


def test_key_id_audience_and_grant_are_as_they_are_set(tmp_path: Path) -> None:
    path = key_file(tmp_path, SHARED_SECRET)
    given = keyed(path, jwt_key_id="k-7", jwt_audience="https://issuer.test/", jwt_grant="jwt-bearer")
    form = JwtAssertion(given).form()
    signed = form.pop("assertion")
    assert form == {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer"}
    assert jwt.get_unverified_header(signed)["kid"] == "k-7"
    assert claims_of(signed, SHARED_SECRET, "HS256", audience="https://issuer.test/")["iss"] == "id-1"


def test_each_sending_has_an_assertion_of_its_own(tmp_path: Path) -> None:
    given = keyed(key_file(tmp_path, SHARED_SECRET), token_audience="https://api-id.test/")
    answers: list[Answer] = [reply(503), Failure("connection_lost", "broke"), granted("a", expires_in=10), granted("b")]
    network = Network([reply(200, SITE)], tokens=answers)

    async def main() -> None:
        async with client(network, settings=given) as caller:
            await caller.get_site(1)
            await asyncio.sleep(20)
            await caller.get_site(1)

    run(main())
    forms = [parse_qs((asked.body or b"").decode()) for asked in network.token_requests]
    assert len(forms) == 4
    assert {form["audience"][0] for form in forms} == {"https://api-id.test/"}
    ids = [claims_of(form["client_assertion"][0], SHARED_SECRET, "HS256")["jti"] for form in forms]
    assert len(set(ids)) == 4


def test_an_audience_goes_with_a_client_secret_too() -> None:
    network = Network([reply(200, SITE)])

    async def main() -> None:
        async with client(network, settings=settings(token_audience="https://api-id.test/")) as caller:
            await caller.get_site(1)

    run(main())
    told = parse_qs((network.token_requests[0].body or b"").decode())
    assert (told["audience"], told["client_id"]) == (["https://api-id.test/"], ["id-1"])


def test_a_refused_assertion_names_the_settings_that_it_is_made_of(tmp_path: Path) -> None:
    network = Network(tokens=[reply(401, {"error": "invalid_client"})])

    async def main() -> None:
        async with client(network, settings=keyed(key_file(tmp_path, SHARED_SECRET))) as caller:
            await caller.get_site(1)

    with pytest.raises(ApiUnusable, match=r"CHEKT_JWT_KEY_FILE.*CHEKT_JWT_AUDIENCE.*clock"):
        run(main())


PLAIN, LOCK = NoEncryption(), BestAvailableEncryption(b"canary-password")
PKCS8, PKCS1 = PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL
WRONG_KEYS: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "is empty"),
    "blank": (lambda: b"\xef\xbb\xbf \r\n\n", "is empty"),
    "too large": (lambda: b"x" * 70_000, "larger than 64 KiB"),
    "not text": (lambda: rsa_key().private_bytes(Encoding.DER, PKCS8, PLAIN), "not UTF-8"),
    "UTF-16": (lambda: pem(rsa_key()).encode("utf-16"), "not UTF-8"),
    "short secret": (lambda: b"canary-short-secret", "32 bytes or more"),
    "31 bytes": (lambda: b"canary-" + b"x" * 24, "32 bytes or more"),
    "two lines": (lambda: b"\n".join([SHARED_SECRET.encode()] * 2), "several lines"),
    "public": (lambda: public(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), "public key"),
    "public, PKCS1": (lambda: public(Encoding.PEM, PublicFormat.PKCS1), "public key"),
    "public, SSH": (lambda: public(Encoding.OpenSSH, PublicFormat.OpenSSH), "public key"),
    "certificate": (lambda: b"-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----", "certificate"),
    "EC": (lambda: curve().private_bytes(Encoding.PEM, PKCS1, PLAIN), "RSA"),
    "EC, PKCS8": (lambda: curve().private_bytes(Encoding.PEM, PKCS8, PLAIN), "not RSA"),
    "Ed25519": (lambda: Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PKCS8, PLAIN), "not RSA"),
    "OpenSSH": (lambda: rsa_key().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, PLAIN), "ssh-keygen"),
    "locked": (lambda: rsa_key().private_bytes(Encoding.PEM, PKCS8, LOCK), "password"),
    "locked, PKCS1": (lambda: rsa_key().private_bytes(Encoding.PEM, PKCS1, LOCK), "password"),
    "damaged": (lambda: pem(rsa_key()).replace("MII", "IIM", 1).encode(), "damaged"),
    "cut off": (lambda: "\n".join(pem(rsa_key()).splitlines()[:-5]).encode(), "damaged"),
    "1024 bits": (lambda: pem(rsa_key(bits=1024)).encode(), "1024 bits"),
}
"""What is wrong with a key → the file's content, a part of what is said."""


def public(encoding: Encoding, form: PublicFormat) -> bytes:
    return rsa_key().public_key().public_bytes(encoding, form)


def curve() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.mark.parametrize("what", WRONG_KEYS)
def test_a_key_that_will_not_do_is_told_by_its_variable_and_not_shown(tmp_path: Path, what: str) -> None:
    content, said = WRONG_KEYS[what]
    data = content()
    with pytest.raises(SettingsError) as raised:
        check_credentials(keyed(key_file(tmp_path, data)))
    told = str(raised.value)
    assert told.startswith("CHEKT_JWT_KEY_FILE: ")
    assert said in told
    assert len(told.splitlines()) == 1
    assert "canary" not in told
    assert not any(line in told for line in data.decode(errors="replace").splitlines() if len(line) > 8)
    assert raised.value.__context__ is None


@pytest.mark.parametrize("mistaken", ["canary-secret-typed-in-the-place-of-its-path-0123", "~nobody-here/canary"])
def test_a_path_that_leads_nowhere_is_not_shown_because_it_may_be_the_key(mistaken: str) -> None:
    with pytest.raises(SettingsError, match="not the key itself") as raised:
        check_credentials(keyed(Path(mistaken)))
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize("mistaken", ["-----BEGIN PRIVATE KEY-----canary", "canary\nline"])
def test_a_key_in_the_place_of_its_path_is_refused_when_settings_are_read(mistaken: str) -> None:
    with pytest.raises(SettingsError, match=r"CHEKT_JWT_KEY_FILE: .*not the key itself") as raised:
        Settings(env_file=None, jwt_key_file=mistaken)
    assert "canary" not in str(raised.value)


def test_a_folder_is_no_key_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is not a file"):
        check_credentials(keyed(tmp_path))


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
@pytest.mark.parametrize(("mode", "taken"), [(0o600, True), (0o640, True), (0o604, False), (0o644, False)])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int, taken: bool) -> None:
    path = key_file(tmp_path, SHARED_SECRET, mode=mode)
    if taken:
        check_credentials(keyed(path))
        return
    with pytest.raises(SettingsError, match="chmod 600"):
        check_credentials(keyed(path))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs permissions that bind this user")
def test_a_key_that_can_not_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Permission denied"):
        check_credentials(keyed(key_file(tmp_path, SHARED_SECRET, mode=0)))


def test_a_key_is_found_from_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key_file(tmp_path, SHARED_SECRET)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert JwtAssertion(keyed(Path("~/signing.key"))).algorithm == "HS256"


def test_a_ready_token_goes_before_a_key_and_a_key_before_a_client_secret(tmp_path: Path) -> None:
    path = key_file(tmp_path, SHARED_SECRET)
    both = settings(jwt_key_file=path)
    network = Network([reply(200, SITE)])

    async def main(given: Settings) -> None:
        async with client(network, settings=given) as caller:
            await caller.get_site(1)

    run(main(both))
    told = parse_qs((network.token_requests[0].body or b"").decode())
    assert "client_assertion" in told
    assert "client_secret" not in told
    run(main(settings(jwt_key_file=tmp_path / "gone", access_token="ready")))
    assert len(network.token_requests) == 1
    assert network.sent[-1].headers["Authorization"] == "Bearer ready"


@given(
    st.binary(max_size=200)
    | st.text(min_size=30).map(str.encode)
    | st.text().map("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----".format).map(str.encode)
    | st.sampled_from(["ssh-rsa ", "ecdsa-sha2-nistp256 ", "---- BEGIN SSH2 PUBLIC KEY ---- x ---- END"]).map(
        lambda text: f"{text}{'A' * 40}".encode()
    )
)
@example(b"---- BEGIN SSH2 PUBLIC KEY ---- AAAA ---- END SSH2 PUBLIC KEY ----")
def test_any_file_signs_or_is_refused_as_a_setting(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        given_settings = keyed(key_file(Path(folder), content))
        try:
            form = JwtAssertion(given_settings).form()
        except SettingsError:
            return
    secret = content.decode("utf-8-sig").replace("\r\n", "\n").strip()
    assert claims_of(form["client_assertion"], secret, "HS256")["sub"] == "id-1"


@pytest.mark.parametrize("keyed", [False, True])
def test_signing_is_imported_only_where_a_key_is_set(tmp_path: Path, keyed: bool) -> None:
    more = f", jwt_key_file={str(key_file(tmp_path, SHARED_SECRET))!r}" if keyed else ""
    script = (
        "import sys; from migrate.api.client import PartnerClient; from migrate.settings import Settings; "
        f"PartnerClient(Settings(env_file=None, client_id='a', client_secret='b', dealer_id='1'{more})); "
        "print([name for name in ('jwt', 'cryptography') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == ("['jwt', 'cryptography']" if keyed else "[]")
