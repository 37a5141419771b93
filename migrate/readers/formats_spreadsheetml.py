"""SpreadsheetML: a workbook in one XML file, as Excel 2002 and 2003 save it and many programs still export it."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

import polars as pl

from migrate.readers.cells import PLACES, CellList, Formats, Sheet
from migrate.readers.encoding import marked_encoding
from migrate.readers.formulas import is_new_each_time
from migrate.readers.iso_dates import serial
from migrate.readers.layout import MERGED
from migrate.readers.limits import MAX_COLUMNS, MAX_MARKUP_BYTES, MAX_ROWS, CellBudget, Unreadable, refuse_many_sheets
from migrate.readers.numberformat import BUILTIN_FORMATS
from migrate.readers.numbers import number_of
from migrate.readers.xml_tags import local, parse

_CHUNK_BYTES = 1 << 20
_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)[\"']")
_NAMED_FORMATS = {
    "General Number": "General",
    "General Date": "m/d/yyyy h:mm",
    "Long Date": "dddd, mmmm d, yyyy",
    "Medium Date": BUILTIN_FORMATS[15],
    "Short Date": "m/d/yyyy",
    "Long Time": BUILTIN_FORMATS[19],
    "Medium Time": BUILTIN_FORMATS[18],
    "Short Time": BUILTIN_FORMATS[20],
    "Currency": BUILTIN_FORMATS[8],
    "Euro Currency": "[$€-2] #,##0.00_);[Red]([$€-2] #,##0.00)",
    "Fixed": BUILTIN_FORMATS[2],
    "Standard": BUILTIN_FORMATS[4],
    "Percent": BUILTIN_FORMATS[10],
    "Scientific": BUILTIN_FORMATS[11],
    "Yes/No": '"Yes";"Yes";"No"',
    "True/False": '"True";"True";"False"',
    "On/Off": '"On";"On";"Off"',
}
"""The formats that are called by name (XML Spreadsheet Reference, ss:NumberFormat)."""
_DATE = "yyyy-mm-dd"
_DATE_AND_TIME = "yyyy-mm-dd hh:mm:ss"


@dataclass(slots=True)
class _Worksheet:
    """A worksheet while it is read."""

    name: str
    cells: CellList = field(default_factory=CellList)
    unsaved: list[tuple[int, int]] = field(default_factory=list)
    new_each_time: list[tuple[int, int]] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    column_styles: dict[int, str] = field(default_factory=dict)


def sheets(path: Path) -> Iterator[Sheet]:
    """Yield the worksheets in their order."""
    if path.stat().st_size > MAX_MARKUP_BYTES:
        raise Unreadable(f"is larger than {MAX_MARKUP_BYTES // 1024**2} MiB; save it as .xlsx or .csv")
    content = _Content()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = content.start
    parser.EndElementHandler = content.end
    parser.CharacterDataHandler = content.characters
    parse(parser, _as_utf8(path))
    refuse_many_sheets(len(content.worksheets))
    budget = CellBudget()
    for sheet in content.worksheets:
        cells = sheet.cells
        budget.spend(sheet.name, rows=cells.rows, columns=cells.columns, filled=len(cells))
        yield Sheet(
            name=sheet.name,
            cells=cells.frame(),
            formats=content.formats.parsed(),
            unsaved=pl.DataFrame(sheet.unsaved, schema=PLACES, orient="row"),
            new_each_time=pl.DataFrame(sheet.new_each_time, schema=PLACES, orient="row"),
            hidden=sheet.hidden,
            hidden_rows=tuple(sheet.hidden_rows),
            hidden_columns=tuple(sheet.hidden_columns),
            merged=pl.DataFrame(sheet.merged, schema=MERGED, orient="row"),
            date1904=content.date1904,
        )


def _as_utf8(path: Path) -> Iterator[bytes]:
    """Yield the file in UTF-8, so that what it says of its encoding needs not be known to the parser."""
    with path.open("rb") as file:
        head = file.read(200)
        said = _ENCODING.search(head)
        marked = marked_encoding(head)
        name = marked or (said[1].decode("ascii") if said else "utf-8")
        file.seek(0)
        chunks = iter(lambda: file.read(_CHUNK_BYTES), b"")
        for text in codecs.iterdecode(chunks, name):
            yield text.encode()


class _Content:
    """Walks through the file; a cell is taken when it ends."""

    def __init__(self) -> None:
        self.worksheets: list[_Worksheet] = []
        self.formats = Formats()
        self.date1904 = False
        self._style = ""
        self._codes: dict[str, str] = {}
        self._parents: dict[str, str] = {}
        self._row = self._col = self._column = 0
        self._row_given: dict[str, str] = {}
        self._cell: dict[str, str] | None = None
        self._type = ""
        self._text: list[str] = []
        self._path: list[str] = []
        self._word: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take note of a start tag."""
        name = local(tag)
        self._path.append(name)
        if name in _TAKEN:
            given = {local(key): value for key, value in attributes.items()}
            if name in {"Style", "NumberFormat"}:
                self._start_style(name, given)
            elif name == "Worksheet":
                self.worksheets.append(_Worksheet(given.get("Name", f"Sheet{len(self.worksheets) + 1}")))
                self._row = self._column = 0
            elif name == "Column":
                self._start_column(given)
            elif name == "Row":
                self._start_row(given)
            elif name == "Cell":
                self._cell, self._type, self._text = given, "", []
                self._col = _place(given, self._col + 1)
            elif name == "Data" and self._path[-2:-1] == ["Cell"]:
                self._type = given.get("Type", "String")
        elif name in {"Visible", "Date1904"}:
            self._word = []

    def characters(self, text: str) -> None:
        """Take note of text."""
        if self._type and "Data" in self._path[-4:] and "Comment" not in self._path:
            self._text.append(text)
        elif self._path[-1:] == ["Visible"]:
            self._word.append(text)

    def end(self, tag: str) -> None:
        """Take note of an end tag."""
        name = local(tag)
        self._path.pop()
        if name == "Cell" and self._cell is not None:
            self._end_cell(self._cell)
            across = min(_number(self._cell, "MergeAcross"), MAX_COLUMNS)
            last_row = min(self._row + _number(self._cell, "MergeDown"), MAX_ROWS)
            if across or last_row > self._row:
                self.worksheets[-1].merged.append((self._row, last_row, self._col - 1, self._col - 1 + across))
            self._col += across
            self._cell = None
        elif name == "Row":
            self._row += min(_number(self._row_given, "Span"), MAX_ROWS)
        elif name == "Visible" and "WorksheetOptions" in self._path and self.worksheets:
            self.worksheets[-1].hidden = "".join(self._word).strip() in {"SheetHidden", "SheetVeryHidden"}
        elif name == "Date1904":
            self.date1904 = True

    def _start_style(self, name: str, given: dict[str, str]) -> None:
        if name == "Style":
            self._style = given.get("ID", "")
            self._parents[self._style] = given.get("Parent", "Default")
        else:
            code = given.get("Format", "General")
            self._codes[self._style] = _NAMED_FORMATS.get(code, code)

    def _start_column(self, given: dict[str, str]) -> None:
        self._column = _place(given, self._column + 1)
        last = min(self._column + _number(given, "Span"), MAX_COLUMNS)
        if _is_hidden(given):
            self.worksheets[-1].hidden_columns.extend(range(self._column - 1, last))
        if "StyleID" in given:
            columns = range(self._column, last + 1)
            self.worksheets[-1].column_styles |= dict.fromkeys(columns, given["StyleID"])
        self._column = last

    def _start_row(self, given: dict[str, str]) -> None:
        self._row, self._col, self._row_given = _place(given, self._row + 1), 0, given
        if self._row > MAX_ROWS:
            raise Unreadable(f"sheet {self.worksheets[-1].name!r} has a row beyond {MAX_ROWS:,}; save it again")
        if _is_hidden(given):
            last = min(self._row + _number(given, "Span"), MAX_ROWS)
            self.worksheets[-1].hidden_rows.extend(range(self._row, last + 1))

    def _end_cell(self, given: dict[str, str]) -> None:
        sheet, row, col, text = self.worksheets[-1], self._row, self._col, "".join(self._text)
        if col > MAX_COLUMNS:
            raise Unreadable(f"sheet {sheet.name!r} has a cell beyond column {MAX_COLUMNS:,}; save it again")
        code = self._code(given.get("StyleID") or self._row_given.get("StyleID") or sheet.column_styles.get(col, ""))
        value: str | float = text
        if self._type == "Number" and (number := number_of(text)) is not None:
            value = number
        elif self._type == "Boolean":
            value = _TRUTH.get(text.strip(), text)
        elif self._type == "DateTime" and (days := serial(text.strip(), date1904=self.date1904)) is not None:
            value, code = days, code if code != "General" else _DATE if days == int(days) else _DATE_AND_TIME
        elif not text and "Formula" in given and self._type not in {"String", "Error"}:
            sheet.unsaved.append((row, col - 1))
        if text and is_new_each_time(given.get("Formula", "")):
            sheet.new_each_time.append((row, col - 1))
        sheet.cells.add(row, col - 1, value, format_=self.formats.index(code))

    def _code(self, style: str) -> str:
        seen = set[str]()
        while style not in self._codes and style in self._parents and style not in seen:
            seen.add(style)
            style = self._parents[style]
        return self._codes.get(style, "General")


_TRUTH = {"0": "FALSE", "false": "FALSE", "1": "TRUE", "true": "TRUE"}
_TAKEN = {"Style", "NumberFormat", "Worksheet", "Column", "Row", "Cell", "Data"}


def _place(given: dict[str, str], following: int) -> int:
    """Return the place that a row, a column or a cell tells, else the one after the last."""
    return max(int(given["Index"]), 1) if "Index" in given else following


def _is_hidden(given: dict[str, str]) -> bool:
    return given.get("Hidden", "0") not in {"0", "false"}


def _number(given: dict[str, str], name: str) -> int:
    return max(int(given.get(name, 0)), 0)
