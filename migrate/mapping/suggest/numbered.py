"""Numbered columns: those of a site's cameras side by side, `Camera 1 MAC`, `Camera 2 MAC`, `Zone 3`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from migrate.mapping.suggest.fits import fit
from migrate.mapping.suggest.phrases import asked, meanings
from migrate.mapping.suggest.profile import Profile

_NUMBERED = re.compile(r"(?P<word>[^\d]*?[^\W\d])[\s_#.:-]*0*(?P<number>[1-9]\d?)(?P<rest>(?:[\s_.:-]|[^\W\d_]).*)?")
_WORDS = {("camera",), ("zone",), ("channel",), ("device",)}
_WANTED = frozenset({"device_name", "mac", "make", "model", "serial", "zone", "ip"})
_BY_VALUES = (("MAC addresses", "mac"), ("IP addresses", "ip"))
_SEVERAL = 2
_LONGEST = 80
_MOSTLY, _FITTING = 0.5, 0.5


@dataclass(frozen=True, slots=True)
class NumberedColumn:
    """One column of a camera: in front of its number stands `word`, and it says `concept` about it."""

    word: str
    number: int
    concept: str
    column: str


def numbered_columns(profiles: Mapping[str, Profile]) -> list[NumberedColumn]:
    """Return the numbered columns, where at least two cameras stand side by side."""
    found = [cell for column, profile in profiles.items() if (cell := _numbered(column, profile)) is not None]
    return found if len({cell.number for cell in found}) >= _SEVERAL else []


def _numbered(column: str, profile: Profile) -> NumberedColumn | None:
    name = column.strip()
    match = _NUMBERED.fullmatch(name) if len(name) <= _LONGEST else None  # the pattern takes the square of its length
    words = meanings(match["word"])[0] if match else ()
    if match is None or words not in _WORDS:
        return None
    rest = (match["rest"] or "").strip(" _.:-")
    concept = _by_header(rest, profile) if rest else _by_values(profile)
    return None if concept is None else NumberedColumn(words[0], int(match["number"]), concept, column)


def _by_header(rest: str, profile: Profile) -> str | None:
    said = asked(rest)
    fitting = {concept: said[concept].weight * fit(concept, profile) for concept in _WANTED & said.keys()}
    best = max(sorted(fitting), key=lambda concept: fitting[concept], default=None)
    return best if best is not None and fitting[best] >= _FITTING else None


def _by_values(profile: Profile) -> str:
    return next((concept for kind, concept in _BY_VALUES if profile.share(kind) >= _MOSTLY), "device_name")
