"""The sample `manitou`: a central station's customer report as a workbook, printed page by page, with its points."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter
from invented import digits, mac
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

CUSTOMERS = (
    *("Customer ID", "Customer Name", "Customer Type", "Dealer", "Address", "City", "State", "Zip", "Time Zone"),
    *("Monitoring Status", "System Type", "Receiver Line Prefix", "Transmitter ID", "Passcode"),
)
POINTS = (
    *("Customer ID", "Customer Name", "Monitoring Status", "Area", "Point", "Linked Points", "Description"),
    *("Point Type", "Device Make", "Device Model", "Device MAC", "Device Serial"),
)
RECEIVERS = (
    ("Receiver Line Prefix", "Receiver", "Line Card"),
    ("MV1", "Prairie Signal Center, line 1", 1),
    ("MV2", "Prairie Signal Center, line 2", 2),
)

EASTERN, ARIZONA = "(UTC-05:00) Eastern Time (US & Canada)", "(UTC-07:00) Arizona"
PEOPLE = (
    # Name, town, state, zip, time zone, monitoring status, system type, receiver, transmitter, cameras
    ("Bramble Court Apartments", "Dayton", "OH", 45402, EASTERN, "Active", "Burg/Video", "MV1", 442, 3),
    ("Copper Kettle Diner", "Tucson", "AZ", 85701, ARIZONA, "Active", "Burg/Video", "MV1", 443, 2),
    ("Dunmore Feed & Seed", "Billings", "MT", 59101, "US/Mountain", "Active", "Video only", "MV2", 442, 4),
    ("Eastlake Animal Clinic", "Dayton", "OH", 45404, "Eastern Standard Time", "Active", "Burg/Video", "MV1", 444, 2),
    ("Fernwood Library", "Boise", "ID", 83702, "MST", "Active", "Burg/Video", "MV2", 445, 2),
    ("Garnet Street Lofts", "Chicago", "IL", 60607, "CT", "Closed", "Burg/Video", "MV1", 446, 2),
    ("Hollow Oak Winery", "Yakima", "WA", 98901, "Pacific", "Active", "Fire", "MV2", 447, 1),
    ("Ironside Storage", "Dayton", "OH", 45403, EASTERN, "Active", "Burg/Video", "MV1", 448, 3),
    ("Juniper Dental", "Columbus", "OH", 43215, EASTERN, "On Test", "Burg/Video", "MV1", 449, 2),
    ("Kestrel Print Works", "Omaha", "NE", 68102, "CT", "Active", "Video only", "MV1", 450, 3),
    ("Larkspur Daycare", "Denver", "CO", 80202, "US/Mountain", "Pending Cancel", "Burg/Video", "MV2", 451, 2),
    ("Marlow Marine", "Toledo", "OH", 43604, EASTERN, "Active", "Burg/Video", "MV1", 452, 2),
)
PSEUDO = (
    ("ZZ-RUNNER", "Daily Test Runner", "Pseudo Customer"),
    ("ZZ-GUARD-1", "Guard dispatch desk", "Pseudo Customer"),
)
SINS: dict[tuple[str, str], object] = {
    ("Dunmore Feed & Seed", "Transmitter ID"): "MV2-0442",  # the receiver's prefix stands in both places
    ("Fernwood Library", "Transmitter ID"): 600.0,  # typed as 06E2, which Excel takes for 6 times 100
    ("Ironside Storage", "Transmitter ID"): None,
    ("Kestrel Print Works", "Receiver Line Prefix"): "#N/A",  # a look-up that found nothing
    ("Marlow Marine", "Transmitter ID"): 444,  # the number of Eastlake Animal Clinic, on the same line
    ("Marlow Marine", "Customer Name"): "Marlow Marine ",
}
"""What is wrong with single cells: customer, column → what stands there instead."""

POINT_SINS: dict[tuple[str, int, str], object] = {
    ("Bramble Court Apartments", 1, "Linked Points"): "12, 13, 12",  # one of them twice
    ("Bramble Court Apartments", 2, "Point"): "Zn 3",
    ("Copper Kettle Diner", 1, "Point"): 1002,  # above what a panel has
    ("Dunmore Feed & Seed", 2, "Device Serial"): "SN000111",
    ("Dunmore Feed & Seed", 3, "Device Serial"): "SN000111",  # copied from the row above
    ("Eastlake Animal Clinic", 0, "Device MAC"): "ff:ff:ff:ff:ff:ff",
    ("Marlow Marine", 0, "Device MAC"): mac("manitou Ironside Storage 0"),  # moved there, and left in the old list
}
OTHERS = (("Burglary", "Front entry contact"), ("Fire", "Smoke, office"))
"""Points that no camera looks at: kind, description."""


def write(folder: Path) -> None:
    """Write manitou-customers.xlsx."""
    with xlsxwriter.Workbook(folder / "manitou-customers.xlsx") as book:
        book.set_properties({"title": "Customer list", "created": datetime(2026, 3, 14, tzinfo=UTC)})
        formats = {code: book.add_format({"num_format": code}) for code in ("0000", "00000", "0.00E+00")}
        bold = book.add_format({"bold": True})
        customers, points = book.add_worksheet("Customer List"), book.add_worksheet("Video Points")
        receivers = book.add_worksheet("Receivers")
        receivers.hide()  # the workbook's look-ups need it, its readers don't
        for row, cells in enumerate(RECEIVERS):
            receivers.write_row(row, 0, cells)
        _customers(customers, formats=formats, bold=bold)
        _points(points, bold=bold)


def _customers(sheet: Worksheet, *, formats: dict[str, Format], bold: Format) -> None:
    """Write the report: title lines, two pages, each with its header."""
    sheet.write("A1", "Customer List by Dealer", bold)
    sheet.write("A2", "Dealer: 0118 Quillback Security   Status: all   Sorted by: Customer ID")
    sheet.write("A3", "Printed 03/14/2026 9:12 PM   Page 1 of 2")
    sheet.write_row("A5", CUSTOMERS, bold)
    row = 5
    for number, person in enumerate(PEOPLE):
        if number == len(PEOPLE) // 2:
            sheet.write(row, 0, "Printed 03/14/2026 9:12 PM   Page 2 of 2")
            sheet.write_row(row + 2, 0, CUSTOMERS, bold)
            row += 3
        for column, value in enumerate(_customer(number, person)):
            _cell(sheet, row, column, value=value, formats=formats)
        row += 1
    for code, name, kind in PSEUDO:
        sheet.write_row(row, 0, [code, name, kind, "0118", "", "", "", "", "", "Active", "", "MV1", "9999"])
        row += 1
    sheet.write_row(row, 0, ["Total customers:", len(PEOPLE) + len(PSEUDO)])


def _cell(sheet: Worksheet, row: int, column: int, *, value: object, formats: dict[str, Format]) -> None:
    if value == "#N/A":
        sheet.write_formula(row, column, "=VLOOKUP(A1,Receivers!A:C,1,0)", None, "#N/A")
    elif isinstance(value, float):
        sheet.write_number(row, column, value, formats["0.00E+00"])
    elif value is not None:
        sheet.write(row, column, value, formats["00000" if CUSTOMERS[column] == "Zip" else "0000"])


def _customer(number: int, person: tuple[str | int, ...]) -> Iterator[object]:
    name, city, state, code, zone, status, system, receiver, account, _ = person
    street = f"{digits(f'manitou {name}', 3)} {('Alder', 'Brook', 'Cannery', 'Depot')[number % 4]} St"
    place = (street, city, state, code, zone)
    row = (_id(number), name, "Subscriber", "0118", *place, status, system, receiver, account)
    for column, value in zip(CUSTOMERS, (*row, digits(f"passcode {name}", 4)), strict=True):
        yield SINS.get((str(name), column), value)


def _points(sheet: Worksheet, *, bold: Format) -> None:
    sheet.write("A1", "Video points by customer", bold)
    sheet.write_row("A2", POINTS, bold)
    row = 2
    for number, person in enumerate(PEOPLE):
        for line in _points_of(number, str(person[0]), status=person[5], cameras=int(person[-1])):
            sheet.write_row(row, 0, line)
            row += 1


def _points_of(number: int, name: str, *, status: object, cameras: int) -> Iterator[list[object]]:
    for at in range(cameras):
        key = f"manitou {name} {at}"
        device = ("Uniview", ("IPC3614SB", "IPC2122LB")[at % 2], mac(key), f"SN{digits(key, 8)}")
        view = ("Front entry", "Parking", "Till", "Rear dock")[at]
        line = (_id(number), name, status, 1, at + 1, None, view, "Video", *device)
        yield [POINT_SINS.get((name, at, column), value) for column, value in zip(POINTS, line, strict=True)]
    for at, (kind, description) in enumerate(OTHERS[: number % 3]):
        yield [_id(number), name, status, 1, 20 + at, None, description, kind, "", "", "", ""]


def _id(number: int) -> str:
    return f"C{4410 + number * 3:06d}"
