"""The rows of an XLSX sheet's XML, in pieces of whole rows, and how far they reach."""

import re
from collections.abc import Iterator

from migrate.readers.addresses import column_index, column_letters
from migrate.readers.layout_xlsx import LayoutXlsx
from migrate.readers.limits import MAX_COLUMNS, MAX_ROW_BYTES, MAX_ROWS, Unreadable

_SHEET_DATA = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?sheetData\s*(/?)>")
_TAG = re.compile(rb"<(row|c)((?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>")
_ATTRIBUTE = re.compile(rb"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ROW = re.compile(rb'<row(?: r="([0-9]{1,7})")?')
_HIDDEN_ROW = re.compile(rb'<row r="([0-9]+)"[^>]* hidden="(?:1|true)"')
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"')
_MISPLACED = re.compile(rb'<c(?! r="[A-Z]{1,3}[1-9][0-9]{0,6}"|[a-z])([^>]{0,40})')
_PLACELESS = re.compile(rb'<(?:c(?! r="|[a-z])|row(?! r="[0-9]))')
_FORMULA = rb"(?:\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>))?"
_FILLED = re.compile(
    rb'<c r="([A-Z]+)[0-9]+"(?:[^>/]* t="str"[^>/]*>' + _FORMULA + rb"\s*<v"
    rb"|[^>/]*>" + _FORMULA + rb"\s*(?:<v[^>]*>[^<]|<is))"
)
"""A cell that calamine counts as filled."""


class Rows:
    """The rows of a sheet; what it knows of them grows as its pieces are taken."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.last_row = 0
        self.size_bytes = 0
        self.hidden: list[int] = []
        self.layout = LayoutXlsx()
        self._chunks = chunks
        self._last_column = b""
        self._unusual = _outside(b"")
        self._first_filled: int | None = None

    @property
    def columns(self) -> int:
        """How many columns there are, from A on."""
        return column_index(self._last_column.decode()) + 1

    @property
    def first_filled(self) -> int:
        """The index of the first column with something in it, where calamine begins."""
        return self._first_filled or 0

    def pieces(self) -> Iterator[bytes]:
        """Yield whole rows as `<row r="1" ...><c r="A1" ...>...`; refused where calamine would lose cells, or hang."""
        for piece in _pieces(self._chunks, self.layout):
            rows = _ROW.findall(piece)
            if b"" in rows or self._unusual.search(piece):
                placed = _with_places(piece, row=self.last_row) if _PLACELESS.search(piece) else piece
                rows = _ROW.findall(placed)
                self._widen(placed, rows)
            else:
                placed = piece
            self.size_bytes += len(piece)
            self._measure(placed, [int(row) for row in rows])
            yield placed

    def _widen(self, piece: bytes, rows: list[bytes]) -> None:
        if b"" in rows:
            raise Unreadable("is damaged: a row has no number, or one that is too large; save the workbook again")
        if bad := _MISPLACED.search(piece):
            raise Unreadable(f"is damaged: a cell says {bad[1].decode('ascii', 'replace')!r}; save the workbook again")
        names = {self._last_column, *(cell[0] for cell in _CELL.findall(piece))}
        self._last_column = max(names, key=lambda name: (len(name), name))
        self._unusual = _outside(self._last_column)

    def _measure(self, piece: bytes, rows: list[int]) -> None:
        if rows != sorted(set(rows)) or (rows and rows[0] <= self.last_row):
            raise Unreadable("is damaged: its rows are out of order; open it in a spreadsheet program and save it")
        last_cell = _CELL.match(piece, max(piece.rfind(b"<c r="), 0))
        self.last_row = max(self.last_row, *rows[-1:], int(last_cell[2]) if last_cell else 0)
        if self.last_row > MAX_ROWS or self.columns > MAX_COLUMNS:
            raise Unreadable(
                f"has a cell at {self._last_column.decode()}{self.last_row}, beyond the end of a sheet, "
                f"{column_letters(MAX_COLUMNS - 1)}{MAX_ROWS}; save the workbook again"
            )
        if b' hidden="' in piece:
            self.hidden.extend(map(int, _HIDDEN_ROW.findall(piece)))
        if self._first_filled != 0:
            filled = [column_index(name.decode()) for name in _FILLED.findall(piece)]
            known = [] if self._first_filled is None else [self._first_filled]
            self._first_filled = min(filled + known, default=None)


def _outside(last: bytes) -> re.Pattern[bytes]:
    """Return what finds a cell that is not in one of the columns up to `last`, or does not tell its place."""
    shorter = [b"[A-Z]{1,%d}" % (len(last) - 1)] if len(last) > 1 else []
    same = [
        last[:at] + b"[A-%c]" % (letter if at == len(last) - 1 else letter - 1) + b"[A-Z]" * (len(last) - at - 1)
        for at, letter in enumerate(last)
        if letter > ord("A") or at == len(last) - 1
    ]
    inside = b"|".join(shorter + same) or b"(?!)"
    return re.compile(rb'<c(?! r="(?:' + inside + rb')[1-9][0-9]{0,6}"|[a-z])')


def _pieces(chunks: Iterator[bytes], layout: LayoutXlsx) -> Iterator[bytes]:
    head = b""
    for chunk in chunks:
        head += chunk
        if match := _SHEET_DATA.search(head):
            break
        _refuse_long(head)
    else:
        return
    layout.see_above(head[: match.start()])
    rest = head[match.end() :]
    if not match[2]:
        prefix = match[1] + b":" if match[1] else b""
        rows = _WholeRows(rest, chunks, prefix=prefix)
        for piece in rows:
            yield piece.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</") if prefix else piece
        rest = rows.rest
    layout.see_below(rest)
    for chunk in chunks:
        layout.see_below(chunk)


class _WholeRows:
    """The rows in pieces of whole ones; `rest` is what stands behind them, once all are taken."""

    def __init__(self, rest: bytes, chunks: Iterator[bytes], *, prefix: bytes) -> None:
        self.rest = rest
        self._chunks = chunks
        self._row_end, self._data_end = b"</" + prefix + b"row>", b"</" + prefix + b"sheetData>"

    def __iter__(self) -> Iterator[bytes]:
        rest = self.rest
        while (end := rest.find(self._data_end)) < 0:
            last = rest.rfind(self._row_end)
            if last >= 0:
                yield rest[: last + len(self._row_end)]
                rest = rest[last + len(self._row_end) :]
            _refuse_long(rest)
            chunk = next(self._chunks, b"")
            if not chunk:
                raise Unreadable("is damaged: it ends in the middle of its rows; save the workbook again")
            rest += chunk
        yield rest[:end]
        self.rest = rest[end:]


def _refuse_long(rest: bytes) -> None:
    if len(rest) > MAX_ROW_BYTES:
        raise Unreadable(f"a row of more than {MAX_ROW_BYTES // 1024**2} MiB is not read; split its cells")


def _with_places(piece: bytes, *, row: int) -> bytes:
    """Put its place first in each row and cell, counted where it is not told."""
    col = -1

    def place(match: re.Match[bytes]) -> bytes:
        nonlocal row, col
        name, attributes, end = match.groups()
        found = {key: double or single for key, double, single in _ATTRIBUTE.findall(attributes)}
        told = found.pop(b"r", b"").upper()
        if name == b"row":
            row, col = int(told) if told.isdigit() else row + 1, -1
            told = b"%d" % row
        elif told:
            col = column_index(told.rstrip(b"0123456789").decode("ascii", "replace"))
        else:
            col += 1
            told = b"%s%d" % (column_letters(col).encode(), row)
        others = b"".join(b' %s="%s"' % item for item in found.items())
        return b'<%s r="%s"%s%s>' % (name, told, others, end)

    return _TAG.sub(place, piece)
