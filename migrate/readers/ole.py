"""OLE: the container of old Office files, and of newer ones that are protected by a password."""

from mmap import mmap

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What such a file begins with."""
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


def is_protected(data: bytes | mmap) -> bool:
    """Tell whether a container holds a workbook of the newer kind, which it does where that is encrypted."""
    return data.find(_ENCRYPTED_PACKAGE) >= 0
