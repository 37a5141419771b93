"""XLS: the old binary workbook, by xlrd, which knows each cell's number format."""

import os
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import xlrd
from xlrd.compdoc import CompDocError

from migrate.readers.cells import ERRORS, GENERAL, PLACES, UNKNOWN_ERROR, CellList, Formats, Sheet
from migrate.readers.formulas_xls import new_each_time
from migrate.readers.layout import MERGED
from migrate.readers.limits import PROTECTED, CellBudget, Unreadable, refuse_many_sheets
from migrate.readers.numberformat import BUILTIN_FORMATS

_BROKEN = (
    CompDocError,
    AssertionError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    struct.error,
)
"""What xlrd raises, beside its own error, on bytes that it did not expect."""


def sheets(path: Path) -> Iterator[Sheet]:
    """Yield the worksheets in their order."""
    budget, formats = CellBudget(), Formats()
    book = _open(path)
    refuse_many_sheets(book.nsheets)
    new = [new_each_time(book.mem, at) if book.mem else [] for at in book._sh_abs_posn]  # noqa: SLF001 - it has no other
    book.release_resources()
    style_formats = formats.indices(_code(book, style.format_key) for style in book.xf_list)
    for sheet in book.sheets():
        cells = _cells(sheet, style_formats)
        budget.spend(sheet.name, rows=cells.rows, columns=cells.columns, filled=len(cells))
        yield Sheet(
            name=sheet.name,
            cells=cells.frame(),
            formats=formats.parsed(),
            new_each_time=pl.DataFrame(new[sheet.number], schema=PLACES, orient="row"),
            hidden=sheet.visibility != 0,
            hidden_rows=tuple(sorted(row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden)),
            hidden_columns=tuple(sorted(col for col, info in sheet.colinfo_map.items() if info.hidden)),
            merged=_merged(sheet),
            date1904=book.datemode == 1,
        )


def _open(path: Path) -> Any:  # noqa: ANN401 - xlrd has no types
    with Path(os.devnull).open("w", encoding="utf-8") as silent:
        try:
            book: Any = xlrd.open_workbook(
                str(path), logfile=silent, formatting_info=True, ragged_rows=True, on_demand=True
            )
            book.sheets()
        except xlrd.XLRDError as error:
            if "encrypted" in str(error):
                raise Unreadable(PROTECTED) from error
            reason = str(error)
        except _BROKEN as error:
            reason = type(error).__name__
        else:
            return book
    raise Unreadable(f"is damaged ({reason}); open it in a spreadsheet program and save it again")


def _code(book: Any, key: int) -> str:  # noqa: ANN401 - xlrd has no types
    given = book.format_map.get(key)
    return (given and given.format_str) or BUILTIN_FORMATS.get(key, "General")


def _cells(sheet: Any, style_formats: Sequence[int]) -> CellList:  # noqa: ANN401 - xlrd has no types
    cells = CellList()
    formats = dict(enumerate(style_formats))
    for row in range(sheet.nrows):
        for col, cell in enumerate(sheet.row(row)):
            cells.add(row + 1, col, _value(cell.ctype, cell.value), format_=formats.get(cell.xf_index, GENERAL))
    return cells


def _merged(sheet: Any) -> pl.DataFrame:  # noqa: ANN401 - xlrd has no types
    ranges = [(row + 1, behind_row, col, behind_col - 1) for row, behind_row, col, behind_col in sheet.merged_cells]
    return pl.DataFrame(ranges, schema=MERGED, orient="row")


def _value(kind: int, value: Any) -> str | float | None:  # noqa: ANN401 - xlrd has no types
    if kind == xlrd.XL_CELL_TEXT:
        return str(value)
    if kind in {xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE}:
        return float(value)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    if kind == xlrd.XL_CELL_ERROR:
        return ERRORS.get(value, UNKNOWN_ERROR)
    return None
