"""How well a column's values fit a concept, from 0 (they can't be that) to 1, and the words for it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import polars as pl

from migrate.mapping.suggest.kinds import DEVICE_KINDS, TIMEZONES
from migrate.mapping.suggest.profile import Profile, count_rows
from migrate.mapping.suggest.value_words import LOCAL_ZONES, device_kind, standing
from migrate.normalize.choices import read_security_type
from migrate.normalize.timezones import read_timezone

_Fit = Callable[[Profile], float]
_HALF, _MOST, _SOME = 0.5, 0.8, 0.2
_FEW_VALUES = 40
_DOUBTFUL = 0.6
_LONG = 60
_ALL_ALIKE = 3
_CODE_LENGTH = 24

BY_VALUE: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        "mac": ("MAC addresses", 0.85),
        "device_type": (DEVICE_KINDS, 0.6),
        "timezone": (TIMEZONES, 0.8),
        "ip": ("IP addresses", 0.7),
        "state": ("US states", 0.7),
    }
)
"""Concept → the kind of values that are enough without a header that says so, and how sure they make it."""


def fit(concept: str, profile: Profile) -> float:
    """Return how well the values fit; an empty column fits a bit, as nothing speaks against it."""
    if not profile.filled:
        return _DOUBTFUL
    return _FITS.get(concept, _anything)(profile)


def said_of_values(concept: str, profile: Profile) -> str:
    """Return what the values say, for a reason: `98 % are MAC addresses`."""
    if not profile.filled:
        return "it is empty"
    if concept in _KIND_OF:
        kind = _KIND_OF[concept]
        share = share_of(profile, _KNOWN[concept]) if concept in _KNOWN else profile.share(kind)
        return f"{share:.0%} are {kind}".replace("%", " %")
    if profile.distinct == 1:
        return "always the same value"
    if profile.kind == "text":
        return f"{profile.distinct:,} different texts"
    width = profile.width
    if width and profile.kind in {"numbers", "codes", "codes with leading zeros"}:
        return f"{width}-character {profile.kind}"
    return profile.kind


def share_of(profile: Profile, test: Callable[[str], bool]) -> float:
    """Return the share of a sample's filled cells whose value passes a test, by the commonest values."""
    head = profile.values.head(_FEW_VALUES * 5)
    passed = pl.Series([test(value) for value in head["value"]], dtype=pl.Boolean)
    return count_rows(head.filter(passed)) / count_rows(head) if head.height else 0.0


def _anything(_: Profile) -> float:
    return 1.0


def _by_share(*kinds: str) -> _Fit:
    def judged(profile: Profile) -> float:
        share = profile.share(*kinds)
        return 1.0 if share >= _HALF else _DOUBTFUL if share >= _SOME else 0.0

    return judged


def _timezone(profile: Profile) -> float:
    share = share_of(profile, _is_zone_or_state)
    return 1.0 if share >= _HALF else _DOUBTFUL if share >= _SOME else 0.0


def _is_zone_or_state(text: str) -> bool:
    return text.casefold() in LOCAL_ZONES or read_timezone(text, suggest=False).value is not None


def _is_device_kind(text: str) -> bool:
    return device_kind(text) is not None


def _is_security_type(text: str) -> bool:
    return read_security_type(text).value is not None


def _zone(profile: Profile) -> float:
    share = max(profile.share("zone numbers"), profile.share("words with a number"))
    return 1.0 if share >= _HALF else _DOUBTFUL if share >= _SOME else _SOME


def _name(profile: Profile) -> float:
    odd = profile.share("IP addresses", "MAC addresses", "links", "dates", "e-mail addresses", "yes or no")
    if odd >= _HALF:
        return 0.0
    if profile.distinct == 1 and profile.filled > _ALL_ALIKE:
        return _DOUBTFUL
    return _DOUBTFUL if profile.share("numbers") >= _MOST else 1.0


def _street(profile: Profile) -> float:
    odd = profile.share("IP addresses", "MAC addresses", "links", "e-mail addresses", "numbers")
    return 0.0 if odd >= _HALF else 1.0


def _code(profile: Profile) -> float:
    odd = profile.share("IP addresses", "MAC addresses", "links", "dates", "e-mail addresses")
    longest = profile.values["value"].str.len_chars().max()
    if odd >= _HALF or not isinstance(longest, int):
        return 0.0
    median = profile.values["value"].str.len_chars().median()
    return 1.0 if isinstance(median, float) and median <= _CODE_LENGTH else _DOUBTFUL


def _site_id(profile: Profile) -> float:
    shape = _code(profile)
    spaced = share_of(profile, lambda text: len(text.split()) > 1)
    return shape * (_DOUBTFUL if spaced > _HALF else 1.0)


def _device_type(profile: Profile) -> float:
    if profile.distinct > _FEW_VALUES * 5:
        return 0.0
    known = share_of(profile, _is_device_kind)
    return 1.0 if known >= _HALF else _DOUBTFUL if known >= _SOME else 0.0


def _security_type(profile: Profile) -> float:
    known = share_of(profile, _is_security_type)
    return 1.0 if known >= _HALF and profile.distinct <= _FEW_VALUES else 0.0


def _status(profile: Profile) -> float:
    if profile.distinct > _FEW_VALUES:
        return 0.0
    is_switch = profile.share("yes or no") >= _MOST
    known = share_of(profile, lambda text: standing(text, is_switch=is_switch) is not None)
    return 1.0 if known >= _SOME else _DOUBTFUL


def _short(profile: Profile) -> float:
    longest = profile.values["value"].str.len_chars().max()
    odd = profile.share("IP addresses", "MAC addresses", "links", "dates", "e-mail addresses")
    return 0.0 if odd >= _HALF else 1.0 if isinstance(longest, int) and longest <= _LONG else _DOUBTFUL


def _serial(profile: Profile) -> float:
    """Return how well texts fit; the serial number of some makes is the MAC."""
    longest = profile.values["value"].str.len_chars().max()
    odd = profile.share("IP addresses", "links", "dates", "e-mail addresses")
    return 0.0 if odd >= _HALF else 1.0 if isinstance(longest, int) and longest <= _LONG else _DOUBTFUL


def _state(profile: Profile) -> float:
    is_status = share_of(profile, lambda text: standing(text, is_switch=False) is not None) >= _HALF
    is_none = is_status or profile.share("numbers") >= _HALF or profile.distinct > _FEW_VALUES * 2
    return 0.0 if is_none else 1.0


_KIND_OF = {
    "mac": "MAC addresses",
    "ip": "IP addresses",
    "timezone": "time zones",
    "email": "e-mail addresses",
    "zone": "zone numbers",
    "device_type": "known kinds of devices",
    "security_type": "security types",
}
_KNOWN: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {"timezone": _is_zone_or_state, "device_type": _is_device_kind, "security_type": _is_security_type}
)
_FITS: Mapping[str, _Fit] = MappingProxyType(
    {
        "mac": _by_share("MAC addresses"),
        "ip": _by_share("IP addresses", "links"),
        "email": _by_share("e-mail addresses"),
        "timezone": _timezone,
        "zone": _zone,
        "site_id": _site_id,
        "station_id": _code,
        "station_ref": _code,
        "device_id": _short,
        "account": _code,
        "serial": _serial,
        "state": _state,
        "model": _short,
        "make": _short,
        "site_name": _name,
        "device_name": _name,
        "station_name": _name,
        "street": _street,
        "device_type": _device_type,
        "security_type": _security_type,
        "status": _status,
        "site_class": _status,
    }
)
