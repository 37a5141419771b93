"""Fields with a few possible values: security and device types, yes and no, ids that the dealer's system counts."""

import re
import unicodedata

from migrate.model.records import DEVICE_TYPES, SECURITY_TYPES
from migrate.normalize.reading import Reading, error, quoted

_SHORT_NAMES = {
    1: ("Primary Bridge", "Alarm Panel with a Primary Bridge"),
    2: ("Individual Bridge", "Individual Bridges", "Alarm Panel with Individual Bridges"),
    3: ("CHeKT", "CHeKT Video", "CHeKT Video Security"),
    4: ("Alarm.com", "Alarm.com Security"),
}
"""What people write for a security type, beside its full name; nothing that could be two of them."""

_YES = frozenset({"yes", "y", "true", "1", "1.0"})
_NO = frozenset({"no", "n", "false", "0", "0.0"})
_WHOLE = re.compile(r"0*([1-9][0-9]{0,17})(?:\.0+)?")
_TYPES = "; ".join(f"{number} {name}" for number, name in SECURITY_TYPES.items())


def read_security_type(text: str) -> Reading:
    """Read a security type by its number or one of its names; nothing is guessed."""
    number = _BY_NAME.get(_letters(text)) or _whole(text)
    if number in SECURITY_TYPES:
        return Reading(number)
    return error(
        "security_type",
        f"security type {quoted(text)} is not known",
        f"write one of: {_TYPES}; or add it under table.fields.security_type.map",
    )


def read_yes_no(text: str) -> Reading:
    """Read yes or no: `yes`, `y`, `true`, `1` and their opposites, in any case."""
    word = text.strip().casefold()
    if word in _YES or word in _NO:
        return Reading(word in _YES)
    hint = "write yes or no, or add it under table.fields.is_activated.map"
    return error("is_activated", f"{quoted(text)} is neither yes nor no", hint)


def read_device_type(text: str) -> Reading:
    """Read `camera` or `bridge`, in any case."""
    word = text.strip().casefold()
    if word in DEVICE_TYPES:
        return Reading(word)
    hint = f"write {' or '.join(DEVICE_TYPES)}, or add it under table.fields.device_type.map"
    return error("device_type", f"device type {quoted(text)} is not known", hint)


def read_station_number(text: str) -> Reading:
    """Read the number that the dealer's system gave a monitoring station."""
    number = _whole(text)
    if number is not None:
        return Reading(number)
    return error(
        "monitoring_station_id",
        f"{quoted(text)} is not a positive whole number",
        "write the number that CHeKT gave; an id of your own goes under external_monitoring_station_id",
    )


def _whole(text: str) -> int | None:
    match = _WHOLE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return int(match[1]) if match else None


def _letters(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


_BY_NAME = {_letters(name): number for number, full in SECURITY_TYPES.items() for name in (full, *_SHORT_NAMES[number])}
