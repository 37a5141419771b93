"""XLSB: the binary workbook, walked through record by record ([MS-XLSB] 2.1.4, 2.4)."""

import struct
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import polars as pl

from migrate.readers.archive import Archive
from migrate.readers.cells import ERRORS, GENERAL, PLACES, UNKNOWN_ERROR, CellList, Formats, Sheet
from migrate.readers.layout import MERGED
from migrate.readers.limits import MAX_COLUMNS, CellBudget, Unreadable, refuse_many_sheets
from migrate.readers.numberformat import BUILTIN_FORMATS
from migrate.readers.ooxml import Package, package_of

_ROW, _RICH_TEXT_CELL = 0, 62
_CELLS = {*range(1, 12), _RICH_TEXT_CELL}
_SHORT_CELLS = range(12, 19)  # as 1 to 7, in the column after the last one
_TEXT_FORMULA = 8
_FORMULAS = {_TEXT_FORMULA: 0, 9: 8, 10: 1, 11: 1}
"""The formulas' record types, with the bytes of their values; a text tells its length itself."""
_VALUE_AT, _ALWAYS_COMPUTED = 8, 0x2
_COLUMNS, _MERGED_RANGE = 60, 176
_SHARED_ITEM, _FORMAT, _STYLE, _SHEET, _WORKBOOK_FLAGS = 19, 44, 47, 156, 153
_BEGIN_STYLES, _END_STYLES = 617, 618
_ROW_FLAGS_AT, _ROW_IS_HIDDEN = 11, 0x10
_COLUMN_FLAGS_AT, _COLUMN_IS_HIDDEN = 16, 0x1
_LONGEST_SIZE = 4
_NO_TEXT = 0xFFFFFFFF
_RANGE = struct.Struct("<IIII")
_U16, _U32, _I32, _F64 = struct.Struct("<H"), struct.Struct("<I"), struct.Struct("<i"), struct.Struct("<d")


def sheets(path: Path) -> Iterator[Sheet]:
    """Yield the worksheets in their order."""
    with Archive(path) as archive:
        try:
            yield from _sheets(archive)
        except (struct.error, IndexError) as error:
            raise Unreadable("is damaged: its records are cut short; save the workbook again") from error


def _sheets(archive: Archive) -> Iterator[Sheet]:
    budget, formats, package = CellBudget(), Formats(), package_of(archive)
    style_formats = _style_formats(archive.read(package.styles), formats)
    shared = [_text(data, 1) for kind, data in _records(archive.read(package.shared_texts)) if kind == _SHARED_ITEM]
    parts, date1904 = _workbook(archive.read(package.workbook), package)
    refuse_many_sheets(len(parts))
    for name, part, hidden in parts:
        data = archive.read(part)
        cells, hidden_rows, new = _cells(data, style_formats, shared)
        hidden_columns, merged = _layout(data)
        budget.spend(name, rows=cells.rows, columns=cells.columns, filled=len(cells))
        yield Sheet(
            name=name,
            cells=cells.frame(),
            formats=formats.parsed(),
            new_each_time=pl.DataFrame(new, schema=PLACES, orient="row"),
            hidden=hidden,
            hidden_rows=hidden_rows,
            hidden_columns=hidden_columns,
            merged=merged,
            date1904=date1904,
        )


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each record's type and content; both type and size are numbers of seven bits a byte."""
    at = 0
    while at < len(data):
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (data[at] << 7)
            at += 1
        size = 0
        for nth in range(_LONGEST_SIZE):
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << (7 * nth)
            if not byte & 0x80:
                break
        yield kind, data[at : at + size]
        at += size


def _text(data: bytes, at: int) -> str:
    size = _U32.unpack_from(data, at)[0]
    return "" if size == _NO_TEXT else data[at + 4 : at + 4 + 2 * size].decode("utf-16-le", "replace")


def _workbook(data: bytes, package: Package) -> tuple[list[tuple[str, str, bool]], bool]:
    """Return (name, part, hidden) of each worksheet, and whether days count from 1904."""
    parts, date1904 = list[tuple[str, str, bool]](), False
    for kind, record in _records(data):
        if kind == _WORKBOOK_FLAGS:
            date1904 = bool(record[0] & 1)
        elif kind == _SHEET:
            relation = _text(record, 8)
            if relation in package.worksheets:
                name = _text(record, 12 + 2 * len(relation))
                parts.append((name, package.worksheets[relation], _U32.unpack_from(record)[0] != 0))
    return parts, date1904


def _style_formats(data: bytes, formats: Formats) -> list[int]:
    codes, ids, inside = dict(BUILTIN_FORMATS), list[int](), False
    for kind, record in _records(data):
        if kind == _FORMAT:
            codes[_U16.unpack_from(record)[0]] = _text(record, 2)
        elif kind in {_BEGIN_STYLES, _END_STYLES}:
            inside = kind == _BEGIN_STYLES
        elif kind == _STYLE and inside:
            ids.append(_U16.unpack_from(record, 2)[0])
    return formats.indices(codes.get(id_, "General") for id_ in ids)


def _cells(
    data: bytes, style_formats: Sequence[int], shared: Sequence[str]
) -> tuple[CellList, tuple[int, ...], list[tuple[int, int]]]:
    """Return the cells, the hidden rows, and where formulas are that are always computed anew."""
    cells, hidden, new = CellList(), list[int](), list[tuple[int, int]]()
    row = col = 0
    for kind, record in _records(data):
        if kind == _ROW:
            row, col = _U32.unpack_from(record)[0] + 1, -1
            if record[_ROW_FLAGS_AT] & _ROW_IS_HIDDEN:
                hidden.append(row)
            continue
        if kind in _CELLS:
            col, value_of, rest = _U32.unpack_from(record)[0], _VALUES.get(kind), record[4:]
        elif kind in _SHORT_CELLS:
            col, value_of, rest = col + 1, _VALUES.get(kind - 11), record
        else:
            continue
        if value_of is not None:
            style = _U32.unpack_from(rest)[0] & 0xFFFFFF
            format_ = style_formats[style] if style < len(style_formats) else GENERAL
            cells.add(row, col, value_of(rest, shared), format_=format_)
            if kind in _FORMULAS and _is_new_each_time(kind, record):
                new.append((row, col))
    return cells, tuple(hidden), new


def _is_new_each_time(kind: int, record: bytes) -> bool:
    """Tell whether a formula is always computed anew, as its flags behind its value say."""
    size = 4 + 2 * _U32.unpack_from(record, _VALUE_AT)[0] if kind == _TEXT_FORMULA else _FORMULAS[kind]
    return any(flags & _ALWAYS_COMPUTED for flags in record[_VALUE_AT + size : _VALUE_AT + size + 1])


def _layout(data: bytes) -> tuple[tuple[int, ...], pl.DataFrame]:
    """Return the hidden columns and the merged ranges."""
    hidden, ranges = list[int](), list[tuple[int, ...]]()
    for kind, record in _records(data):
        if kind == _MERGED_RANGE:
            row, last_row, col, last_col = _RANGE.unpack_from(record)
            ranges.append((row + 1, last_row + 1, col, last_col))
        elif kind == _COLUMNS and record[_COLUMN_FLAGS_AT] & _COLUMN_IS_HIDDEN:
            first, last = _U32.unpack_from(record)[0], _U32.unpack_from(record, 4)[0]
            hidden.extend(range(first, min(last + 1, MAX_COLUMNS)))
    return tuple(hidden), pl.DataFrame(ranges, schema=MERGED, orient="row")


def _rk(data: bytes) -> float:
    """Return a number of 30 bits: a whole one or the upper half of a double, maybe a hundred times too large."""
    packed = _I32.unpack_from(data, 4)[0]
    number = packed >> 2 if packed & 2 else _F64.unpack(b"\0\0\0\0" + _I32.pack(packed & ~3))[0]
    return float(number / 100 if packed & 1 else number)


def _shared_text(data: bytes, shared: Sequence[str]) -> str:
    at: int = _U32.unpack_from(data, 4)[0]
    return shared[at]


def _real(data: bytes, _: Sequence[str]) -> float:
    return float(_F64.unpack_from(data, 4)[0])


def _own_text(data: bytes, _: Sequence[str]) -> str:
    return _text(data, 4)


def _truth(data: bytes, _: Sequence[str]) -> str:
    return "TRUE" if data[4] else "FALSE"


def _error(data: bytes, _: Sequence[str]) -> str:
    return ERRORS.get(data[4], UNKNOWN_ERROR)


_VALUES: dict[int, Callable[[bytes, Sequence[str]], str | float]] = {
    2: lambda data, _: _rk(data),
    3: _error,
    4: _truth,
    5: _real,
    6: _own_text,
    7: _shared_text,
    8: _own_text,
    9: _real,
    10: _truth,
    11: _error,
    _RICH_TEXT_CELL: lambda data, _: _text(data, 5),
}
"""Record type → what reads the value of such a cell, which stands behind its style; a blank cell has none."""
