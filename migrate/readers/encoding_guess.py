"""Guessing an encoding: how well the letters that each one makes of the bytes go together in some language."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import log
from typing import Literal

from migrate.readers.encoding_letters import (
    APOSTROPHES,
    CENTRAL,
    COMMON_KANJI,
    COMMON_SIMPLIFIED,
    COMMON_SYLLABLES,
    COMMON_TRADITIONAL,
    CYRILLIC,
    GREEK,
    PUNCTUATION,
    TURKISH,
    WESTERN,
    WIDE_PUNCTUATION,
)

Sureness = Literal["sure", "fairly sure", "a guess"]

_SAMPLE_LETTERS = 4_000
_COMMONEST = "cp1252"
_SURE, _FAIRLY_SURE = 12.0, 4.0
_PLAUSIBLE = -4.5
"""What a byte outside of ASCII costs at most, on the average, where an encoding is taken rightly."""
_FOREIGN, _SYMBOL, _IMPOSSIBLE = -7.0, -9.0, -15.0
_PUNCTUATION_COST = -4.0
_COMMON, _KANA, _WIDE_PUNCTUATION, _HALF_KANA, _USUAL, _RARE, _NEVER = -5.5, -4.5, -6.5, -7.0, -8.0, -12.0, -16.0
_CAPITAL, _BESIDE_ANOTHER, _CASE_BREAK, _MIXED = -1.0, -2.5, -5.0, -6.0
_ASCII = bytes(range(0x80))
_LINES = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_WORDS = re.compile(r"[^\x00-\x40\x5b-\x60\x7b-\x7f]*[^\x00-\x7f][^\x00-\x40\x5b-\x60\x7b-\x7f]*")
"""Letters, and whatever is outside of ASCII, beside each other."""
_WITHIN_LATIN = re.compile(r"(?<=[a-z])[^\x00-\x7f]|[^\x00-\x7f](?=[a-z])")
_HIGH = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Guess:
    """An encoding, how sure it is, and why."""

    encoding: str
    sureness: Sureness
    why: str


@dataclass(frozen=True, slots=True)
class _Script:
    """A script of thousands of letters: the commonest ones, and the first bytes of the usual ones in a codec."""

    common: frozenset[str]
    codec: str
    leads: range
    has_kana: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An encoding, how much rarer than the commonest it is (as a logarithm), and the languages written in it."""

    encoding: str
    prior: float
    languages: Mapping[str, str]
    wide: _Script | None = None
    """The script, where letters take two bytes."""


@dataclass(frozen=True, slots=True)
class _Rated:
    """What a candidate makes of the sample, and what that costs."""

    encoding: str
    language: str
    text: str
    cost: float
    is_plausible: bool
    """Whether the letters may well be those of the language."""


def guess(data: bytes) -> Guess | None:
    """Return the likeliest encoding of bytes that are not UTF-8 and carry no mark; None where none makes sense.

    Each encoding that takes all of the bytes is rated by the letters that it makes of a sample of lines. The commonest,
    cp1252, is taken for what makes no sense in any; so are all others only where their letters speak for them.
    """
    sample = _sample(data)
    rated = [one for candidate in _CANDIDATES for one in _rate(sample, candidate)]
    rated = _that_take_all(data, sorted(rated, key=lambda one: one.cost, reverse=True))
    if not rated:
        return None
    best, *others = rated
    if not best.is_plausible:
        is_western = any(one.encoding == _COMMONEST for one in rated)
        return (
            Guess(_COMMONEST, "a guess", "its letters are those of no language that is known here")
            if is_western
            else None
        )
    ahead = best.cost - next((one.cost for one in others if one.text != best.text), best.cost - _SURE)
    sureness: Sureness = "sure" if ahead >= _SURE else "fairly sure" if ahead >= _FAIRLY_SURE else "a guess"
    return Guess(best.encoding, sureness, f"its letters are those of {best.language}")


def _that_take_all(data: bytes, rated: list[_Rated]) -> list[_Rated]:
    """Leave out the encodings in which some bytes of the whole are no text."""
    takes = cache(lambda encoding: _takes(data, encoding))
    return [one for one in rated if takes(one.encoding)]


def _sample(data: bytes) -> bytes:
    """Return different lines that have something outside of ASCII, until there is enough of it."""
    lines, size = dict[bytes, None](), 0
    for match in _LINES.finditer(data):
        if match.group() not in lines:
            lines[match.group()] = None
            size += len(match.group().translate(None, _ASCII))
        if size >= _SAMPLE_LETTERS:
            break
    return b"\n".join(lines)


def _takes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _rate(sample: bytes, candidate: _Candidate) -> Iterable[_Rated]:
    try:
        text = sample.decode(candidate.encoding)
    except UnicodeDecodeError:  # a line was cut within a letter
        return
    letters = _HIGH.findall(text)
    if candidate.wide is not None:
        cost = sum(_wide(letter, candidate.wide) for letter in letters)
        cost += _BESIDE_ANOTHER * len(_WITHIN_LATIN.findall(text))
        plausible = cost >= _PLAUSIBLE * 2 * len(letters)
        yield _Rated(candidate.encoding, next(iter(candidate.languages)), text, candidate.prior + cost, plausible)
        return
    context = sum(map(_context, _WORDS.findall(text)))
    for language, alphabet in candidate.languages.items():
        costs = _costs(alphabet)
        cost = context + sum(costs.get(letter) or _other(letter) for letter in letters)
        plausible = cost >= _PLAUSIBLE * len(letters)
        yield _Rated(candidate.encoding, language, text, candidate.prior + cost, plausible)


@cache
def _costs(alphabet: str) -> dict[str, float]:
    weights = {letter: 1 / (rank + 2) for rank, letter in enumerate(alphabet)}
    total = sum(weights.values())
    costs = {letter: log(weight / total) for letter, weight in weights.items()}
    capitals = {letter.upper(): cost + _CAPITAL for letter, cost in costs.items() if len(letter.upper()) == 1}
    return capitals | costs


def _other(letter: str) -> float:
    if letter in PUNCTUATION:
        return _PUNCTUATION_COST
    if not letter.isprintable():
        return _IMPOSSIBLE
    return _FOREIGN if letter.isalpha() else _SYMBOL


def _context(word: str) -> float:
    """Return what is unlikely about a word's letters, whichever they are: their case, and what stands beside them."""
    return sum(
        _beside(before, letter, after)
        for before, letter, after in zip(word, word[1:], f"{word[2:]} ", strict=False)
        if not (before.isascii() and letter.isascii())
    )


def _beside(before: str, letter: str, after: str) -> float:
    if not before.isalpha() or letter in APOSTROPHES:
        return 0.0
    if not letter.isalpha():
        return _MIXED if after.isalpha() else 0.0
    if before.islower() and letter.isupper():
        return _CASE_BREAK
    scripts = {_script(before), _script(letter)}
    if len(scripts) > 1:
        return _MIXED
    return _BESIDE_ANOTHER if scripts == {"latin"} and not (before.isascii() or letter.isascii()) else 0.0


def _script(letter: str) -> str:
    return "greek" if "\u0370" <= letter < "\u0400" else "cyrillic" if "\u0400" <= letter < "\u0530" else "latin"


@cache
def _wide(letter: str, script: _Script) -> float:
    """Return what a letter of two bytes costs."""
    if letter in script.common:
        return _COMMON
    if script.has_kana and "\u3041" <= letter <= "\u30fe":
        return _KANA
    if letter in WIDE_PUNCTUATION or "\uff10" <= letter <= "\uff5a":
        return _WIDE_PUNCTUATION
    if "\uff61" <= letter <= "\uff9f":
        return _HALF_KANA
    try:
        lead = letter.encode(script.codec)[0]
    except UnicodeEncodeError:
        return _NEVER
    return _USUAL if lead in script.leads else _RARE


_CANDIDATES = (
    _Candidate(_COMMONEST, 0.0, WESTERN),
    _Candidate("cp949", -1.0, {"Korean": ""}, _Script(COMMON_SYLLABLES, "euc_kr", range(0xB0, 0xC9))),
    _Candidate("cp1250", -4.0, CENTRAL),
    _Candidate("cp1251", -1.5, CYRILLIC),
    _Candidate("cp932", -1.5, {"Japanese": ""}, _Script(COMMON_KANJI, "euc_jp", range(0xB0, 0xD0), has_kana=True)),
    _Candidate("gb18030", -1.5, {"Chinese (simplified)": ""}, _Script(COMMON_SIMPLIFIED, "gb2312", range(0xB0, 0xD8))),
    _Candidate("cp950", -1.5, {"Chinese (traditional)": ""}, _Script(COMMON_TRADITIONAL, "big5", range(0xA4, 0xC7))),
    _Candidate("cp1253", -2.0, GREEK),
    _Candidate("cp1254", -2.0, TURKISH),
    _Candidate("iso8859-15", -2.5, WESTERN),
    _Candidate("mac_roman", -2.5, WESTERN),
    _Candidate("iso8859-2", -5.0, CENTRAL),
)
"""Where two are equally good the first wins."""
