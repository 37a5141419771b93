"""Text for people: what isn't seen, but acts on a terminal or a page, is shown as an escape."""

import re
import shlex
import sys
import unicodedata

ACTING = "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
"""Matches controls, bidirectional marks, line separators and zero-width spaces; for Python and polars."""

_ACTING = re.compile(ACTING)
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
_BYTE_MAX = 0xFF
_WINDOWS_PLAIN = re.compile(r"[\w.:/\\+-]+")


def escape_controls(text: str) -> str:
    r"""Return `text` with its acting characters written out, such as `\n`, `\x1b`, `\u202e`."""
    return _ACTING.sub(_escape, text)


def excerpt(text: str, *, length: int = 300) -> str:
    """Return `text` for a message: white space folded, acting characters written out, cut with `...` at `length`."""
    shown = escape_controls(" ".join(text.split()))
    return shown if len(shown) <= length else shown[: length - 3] + "..."


def padded(text: str, width: int) -> str:
    """Return `text` with spaces behind it up to `width` columns of a terminal, where Korean letters take two."""
    return text + " " * (width - columns_of(text))


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a text takes; a mark on a letter takes none."""
    wide = sum(unicodedata.east_asian_width(char) in {"W", "F"} for char in text)
    return len(text) + wide - sum(map(_is_mark, text))


def _is_mark(char: str) -> bool:
    return unicodedata.combining(char) > 0


def shell_quoted(word: str, *, windows: bool = sys.platform == "win32") -> str:
    """Return `word` for a command that is shown and pasted; acting characters are written as bash and zsh read them.

    On Windows it is one for cmd.exe and PowerShell, quoted as the C runtime splits a command line.
    """
    if windows:
        return _windows_quoted(escape_controls(word))
    if not _ACTING.search(word):
        return shlex.quote(word)
    escaped = word.replace("\\", r"\\").replace("'", r"\'")
    return f"$'{escape_controls(escaped)}'"


def _windows_quoted(word: str) -> str:
    if _WINDOWS_PLAIN.fullmatch(word):
        return word
    doubled = re.sub(r'(\\+)(?="|$)', r"\1\1", word)  # a backslash counts as such but in front of a quote
    return '"' + doubled.replace('"', r"\"") + '"'


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    return _SHORT.get(char) or (f"\\x{ord(char):02x}" if ord(char) <= _BYTE_MAX else f"\\u{ord(char):04x}")
