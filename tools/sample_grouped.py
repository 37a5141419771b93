"""The sample `grouped`: a workbook whose site columns stand only in the first row of each store's group."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter
from invented import digits, mac
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

HEADER = (
    *("Store #", "Store", "Street", "City", "State", "Zip", "Time Zone", "Acct"),
    *("Unit", "Zone", "More zones", "Camera", "IP", "MAC", "Model", "Serial"),
)
SITE_COLUMNS = 8
ZEROS = {"Store #": "0000", "Zip": "00000", "Acct": "000000", "Zone": "000"}
"""Number formats that still hold the leading zeros."""

FORMATS = ZEROS | {"list as number": "#,##0", "list as date": "d-mmm", "hidden": ";;;"}

VIEWS = ("Front door", "Registers", "Stock room", "Rear dock", "Lumber yard")
NO_VALUE, HIDDEN = "no saved value", "hidden by its format"


@dataclass(frozen=True, slots=True)
class Store:
    """A store, its cells from the number to the account, its bridge and how many cameras there are."""

    cells: tuple[int | None, str, str, str, str, int, str, int]
    bridge: str
    cameras: int
    merged: bool = True


NORTH = (
    Store((12, "Tern & Tallow Duluth", "41 Superior Way", "Duluth", "MN", 55802, "Central", 4210), "CKB-308", 4),
    Store((13, "Tern & Tallow Hibbing", "7 Mesabi Ave", "Hibbing", "MN", 55746, "", 4211), "CKB-308", 3, merged=False),
    # Five cameras on a bridge of four channels.
    Store((17, "Tern & Tallow Superior", "1900 Belknap Row", "Superior", "WI", 54880, "CST", 4212), "CKB-304", 5),
    Store((21, "Tern & Tallow Ironwood", "310 Aurora St", "Ironwood", "MI", 49938, "Central", 4213), "CKB-308", 2),
    # A state with two time zones, and none told.
    Store((22, "Tern & Tallow Rapid City", "88 Quarry Rd", "Rapid City", "SD", 57701, "", 4214), "CKB-308", 2),
)
SOUTH = (
    Store((104, "Tern & Tallow Joplin", "1205 Rangeline Ct", "Joplin", "MO", 64801, "", 4230), "CKB-308", 3),
    Store((107, "Tern & Tallow Salina", "52 Iron Ave", "Salina", "KS", 67401, "Central", 4231), "CKB-308", 4),
    # The number of this new store was forgotten: filled down, its rows look like those of the store above.
    Store(
        (None, "Tern & Tallow Hays", "640 Vine Pl", "Hays", "KS", 67601, "Central", 4232), "CKB-308", 1, merged=False
    ),
    Store((110, "Tern & Tallow Santa Fe", "9 Cerrillos Loop", "Santa Fe", "NM", 87501, "", 4233), "CKB-308", 3),
    Store((111, "Tern & Tallow Amarillo", "77 Polk Sq", "Amarillo", "TX", 79101, "CT", 4234), "CKB-316", 4),
)
SINS: dict[tuple[str, int, str], object] = {
    ("12", 2, "More zones"): date(2026, 1, 2),  # typed as 1-2, which Excel takes for the second of January
    ("12", 3, "More zones"): 11012,  # typed as 011,012
    ("13", 2, "Serial"): 2107140035521980,  # sixteen digits, of which Excel has kept fifteen
    ("17", 4, "Camera"): NO_VALUE,  # a formula that another program wrote and nobody calculated
    ("21", 1, "MAC"): "#N/A",  # a look-up that found nothing
    ("104", 1, "Time Zone"): "Central",  # the store's time zone, one row too low
    ("104", 2, "Zone"): "Zone 3",
    ("107", 3, "More zones"): "13; 14",
    ("110", 2, "Camera"): "Stock\u00a0room ",
    ("110", 3, "Model"): HIDDEN,
    ("111", 3, "Zone"): 1,  # the bridge has no zone of its own there, so camera 3 clashes with camera 1
}
"""What is wrong with single cells: store, row in its group (0 is the bridge), column → what stands there instead."""


def write(folder: Path) -> None:
    """Write grouped-stores.xlsx."""
    with xlsxwriter.Workbook(folder / "grouped-stores.xlsx") as book:
        book.set_properties({"title": "Cameras by store", "created": datetime(2026, 3, 14, tzinfo=UTC)})
        north, south = book.add_worksheet("Region North"), book.add_worksheet("Region South")
        formats = {name: book.add_format({"num_format": code, "valign": "top"}) for name, code in FORMATS.items()}
        bold = book.add_format({"bold": True, "text_wrap": True})
        north.merge_range("A1:P1", "Tern & Tallow Hardware: cameras by store", bold)
        north.write("A2", "walk-through of March, to be checked with the store managers")
        north.write_row("A4", HEADER, bold)
        _stores(north, NORTH, first_row=5, formats=formats, apart=True)
        north.set_row(6, options={"hidden": True})  # the second camera of Duluth
        south.merge_range("A1:P1", "Southern stores (from Ray's list)", bold)
        # A no-break space and a line break, as they come with names that were pasted or wrapped.
        south.write_row("A2", [{"Store #": "Store\u00a0#", "Time Zone": "Time\nZone"}.get(n, n) for n in HEADER], bold)
        last = _stores(south, SOUTH, first_row=3, formats=formats, apart=False)
        south.write_row(last, 0, ["Total cameras", 15])
        notes = book.add_worksheet("Notes")
        notes.write("A1", "Bridges are mounted above the office door. Ladder needed in Salina.")


def _stores(
    sheet: Worksheet, stores: tuple[Store, ...], *, first_row: int, formats: dict[str, Format], apart: bool
) -> int:
    """Write the groups, `apart` with a blank row between them; return the last row, as a person numbers it."""
    row = first_row - 1
    for store in stores:
        lines = list(_lines(store))
        for at, line in enumerate(lines):
            for column, value in enumerate(line):
                _cell(sheet, row + at, column, value=value, formats=formats)
        if store.merged:
            for column in range(SITE_COLUMNS):
                if not any(line[column] for line in lines[1:]):
                    name = HEADER[column]
                    sheet.merge_range(row, column, row + len(lines) - 1, column, lines[0][column], formats.get(name))
        row += len(lines) + apart
    return row


def _cell(sheet: Worksheet, row: int, column: int, *, value: object, formats: dict[str, Format]) -> None:
    name = HEADER[column]
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, formats["list as date"])
    elif value == NO_VALUE:
        sheet.write_formula(row, column, '=IF(A1="","",VLOOKUP(A1,Notes!A:B,2,0))', None, "")
    elif value == HIDDEN:
        sheet.write(row, column, "P3265-LVE", formats["hidden"])
    elif value == "#N/A":
        sheet.write_formula(row, column, "=VLOOKUP(A1,Notes!A:B,2,0)", None, "#N/A")
    elif name == "More zones" and isinstance(value, int):
        sheet.write_number(row, column, value, formats["list as number"])
    elif value is not None:
        sheet.write(row, column, value, formats.get(name))


def _lines(store: Store) -> Iterator[list[object]]:
    """Yield the rows of a store's group: the bridge beside the site's cells, then each camera."""
    number = str(store.cells[0] or "new")
    for at in range(store.cameras + 1):
        key = f"grouped {number} {at}"
        site: tuple[object, ...] = store.cells if at == 0 else (None,) * SITE_COLUMNS
        name = "Office bridge" if at == 0 else VIEWS[at - 1]
        ip = f"198.51.100.{10 * len(number) + at}"
        model = store.bridge if at == 0 else ("P3265-LVE", "QNV-8080R", "IPC3614SB")[at % 3]
        unit = ("Bridge" if at == 0 else "Cam", at + 1, None, name, ip, mac(key), model, f"SN{digits(key, 9)}")
        yield [SINS.get((number, at, column), cell) for column, cell in zip(HEADER, (*site, *unit), strict=True)]
