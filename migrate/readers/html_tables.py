"""The tables of a web page, cell by cell, as browsers and spreadsheet programs lay them out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from migrate.readers.html_tokens import Tag, tokens
from migrate.readers.limits import MAX_COLUMNS, MAX_ROWS, MAX_WALKED_CELLS, Unreadable
from migrate.readers.numbers import number_of

MAX_DEPTH = 50
_MOST_ACROSS = 1_000
_MOST_DOWN = 65_534
"""How far a cell may span, as in the HTML standard, 4.9.11."""
_MOST_SPANNED = 2_000_000

_CELLS = {"td", "th"}
_NEVER_MUTED = {"br", "hr", "img", "col", "meta", "link", "area", "base", "wbr", "body", "thead", "tbody", "tfoot"}
"""What has no end, or is no part of a cell."""
_BREAKS = {"br", "p", "div", "li", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "center", "form", "pre", "ul"}
_TYPED = {"", "text", "number", "tel", "email", "search"}
_SPACE = re.compile(r"[ \t\n\r\f]+")
_SPACE_RUN = re.compile(" {2,}")
_AROUND_LINE_END = re.compile(r" *\n[ \n]*")
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_ZEROS = re.compile(r"mso-number-format\s*:\s*[\"']?(0+)[\"']?\s*(?:;|$)", re.IGNORECASE)
_ROUNDED = re.compile(r"[-+]?[0-9.,]+E[-+]?[0-9]+", re.IGNORECASE)


@dataclass(slots=True)
class HtmlTable:
    """A table: its cells by row and column, both from 0; `hidden_rows` alike; `is_whole`: something closes it.

    `merged` has the first and the last row, the first and the last column of each cell that spans several.
    """

    hidden: bool
    cells: list[tuple[int, int, str | float]] = field(default_factory=list)
    rows: int = 0
    columns: int = 0
    """Empty ones too, but for those that the last cell of a row spans."""
    heads: set[tuple[int, int]] = field(default_factory=set)
    """Where header cells (th) with something in them are."""
    hidden_rows: list[int] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_cells: int = 0
    """How many cells with something in them are not shown, and take no place."""
    is_whole: bool = False


@dataclass(slots=True)
class _Open:
    """A table whose end has not come yet.

    `taken` is column → (row before which it is free again, column behind) of cells that span rows.
    """

    table: HtmlTable
    col: int = 0
    in_row: bool = False
    cell: dict[str, str] | None = None
    is_head: bool = False
    is_skipping: bool = False
    """Within a cell that is not shown, nothing of which has come yet."""
    text: list[str] = field(default_factory=list)
    taken: dict[int, tuple[int, int]] = field(default_factory=dict)
    muted: list[str] = field(default_factory=list)


class Layout:
    """Lays out a page; `items` are, in its order, its tables and the lines of text between them."""

    def __init__(self) -> None:
        self.items: list[HtmlTable | str] = []
        self._open: list[_Open] = []
        self._line: list[str] = []
        self._muted: list[str] = []
        self._count = self._spanned = 0

    def read(self, page: str) -> None:
        """Read a page to its end."""
        for token in tokens(page):
            if isinstance(token, str):
                self._add(token)
            elif token.is_end:
                self._end(token.name)
            else:
                self._start(token)
        while self._open:
            self._end_table(is_whole=False)
        self._end_line()

    def _start(self, tag: Tag) -> None:
        name = tag.name
        if name in _BREAKS:
            self._break()
        if name == "table":
            self._start_table(tag)
        elif self._open and name == "tr":
            self._start_row(self._open[-1], tag)
        elif self._open and name in _CELLS:
            self._start_cell(self._open[-1], tag)
        elif name == "option":
            self._mute("option", muted="selected" not in tag.given)
        elif name == "input":
            given = tag.given
            if given.get("type", "").lower() in _TYPED and not _is_not_shown(given):
                self._add(given.get("value", ""))
        elif name in self._muted_here or (name not in _NEVER_MUTED and _is_not_shown(tag.given)):
            self._mute(name, muted=True)

    @property
    def _muted_here(self) -> list[str]:
        """The open elements whose text is not shown, or that are within one of these and of its name."""
        return self._open[-1].muted if self._open else self._muted

    def _mute(self, name: str, *, muted: bool) -> None:
        here = self._muted_here
        if name == "option" and name in here:
            here.remove(name)
        if muted:
            here.append(name)

    def _end(self, name: str) -> None:
        here = self._muted_here
        if name in here:
            here.remove(name)
        elif name == "select" and "option" in here:
            here.remove("option")
        if name in _BREAKS:
            self._break()
        if not self._open:
            return
        if name == "table":
            self._end_table(is_whole=True)
        elif name in {"tr", "thead", "tbody", "tfoot"}:
            self._end_row(self._open[-1])
        elif name in _CELLS:
            self._end_cell(self._open[-1])

    def _add(self, text: str) -> None:
        if self._muted_here:
            if self._open and self._open[-1].is_skipping and text.strip():
                self._open[-1].table.hidden_cells += 1
                self._open[-1].is_skipping = False
            return
        if self._open and self._open[-1].cell is not None:
            self._open[-1].text.append(_SPACE.sub(" ", text))
        else:
            self._line.append(text)

    def _break(self) -> None:
        if not self._open:
            self._end_line()
        elif not self._muted_here:
            self._open[-1].text.append("\n")

    def _end_line(self) -> None:
        line = _SPACE.sub(" ", "".join(self._line)).strip()
        self._line.clear()
        if line:
            self.items.append(line)

    def _start_table(self, tag: Tag) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise Unreadable(f"has tables within tables, more than {MAX_DEPTH} deep; save it as a workbook")
        if not self._open:
            self._end_line()
        hidden = _is_not_shown(tag.given) or bool(self._muted_here)
        self._open.append(_Open(HtmlTable(hidden=hidden)))
        self.items.append(self._open[-1].table)

    def _end_table(self, *, is_whole: bool) -> None:
        open_ = self._open.pop()
        open_.table.is_whole = is_whole or not open_.in_row
        self._end_row(open_)

    def _start_row(self, open_: _Open, tag: Tag) -> None:
        self._end_row(open_)
        if _is_not_shown(tag.given):
            open_.table.hidden_rows.append(open_.table.rows)
        self._begin_row(open_)

    def _begin_row(self, open_: _Open) -> None:
        open_.in_row, open_.col = True, 0
        open_.table.rows += 1
        if open_.table.rows > MAX_ROWS:
            raise Unreadable(f"has a table of more than {MAX_ROWS:,} rows; split it")

    def _end_row(self, open_: _Open) -> None:
        self._end_cell(open_)
        open_.in_row = False

    def _start_cell(self, open_: _Open, tag: Tag) -> None:
        self._end_cell(open_)
        if not open_.in_row:
            self._begin_row(open_)
        if _is_not_shown(tag.given):
            open_.muted.append(tag.name)
            open_.is_skipping = True
            return
        while (taken := open_.taken.get(open_.col)) and taken[0] > open_.table.rows - 1:
            open_.col = taken[1]
            self._spanned += 1
            if self._spanned > _MOST_SPANNED:
                raise Unreadable(f"has cells that span more than {_MOST_SPANNED:,} rows together; split it")
        open_.cell, open_.is_head, open_.text = tag.given, tag.name == "th", []
        open_.table.columns = max(open_.table.columns, open_.col + 1)

    def _end_cell(self, open_: _Open) -> None:
        open_.muted.clear()
        open_.is_skipping = False
        if open_.cell is None:
            return
        given, text = open_.cell, _shown("".join(open_.text), open_.cell)
        across, down = _span(given, "colspan", _MOST_ACROSS), _span(given, "rowspan", _MOST_DOWN)
        if text != "":
            open_.table.cells.append((open_.table.rows - 1, open_.col, text))
            self._count += 1
            if open_.is_head:
                open_.table.heads.add((open_.table.rows - 1, open_.col))
        if self._count > MAX_WALKED_CELLS:
            raise Unreadable(f"has more than {MAX_WALKED_CELLS:,} cells; split it")
        if open_.col + across > MAX_COLUMNS:
            raise Unreadable(f"has a table of more than {MAX_COLUMNS:,} columns; split it")
        behind, row = open_.col + across, open_.table.rows - 1
        if text != "" and (across > 1 or down > 1):
            open_.table.merged.append((row, row + down - 1, open_.col, behind - 1))
        if down > 1:
            open_.taken[open_.col] = (row + down, behind)
        open_.col, open_.cell = behind, None


def laid_out(page: str) -> Iterator[HtmlTable | str]:
    """Yield a page's tables that have something in them, and the lines of text between them, in its order.

    Raises:
        Unreadable: it is cut short, or larger than the limits.
    """
    layout = Layout()
    layout.read(page)
    yield from (item for item in layout.items if isinstance(item, str) or item.cells)


def _shown(text: str, given: dict[str, str]) -> str | float:
    """Return what a cell shows, as the number where that has digits which the text has lost."""
    shown = _AROUND_LINE_END.sub("\n", _SPACE_RUN.sub(" ", text)).strip(" \n")
    if not shown.strip():
        shown = given.get("x:str", "").strip()
    number = given.get("x:num", "")
    if number and (not shown or _ROUNDED.fullmatch(shown)):
        value = number_of(number)
        return shown if value is None else value
    zeros = _ZEROS.search(given.get("style", "")) if shown.isascii() and shown.isdigit() else None
    return shown.zfill(len(zeros[1])) if zeros else shown


def _is_not_shown(given: dict[str, str]) -> bool:
    return "hidden" in given or ("style" in given and _NOT_SHOWN.search(given["style"]) is not None)


def _span(given: dict[str, str], name: str, most: int) -> int:
    told = given.get(name, "").strip()[:6]
    return min(max(int(told), 1), most) if told.isascii() and told.isdigit() else 1
