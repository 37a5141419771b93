"""The empty workbook that a dealer without an inventory fills in: drop-downs, notes, an example row on each sheet."""

from collections.abc import Iterator, Sequence
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from migrate.normalize.zone_names import ZONE_NAMES
from migrate.readers.limits import MAX_ROWS
from migrate.report.measure import BUTTON, note_size
from migrate.report.template_columns import EXAMPLE, SHEETS, Column, columns_of

ZONES_SHEET = "Time zones"
_WIDEST = 34
_ROWS_BELOW = 500
"""How many rows are ready to be typed into beside those that are there: their numbers are no mistakes to Excel."""

_HOW_TO = (
    ("How to fill this in", "title"),
    ("1. Stations: your monitoring stations, a row for each. Leave it as it is if CHeKT has them already.", ""),
    ("2. Sites: one row for each place of a customer.", ""),
    ("3. Devices: one row for each camera and each bridge, with the Site ID of its site.", ""),
    ("", ""),
    ("Dark columns are required; the others may stay empty. Each header has a note: point at it to read it.", ""),
    (f"Grey rows are examples. They, and all rows whose first cell begins with {EXAMPLE}, are left out.", ""),
    ("All cells are text, so 0042 stays 0042. Paste values only (Ctrl+Shift+V), or that is lost.", ""),
    ("Don't rename sheets or headers. Their order, and columns of your own beside them, don't matter.", ""),
    ("", ""),
    ("Then see what it would come to: chekt-migrate check template.xlsx -m template", "command"),
)


def template_workbook() -> bytes:
    """Return the workbook, as XLSX."""
    whole = BytesIO()
    book = Workbook(whole, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    styles = _styles(book)
    _write_how_to(book.add_worksheet("How to"), styles)
    pages = {record: book.add_worksheet(name) for record, name in SHEETS.items()}
    zones = [*dict.fromkeys(ZONE_NAMES.values())]
    for record, page in pages.items():
        _write_sheet(page, [*columns_of(record)], styles=styles, zones=len(zones))
    _write_zones(book.add_worksheet(ZONES_SHEET), zones, styles)
    book.close()
    return whole.getvalue()


def _write_how_to(page: Worksheet, styles: dict[str, Format]) -> None:
    page.hide_gridlines(2)
    page.set_column(0, 0, 110)
    for row, (line, style) in enumerate(_HOW_TO):
        page.write_string(row, 0, line, styles[style])


def _write_sheet(page: Worksheet, columns: Sequence[Column], *, styles: dict[str, Format], zones: int) -> None:
    """Write headers with their notes, an example row, and what may be typed below."""
    for index, column in enumerate(columns):
        width = min(max(len(column.name) + BUTTON, len(column.example) + 2), _WIDEST)
        page.set_column(index, index, width, styles["text"])
        page.write_string(0, index, column.name, styles["required" if column.field.required else "optional"])
        page.write_string(1, index, column.example, styles["text"])
        wide, high = note_size(column.note)
        look = {"author": "chekt-migrate", "width": wide, "height": high, "font_size": 9}
        page.write_comment(0, index, column.note, look)
        for rule in _rules(column, zones):
            page.data_validation(1, index, MAX_ROWS - 1, index, rule)
    last = len(columns) - 1
    grey = {"type": "formula", "criteria": f'=LEFT($A2,{len(EXAMPLE)})="{EXAMPLE}"', "format": styles["example"]}
    page.conditional_format(1, 0, MAX_ROWS - 1, last, grey)
    page.freeze_panes(1, 0)
    page.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(last)}{_ROWS_BELOW + 2}"})
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _rules(column: Column, zones: int) -> Iterator[dict[str, object]]:
    """Yield the drop-down of a column that has one; a time zone may have other names than those that are offered."""
    if column.choices:
        yield {
            "validate": "list",
            "source": list(column.choices),
            "error_title": column.name,
            "error_message": "Take one from the list; what each means is in the note on the header.",
        }
    elif column.field.name == "timezone":
        yield {
            "validate": "list",
            "source": f"='{ZONES_SHEET}'!$A$2:$A${zones + 1}",
            "error_type": "warning",
            "error_title": column.name,
            "error_message": "This is not in the list. The tool knows more names, such as Eastern; keep it?",
        }


def _write_zones(page: Worksheet, zones: Sequence[str], styles: dict[str, Format]) -> None:
    called = {zone: name for name, zone in reversed([*ZONE_NAMES.items()])}
    page.set_column(0, 1, _WIDEST, styles["text"])
    page.write_row(0, 0, ("Time zone", "Also read as"), styles["optional"])
    for row, zone in enumerate(zones, 1):
        page.write_row(row, 0, (zone, called[zone]), styles["text"])
    page.freeze_panes(1, 0)


def _styles(book: Workbook) -> dict[str, Format]:
    """Return the looks; cells to be filled in hold text, so that a number that is typed keeps its zeros."""
    header = {"bold": True, "valign": "top", "num_format": "@", "border": 1, "border_color": "#FFFFFF"}
    looks: dict[str, dict[str, object]] = {
        "": {"text_wrap": True},
        "title": {"bold": True, "font_size": 14},
        "command": {"bold": True},
        "text": {"num_format": "@"},
        "required": {**header, "bg_color": "#24343D", "font_color": "#FFFFFF"},
        "optional": {**header, "bg_color": "#D5DDE1", "font_color": "#24343D"},
        "example": {"italic": True, "font_color": "#7A878E"},
    }
    return {name: book.add_format(look) for name, look in looks.items()}
