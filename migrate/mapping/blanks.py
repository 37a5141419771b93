"""What counts as empty: white space of any alphabet, and the invisible characters that copying leaves behind."""

import polars as pl

from migrate.model.heads import heads

_INVISIBLE = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_WHITE = (
    " \t\n\v\f\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)

BLANK = _WHITE + _INVISIBLE
"""Every character that trimming takes off both ends."""

_JOINERS = "\u200c\u200d"
"""They shape letters inside of words, and emoji."""

INSIDE = {
    **{char: " " for char in _WHITE if not char.isascii()},
    **{char: "" for char in _INVISIBLE if char not in _JOINERS},
}
"""What stands for a character that looks like a plain space, or like nothing, inside of a text."""

_DROP = str.maketrans("", "", _INVISIBLE)


def clean(text: pl.Expr, *, blank: str | None = BLANK) -> pl.Expr:
    """Return `text` trimmed, null where nothing is left; `blank` None is white space alone."""
    return text.str.strip_chars(blank).replace("", None)


def cleaned(cells: pl.Series) -> pl.Series:
    """Return `cells` as `clean` does; in plain ASCII there is white space alone, found in half the time.

    Where nothing changes it is the same column, not a second one in memory.
    """
    values = heads(cells)
    is_ascii = values.str.len_bytes().sum() == values.str.len_chars().sum()
    blank = None if is_ascii else BLANK
    stripped = values.str.strip_chars(blank)
    if not ((stripped != values) | (stripped == "")).any():
        return cells
    return cells.str.strip_chars(blank).replace("", None)


def fold(name: str) -> str:
    """Return what two column names have in common if they are the same: trimmed, any case, white space folded."""
    return " ".join(name.translate(_DROP).casefold().split())
