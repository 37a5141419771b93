"""Delimited text to records: careful with stray and unclosed quotes, every kind of line end, rows of any length."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Trouble = Literal["unclosed_quote", "stray_quote", "mark_inside", "spaced_quote"]
MARK = "\ufeff"
"""A byte order mark; in the middle of a text where two files were put together."""
Cells = list[str]

_SURE_FROM = 3
"""How many cells a record must have, so that text in a cell is hardly cut like records by chance."""
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(slots=True)
class Tokenizer:
    """Cuts text into records as spreadsheet programs do; a record is one row of the sheet, blank lines are rows.

    A quote opens a cell only where the cell begins, but for spaces. What follows the quote that closes it belongs
    to the cell too. A quote that is never closed, or that would swallow rows of `width` cells, is a character like
    others. `troubles` tells (record, cell, what), both from 0.
    """

    delimiter: str
    quote: str
    width: int = 0
    troubles: list[tuple[int, int, Trouble]] = field(default_factory=list)
    _quoted: re.Pattern[str] = field(init=False)
    _opening: re.Pattern[str] = field(init=False)
    _bare: re.Pattern[str] = field(init=False)
    _tight: re.Pattern[str] = field(init=False)
    """A delimiter between cells; in the sentences of a cell, such as an address, a space follows it."""

    def __post_init__(self) -> None:
        quote = re.escape(self.quote)
        self._quoted = re.compile(f"{quote}((?:[^{quote}]++|{quote}{quote})*+){quote}")
        self._opening = re.compile(f"{'' if self.delimiter == ' ' else ' *+'}(?={quote})")
        self._tight = re.compile(f"{re.escape(self.delimiter)}(?! )")
        self._bare = re.compile(f"[^{re.escape(self.delimiter)}\r\n]*+")

    def records(self, text: str) -> Iterator[tuple[int, Cells]]:
        """Yield where each record ends in `text`, and its cells."""
        pos, index, newline = 0, 0, -1
        while pos < len(text):
            if text.startswith(MARK, pos):
                pos += len(MARK)
                self.troubles.append((index, 0, "mark_inside"))
            if newline < pos:
                newline = _found(text, "\n", pos, len(text))
            end = _found(text, "\r", pos, newline)
            line = text[pos:end]
            if self.quote in line:
                pos, cells = self._quoted_record(text, pos, index)
            else:
                pos, cells = _behind_line_end(text, end), line.split(self.delimiter)
            yield pos, cells
            index += 1

    def _quoted_record(self, text: str, pos: int, index: int) -> tuple[int, Cells]:
        cells: Cells = []
        start = pos
        while True:
            value, pos = self._cell(text, pos, (index, len(cells)), start=start)
            cells.append(value)
            if not text.startswith(self.delimiter, pos):
                return _behind_line_end(text, pos), cells
            pos += 1

    def _cell(self, text: str, pos: int, place: tuple[int, int], *, start: int) -> tuple[str, int]:
        if opening := self._opening.match(text, pos):
            found = self._quoted.match(text, opening.end())
            rest = self._take(text, found.end()) if found else ""
            end = found.end() + len(rest) if found else pos
            is_spaced = bool(opening.group()) and not rest.strip(" ")
            rest = "" if is_spaced else rest
            if found and not self._is_stray(text, found, rest, cells=place[1], start=start):
                if rest or is_spaced:
                    self.troubles.append((*place, "spaced_quote" if is_spaced else "stray_quote"))
                return found.group(1).replace(self.quote * 2, self.quote) + rest, end
            self.troubles.append((*place, "unclosed_quote"))
        value = self._take(text, pos)
        return value, pos + len(value)

    def _is_stray(self, text: str, found: re.Match[str], rest: str, *, cells: int, start: int) -> bool:
        """Tell whether the quote that opens a cell is one of its characters, as what would be its end opens another.

        Or it would swallow rows: it closes in the midst of a cell of a later line, or in such a one as makes its record
        longer or shorter than others, or the first and the last of its lines are whole records without it.
        """
        value = found.group(1)
        if rest and (value.rstrip(" ").endswith(self.delimiter) or _has_line_end(value)):
            return True
        if self.width < _SURE_FROM or not _has_line_end(value):
            return False
        end = _line_end(text, found.end())
        last = 1 + max(text.rfind(mark, found.start(), end) for mark in "\r\n")
        lines = ((start, _line_end(text, start)), (last, end))
        if all(len(self._tight.findall(text, *line)) >= self.width - 1 for line in lines):
            return True
        rest = self._quoted.sub("", text[found.end() : end])
        is_open = self.quote in rest  # it goes on with another cell of several lines
        return self._holds_rows(value) and not is_open and cells + 1 + rest.count(self.delimiter) != self.width

    def _holds_rows(self, value: str) -> bool:
        """Tell whether a cell of several lines has as many delimiters as a record."""
        return self.width > 1 and _has_line_end(value) and value.count(self.delimiter) >= self.width - 1

    def _take(self, text: str, pos: int) -> str:
        bare = self._bare.match(text, pos)
        return bare.group() if bare else ""


def _found(text: str, letter: str, start: int, end: int) -> int:
    """Return where a letter is, or `end`."""
    at = text.find(letter, start, end)
    return end if at < 0 else at


def _line_end(text: str, pos: int) -> int:
    found = _LINE_END.search(text, pos)
    return found.start() if found else len(text)


def _behind_line_end(text: str, end: int) -> int:
    return end + (2 if text.startswith("\r\n", end) else 1)


def _has_line_end(text: str) -> bool:
    return "\n" in text or "\r" in text
