"""Time zones: the names that inventories use, IANA's own, and states that have only one."""

import re
import unicodedata
from collections.abc import Collection
from importlib.resources import files

from rapidfuzz import fuzz, process

from migrate.normalize.reading import Reader, Reading, error, quoted, warned
from migrate.normalize.us_states import STATE_ZONES
from migrate.normalize.zone_names import AMBIGUOUS_NAMES, ZONE_NAMES

_CODE = "timezone"
_MAP = "table.fields.timezone.map"
_WITH_OFFSET = re.compile(r"\((?:utc|gmt)[^)]*\)\s*(?=\S)")
_OFFSET = re.compile(r"\(?(?:utc|gmt)?\s*[+\-\u2212\u2013]?\s*[0-9]{1,2}(?:[:.]?[0-9]{1,2})?\)?")
_LIKENESS_MIN = 70
_SUGGEST_MAX = 1_000
_CENTRAL_OR_CONNECTICUT = "ct"


def read_timezone(text: str, *, suggest: bool = True) -> Reading:
    """Read one time zone as an IANA id; `CT`, Central Time or Connecticut, needs a whole column to be told."""
    folded = _fold(text)
    name = _WITH_OFFSET.sub("", folded)
    if name in _AMBIGUOUS:
        zone, otherwise = _AMBIGUOUS[name]
        hint = f"{otherwise}; to say which is meant, add it under {_MAP}"
        return warned(zone, "timezone_ambiguous", f"time zone {quoted(text)} taken as {zone}", hint=hint)
    if known := _NAMED.get(name) or _IANA.get(name.replace(" ", "_")):
        return Reading(known)
    if name in _STATES:
        return _state(text, _STATES[name])
    if _OFFSET.fullmatch(folded):
        hint = f"write its name, such as Eastern or America/New_York, or add it under {_MAP}"
        return error(_CODE, f"{quoted(text)} is an offset, which does not tell the time zone", hint)
    return error(_CODE, f"time zone {quoted(text)} is not known", _hint(name, suggest=suggest))


def timezone_reader(texts: Collection[str]) -> Reader:
    """Return the reader for a column of these different texts.

    Where one of them can only be the name of a time zone, `CT` is Central Time. Where there are too many for time
    zones, none is suggested.
    """
    suggest = len(texts) <= _SUGGEST_MAX
    central = any(_fold(text) in _ONLY_ZONES for text in texts)

    def read(text: str) -> Reading:
        if central and _fold(text) == _CENTRAL_OR_CONNECTICUT:
            return Reading("America/Chicago")
        return read_timezone(text, suggest=suggest)

    return read


def zone_of_city(text: str) -> str | None:
    """Return the only IANA id that ends with a city, such as `Europe/Amsterdam`; None: there is none, or several."""
    found = _OF_CITY.get(_fold(text).replace(" ", "_"), ())
    return found[0] if len(found) == 1 else None


def _state(text: str, zones: tuple[str, ...]) -> Reading:
    if len(zones) == 1 and _fold(text) != _CENTRAL_OR_CONNECTICUT:
        return Reading(zones[0])
    if len(zones) == 1:
        message = f"{quoted(text)} may be Connecticut (America/New_York) or Central Time (America/Chicago)"
    else:
        message = f"the state {quoted(text)} has two time zones, {' and '.join(zones)}"
    return error(_CODE, message, f"write the site's time zone, or add it under {_MAP}")


def _hint(name: str, *, suggest: bool) -> str:
    near = suggest and process.extractOne(name, _SPELLED, scorer=fuzz.ratio, score_cutoff=_LIKENESS_MIN)
    if not near:
        return f"write an IANA name, such as America/New_York, or add it under {_MAP}"
    return f'did you mean "{near[2]}"? add it under {_MAP}'


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


_NAMED = {_fold(name): zone for name, zone in ZONE_NAMES.items()}
_AMBIGUOUS = {_fold(name): meaning for name, meaning in AMBIGUOUS_NAMES.items()}
_STATES = {_fold(name): zones for name, zones in STATE_ZONES.items()}
_ONLY_ZONES = _NAMED.keys() - _STATES.keys()
_IANA = {name.casefold(): name for name in files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()}
_OF_CITY: dict[str, list[str]] = {}
for _zone in _IANA.values():
    if "/" in _zone and not _zone.startswith(("Etc/", "US/", "Canada/", "Brazil/", "Mexico/", "Chile/")):
        _OF_CITY.setdefault(_zone.rsplit("/", 1)[-1].casefold(), []).append(_zone)
_SPELLED = {name: _fold(name) for name in (*ZONE_NAMES, *_IANA.values())}
