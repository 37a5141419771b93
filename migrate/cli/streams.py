"""Streams that never fail on a character, and on which none acts: it is written in another way."""

import codecs
import io
import json
import os
import re
import sys
from typing import TextIO

from migrate.model.text import ACTING

_HANDLER = "chekt-migrate"
_PLAIN = {"→": "->", "…": "...", "·": "-", "\u2013": "-", "\u2014": "-", "\u2018": "'", "\u2019": "'"}
_BMP_MAX = 0xFFFF
_ESCAPED = re.compile(rf"(?!\n){ACTING}|[\ud800-\udfff]")
"""What stands as an escape in JSON; its line breaks are no part of a text."""


def open_streams() -> None:
    """Let stdout and stderr take any text."""
    codecs.register_error(_HANDLER, _replaced)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def json_for(stream: TextIO, value: object, *, indent: int | None = None) -> str:
    """Return a value as JSON that `stream` can take, with all that would act on a terminal, or is no text, escaped."""
    unicode = (stream.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(value, indent=indent, ensure_ascii=not unicode, default=str)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def put(text: str) -> None:
    """Print a line of a result as it is."""
    sys.stdout.write(f"{text}\n")


def print_json(value: object) -> None:
    """Print a value for other programs."""
    put(json_for(sys.stdout, value, indent=2))


def leave_streams() -> None:
    """Let what is still to be written to stdout and stderr go nowhere, so that it can't fail once more at the exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _replaced(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for the characters that can't be encoded, as codecs want it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(char: str) -> str:
    code = ord(char)
    return _PLAIN.get(char) or (f"\\u{code:04x}" if code <= _BMP_MAX else f"\\U{code:08x}")
