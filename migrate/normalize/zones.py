"""Zone numbers: three digits as text, and lists of them."""

import re
import unicodedata

from migrate.normalize.reading import Doubt, Reading, quoted, warned

_LARGEST = 999
_ZONE = re.compile(r"(?:(?:zone|zn|z)[\s._:#-]*|#\s*)?0*([0-9]+)(?:\.0*)?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[0-9]{1,2}(,[0-9]{3})+")
_SEVERAL = re.compile(r"[0-9][^0-9]+[0-9]")
_DIGITS = 3
_RANGE_HINT = "a zone is a number from 1 to 999; this one is sent as it is"
_LIST_HINT = 'part the list with commas, or give the mapping a split, such as split = "[;/ ]+"'
_JOINED_HINT = "a spreadsheet may have made one number of a list, such as 2003 of 002,003; format the column as text"


def read_zone(text: str) -> Reading:
    """Read one zone number: `1`, `01`, `1.0`, `Z1`, `Zone 1`, `#1` are `001`; what is none stays, with a warning."""
    zone = _zone(text)
    if zone is not None:
        return Reading(zone)
    return warned(text, "zone_number", _complaint(text), hint=_RANGE_HINT)


def read_zones(text: str) -> Reading:
    """Read a list of zone numbers parted by commas; empty parts are left out, and so are repeated ones."""
    parts = [part for part in (part.strip() for part in text.split(",")) if part]
    zones = [_zone(part) or part for part in parts]
    bad = next((part for part in parts if _zone(part) is None), None)
    different = list(dict.fromkeys(zones))
    doubts = []
    if bad is not None:
        doubts.append(Doubt("warning", "zone_number", _complaint(bad), _list_hint(bad)))
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


def _list_hint(part: str) -> str:
    if part.isdecimal() and len(part) > _DIGITS:
        return _JOINED_HINT
    return _LIST_HINT if _SEVERAL.search(part) else _RANGE_HINT


def _repeated(zone: str) -> Doubt:
    return Doubt("warning", "repeated_zone", f"zone {zone} stands twice in the list", "it is sent once")


def _thousands(text: str, zones: list[str]) -> Doubt:
    message = f"{quoted(text)} may be a number with a thousands separator that was a list; read as {', '.join(zones)}"
    return Doubt("warning", "thousands", message, "format the column as text and write each zone with three digits")
