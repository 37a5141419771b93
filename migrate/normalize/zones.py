"""Zone numbers: three digits as text, and lists of them."""

import re
import unicodedata

from migrate.normalize.reading import Doubt, Reading, quoted, warned
from migrate.normalize.suspects import DATE, THOUSANDS

_LARGEST = 999
IN_FRONT = r"(?:(?:zone|zn|z)[\s._:#-]*|#\s*)?"
"""What may stand in front of a zone's number, in any case; for Python and polars."""
_ZONE = re.compile(rf"{IN_FRONT}0*([0-9]+)(?:\.0*)?", re.IGNORECASE)
_DATE = re.compile(DATE)
_LIKE_A_LIST = re.compile(THOUSANDS)
_THOUSANDS = re.compile(r"[0-9]{1,2}(,[0-9]{3})+")
_SEVERAL = re.compile(r"[0-9][^0-9]+[0-9]")
_DIGITS = 3
_RANGE_HINT = "a zone is a number from 1 to 999; this one is sent as it is"
_LIST_HINT = 'part the list with commas, or give the mapping a split, such as split = "[;/ ]+"'
_DATE_HINT = (
    "a spreadsheet program may have made a date of a zone such as 1-2; type it again in a cell formatted as text"
)
_JOINED_ZONE_HINT = f"{_RANGE_HINT}; if it was a list such as 002,003, format the column as text"
_PARTED_HINT = "if it was a list, put the first zone here and the others under additional_zone_numbers"
_JOINED_HINT = "a spreadsheet may have made one number of a list, such as 2003 of 002,003; format the column as text"


def read_zone(text: str) -> Reading:
    """Read one zone number: `1`, `01`, `1.0`, `Z1`, `Zone 1`, `#1` are `001`; what is none stays, with a warning."""
    zone = _zone(text)
    if zone is not None:
        return Reading(zone)
    if _DATE.fullmatch(text):
        return warned(text, "date_text", _looks_like_date(text), hint=_DATE_HINT)
    if _LIKE_A_LIST.fullmatch(text):
        message = f"{quoted(text)} may be a number with a thousands separator that was a list of zones; it is sent so"
        return warned(text, "thousands", message, hint=_PARTED_HINT)
    return warned(text, "zone_number", _complaint(text), hint=_JOINED_ZONE_HINT if _is_joined(text) else _RANGE_HINT)


def read_zones(text: str) -> Reading:
    """Read a list of zone numbers parted by commas; empty parts are left out, and so are repeated ones."""
    parts = [part for part in (part.strip() for part in text.split(",")) if part]
    zones = [_zone(part) or part for part in parts]
    bad = next((part for part in parts if _zone(part) is None), None)
    different = list(dict.fromkeys(zones))
    doubts = []
    if bad is not None:
        doubts.append(_bad_part(bad))
    if len(different) < len(zones):
        doubts.append(_repeated(next(zone for at, zone in enumerate(zones) if zone in zones[:at])))
    if _THOUSANDS.fullmatch(text):
        doubts.append(_thousands(text, zones))
    return Reading(",".join(different) or None, tuple(doubts))


def _zone(text: str) -> str | None:
    match = _ZONE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None or len(match[1]) > _DIGITS or match[1] == "0":
        return None
    return match[1].zfill(_DIGITS)


def _complaint(text: str) -> str:
    match = _ZONE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return f"zone number {quoted(text)} is not a number"
    return f"zone number {quoted(text)} is {'0' if match[1] == '0' else f'above {_LARGEST}'}"


def _bad_part(part: str) -> Doubt:
    if _DATE.fullmatch(part):
        return Doubt("warning", "date_text", _looks_like_date(part), _DATE_HINT)
    return Doubt("warning", "zone_number", _complaint(part), _list_hint(part))


def _looks_like_date(text: str) -> str:
    return f"zone number {quoted(text)} looks like a date"


def _list_hint(part: str) -> str:
    if _is_joined(part):
        return _JOINED_HINT
    return _LIST_HINT if _SEVERAL.search(part) else _RANGE_HINT


def _is_joined(text: str) -> bool:
    return text.isdecimal() and len(text) > _DIGITS


def _repeated(zone: str) -> Doubt:
    return Doubt("warning", "repeated_zone", f"zone {zone} stands twice in the list", "it is sent once")


def _thousands(text: str, zones: list[str]) -> Doubt:
    message = f"{quoted(text)} may be a number with a thousands separator that was a list; read as {', '.join(zones)}"
    return Doubt("warning", "thousands", message, "format the column as text and write each zone with three digits")
