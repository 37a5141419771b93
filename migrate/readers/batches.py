"""Batches: a large text file as tables of some of its rows each, as long as they are what the whole would be."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import polars as pl

from migrate.model.sources import Table
from migrate.readers.blocks import names_in
from migrate.readers.damage import SIGNS
from migrate.readers.delimited import Tokenizer
from migrate.readers.delimiter import find_cut, told_by_first_line
from migrate.readers.encoding import Decoded, decoded_as, told_encoding
from migrate.readers.grid import GRID_NOTES, Grid
from migrate.readers.header import fold
from migrate.readers.options import ReadOptions
from migrate.readers.plain import Layout, read_plain
from migrate.readers.survey import line_end, survey
from migrate.readers.swallowed import may_swallow, swallowed_notes
from migrate.readers.table import Told, to_table
from migrate.readers.text import HEAD_BYTES, HEAD_RECORDS, TextSheet
from migrate.readers.text_limits import MAX_TEXT_COLUMNS, check_batched_rows

BATCH_BYTES = 12 << 20
_HEAD_OF_FILE = 1 << 20
_TRIES = 1_000
_UTF8 = frozenset({None, "utf-8", "utf-8-sig"})
_OF_THE_WHOLE = frozenset({"second_table", "table_beside"})


class Uneven(Exception):
    """The file can't be read in batches: what some of its rows are shows in the whole alone."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How the file is cut; its first record begins at byte `start`, in row `first_row`."""

    encoding: str
    delimiter: str
    quote: str
    width: int
    start: int
    first_row: int


def read_batches(path: Path, told: Told, *, options: ReadOptions, batch_bytes: int = BATCH_BYTES) -> Iterator[Table]:
    """Yield tables of about `batch_bytes` each, in order; what is found about the whole stands in the first.

    Raises:
        InputError: a limit is exceeded.
        Uneven: it has to be read as a whole; some tables may have been yielded.
    """
    with path.open("rb") as file:
        way = _way(file.read(_HEAD_OF_FILE), options, path=path)
        file.seek(way.start)
        row, first, is_behind = way.first_row, None, False
        for chunk, is_last in _chunks(file, way.quote.encode(), path.stat().st_size - way.start, batch_bytes):
            sheet = _sheet(chunk, way, first_row=row, path=path)
            height = sheet.grid.frame.height
            check_batched_rows(path, rows=row + height)
            table = _first(sheet, told, path=path) if first is None else _later(sheet, told, first, path=path)
            above = table.header_row - row + 1 if first is None else 0
            is_behind = _refuse_uneven(table, rows=height - above, is_behind=is_behind, is_last=is_last)
            first = first or (table, sheet.grid.frame.slice(table.header_row - row, 1))
            row += height
            yield table


def _way(head: bytes, options: ReadOptions, *, path: Path) -> _Way:
    """Find out how the file is cut, as it is done for a file that is read as a whole."""
    told = told_encoding(head, options.encoding, path=path)
    if told not in _UTF8:
        raise Uneven
    text = decoded_as(head, told or "utf-8", path=path)
    end = line_end(text, text.start, text.start + HEAD_BYTES)
    if end is None or end >= len(head) or any(value and len(value) > 1 for value in (options.delimiter, options.quote)):
        raise Uneven
    try:
        lines = head[text.start : end].decode()
    except UnicodeDecodeError:
        raise Uneven from None
    above, delimiter = told_by_first_line(lines)
    body = lines[above:]
    cut = find_cut(body, delimiter=options.delimiter or delimiter, quote=options.quote)
    tokenizer = Tokenizer(cut.delimiter, cut.quote, cut.width)
    widths = {len(cells) for _, cells in islice(tokenizer.records(body), HEAD_RECORDS)}
    if tokenizer.troubles or len(widths) != 1 or not 1 < (width := widths.pop()) <= MAX_TEXT_COLUMNS:
        raise Uneven
    start = text.start + len(lines[:above].encode())
    return _Way(text.encoding, cut.delimiter, cut.quote, width, start, first_row=2 if above else 1)


def _chunks(file: BinaryIO, quote: bytes, left: int, batch_bytes: int) -> Iterator[tuple[bytes, bool]]:
    """Yield the rest of the file in pieces that end with a record; the last is no smaller than half of the others."""
    rest = b""
    while left or rest:
        more = left if left < 2 * batch_bytes else batch_bytes
        chunk = rest + file.read(more)
        left -= more
        end = len(chunk) if not left else _record_end(chunk, quote)
        rest = chunk[end:]
        yield chunk[:end], not left


def _record_end(chunk: bytes, quote: bytes) -> int:
    """Return where the last record ends that is whole: at a line end outside of quotes."""
    end, quotes = len(chunk), chunk.count(quote)
    for _ in range(_TRIES):
        before = chunk.rfind(b"\n", 0, end - 1) + 1
        quotes -= chunk.count(quote, before, end)
        if not before:
            break
        if quotes % 2 == 0:
            return before
        end = before
    raise Uneven


def _sheet(chunk: bytes, way: _Way, *, first_row: int, path: Path) -> TextSheet:
    text = Decoded(chunk, 0, way.encoding)
    try:
        surveyed = survey(text, SIGNS, path=path)
    except UnicodeDecodeError:
        raise Uneven from None
    layout = Layout(way.delimiter, way.quote, way.width, start=0, lines=0)
    frame = read_plain(text, layout, path=path, line_feeds=surveyed.line_feeds)
    if frame is None:
        raise Uneven
    notes = pl.DataFrame(schema=GRID_NOTES)
    if may_swallow(text, way.quote, line_ends=surveyed.line_ends, records=frame.height):
        notes = swallowed_notes(frame, way.width, way.delimiter, first_row=first_row)
    widths = pl.repeat(way.width, frame.height, dtype=pl.UInt32, eager=True)
    grid = Grid(sheet=None, frame=frame, first_row=first_row, notes=notes)
    return TextSheet(grid, widths, way.encoding, None, way.delimiter, way.quote, surveyed.signs)


def _first(sheet: TextSheet, told: Told, *, path: Path) -> Table:
    table = to_table(sheet.grid, told, path=path, kind="csv", text=sheet)
    if not table.header_row:
        raise Uneven
    header = [fold(cell) for cell in sheet.grid.frame.row(table.header_row - sheet.grid.first_row)]
    while header and not header[-1]:
        header.pop()
    if not all(header):
        raise Uneven  # whether a column without a name is empty shows at the end of the file
    return table


def _later(sheet: TextSheet, told: Told, first: tuple[Table, pl.DataFrame], *, path: Path) -> Table:
    """Return the table of rows further down, read under the header of the first table."""
    whole, header = first
    grid = replace(
        sheet.grid, frame=pl.concat([header, sheet.grid.frame]), first_row=(above := sheet.grid.first_row - 1)
    )
    under = replace(sheet, grid=grid, widths=pl.concat([sheet.widths[:1], sheet.widths]))
    table = to_table(grid, replace(told, header_row=above), path=path, kind="csv", text=under)
    if table.columns != whole.columns:
        raise Uneven
    of_rows = table.findings.filter(pl.col("_row").is_not_null() | pl.col("code").is_in(_OF_THE_WHOLE))
    return replace(table, header_row=whole.header_row, findings=of_rows, above=whole.above)


def _refuse_uneven(table: Table, *, rows: int, is_behind: bool, is_last: bool) -> bool:
    """Refuse a batch whose rows show in the whole alone what they are; return whether its last one makes no record.

    So do blank rows, a total or the number of a page at its end, and what may be the header of another table behind a
    row that makes no record; `is_behind` says whether such a one stands before the batch.
    """
    inside = table.left_out.filter(pl.col("why") == "blank").height
    if inside or (not is_last and table.frame.height < rows):
        raise Uneven
    if table.findings["code"].is_in(list(_OF_THE_WHOLE)).any():
        raise Uneven
    gone, last = table.left_out["_row"], table.frame["_row"].max()
    ends = table.left_out.filter(pl.col("why") != "repeated header")["_row"]
    if not is_last and ends.len() and ends.max() == last:
        raise Uneven
    if gone.len() or is_behind:
        row, first = pl.col("_row"), table.frame["_row"].min()
        is_next = (row - 1).is_in(gone.implode()) | (pl.lit(is_behind) & (row == first))
        behind = table.frame.filter(is_next, ~row.is_in(gone.implode())).drop("_row")
        if any(names_in(behind.columns, cells) for cells in behind.rows()):
            raise Uneven
    return bool(gone.len()) and gone.max() == last
