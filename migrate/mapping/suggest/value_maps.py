"""Value maps: what the values of time zones, device types and zone numbers become, and which a person must tell."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from migrate.mapping.suggest.draft import Setting
from migrate.mapping.suggest.phrases import meanings
from migrate.mapping.suggest.profile import Profile
from migrate.mapping.suggest.value_words import LOCAL_ZONES, device_kind, model_key
from migrate.model.text import excerpt
from migrate.normalize.timezones import timezone_reader, zone_of_city
from migrate.normalize.zones import read_zone

_MOST_KEYS = 40
_ZONES_MAX = 300
_COMMENTED = 12
_NUMBERED = re.compile(r"(?P<word>[^\d\uff10-\uff19]*?[^\d\uff10-\uff19\s])\s*[0-9\uff10-\uff19]{1,3}")


@dataclass(frozen=True, slots=True)
class ValueMap:
    """The steps for a column's values, comments on those that nothing is known about, the `zone` that all are in."""

    settings: Mapping[str, Setting]
    notes: tuple[str, ...] = ()
    zone: str | None = None


def timezone_map(profile: Profile) -> ValueMap:
    """Return the map of a column of time zones: names that the tool knows are told, others are left to a person."""
    texts = profile.values["value"].to_list()
    if len(texts) > _ZONES_MAX:
        return ValueMap({}, (f"{len(texts):,} different values: these are hardly all time zones; look at them",))
    read = timezone_reader(texts)
    known: dict[str, str] = {}
    notes, zones = list[str](), set[str]()
    for text, count in profile.values.iter_rows():
        reading = read(text)
        local = LOCAL_ZONES.get(" ".join(text.casefold().split())) or zone_of_city(text)
        zone = str(reading.value) if reading.value is not None else local
        if zone is None:
            [doubt] = reading.doubts
            rows = f"{count:,} row{'s' if count > 1 else ''}"
            notes.append(f'decide: "{excerpt(text, length=40)}" ({rows}): {excerpt(doubt.message)}; {doubt.hint}')
            continue
        zones.add(zone)
        if reading.doubts and reading.value is not None:
            notes.append(f'"{excerpt(text, length=40)}" is taken as {zone}; {reading.doubts[0].hint}')
        elif zone != text and "*" not in text:
            known[text] = zone
    known = _different(known)
    settings: dict[str, Setting] = {"map": known} if known and len(known) <= _MOST_KEYS else {}
    return ValueMap(settings, _first(notes), zone=next(iter(zones)) if len(zones) == 1 else None)


def device_type_map(profile: Profile) -> ValueMap:
    """Return the map of a column of device types; models are told by how they begin, and then no other is a camera."""
    keys: dict[str, str] = {}
    notes, models = list[str](), False
    unclear = {model_key(value) for value in profile.values["value"] if device_kind(value) is None}
    for value, count in profile.values.iter_rows():
        kind = device_kind(value)
        if kind in {"camera", "bridge"}:
            key = model_key(value)
            models = models or key is not None
            key = None if key in unclear else key  # it would hold for what is no camera as well
            if value.casefold() != kind and (key or "*" not in value):
                keys[key or value] = kind
        elif kind is None:
            rows = f"{count:,} row{'s' if count > 1 else ''}"
            notes.append(f'decide: "{excerpt(value, length=40)}" ({rows}) = "camera" or "bridge"?')
    keys = _different(keys)
    settings: dict[str, Setting] = {"map": keys} if 0 < len(keys) <= _MOST_KEYS else {}
    if models and settings:
        settings["strict"] = True
    return ValueMap(settings, _first(notes))


def zone_steps(profile: Profile) -> dict[str, Setting]:
    """Return the step that takes a word off zone numbers which the tool doesn't know, such as `구역 2`."""
    words: Counter[str] = Counter()
    for value, count in profile.values.iter_rows():
        if read_zone(value).doubts and (match := _NUMBERED.fullmatch(value)):
            words[match["word"].strip()] += count
    taken = [word for word, count in words.items() if len(word) > 1 and (count > 1 or meanings(word)[0] == ("zone",))]
    return {"replace": {f"^{re.escape(word).replace(chr(92) + ' ', ' ')} *": "" for word in taken}} if taken else {}


def list_steps(profile: Profile) -> dict[str, Setting]:
    """Return the step that parts lists of zone numbers where they are parted by more than commas."""
    parted = profile.values["value"].str.contains(r"\d\s*[;/|+&]\s*\D*\d|\d\s+\d").any()
    return {"split": r"[;/|+&, ]+"} if parted else {}


def _different(table: Mapping[str, str]) -> dict[str, str]:
    """Return a map without keys that differ from others in case alone."""
    first: dict[str, str] = {}
    for key in table:
        first.setdefault(key.lower(), key)
    return {key: table[key] for key in first.values()}


def _first(notes: list[str]) -> tuple[str, ...]:
    more = len(notes) - _COMMENTED
    return (*notes[:_COMMENTED], f"and {more:,} more such values") if more > 0 else tuple(notes)
