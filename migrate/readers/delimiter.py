"""The delimiter of a text: told by its first line, or found by how evenly it cuts the first records."""

import re
from collections import Counter
from itertools import islice
from math import log2

from migrate.readers.delimited import Tokenizer

CANDIDATES = ("\t", ";", "|", ",")
"""Where two are equally good the first wins: a comma stands in ordinary text most often."""

_SAMPLE_RECORDS = 200
_SEP_LINE = re.compile(r'"?sep=(.)"?[^\S\r\n]*(?:\r\n?|\n|\Z)', re.IGNORECASE)
_TYPE_LINE = re.compile(r"\"?#TYPE [^\r\n]*(?:\r\n?|\n|\Z)")


def told_by_first_line(text: str) -> tuple[int, str | None]:
    """Return how many characters a first line takes that holds no data, and the delimiter that it tells.

    These are `sep=;` (written for Excel) and `#TYPE ...` (written by PowerShell).
    """
    if sep := _SEP_LINE.match(text):
        return sep.end(), sep.group(1)
    kind = _TYPE_LINE.match(text)
    return (kind.end() if kind else 0), None


def find_delimiter(text: str, *, quote: str) -> str:
    """Return the candidate that cuts the first records of `text` most evenly, into the most cells."""
    best = max(CANDIDATES, key=lambda candidate: _evenness(text, candidate, quote))
    if _evenness(text, best, quote) > 0:
        return best
    return next((candidate for candidate in reversed(CANDIDATES) if candidate not in text), ",")


def _evenness(text: str, delimiter: str, quote: str) -> float:
    """Rate a delimiter: the share of records with the usual number of cells (others count half), and that number.

    0 where most records have one cell.
    """
    records = islice(Tokenizer(delimiter, quote).records(text), _SAMPLE_RECORDS)
    widths = Counter(len(cells) for _, cells in records if len(cells) > 1 or any(cells))
    total = widths.total()
    several = total - widths.pop(1, 0)
    if several * 2 <= total:
        return 0.0
    usual, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return ((count + (several - count) / 2) / total) ** 2 * log2(usual)
