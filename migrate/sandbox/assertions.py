"""Assertions: checks a signed JWT (RFC 7523, 3) by itself, without the library that the client signs with."""

import hashlib
import hmac
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

_LEEWAY_S: Final = 60
_LONGEST_LIFE_S: Final = 3600
_DIGEST_INFO: Final = bytes.fromhex("3031300d060960864801650304020105000420")
"""What stands before a SHA-256 hash in an RSA signature (RFC 8017, 9.2)."""


class Assertions:
    """Knows a client's key and which `jti` it saw; the key is a JWK (RFC 7517): RSA with `n`, `e`, or oct with `k`."""

    def __init__(self, key: Mapping[str, str] | None, *, client_id: str, clock: Callable[[], float]) -> None:
        self._key = key
        self._client_id = client_id
        self._clock = clock
        self._seen: set[str] = set()

    def mistake(self, assertion: str, *, audience: str) -> str | None:
        """Return what is wrong with an assertion, None if it is good; it is good once."""
        signed, _, signature = assertion.rpartition(".")
        try:
            header, claims = (_object(part) for part in signed.split("."))
            told = _bytes(signature)
        except ValueError:
            return "the assertion is not a signed JWT"
        if self._key is None:
            return "the client has no key for assertions"
        if not _is_signed(header, signed.encode(), told, self._key):
            return "the assertion's signature is wrong"
        mistake = self._wrong_claim(claims, audience)
        if mistake is None:
            self._seen.add(claims["jti"])
        return mistake

    def _wrong_claim(self, claims: Mapping[str, Any], audience: str) -> str | None:
        now = self._clock()
        expires, issued, jti = claims.get("exp"), claims.get("iat", now), claims.get("jti")
        if not isinstance(expires, int) or not isinstance(issued, int | float) or not isinstance(jti, str):
            return "exp, iat or jti of the assertion is missing or of a wrong kind"
        audiences = claims.get("aud")
        checks = {
            "iss and sub are not the client's id": [claims.get("iss"), claims.get("sub")] != [self._client_id] * 2,
            "aud is not the token URL": audience not in (audiences if isinstance(audiences, list) else [audiences]),
            "the assertion has expired": expires <= now,
            "exp is too far ahead": expires > now + _LONGEST_LIFE_S,
            "iat is in the future": issued > now + _LEEWAY_S,
            "jti was seen before": jti in self._seen,
        }
        return next((reason for reason, holds in checks.items() if holds), None)


def _is_signed(header: Mapping[str, Any], signed: bytes, signature: bytes, key: Mapping[str, str]) -> bool:
    """Return whether a signature is that of the key; only the algorithm that the key is made for is taken."""
    if key["kty"] == "oct":
        expected = hmac.digest(_bytes(key["k"]), signed, "sha256")
        return header.get("alg") == "HS256" and hmac.compare_digest(expected, signature)
    modulus, exponent = (int.from_bytes(_bytes(key[part])) for part in ("n", "e"))
    size = (modulus.bit_length() + 7) // 8
    if header.get("alg") != "RS256" or len(signature) != size:
        return False
    told = pow(int.from_bytes(signature), exponent, modulus).to_bytes(size)
    tail = b"\x00" + _DIGEST_INFO + hashlib.sha256(signed).digest()
    return told == b"\x00\x01" + b"\xff" * (size - 2 - len(tail)) + tail


def _object(part: str) -> dict[str, Any]:
    value = orjson.loads(_bytes(part))
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - told to the caller as one kind of mistake
    return value


def _bytes(text: str) -> bytes:
    """Return what base64url without padding says (RFC 7515, 2)."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
