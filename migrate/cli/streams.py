"""Streams that never fail on a character: what a terminal's encoding lacks is written in another way."""

import codecs
import io
import sys

_HANDLER = "chekt-migrate"
_PLAIN = {"→": "->", "…": "...", "·": "-", "\u2013": "-", "\u2014": "-", "\u2018": "'", "\u2019": "'"}
_BMP_MAX = 0xFFFF


def open_streams() -> None:
    """Let stdout and stderr take any text."""
    codecs.register_error(_HANDLER, _replaced)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def _replaced(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for the characters that can't be encoded, as codecs want it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(char: str) -> str:
    code = ord(char)
    return _PLAIN.get(char) or (f"\\u{code:04x}" if code <= _BMP_MAX else f"\\U{code:08x}")
