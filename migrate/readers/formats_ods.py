"""ODS: the open document spreadsheet, which holds the text that each cell shows (OpenDocument 1.3 part 3, 9.1)."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

import polars as pl

from migrate.readers.archive import Archive
from migrate.readers.cells import GENERAL, PLACES, CellList, Formats, Sheet
from migrate.readers.formulas import is_new_each_time
from migrate.readers.layout import MERGED
from migrate.readers.limits import (
    CLEAR,
    MAX_COLUMNS,
    MAX_REPEATED_CELLS,
    MAX_ROWS,
    PROTECTED,
    CellBudget,
    Unreadable,
    refuse_many_sheets,
)
from migrate.readers.numbers import number_of
from migrate.readers.styles_ods import StylesOds
from migrate.readers.xml_tags import local, parse

_CELLS = {"table-cell", "covered-table-cell"}
_NOT_CELL_TEXT = {"annotation", "shapes", "frame", "custom-shape", "rect", "line", "ellipse", "table"}
_NUMBERS = {"float", "percentage", "currency"}
_DATES = {"date", "time"}


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell, or several alike beside each other, with the text in it."""

    col: int
    count: int
    given: dict[str, str]
    text: str


@dataclass(slots=True)
class _Table:
    """A table while it is read."""

    name: str
    style: str
    cells: CellList = field(default_factory=CellList)
    unsaved: list[tuple[int, int]] = field(default_factory=list)
    new_each_time: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    column_styles: list[str] = field(default_factory=list)


def sheets(path: Path) -> Iterator[Sheet]:
    """Yield the tables in their order."""
    budget, formats, styles = CellBudget(), Formats(), StylesOds()
    content = _Content(styles, date_format=formats.index("yyyy-mm-dd"))
    with Archive(path) as archive:
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise Unreadable(PROTECTED)
        for part in ("styles.xml", "content.xml") if "styles.xml" in archive else ("content.xml",):
            with closing(archive.chunks(part)) as chunks:
                content.read(chunks)
    refuse_many_sheets(len(content.tables))
    for table in content.tables:
        cells = table.cells
        budget.spend(table.name, rows=cells.rows, columns=cells.columns, filled=len(cells))
        yield Sheet(
            name=table.name,
            cells=cells.frame(),
            formats=formats.parsed(),
            unsaved=pl.DataFrame(table.unsaved, schema=PLACES, orient="row"),
            new_each_time=pl.DataFrame(table.new_each_time, schema=PLACES, orient="row"),
            hidden=table.style in styles.hidden_tables,
            hidden_rows=tuple(table.hidden_rows),
            hidden_columns=tuple(table.hidden_columns),
            merged=pl.DataFrame(table.merged, schema=MERGED, orient="row"),
        )


class _Content:
    """Walks through the parts; a cell is taken when it ends, a row is repeated when it ends."""

    def __init__(self, styles: StylesOds, *, date_format: int) -> None:
        self.tables: list[_Table] = []
        self._styles = styles
        self._date_format = date_format
        self._row = self._col = self._repeated = 0
        self._row_given: dict[str, str] = {}
        self._row_cells: list[_Cell] = []
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []
        self._paragraphs = self._aside = 0
        self._in_paragraph = False

    def read(self, chunks: Iterator[bytes]) -> None:
        """Read a part to its end."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parse(parser, chunks)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if self._aside or (self._cell is not None and name in _NOT_CELL_TEXT):
            self._aside += 1
            return
        if self._cell is not None:
            self._start_text(name, attributes)
            return
        given = {local(key): value for key, value in attributes.items()}
        if name in _CELLS:
            self._cell, self._text, self._paragraphs = given, [], 0
            self._in_paragraph = False
        elif name == "table":
            self.tables.append(_Table(given.get("name", ""), given.get("style-name", "")))
            self._row = 0
        elif name == "table-column":
            self._add_columns(self.tables[-1], given)
        elif name == "table-row":
            self._row_given, self._row_cells, self._col = given, [], 0
        else:
            self._styles.see(name, given)

    def _add_columns(self, table: _Table, given: dict[str, str]) -> None:
        columns = table.column_styles
        count = min(_count(given, "number-columns-repeated"), MAX_COLUMNS - len(columns))
        if _is_hidden(given):
            table.hidden_columns.extend(range(len(columns), len(columns) + count))
        columns.extend([given.get("default-cell-style-name", "")] * count)

    def _start_text(self, name: str, attributes: dict[str, str]) -> None:
        if name == "p":
            self._text.append("\n" if self._paragraphs else "")
            self._paragraphs, self._in_paragraph = self._paragraphs + 1, True
        elif name == "s":
            self._text.append(" " * min(int(attributes.get("text:c", 1)), 1_000))
        elif name in {"tab", "line-break"}:
            self._text.append("\t" if name == "tab" else "\n")

    def _characters(self, text: str) -> None:
        if self._in_paragraph and not self._aside:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        if self._aside:
            self._aside -= 1
            return
        name = local(tag)
        if name == "p":
            self._in_paragraph = False
        elif name in _CELLS and self._cell is not None:
            self._end_cell(self._cell, covered=name != "table-cell")
        elif name == "table-row":
            self._end_row(self.tables[-1])

    def _end_cell(self, given: dict[str, str], *, covered: bool) -> None:
        text, count = "".join(self._text), _count(given, "number-columns-repeated")
        if not covered and (text or "value-type" in given or "formula" in given):
            self._row_cells.append(_Cell(self._col, count, given, text))
        self._col += count
        self._cell = None

    def _end_row(self, table: _Table) -> None:
        first, self._row = self._row + 1, self._row + _count(self._row_given, "number-rows-repeated")
        hidden = _is_hidden(self._row_given)
        if self._row_cells and (
            self._row > MAX_ROWS or self._row_cells[-1].col + self._row_cells[-1].count > MAX_COLUMNS
        ):
            raise Unreadable(f"sheet {table.name!r} has a cell beyond XFD{MAX_ROWS}, the end of a sheet; save it again")
        repeated = self._row + 1 - first
        filled = sum(cell.count for cell in self._row_cells)
        if (again := repeated * filled - len(self._row_cells)) > 0:
            self._repeated += again
            if self._repeated > MAX_REPEATED_CELLS:
                raise Unreadable(f"sheet {table.name!r} repeats cells more than {MAX_REPEATED_CELLS:,} times; {CLEAR}")
        for row in range(first, min(self._row, MAX_ROWS) + 1) if hidden or self._row_cells else ():
            if hidden:
                table.hidden_rows.append(row)
            for cell in self._row_cells:
                self._keep(table, row, cell)
        for cell in self._row_cells:
            across, down = (_count(cell.given, f"number-{what}-spanned") for what in ("columns", "rows"))
            if across > 1 or down > 1:
                table.merged.append((first, first + down - 1, cell.col, cell.col + across - 1))

    def _keep(self, table: _Table, row: int, cell: _Cell) -> None:
        kind = cell.given.get("value-type", "string")
        is_new = is_new_each_time(cell.given.get("formula", "")) and ("value-type" in cell.given or cell.text)
        for col in range(cell.col, cell.col + cell.count):
            if is_new:
                table.new_each_time.append((row, col))
            if kind in _NUMBERS and (number := number_of(cell.given.get("value", ""))) is not None:
                self._keep_number(table, row, col, cell, number)
            elif kind in _DATES:
                shown = cell.text or cell.given.get(f"{kind}-value", "")
                table.cells.add(row, col, 0.0, format_=self._date_format, shown=shown)
            elif kind == "boolean":
                value = "TRUE" if cell.given.get("boolean-value") == "true" else "FALSE"
                table.cells.add(row, col, value, format_=GENERAL)
            elif not cell.text and "formula" in cell.given and "value-type" not in cell.given:
                table.unsaved.append((row, col))
            else:
                table.cells.add(row, col, cell.text or cell.given.get("string-value", ""), format_=GENERAL)

    def _keep_number(self, table: _Table, row: int, col: int, cell: _Cell, number: float) -> None:
        columns = table.column_styles
        style = cell.given.get("style-name") or self._row_given.get("default-cell-style-name")
        style = style or (columns[col] if col < len(columns) else "")
        all_digits = not cell.text.strip("#") or (
            self._styles.shows_all_digits(style) and number_of(cell.text) is not None
        )
        table.cells.add(row, col, number, format_=GENERAL, shown=None if all_digits else cell.text)


def _is_hidden(given: dict[str, str]) -> bool:
    return given.get("visibility", "visible") != "visible"


def _count(given: dict[str, str], name: str) -> int:
    return max(int(given.get(name, 1)), 1)
