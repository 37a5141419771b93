"""Plain text: what polars reads exactly as the tokenizer does, told from the rest by its bytes."""

import re
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from migrate.readers.delimited import MARK
from migrate.readers.encoding import Decoded

_LONE_CR = re.compile(rb"\r(?!\n)")
_TRAILING_LINE_ENDS = re.compile(rb"(?:\r?\n)*+\Z")
_TAIL_BYTES = 1 << 16
_ASCII = 0x80


@dataclass(frozen=True, slots=True)
class Layout:
    """How records of `width` cells are cut; the first of them begins at byte `start`, under `lines` lines."""

    delimiter: str
    quote: str
    width: int
    start: int
    lines: int


def read_plain(text: Decoded, layout: Layout, *, path: Path, line_feeds: int | None = None) -> pl.DataFrame | None:
    """Return the records from `layout.start` on as columns "0", "1", ..., or None where the text is not plain.

    Plain: every record has `width` cells, lines end in LF or CRLF, a quote opens a cell, closes it, or is doubled in
    it. What polars makes of other text is not what a spreadsheet program shows. `line_feeds` is how many there are from
    `layout.start` on, if that is known.
    """
    if ord(layout.delimiter) >= _ASCII or ord(layout.quote) >= _ASCII:
        return None
    has_quotes = text.source.find(layout.quote.encode(), layout.start) >= 0
    if _has_mark(text, layout) or _has_lone_cr(text, layout) or (has_quotes and not _is_well_quoted(text, layout)):
        return None
    try:
        frame = pl.read_csv(
            path if text.same_file else text.source[:],
            has_header=False,
            schema={str(index): pl.String for index in range(layout.width)},
            separator=layout.delimiter,
            quote_char=layout.quote if has_quotes else None,
            skip_lines=layout.lines,
            null_values=[""] if has_quotes else None,
            glob=False,
        ).rechunk()  # each step on a column of many pieces costs more
    except pl.exceptions.PolarsError:
        return None
    if not _is_full(frame, text, layout):
        return None
    is_a_line_each = line_feeds == frame.height - (text.source[-1:] != b"\n")
    return None if has_quotes and not is_a_line_each and _may_swallow(frame, layout) else frame


def _has_mark(text: Decoded, layout: Layout) -> bool:
    mark = MARK.encode()
    first = text.source.find(mark[:1], layout.start)  # one byte is found ten times as fast as three
    return first >= 0 and text.source.find(mark, first) >= 0


def _has_lone_cr(text: Decoded, layout: Layout) -> bool:
    first = text.source.find(b"\r", layout.start)
    return first >= 0 and _LONE_CR.search(text.source, first) is not None


def _is_well_quoted(text: Decoded, layout: Layout) -> bool:
    quote, delimiter = re.escape(layout.quote), re.escape(layout.delimiter)
    cell = f"{quote}[^{quote}]*+{quote}(?:{quote}[^{quote}]*+{quote})*+(?=[{delimiter}\r\n]|\\Z)"
    pattern = f"(?:{cell})?+(?:[^{quote}]*+(?<=[{delimiter}\n]){cell})*+[^{quote}]*+"
    return re.compile(pattern.encode()).fullmatch(text.source, layout.start) is not None


def _may_swallow(frame: pl.DataFrame, layout: Layout) -> bool:
    """Tell whether a cell of several lines has as many delimiters as a record, which stray quotes may have made."""
    if layout.width == 1:
        return False
    with_lines = frame.select(pl.all().str.contains("\n", literal=True).any())
    return any(
        (
            column.filter(column.str.contains("\n", literal=True)).str.count_matches(layout.delimiter, literal=True)
            >= layout.width - 1
        ).any()
        for column in frame
        if with_lines[column.name].item()
    )


def _is_full(frame: pl.DataFrame, text: Decoded, layout: Layout) -> bool:
    """Tell whether no record is short; polars fills a short one, and a blank line, with nulls.

    Its last cell is null then. If there are such, the delimiters between cells must be as many as full records have.
    """
    last = frame.columns[-1]
    if layout.width == 1 or not frame[last].null_count():
        return True
    delimiter = layout.delimiter
    between = text.source[layout.start :].count(delimiter.encode())
    if text.source.find(layout.quote.encode(), layout.start) >= 0:
        within = frame.select(pl.sum_horizontal(pl.all().str.count_matches(delimiter, literal=True).sum()))
        between -= int(within.item())
    tail = _TRAILING_LINE_ENDS.search(text.source[-_TAIL_BYTES:])
    blank = tail.group().count(b"\n") - 1 if tail else 0
    return between == (frame.height - max(blank, 0)) * (layout.width - 1)
