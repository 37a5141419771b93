"""The sample `stages`: sites, their devices and the points of these, as a stages central station lists them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter
from invented import digits

SITES = ("Site", "Site Name", "Site Group", "Address", "City", "State", "Zip", "Time Zone", "OOS Category")
DEVICES = ("Site", "Device", "Xmit Code", "Device Type", "OOS Category")
POINTS = ("Site", "Xmit Code", "Point", "Description", "Event Code", "Event Description")

PEOPLE = (
    # Number, name, town, time zone, out of service, transmitter, cameras
    ("S-3001", "Saddle Creek Liquors", "Omaha", "Central", "", "1-0442", 3),
    ("S-3002", "Sagebrush Motel", "Ogallala", "Mountain", "", "1-0443", 3),
    ("S-3003", "Sandhills Co-op", "Valentine", "Central", "", "1-0444", 2),
    ("S-3004", "Seward Street Garage", "Omaha", "Central", "Cancelled", "1-0445", 2),
    ("S-3005", "Silver Maple Florist", "Lincoln", "Cental", "", "1-0446", 1),
    ("S-3006", "Sunken Gardens Cafe", "Lincoln", "Central", "Remodel", "1-0443", 2),
    ("S-3007", "Sycamore Day Spa", "Omaha", "", "", "", 1),
)
VIEWS = ("Front entry", "Counter", "Back door")
POINT_SINS: dict[tuple[str, int, str], str] = {
    ("S-3002", 1, "Point"): "1",  # that of the camera above
    ("S-3003", 1, "Site"): "S3003",
    ("S-3006", 1, "Point"): "",
}
"""What is wrong with single cells: site, camera, column → what stands there instead."""


def write(folder: Path) -> None:
    """Write stages-sites.xlsx."""
    with xlsxwriter.Workbook(folder / "stages-sites.xlsx") as book:
        book.set_properties({"title": "Sites", "created": datetime(2026, 1, 20, tzinfo=UTC)})
        bold = book.add_format({"bold": True})
        for name, header, rows in (
            ("Sites", SITES, _sites()),
            ("Devices", DEVICES, _devices()),
            ("Points", POINTS, _points()),
        ):
            sheet = book.add_worksheet(name)
            sheet.write_row("A1", header, bold)
            for number, cells in enumerate(rows, 1):
                sheet.write_row(number, 0, cells)


def _sites() -> Iterator[tuple[str, ...]]:
    for key, name, town, zone, service, *_ in PEOPLE:
        place = (f"{digits(f'stages {key}', 3)} {town} Ave", town, "NE", "68102")
        yield (key, name, "DLR-0118 Quillback Security", *place, zone, service)
        if key == "S-3003":
            yield ()
    # Signals of transmitters that stages does not know are kept there.
    yield ("UNKNOWN", "Unknown signals", "", "", "", "", "", "Central", "")
    yield ("S-9001", "Daily test runner", "TEST accounts", "", "", "", "", "Central", "")


def _devices() -> Iterator[tuple[str, ...]]:
    for key, _, _, _, service, xmit, _ in PEOPLE:
        yield (key, "1", xmit, "Burg panel", service)
        if key in {"S-3001", "S-3005"}:
            yield (key, "2", f"2-{digits(key, 4)}", "Cellular fire panel", service)
    yield ("UNKNOWN", "1", "0-0000", "Unknown", "")


def _points() -> Iterator[list[str]]:
    for key, _, _, _, _, xmit, cameras in PEOPLE:
        yield [key, xmit, "101", "Front door contact", "BA", "Burglary alarm"]
        for at in range(cameras):
            row = (key, xmit, str(at + 1), VIEWS[at], "VA", "Video alarm")
            yield [POINT_SINS.get((key, at, column), cell) for column, cell in zip(POINTS, row, strict=True)]
