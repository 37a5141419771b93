"""Credentials: which columns hold them, by their names, and which cells hold them inside of an address."""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

import polars as pl

from migrate.readers.header import fold
from migrate.readers.survey import Sign

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z\u00df-\u00ff]+|[A-Z\u00c0-\u00de]+|[^\W\d_]+")
_CREDENTIALS = frozenset(
    {"password", "passwd", "pwd", "passcode", "passphrase", "pin", "secret", "codeword"}
    | {"passwort", "kennwort", "geheimzahl", "geheimnummer", "losung", "losungswort", "codewort", "zugangscode"}
    | {"contraseña", "senha", "wachtwoord", "toegangscode", "pincode", "duress"}
    | {f"{what}code" for what in ("access", "entry", "door", "gate", "user", "master", "installer", "keypad", "disarm")}
)
_WHOLE_NAMES = frozenset({"pw", "mot de passe", "code d accès", "code accès", "palabra clave"})
"""Names that are one where they are the whole of it; in others the same words mean something else."""
_ENDINGS = ("password", "passwd", "passcode", "passwort", "kennwort", "codewort", "losungswort")
"""Words that are not mistaken for anything else when they stand glued to another, as in `userpassword`."""

_KOREAN = re.compile(r"비밀\s*번호|암호(?!화)|패스\s*워드|핀\s*번호|비번(?!호)")

SIGNS_OF_CREDENTIALS = frozenset({Sign("@", b"@"), Sign("(?i:pass|pwd)[a-zA-Z]*=", b"=")})
"""What a text file has that holds credentials inside of an address."""

SUSPECT = r":[^ \t\r\n]*@|(?i:pass|pwd)[a-zA-Z]*="
"""Where a cell may hold credentials, as a polars pattern; `mask` knows for sure."""

_MASKS = (
    (re.compile(r"(://)[^\s/:@]*:(?:[^\s/]*|[^\s/]*[^\s/\d][^\s]*)@"), r"\1***@"),
    (
        re.compile(r"(?<![^\s,;\"'(])(?!(?:mailto|sip|sips):)[^\s:/@,;]+:(?!//)[^\s@]+@(?=\d{1,3}(?:\.\d{1,3}){3})"),
        "***@",
    ),
    (re.compile(r"((?:pass|pwd)[a-z]*=)[^\s&#]+", re.IGNORECASE), r"\1***"),
)


def is_credential(name: str) -> bool:
    """Tell whether a column's name holds a credential as a whole word, in one of seven languages."""
    words = [word.lower() for word in _WORD.findall(fold(name))]
    if " ".join(words) in _WHOLE_NAMES:
        return True
    words += [first + second for first, second in pairwise(words)]
    return _KOREAN.search(name) is not None or any(
        word in _CREDENTIALS or word.removesuffix("s") in _CREDENTIALS or word.endswith(_ENDINGS) for word in words
    )


def credential_columns(names: Sequence[str], keep: Collection[str]) -> tuple[str, ...]:
    """Return the columns that look like credentials, except for those to keep, whose names match in any case."""
    kept = {fold(name).casefold() for name in keep}
    return tuple(name for name in names if is_credential(name) and fold(name).casefold() not in kept)


def mask(text: str) -> str:
    """Return a text with the credentials inside of addresses taken out."""
    for pattern, replacement in _MASKS:
        if "=" in pattern.pattern or "@" in text:  # without its end a pattern would be tried from each place
            text = pattern.sub(replacement, text)
    return text


def masked_cells(column: pl.Series) -> dict[str, str]:
    """Return the texts of a column that hold credentials inside of addresses, and what they are without them."""
    suspects = column.filter(column.str.contains(SUSPECT).fill_null(value=False)).unique(maintain_order=True)
    return {text: masked for text in suspects if (masked := mask(text)) != text}
