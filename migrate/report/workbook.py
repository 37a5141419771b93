"""Workbook: frames to XLSX as text cells, written a column at a time; nothing in it is a formula or a link.

XlsxWriter makes the workbook, but not the rows: cell by cell it takes ten times as long, and it lets a text that starts
with `<r>` through as markup. `Rows` renders them with column expressions instead.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from migrate.model.text import escape_controls
from migrate.report.measure import BUTTON, LINE_POINTS, fitted, lines_of, note_size

CELL_MAX = 32_767
"""The most characters that a cell of a workbook holds."""

ROWS_MAX = 1_000_000
"""The most rows that one sheet gets; the format ends at 1,048,576."""

TINTS: Mapping[str, str] = {"bad": "#FBD5D0", "caution": "#FCE8B8", "good": "#D8EFDC", "quiet": "#ECEEF0"}
"""Tint of a cell → its colour."""

WRAPPED_ROWS_MAX = 10_000
"""In a longer sheet nothing is wrapped: spreadsheet programs measure each such row when they open it."""

_CHUNK_ROWS = 20_000
_NAME_MAX = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ufffe\uffff]")
_TO_ESCAPE = "[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_"
_ESCAPES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    "\ufffe": "\ufffd",
    "\uffff": "\ufffd",
    **{chr(code): f"_x{code:04X}_" for code in range(0x20) if chr(code) not in "\t\n"},
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet to be: text columns as text cells, whole numbers as numbers, null as no cell.

    `tints` gives a column a tint (or null) for each row; `comments` are (row of the frame from 0, column, text), the
    header being row -1. A column without a width is as wide as its content; `wrapped` ones break their lines, `muted`
    ones are grey.
    """

    name: str
    frame: pl.DataFrame
    widths: Mapping[str, int] = field(default_factory=dict)
    tints: Mapping[str, pl.Series] = field(default_factory=dict)
    comments: Sequence[tuple[int, str, str]] = ()
    wrapped: frozenset[str] = frozenset()
    muted: frozenset[str] = frozenset()


def write_workbook(handle: BinaryIO, sheets: Iterable[Sheet]) -> None:
    """Write `sheets` to `handle`; names are made valid and unique, headers stay in view and filter."""
    whole = BytesIO()  # a library that fails half-way leaves its archive open on what it writes to
    book = Workbook(whole)
    styles = _styles(book)
    taken: set[str] = set()
    for sheet in sheets:
        name = sheet_name(sheet.name, taken)
        taken.add(name.casefold())
        page: Rows = book.add_worksheet(name, worksheet_class=Rows)
        page.fill(sheet, styles)
    book.close()
    handle.write(whole.getbuffer())


def cell_text(text: str) -> str:
    """Return `text` as a cell holds it: what is too long is cut, with a mark that says so."""
    if len(text.encode("utf-16-le")) // 2 <= CELL_MAX:
        return text
    mark = f" … [cut: {len(text):,} characters]"
    return text.encode("utf-16-le")[: 2 * (CELL_MAX - len(mark))].decode("utf-16-le", errors="ignore") + mark


def sheet_name(wanted: str, taken: set[str]) -> str:
    """Return a valid name near `wanted` whose casefolded form is not in `taken`."""
    plain = _FORBIDDEN.sub("_", wanted).strip("' ") or "Sheet"
    number = 1
    while True:
        ending = "" if number == 1 else f" ({number})"
        name = _shorten(plain, _NAME_MAX - len(ending)).strip("' ") + ending
        if name.casefold() not in {*taken, "history"}:
            return name
        number += 1


class Rows(Worksheet):  # type: ignore[misc]  # the library is untyped
    """A sheet whose rows are rendered from a frame."""

    def fill(self, sheet: Sheet, styles: Mapping[str, Format]) -> None:
        """Take over what is to be written; the rows follow when the workbook is closed."""
        self.sheet, self.styles = sheet, styles
        self.wrapped = sheet.wrapped if sheet.frame.height <= WRAPPED_ROWS_MAX else frozenset[str]()
        last = max(sheet.frame.width - 1, 0)
        self.dim_rowmin, self.dim_rowmax, self.dim_colmin, self.dim_colmax = 0, sheet.frame.height, 0, last
        widths = self.column_widths = {**fitted(sheet.frame), **sheet.widths}
        for index, name in enumerate(sheet.frame.columns):
            self.set_column(index, index, widths[name], styles[self._look(name)])
        self.freeze_panes(1, 0)
        self.autofilter(0, 0, sheet.frame.height, last)
        self.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(last)}{sheet.frame.height + 1}"})
        self.set_landscape()
        self.fit_to_pages(1, 0)
        self.repeat_rows(0)
        columns = {name: index for index, name in enumerate(sheet.frame.columns)}
        for row, name, text in sheet.comments:
            shown = "\n".join(escape_controls(line) for line in text[: CELL_MAX // 4].split("\n"))
            width, height = note_size(shown)
            look = {"author": "chekt-migrate", "width": width, "height": height, "font_size": 9}
            self.write_comment(row + 1, columns[name], shown, look)

    def _look(self, column: str) -> str:
        """Return the name of the style of a column's cells."""
        if column in self.wrapped:
            return "wrapped"
        if self.sheet.frame[column].dtype.is_integer():
            return "number"
        return "muted" if column in self.sheet.muted else ""

    def _write_sheet_data(self) -> None:
        frame = self.sheet.frame
        styles = {
            name: str(style._get_xf_index())  # noqa: SLF001  # only known once the workbook closes
            for name, style in self.styles.items()
        }
        header = pl.DataFrame({name: [name] for name in frame.columns}, schema=dict.fromkeys(frame.columns, pl.String))
        heads = dict.fromkeys(frame.columns, styles["header"])
        lines = lines_of(header, {name: self.column_widths[name] - BUTTON for name in frame.columns})
        self.fh.write("<sheetData>" + _render(header, 1, looks=heads, styles=styles, tints={}, lines=lines))
        wrapped = {name: self.column_widths[name] for name in frame.columns if name in self.wrapped}
        looks = {name: styles[self._look(name)] for name in frame.columns}
        for start in range(0, frame.height, _CHUNK_ROWS):
            tints = {name: tint.slice(start, _CHUNK_ROWS) for name, tint in self.sheet.tints.items()}
            rows = frame.slice(start, _CHUNK_ROWS)
            lines = lines_of(rows, wrapped)
            self.fh.write(_render(rows, start + 2, looks=looks, styles=styles, tints=tints, lines=lines))
        self.fh.write("</sheetData>")


def _render(
    frame: pl.DataFrame,
    first_row: int,
    *,
    looks: Mapping[str, str],
    styles: Mapping[str, str],
    tints: Mapping[str, pl.Series],
    lines: pl.Series | None,
) -> str:
    """Return `frame` as `<row>` elements, the first of which is row `first_row` of the sheet.

    `looks` are the style numbers of its columns where they aren't tinted, `styles` those of the tints; `lines` says how
    many lines high each row is.
    """
    number = pl.int_range(first_row, first_row + frame.height, eager=True).cast(pl.String)
    cells = [
        _cell(
            _xml_text(column) if column.dtype == pl.String else column,
            letters=xl_col_to_name(index),
            number=number,
            style=_style(tints.get(column.name), {**styles, "": looks[column.name]}),
            tint=tints.get(column.name),
        )
        for index, column in enumerate(frame)
    ]
    height = [] if lines is None else [pl.lit('" ht="'), pl.lit((lines * LINE_POINTS).cast(pl.String))]
    start = pl.concat_str(pl.lit('<row r="'), pl.lit(number), *height, pl.lit('">'))
    rows = pl.select(pl.concat_str(start, *cells, pl.lit("</row>")))
    return "".join(rows.to_series())


def _cell(column: pl.Series, *, letters: str, number: pl.Series, style: pl.Expr, tint: pl.Series | None) -> pl.Expr:
    start = [pl.lit(f'<c r="{letters}'), pl.lit(number), pl.lit('" s="'), style]
    empty = pl.lit("")
    if tint is not None:  # an empty cell that has to be filled is tinted too
        empty = pl.when(pl.lit(tint).is_not_null()).then(pl.concat_str(*start, pl.lit('"/>'))).otherwise(empty)
    if column.dtype.is_integer():
        number_text = pl.lit(column).cast(pl.String)
        return pl.concat_str(*start, pl.lit('"><v>'), number_text, pl.lit("</v></c>")).fill_null(empty)
    head, tail = pl.lit('" t="inlineStr"><is><t xml:space="preserve">'), pl.lit("</t></is></c>")
    return pl.concat_str(*start, head, pl.lit(column), tail).fill_null(empty)


def _styles(book: Workbook) -> dict[str, Format]:
    """Return the looks of cells; all of them hold text, so that a number that is typed keeps its zeros."""
    looks: dict[str, dict[str, object]] = {
        "": {},
        "header": {"bold": True, "text_wrap": True, "bg_color": "#24343D", "font_color": "#FFFFFF"},
        "wrapped": {"text_wrap": True},
        "number": {"num_format": "0", "align": "right", "indent": 1},
        "muted": {"font_color": "#55656E"},
        **{name: {"bg_color": colour} for name, colour in TINTS.items()},
    }
    return {name: book.add_format({"num_format": "@", "valign": "top", **look}) for name, look in looks.items()}


def _style(tint: pl.Series | None, styles: Mapping[str, str]) -> pl.Expr:
    if tint is None:
        return pl.lit(styles[""])
    return pl.lit(tint.fill_null("")).replace_strict(dict(styles), return_dtype=pl.String)


def _xml_text(column: pl.Series) -> pl.Series:
    """Return `column` cut to what a cell holds, markup escaped as XML does, the rest as Excel does (`_x0007_`)."""
    long = column.str.len_bytes() > CELL_MAX
    if long.any():
        cut = column.filter(long).map_elements(cell_text, return_dtype=pl.String)
        column = column.clone().scatter(long.arg_true(), cut)
    if not column.str.contains(_TO_ESCAPE).any():
        return column
    plain = column.str.replace_all("_(x[0-9A-Fa-f]{4}_)", "_x005F_${1}")
    return plain.to_frame("text").select(pl.col("text").str.replace_many(_ESCAPES)).to_series()


def _shorten(text: str, limit: int) -> str:
    """Return as much of `text` as `limit` UTF-16 units hold."""
    return text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", errors="ignore")
