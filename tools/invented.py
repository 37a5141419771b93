"""Invented serials and addresses of devices: always the same for the same key, on every machine and Python."""

from hashlib import sha256

_PRIVATE = "26AE"
"""Second digits of a MAC that no maker may use, so that an invented address is nobody's."""


def digits(key: str, count: int) -> str:
    """Return `count` digits, of which the first is not 0."""
    return str(int(sha256(key.encode()).hexdigest(), 16))[:count]


def mac(key: str, *, between: str = ":", group: int = 2) -> str:
    """Return a MAC address, `group` hex digits and then a separator."""
    hexes = sha256(key.encode()).hexdigest()[:12].upper()
    own = hexes[0] + _PRIVATE[int(hexes[1], 16) % len(_PRIVATE)] + hexes[2:]
    return between.join(own[at : at + group] for at in range(0, len(own), group))
