"""The sample `mkms`: subscribers and zones of an MKMS central station, two lists put together in a workbook."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter
from invented import digits
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

SUBSCRIBERS = (
    *("Subscriber", "Subscriber Name", "Address", "City", "State", "Zip", "CSID", "Primary CSID", "Act. Type"),
    *("Time Zone", "Status", "Date On Line", "Code Word"),
)
ZONES = ("Subscriber", "CSID", "Signal ID", "Physical Zone", "Description", "Condition Code")

PEOPLE = (
    # Subscriber, name, city, CSID, type, time zone, status, cameras
    (20114, "Mapleview Pharmacy", "Albany", 118, "COM", "Eastern", "A", 3),
    (20115, "Marquette Tap House", "Albany", 119, "COM", "Eastern", "A", 2),
    (20121, "Mill Pond Veterinary", "Troy", 120, "COM", "Eastern", "A", 2),
    (20130, "Mohawk Paint Supply", "Utica", 121, "COM", "Eastern", "A", 2),
    (20131, "Monroe Street Deli", "Utica", 122, "COM", "Eastern", "C", 1),
    (20144, "Mossy Brook Inn", "Rome", 123, "COM", "Eastren", "A", 1),
    (20147, "Mulberry Day School", "Troy", 124, "COM", "Eastern", "A", 2),
    (20152, "Mystic Car Wash", "Albany", 125, "COM", "Eastern", "A", 2),
)
"""Subscribers of company 1; those with type TEST or status C are not to come along."""

SINS: dict[tuple[int, str], object] = {
    (20115, "Subscriber Name"): "\u00a0Marquette Tap House\u00a0",
    (20121, "CSID"): 120.0,
    (20130, "CSID"): "0121",  # typed as text, where the format does it for others
    (20147, "CSID"): 118,  # that of Mapleview Pharmacy
    (20152, "Zip"): "",
}
"""What is wrong with single cells: subscriber, column → what stands there instead."""

ZONE_SINS: dict[tuple[int, int, str], object] = {
    (20114, 1, "Physical Zone"): "2A",
    (20121, 1, "Physical Zone"): 1,  # the zone of the camera above
    (20130, 1, "Physical Zone"): None,
}
TWO_PANELS = 20114
"""Has a panel of its own at the safe, with a CSID that is not the primary one."""

VIEWS = ("Front door camera", "Register camera", "Rear lot camera")


def write(folder: Path) -> None:
    """Write mkms-subscribers.xlsx."""
    with xlsxwriter.Workbook(folder / "mkms-subscribers.xlsx") as book:
        book.set_properties({"title": "Subscribers", "created": datetime(2026, 2, 11, tzinfo=UTC)})
        bold, four = book.add_format({"bold": True}), book.add_format({"num_format": "0000"})
        people, zones = book.add_worksheet("Subscribers"), book.add_worksheet("Panel Zones")
        people.write("A1", "Subscriber listing   Company 1   02/11/2026", bold)
        people.write_row("A3", SUBSCRIBERS, bold)
        _rows(people, _subscribers(), first=3, csid=SUBSCRIBERS.index("CSID"), four=four)
        zones.write_row("A1", ZONES, bold)
        _rows(zones, _zones(), first=1, csid=ZONES.index("CSID"), four=four)


def _rows(sheet: Worksheet, rows: Iterator[Sequence[object]], *, first: int, csid: int, four: Format) -> None:
    for number, cells in enumerate(rows, first):
        sheet.write_row(number, 0, cells)
        if len(cells) > csid and isinstance(cells[csid], int):
            sheet.write_number(number, csid, cells[csid], four)


def _subscribers() -> Iterator[Sequence[object]]:
    for number, name, city, csid, kind, zone, status, _ in PEOPLE:
        street = f"{digits(f'mkms {number}', 3)} {('Ash', 'Birch', 'Canal')[number % 3]} St"
        place = (street, city, "NY", "12205", csid, "Y", kind, zone, status)
        row = (number, name, *place, "06/01/2019", f"Word{digits(f'word {number}', 4)}")
        yield [SINS.get((number, column), value) for column, value in zip(SUBSCRIBERS, row, strict=True)]
        if number == TWO_PANELS:
            yield [*row[:6], 1118, "N", *row[8:]]
    yield [99001, "Test Subscriber", "1 Central Sq", "Albany", "NY", "12207", 9999, "Y", "TEST", "Eastern", "A", "", ""]
    yield []
    yield ["Total subscribers: 9"]


def _zones() -> Iterator[Sequence[object]]:
    for number, _, _, csid, *_, cameras in PEOPLE:
        yield [number, csid, "BA01", 1, "Front door contact", "BURG"]
        for at in range(cameras):
            row = (number, csid, f"VA{at + 1:02d}", at + 11, VIEWS[at], "VIDEO")
            yield [ZONE_SINS.get((number, at, column), value) for column, value in zip(ZONES, row, strict=True)]
