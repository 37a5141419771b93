"""Assertion: a signed JWT in exchange for a token (RFC 7523); imported only where a key is configured."""

import re
import time
from collections.abc import Callable
from typing import Final
from uuid import uuid4

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import SecretStr

from migrate.api.key_file import read_key, refuse_key
from migrate.settings import Settings

LIFE_S: Final = 300
"""How long an assertion may be used, as in the vendor's example; less forgives no clock that is slow."""
SHORTEST_SECRET_BYTES: Final = 32
SHORTEST_RSA_BITS: Final = 2048

_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_BEARER_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LABEL: Final = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----")
_WRONG_LABELS: Final = {
    "PUBLIC KEY": "holds a public key; the private one signs",
    "RSA PUBLIC KEY": "holds a public key; the private one signs",
    "SSH2 PUBLIC KEY": "holds a public key; the private one signs",
    "CERTIFICATE": "holds a certificate; the private key that belongs to it signs",
    "EC PRIVATE KEY": "holds an elliptic-curve key; RS256 takes an RSA key",
    "OPENSSH PRIVATE KEY": "is in OpenSSH's own form; write it as PEM: ssh-keygen -p -m PEM -f FILE",
    "ENCRYPTED PRIVATE KEY": "is locked with a password, which can't be asked for; unlock it: openssl pkey -in FILE",
}
_LOCKED: Final = _WRONG_LABELS["ENCRYPTED PRIVATE KEY"]


class JwtAssertion:
    """A grant that is signed anew for each token request: RS256 with an RSA private key, else HS256 with a secret.

    By default the assertion takes the place of the client's secret in a client credentials grant (RFC 7523, 2.2): the
    overview names the "Client Credentials Grant (M2M with JWT)", and the vendor's public example does it so, with
    RS256, a key id, an audience that is not the token URL, and an `audience` beside it (`CHEKT_TOKEN_AUDIENCE`). Pages
    that speak of exchanging an assertion for a token may mean a grant of its own (2.1): `CHEKT_JWT_GRANT=jwt-bearer`.
    Issuer and subject are the client id (RFC 7523, 3); a secret is used as it is written.

    Raises:
        SettingsError: the key can't be used; the message names the variable and nothing of the key.
    """

    advice = "CHEKT_CLIENT_ID, CHEKT_JWT_KEY_FILE, CHEKT_JWT_KEY_ID, CHEKT_JWT_AUDIENCE, this machine's clock"

    def __init__(self, settings: Settings, *, wall: Callable[[], float] = time.time) -> None:
        path = settings.jwt_key_file
        if path is None or settings.client_id is None:
            refuse_key("set it and CHEKT_CLIENT_ID")
        self._settings = settings
        self._client_id = settings.client_id
        self._wall = wall
        self._text = read_key(path)
        self._private = _private_key(self._text)
        self._last = SecretStr("")

    @property
    def algorithm(self) -> str:
        """RS256 or HS256 (RFC 7518)."""
        return "HS256" if self._private is None else "RS256"

    def form(self) -> dict[str, str]:
        """Return the form fields of the token request, with a new assertion."""
        client_id = self._client_id.get_secret_value()
        now = int(self._wall())
        claims = {
            "iss": client_id,
            "sub": client_id,
            "aud": self._settings.jwt_audience or self._settings.token_url,
            "iat": now,
            "exp": now + LIFE_S,
            "jti": str(uuid4()),
        }
        named = {"kid": self._settings.jwt_key_id} if self._settings.jwt_key_id else None
        key = self._text.get_secret_value().encode() if self._private is None else self._private
        signed = jwt.encode(claims, key, algorithm=self.algorithm, headers=named)
        self._last = SecretStr(signed)
        if self._settings.jwt_grant == "jwt-bearer":
            return {"grant_type": _BEARER_GRANT, "assertion": signed}
        return {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": signed,
        }

    def secrets(self) -> tuple[str, ...]:
        """Return the key and what it signed last."""
        return (self._text.get_secret_value(), self._last.get_secret_value())


def _private_key(key: SecretStr) -> RSAPrivateKey | None:
    """Return the RSA key that a PEM text holds, None if the text is a secret; SettingsError if it is neither."""
    text = key.get_secret_value()
    label = _LABEL.search(text)
    if label is not None:
        reason = _WRONG_LABELS.get(label[1])
        loaded = None if reason else _loaded(text)
    else:
        reason, loaded = _wrong_secret(text), None
    del text  # from here on an error may be raised, and its traceback must not hold it
    if isinstance(loaded, str):
        reason = loaded
    if reason is not None:
        refuse_key(f"the file {reason}")
    return loaded if isinstance(loaded, RSAPrivateKey) else None


def _loaded(text: str) -> RSAPrivateKey | str:
    """Return the RSA key, or what is wrong with it; what the library says may quote the text."""
    try:
        loaded = load_pem_private_key(text.encode(), password=None)
    except TypeError:  # RFC 1421's way of locking, which stands behind the label
        return _LOCKED
    except (ValueError, UnsupportedAlgorithm):
        return "holds a private key that is damaged or of an unknown kind; take an RSA private key in PEM"
    if not isinstance(loaded, RSAPrivateKey):
        return "holds a private key that is not RSA; RS256 takes an RSA key"
    if loaded.key_size < SHORTEST_RSA_BITS:
        return f"holds an RSA key of {loaded.key_size} bits; RS256 takes {SHORTEST_RSA_BITS} or more (RFC 7518, 3.3)"
    return loaded


def _wrong_secret(text: str) -> str | None:
    """Return why a text can't be a shared secret, None if it can."""
    if "\n" in text or "\r" in text:
        return "has several lines and is no PEM; a shared secret is one line"
    if len(text.encode()) < SHORTEST_SECRET_BYTES:
        return f"holds a secret that is too short; HS256 takes {SHORTEST_SECRET_BYTES} bytes or more (RFC 7518, 3.2)"
    try:
        jwt.encode({}, text, algorithm="HS256")
    except jwt.PyJWTError:  # it knows SSH keys and more by their beginning, and signs with none that everybody knows
        return _WRONG_LABELS["PUBLIC KEY"]
    return None
