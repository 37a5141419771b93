"""HTML as tags and the text between them, in one pass: no page, however broken, takes longer than its length."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from migrate.readers.limits import Unreadable

_TAG = re.compile(
    r"<(/?)([a-zA-Z][^\s/>]{0,60})((?:[^>\"'=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+|[\"'])*+)>",
)
"""A quotation mark opens a value only behind `=`; one that nothing closes is a character like others."""
_ATTRIBUTE = re.compile(r"([^\s=\"'/]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"']\S*)))?")
_ENDS_OF_RAW = {
    name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "title", "textarea", "xmp", "iframe")
}
_SHOWN_RAW = {"textarea", "xmp"}
_CUT_SHORT = "is cut short, or no web page: {} is not closed; export it again"


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, with its name in lower case and its attributes as they are written."""

    name: str
    is_end: bool
    written: str

    @property
    def given(self) -> dict[str, str]:
        """The attributes by name, in lower case, the first where one is repeated."""
        found: dict[str, str] = {}
        for name, double, single, bare in _ATTRIBUTE.findall(self.written):
            found.setdefault(name.lower(), html.unescape(double or single or bare))
        return found


def tokens(page: str) -> Iterator[Tag | str]:
    """Yield tags and texts; comments, declarations and what scripts and styles hold are left out.

    Raises:
        Unreadable: it ends within a tag, a comment or a script.
    """
    at = 0
    while (opening := page.find("<", at)) >= 0:
        if opening > at:
            yield html.unescape(page[at:opening])
        following = page[opening + 1 : opening + 2]
        if following in {"!", "?"}:
            at = _behind_aside(page, opening)
        elif following.isalpha() or (following == "/" and page[opening + 2 : opening + 3].isalpha()):
            found = _TAG.match(page, opening)
            if found is None:
                raise Unreadable(_CUT_SHORT.format("a tag"))
            name, at = found[2].lower(), found.end()
            yield Tag(name, bool(found[1]), found[3])
            if name in _ENDS_OF_RAW and not found[1]:
                end = _ENDS_OF_RAW[name].search(page, at)
                if end is None:
                    raise Unreadable(_CUT_SHORT.format(f"its <{name}>"))
                if name in _SHOWN_RAW:
                    yield html.unescape(page[at : end.start()])
                at = end.start()
        else:
            yield "<"
            at = opening + 1
    if at < len(page):
        yield html.unescape(page[at:])


def _behind_aside(page: str, opening: int) -> int:
    """Return where a comment, a declaration or an instruction ends."""
    is_comment = page.startswith("<!--", opening)
    ending = "-->" if is_comment else ">"
    end = page.find(ending, opening + 2)
    if end < 0:
        raise Unreadable(_CUT_SHORT.format("a comment" if is_comment else "a declaration"))
    return end + len(ending)
