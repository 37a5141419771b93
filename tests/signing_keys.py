"""Keys that sign assertions, made anew by each test process, and what a server knows of them."""

from base64 import urlsafe_b64encode
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

SHARED_SECRET = "canary-shared-secret-0123456789abcdef"


@cache
def rsa_key(which: int = 1, *, bits: int = 2048) -> RSAPrivateKey:
    """Return one of several keys; the same for the same number."""
    del which
    return generate_private_key(public_exponent=65_537, key_size=bits)


def pem(key: RSAPrivateKey, form: PrivateFormat = PrivateFormat.PKCS8) -> str:
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


def rsa_jwk(key: RSAPrivateKey) -> dict[str, str]:
    """Return what a server knows of a key."""
    numbers = key.public_key().public_numbers()
    return {"kty": "RSA", "n": _base64(numbers.n), "e": _base64(numbers.e)}


def oct_jwk(secret: str) -> dict[str, str]:
    """Return a shared secret as a server keeps it."""
    return {"kty": "oct", "k": urlsafe_b64encode(secret.encode()).decode().rstrip("=")}


def key_file(folder: Path, content: str | bytes, *, mode: int = 0o600) -> Path:
    """Write a key file that only its owner reads."""
    path = folder / "signing.key"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    return path


def _base64(number: int) -> str:
    return urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8)).decode().rstrip("=")
