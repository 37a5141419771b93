"""The delimiter and the quote of a text: told by its first line, or found by how evenly they cut the first records."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from math import log2

from migrate.readers.delimited import Tokenizer

CANDIDATES = ("\t", ";", "|", ",")
"""Where two are equally good the first wins: a comma stands in ordinary text most often."""

_QUOTE, _OTHER_QUOTE = '"', "'"
_SAMPLE_RECORDS = 200
_MOST_ENDS = 0.9
_SEP_LINE = re.compile(r'"?sep=(.)"?[^\S\r\n]*(?:\r\n?|\n|\Z)', re.IGNORECASE)
_TYPE_LINE = re.compile(r"\"?#TYPE [^\r\n]*(?:\r\n?|\n|\Z)")
_LINE = re.compile(r"[^\r\n]+")


@dataclass(frozen=True, slots=True)
class Cut:
    """How a text is cut into cells; `width` is how many cells most of its records have, 0 if not known."""

    delimiter: str
    quote: str
    width: int


def told_by_first_line(text: str) -> tuple[int, str | None]:
    """Return how many characters a first line takes that holds no data, and the delimiter that it tells.

    These are `sep=;` (written for Excel) and `#TYPE ...` (written by PowerShell).
    """
    if sep := _SEP_LINE.match(text):
        return sep.end(), sep.group(1)
    kind = _TYPE_LINE.match(text)
    return (kind.end() if kind else 0), None


def find_cut(text: str, *, delimiter: str | None, quote: str | None) -> Cut:
    """Return the delimiter and the quote that cut the first records of `text`, where they are not given.

    The delimiter is the candidate that cuts most evenly, into the most cells; the quote is `"`, unless `'` surely is.
    """
    found = [Cut(one, quote or find_quote(text, one), 0) for one in ((delimiter,) if delimiter else CANDIDATES)]
    best = max(found, key=lambda cut: _evenness(text, cut))
    if not delimiter and _evenness(text, best) <= 0:
        none = next((one for one in reversed(CANDIDATES) if one not in text), ",")
        best = next(cut for cut in found if cut.delimiter == none)
    width, _ = max(_widths(text, best).items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return Cut(best.delimiter, best.quote, width)


def find_quote(text: str, delimiter: str) -> str:
    """Return `'` where cells begin and end with it, and a mere apostrophe can't be why; else `"`.

    That is so if lines have such cells on the whole, or if one holds a delimiter or a doubled apostrophe, or a line end
    where it would tear a record in two.
    """
    if _OTHER_QUOTE not in text:
        return _QUOTE
    edge = re.escape(delimiter)
    begin = rf"(?:^|(?<=[{edge}\r\n])) *"
    if re.search(rf"{begin}{_QUOTE}", text):
        return _QUOTE
    begun = len(re.findall(rf"{begin}{_OTHER_QUOTE}", text))
    cells = re.findall(rf"{begin}{_OTHER_QUOTE}((?:[^']|'')*+){_OTHER_QUOTE}(?= *(?:[{edge}\r\n]|\Z))", text)
    if not cells:
        return _QUOTE
    holds = any("''" in cell or (delimiter in cell and "\n" not in cell) for cell in cells)
    holds = holds or _torn(text, Cut(delimiter, _OTHER_QUOTE, 0)) < _torn(text, Cut(delimiter, _QUOTE, 0))
    on_the_whole = len(cells) >= max(len(_LINE.findall(text)), _MOST_ENDS * begun)
    return _OTHER_QUOTE if on_the_whole or (holds and len(cells) * 2 >= begun) else _QUOTE


def _evenness(text: str, cut: Cut) -> float:
    """Rate a delimiter: the share of records with the usual number of cells (others count half), and that number.

    0 where most records have one cell.
    """
    widths = _widths(text, cut)
    total = widths.total()
    several = total - widths.pop(1, 0)
    if several * 2 <= total:
        return 0.0
    usual, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return ((count + (several - count) / 2) / total) ** 2 * log2(usual)


def _torn(text: str, cut: Cut) -> int:
    """Return how many records have another number of cells than is usual."""
    widths = _widths(text, cut)
    return widths.total() - max(widths.values(), default=0)


def _widths(text: str, cut: Cut) -> Counter[int]:
    records = islice(Tokenizer(cut.delimiter, cut.quote).records(text), _SAMPLE_RECORDS)
    return Counter(len(cells) for _, cells in records if len(cells) > 1 or any(cells))
