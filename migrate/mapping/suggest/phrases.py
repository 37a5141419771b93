"""What a header asks for: its words, read as meanings, and the concepts that these can stand for."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from rapidfuzz import fuzz, process

from migrate.mapping.suggest.words import MEANINGS, PHRASES

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SIGN = re.compile(r"#|\bN[°º]")
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_FUZZY_LENGTH, _FUZZY_MIN, _FUZZY_WEIGHT = 5, 85, 0.85
_SHORTEST_PART = 1
_LINK = "s"
"""The letter that German puts between the words of one, as in `Vertragsstatus`."""
_UNKNOWN_WEIGHT = 0.6
_LONGEST = 80
"""Of a longer header so many characters are read: it is a text, or made to keep the reader busy."""
_TURNED = 0.95

_CONCEPTS = {
    "site_id": "site number=1; external site number=1; system number=.9; site=.6; company number=.8; number=.5;"
    " account number=.5; contract number=.6; site account number=.8; account=.5; system=.3;"
    " location number=.8; location=.4",
    "site_name": "site name=1; company=.95; company name=1; site=.8; name=.75; location name=.8; location=.5;"
    " site description=.7; account name=.9; system name=.6; site company=.9",
    "account": "account=.9; account number=.95; transmitter number=.95; transmitter=.9; panel account=.95;"
    " station account=.95; station account number=1; panel account number=.95; site account number=.6; site account=.7;"
    " contract number=.55",
    "timezone": "timezone=1; site timezone=1; timezone name=1; timezone number=.9",
    "street": "street=1; address 1=1; address=.85; street address=1; site address=.95; street name=1; address line 1=1;"
    " site street=1; address line=.9; location address=.9; address name=.6; site address 1=1; street number=.8",
    "address2": "address 2=1; address line 2=1; suite=.9; detail address=1; address detail=1; suite number=.9; unit=.4;"
    " unit number=.8; site address 2=1; street 2=1",
    "city": "city=1; site city=1; city name=.9",
    "state": "state=1; site state=1; state number=.9; state name=.9",
    "zip": "zip=1; zip number=1; site zip=1; zip zip=1",
    "country": "country=1; site country=1; country number=1",
    "security_type": "security type=1; system type=.8; system=.6; panel type=.7; security system=.8",
    "is_activated": "activated=.9; is activated=1; site activated=.9",
    "station_ref": "station=.85; monitoring station=1; station number=.95; monitoring station number=.95; receiver=.6;"
    " external monitoring station number=1; receiver line prefix=.9; receiver number=.8; receiver line=.7",
    "status": "status=1; state=.7; contract state=.9; monitoring=.7; site status=1; monitoring status=1; account"
    " status=1; contract"
    " status=1; enabled=.9;"
    " service status=1; camera status=.9; device status=.9; contract=.5",
    "station_id": "station number=1; external monitoring station number=1; receiver line prefix=.95; receiver"
    " number=.9;"
    " number=.6; station=.6; monitoring station number=1; monitoring station=.7",
    "station_name": "station name=1; receiver name=1; name=.9; monitoring station name=1; receiver=.85; station=.8;"
    " description=.7; company=.7; monitoring station=.8",
    "prefix": "prefix=1; receiver prefix=.9; line prefix=.9; station prefix=1; account prefix=.9",
    "linecard": "linecard=1; linecard number=1; receiver linecard=1",
    "device_id": "device number=.9; external device number=1; camera number=.8; asset tag=.7; number=.45; point"
    " number=.3",
    "zone": "zone=1; zone number=1; panel zone=1; point=.9; point number=.95; site zone=.9; panel point=.9;"
    " zone name=.3",
    "other_zones": "other zone=1; other zone number=1; other point=1; other site zone=.9; other point number=1",
    "device_name": "camera name=1; camera=.9; device name=1; name=.75; device=.6; description=.7; camera"
    " description=.9;"
    " device description=.9; location=.6; camera location=.9; device location=.9; point description=.9; zone name=.7;"
    " point name=.9; zone description=.8; unit name=.8; camera site=.6; hardware name=.7",
    "device_type": "device type=1; model type=.8; type=.85; camera type=.8; unit=.7; point type=.85; device=.6;"
    " camera=.4; unit type=.9;"
    " device model=.4; site device type=.7",
    "make": "make=1; device make=1; make name=1; driver group=.7",
    "model": "model=1; model name=1; model number=1; hardware model=1; make model=.7; device type=.6; type=.4;"
    " device=.3",
    "mac": "mac=1; mac address=1; hardware address=.8; ethernet address=.9; mac number=.9;"
    " hardware mac=1; hardware mac address=1",
    "serial": "serial=1; serial number=1; serial serial=.9; serial number number=1;"
    " hardware serial=1; hardware serial number=1",
    "ip": "ip=1; ip address=1; address=.8; hardware address=.6",
    "channel": "channel=.9; camera number=.75; device number=.5; position=.5; number=.3; channel number=.9",
    "recorder": "recorder=1; recorder name=1; recorder number=.9; recorder address=.6",
    "site_class": "site type=1; account type=1; site class=1",
    "first_name": "first name=1; first=.9",
    "last_name": "last name=1; last=.9",
    "phone": "phone=1; phone number=1; site phone=1; contact phone=1; contact number=.8; phone phone=1",
    "email": "email=1; email address=1; contact email=1; site email=1",
    "contact_name": "contact=.9; contact name=1; site contact=.9; contact first name=.9; contact last name=.9",
}
_SECRETS = frozenset({"pw", "pass", "psw", "pswd", "passw", "login", "contrasena", "passe", "kodewort", "combo"})
_LOGIN = "login"
"""It is a part of no other word, so it is one in `systemlogin` too."""
_OTHER_DEVICES = frozenset(
    {"nvr", "dvr", "xvr", "recorder", "switch", "router", "modem", "firewall", "server", "host", "panel", "bridge"}
    | {"keypad", "hub", "encoder", "decoder", "gateway", "poe", "uplink", "workstation", "intercom", "conmutador"}
    | {"commutateur", "스위치", "공유기", "서버"}
)
"""What else stands beside a camera and has an address and a serial number of its own."""
_DEVICE_WORDS = {"camera", "device", "unit", "recorder"}
_QUALIFIED = {
    "device": ("mac", "serial", "model", "make", "zone", "ip", "device_type", "channel", "other_zones", "status"),
    "site": ("timezone", "street", "city", "state", "zip", "account", "security_type", "status"),
    "account": ("timezone", "street", "city", "state", "zip", "status"),
}
"""Word in front of a concept's own → the concepts that it says nothing new about."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A concept that a header may stand for: how strongly, from 0 to 1, and in which words of a reason."""

    weight: float
    why: str


def _weights() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for concept, phrases in _CONCEPTS.items():
        for said in phrases.split(";"):
            phrase, weight = said.split("=")
            found.setdefault(phrase.strip(), {})[concept] = float(weight)
    return found


PHRASE_WEIGHTS: Mapping[str, Mapping[str, float]] = MappingProxyType(_weights())


def asked(header: str) -> dict[str, Asked]:
    """Return what a header may stand for: concept → how strongly and why."""
    words, factor, why = meanings(header)
    if not words or "old" in words:
        return {}
    found = _of_words(words)
    return {concept: Asked(weight * factor, why) for concept, weight in found.items()}


def is_secret(header: str) -> bool:
    """Tell whether a column may hold what nobody else should see, though its name is none of those that are dropped."""
    words = _TOKEN.findall(_plain(_CAMEL.sub(" ", header)))
    return any(word in _SECRETS or word.removesuffix("s") in _SECRETS or _LOGIN in word for word in words)


def is_of_another(header: str) -> bool:
    """Tell whether a column is about a device beside the cameras, such as `NVR MAC` or `Switch serial`."""
    said = meanings(header[:_LONGEST])[0]
    words = {*_TOKEN.findall(_plain(_CAMEL.sub(" ", header))), *said}
    return not _OTHER_DEVICES.isdisjoint(words) and "camera" not in said


@cache
def meanings(header: str) -> tuple[tuple[str, ...], float, str]:
    """Return the meanings of a header's words, how far to trust them, and how they were read."""
    text = " ".join(_TOKEN.findall(_plain(_CAMEL.sub(" ", _SIGN.sub(" no ", header[:_LONGEST])))))
    for phrase, meaning in PHRASES.items():
        text = re.sub(rf"\b{phrase}\b", meaning, text)
    found, factor, how = list[str](), 1.0, "header means"
    for word in text.split():
        parts = (word,) if word.isdecimal() else _segmented(word)
        if parts is None:
            near = _near(word)
            factor *= _FUZZY_WEIGHT if near else _UNKNOWN_WEIGHT
            how = "header nearly means" if near else "a part of the header means"
            parts = (near,) if near else ()
        found += [part for part in parts if part]
    words = tuple(word for at, word in enumerate(found) if at == 0 or word != found[at - 1])
    return words, factor, f"{how} {' '.join(words)}"


def _of_words(words: tuple[str, ...]) -> dict[str, float]:
    found = dict(PHRASE_WEIGHTS.get(" ".join(words), {}))
    if not found and len(words) > 1:  # French and Spanish say it the other way round
        turned = PHRASE_WEIGHTS.get(" ".join(reversed(words)), {})
        found = {concept: weight * _TURNED for concept, weight in turned.items()}
    if len(words) > 1:
        rest = PHRASE_WEIGHTS.get(" ".join(words[1:]), {})
        level = "device" if words[0] in _DEVICE_WORDS else words[0]
        for concept in _QUALIFIED.get(level, ()):
            if concept in rest:
                found.setdefault(concept, rest[concept])
    if words[0] in _DEVICE_WORDS:
        for concept in ("site_id", "site_name", "street", "account"):
            found.pop(concept, None)
    return found


def _plain(text: str) -> str:
    """Return a text without accents, in lower case."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(char for char in parts if not unicodedata.combining(char)))


@cache
def _segmented(word: str) -> tuple[str, ...] | None:
    """Return the meanings of a word, or of the known words that it is put together from; None where it has others."""
    if word in MEANINGS:
        return (MEANINGS[word],)
    smallest = _SHORTEST_PART if not word.isascii() else _FUZZY_LENGTH - 3
    for at in range(len(word) - smallest, smallest - 1, -1):
        head, tail = word[:at], word[at:]
        if head in MEANINGS and (rest := _segmented(tail)) is not None:
            return (MEANINGS[head], *rest)
        if head in MEANINGS and tail.startswith(_LINK) and (rest := _segmented(tail[1:])) is not None:
            return (MEANINGS[head], *rest)
    return None


@cache
def _near(word: str) -> str | None:
    """Return the meaning of the known word that a misspelt one is nearest to."""
    if len(word) < _FUZZY_LENGTH:
        return None
    known = [known for known in MEANINGS if len(known) >= _FUZZY_LENGTH]
    near = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_FUZZY_MIN)
    return MEANINGS[near[0]] if near else None
