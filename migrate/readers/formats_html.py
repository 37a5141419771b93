"""HTML: web pages that go by the name of a workbook, as report servers and web shops export them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from migrate.errors import InputError
from migrate.model.text import excerpt
from migrate.readers.cells import GENERAL, CellList, Formats, Sheet
from migrate.readers.encoding import decoded_as, guess_encoding, guess_note, told_encoding, undecodable
from migrate.readers.encoding_guess import Guess
from migrate.readers.grid import GRID_NOTES
from migrate.readers.html_headers import Top, is_table, top_of
from migrate.readers.html_tables import HtmlTable, laid_out
from migrate.readers.layout import MERGED
from migrate.readers.limits import MAX_MARKUP_BYTES, CellBudget, Unreadable, refuse_many_sheets

_CHARSET = re.compile(rb"(?:charset\s*=\s*|<\?xml[^>]*encoding\s*=\s*)[\"']?([\w.:-]+)", re.IGNORECASE)
_CHARSET_WITHIN = 4096
_AS_BROWSERS_DO = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}
"""What says to be one of these is read as the larger set (WHATWG Encoding, 4.2)."""
_AS_BROWSERS_DO |= dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ksc5601", "ks_c_5601"), "cp949")
_SHEET_NAME = re.compile(r"<x:Name>([^<]{1,200})</x:Name>", re.IGNORECASE)
_LONGEST_EXCERPT = 80


@dataclass(slots=True)
class _Group:
    """What becomes one sheet: tables under one header, repeated or not, and the titles above them.

    `top` is how the first of them begins.
    """

    top: Top | None = None
    items: list[tuple[int, HtmlTable | str]] = field(default_factory=list)
    """Each with the row of the sheet, from 1, at which it begins."""
    below: list[str] = field(default_factory=list)
    """Lines of text under the last table, such as whose page it is."""


def sheets(path: Path, *, encoding: str | None = None) -> Iterator[Sheet]:
    """Yield a sheet for each kind of table that the page has; rows are counted from the top of the page.

    An `encoding` that the caller tells holds in place of what the page says of itself.
    """
    page, guessed = _text(path, encoding)
    budget, formats = CellBudget(), Formats().parsed()
    groups = _groups(page)
    refuse_many_sheets(len(groups))
    named = _SHEET_NAME.search(page)
    for number, group in enumerate(groups, start=1):
        tables = [item for _, item in group.items if isinstance(item, HtmlTable)]
        cells, hidden_rows, is_hidden = CellList(), list[int](), all(table.hidden for table in tables)
        for first, item in group.items:
            _lay(item, first, cells)
            if isinstance(item, HtmlTable):
                rows = range(item.rows) if item.hidden and not is_hidden else item.hidden_rows
                hidden_rows.extend(first + row for row in rows)
        name = named[1] if named and len(groups) == 1 else f"Table {number}"
        top = group.items[0][0]
        budget.spend(name, rows=cells.rows - top + 1, columns=cells.columns, filled=len(cells))
        yield Sheet(
            name=name,
            cells=cells.frame(),
            formats=formats,
            hidden=is_hidden,
            hidden_rows=tuple(hidden_rows),
            merged=pl.DataFrame(list(_merged(group)), schema=MERGED, orient="row"),
            notes=_notes(
                guessed if number == 1 else None,
                is_whole=all(table.is_whole for table in tables),
                hidden_cells=sum(table.hidden_cells for table in tables),
                below=group.below,
            ),
        )


def _text(path: Path, encoding: str | None) -> tuple[str, Guess | None]:
    """Return the page, and the guess of its encoding where there is no telling."""
    if path.stat().st_size > MAX_MARKUP_BYTES:
        raise Unreadable(f"is larger than {MAX_MARKUP_BYTES // 1024**2} MiB; save it as .xlsx or .csv")
    data = path.read_bytes()
    try:
        told = told_encoding(data, encoding, path=path)
        if told:
            return decoded_as(data, told, path=path).source[:].decode("utf-8-sig"), None
        return data.decode(), None
    except UnicodeDecodeError as error:
        if encoding is not None:
            raise _without_path(undecodable(data, encoding, error.start, path=path), path) from error
    except InputError as error:
        raise _without_path(error, path) from error
    said = _CHARSET.search(data[:_CHARSET_WITHIN])
    name = said[1].decode("ascii", "replace").lower() if said else "utf-8"
    try:
        return data.decode(_AS_BROWSERS_DO.get(name, name)), None
    except (UnicodeDecodeError, LookupError):
        pass
    try:
        guessed = guess_encoding(data, path=path)
    except InputError as error:
        raise _without_path(error, path) from error
    return data.decode(guessed.encoding), guessed


def _without_path(error: InputError, path: Path) -> Unreadable:
    return Unreadable(str(error).removeprefix(f"{path}: "))


def _groups(page: str) -> list[_Group]:
    """Put what a page holds one below the other, and part it where a table with another header begins."""
    groups, waiting, row = [_Group()], list[tuple[int, HtmlTable | str]](), 1
    tables = 0
    for item in laid_out(page):
        above = waiting[-1][1] if waiting else None
        waiting.append((row, item))
        row += 1 if isinstance(item, str) else item.rows
        if isinstance(item, HtmlTable):
            tables += 1
            last, is_whole = groups[-1].top, is_table(item)
            top = top_of(item, above if is_whole and isinstance(above, HtmlTable) else None)
            if not is_whole and (last is None or not top.is_row_of(last)):
                continue
            if last is None:
                groups[-1].top = top
            elif is_whole and not top.goes_on(last):
                groups.append(_Group(top))
            groups[-1].items += waiting
            waiting = []
    if groups[-1].top is not None:
        while waiting and isinstance(line := waiting[-1][1], str):
            groups[-1].below.append(line)
            waiting.pop()
        groups[-1].below.reverse()
    groups[-1].items += waiting
    if not tables:
        raise Unreadable("is a web page (HTML) without a table; export the inventory as .xlsx or .csv")
    return groups


def _lay(item: HtmlTable | str, first: int, cells: CellList) -> None:
    if isinstance(item, str):
        cells.add(first, 0, item, format_=GENERAL)
        return
    for row, col, value in item.cells:
        cells.add(first + row, col, value, format_=GENERAL)


def _merged(group: _Group) -> Iterator[tuple[int, int, int, int]]:
    """Yield the ranges of cells that span several, in rows of the sheet."""
    for first, item in group.items:
        if isinstance(item, HtmlTable):
            yield from ((first + row, first + last, col, last_col) for row, last, col, last_col in item.merged)


def _notes(guessed: Guess | None, *, is_whole: bool, hidden_cells: int, below: Sequence[str]) -> pl.DataFrame:
    notes = list[dict[str, str]]()
    if guessed:
        notes.append(guess_note(guessed))
    if not is_whole:
        notes.append(
            {
                "severity": "warning",
                "code": "cut_short",
                "message": "the file ends in the middle of a table; rows may be missing at its end",
                "hint": "export it again, and compare the number of rows",
            }
        )
    if hidden_cells:
        notes.append(
            {
                "severity": "note",
                "code": "hidden_cells",
                "message": f"cells that the page does not show were left out, as browsers do: {hidden_cells:,}",
                "hint": "nothing to do; if they are meant to be read, have them shown and export it again",
            }
        )
    if below:
        notes.append(
            {
                "severity": "note",
                "code": "text_below",
                "value": excerpt(below[0], length=_LONGEST_EXCERPT),
                "message": f"text below the last table is no row of it and was left out, lines of it: {len(below):,}",
                "hint": "nothing to do; if it is meant to be read, save the page as a workbook",
            }
        )
    return pl.DataFrame(notes, schema=GRID_NOTES)
