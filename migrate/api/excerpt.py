"""Excerpt: what an error body says, in one clean and short line, whatever its shape."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Final

import orjson

from migrate.model.text import excerpt

_LOOKED_AT_BYTES: Final = 65_536
_LOOKED_AT_CHARS: Final = 4_000
_DEEPEST: Final = 4
_LONGEST_LIST: Final = 5
_KEYS: Final = ("error_message", "error_description", "message", "detail", "error", "errors", "title", "code")
_TITLE: Final = re.compile(r"<title[^>]{0,200}>([^<]{1,500})", re.IGNORECASE)
_HIDDEN: Final = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"<[^<>]{0,2000}>")


def said(body: bytes) -> str:
    """Return what an error body says; empty if it says nothing."""
    try:
        return shorten(_words(orjson.loads(body), 0))
    except ValueError:
        text = body[:_LOOKED_AT_BYTES].decode("utf-8", errors="replace")
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        title = _TITLE.search(text)
        text = unescape(title[1] if title else _TAG.sub(" ", _HIDDEN.sub(" ", text)))
    return shorten(text)


def shorten(text: str) -> str:
    """Return `text` for a message: one line, nothing in it that acts on a terminal."""
    return excerpt(text[:_LOOKED_AT_CHARS])


def _words(value: object, depth: int) -> str:
    """Return the words in a JSON error; the API names no one shape, so all that were seen are read."""
    if isinstance(value, str):
        return value
    if depth > _DEEPEST:
        return ""
    if isinstance(value, list):
        return "; ".join(filter(None, (_words(item, depth + 1) for item in value[:_LONGEST_LIST])))
    if not isinstance(value, Mapping):
        return ""
    words = next(filter(None, (_words(value.get(key), depth + 1) for key in _KEYS)), "")
    field = value.get("field")
    return f"{field}: {words}" if words and isinstance(field, str) and field not in words else words
