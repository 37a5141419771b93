"""The sample `sedona`: systems of SedonaOffice's customers, as a grid is saved, and a list of their cameras."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter
from invented import digits, mac
from xlsxwriter.worksheet import Worksheet

SYSTEMS = (
    *("Customer Number", "Customer Name", "Site Name", "Site Address", "City", "State", "Zip", "System Number"),
    *("System Type", "Panel Type", "Central Station", "Status", "Passcode"),
)
CAMERAS = ("System Number", "Zone", "Camera", "MAC", "Make", "Model", "Serial")

PEOPLE = (
    # Customer, name, town, state, system, type, status, cameras
    (60210, "Tamarack Tool Rental", "Truckee", "CA", "0611", "Burg w/ Video", "Active", 3),
    (60210, "Tamarack Tool Rental", "Truckee", "CA", "0611F", "Fire", "Active", 0),
    (60218, "Teasel Knit Shop", "Auburn", "CA", "0612", "Burg w/ Video", "Active", 2),
    (60219, "Tern Rock Winery", "Sonoma", "CA", "0613", "CCTV", "Active", 3),
    (60225, "Thistle Down Bedding", "Fresno", "CA", "0614", "Burg w/ Video", "Cancelled", 2),
    (60226, "Three Kegs Brewing", "Chico", "CA", 615, "Burg w/ Video", "Active", 2),
    (60230, "Tidewater Optics", "Eureka", "CA", "0616", "Burg w/ Video", "Active", 2),
    (60231, "Timberline Outfitters", "Wendover", "NV", "0617", "Video Verif", "Active", 1),
    (60240, "Toad Hall Books", "Davis", "CA", "0618", "Burg w/ Video", "Active", 2),
    (60244, "Trillium Preschool", "Davis", "CA", "0619", "Burg w/ Video", "Active", 1),
    (60251, "Tule Fog Coffee", "Lodi", "CA", "0620", "Burg w/ Video", "Active", 1),
)
VIEWS = ("Entry", "Sales floor", "Storage")
CAMERA_SINS: dict[tuple[object, int, str], object] = {
    ("0611", 1, "Zone"): "Z2",
    ("0611", 2, "MAC"): "00-00-00-00-00-00",
    ("0612", 1, "Serial"): "SN4400117",
    ("0613", 0, "Serial"): "SN4400117",
    ("0613", 2, "Zone"): 1001,
    ("0616", 1, "System Number"): "616",  # its leading zero is lost
    ("0618", 1, "Zone"): 1,  # that of the camera above
}
"""What is wrong with single cells: system, camera, column → what stands there instead."""


def write(folder: Path) -> None:
    """Write sedona-systems.xlsx and sedona-cameras.xlsx."""
    with xlsxwriter.Workbook(folder / "sedona-systems.xlsx") as book:
        book.set_properties({"title": "Systems", "created": datetime(2026, 2, 3, tzinfo=UTC)})
        _rows(book.add_worksheet("Systems"), [SYSTEMS, *_systems(), (), ("Records: 11",)])
    with xlsxwriter.Workbook(folder / "sedona-cameras.xlsx") as book:
        book.set_properties({"title": "Cameras", "created": datetime(2026, 2, 3, tzinfo=UTC)})
        _rows(book.add_worksheet("Cameras"), [CAMERAS, *_cameras()])


def _rows(sheet: Worksheet, rows: list[tuple[object, ...]]) -> None:
    for number, cells in enumerate(rows):
        sheet.write_row(number, 0, cells)


def _systems() -> Iterator[tuple[object, ...]]:
    for customer, name, town, state, system, kind, status, _ in PEOPLE:
        street = f"{digits(f'sedona {customer}', 3)} {('Alder', 'Bluff', 'Cedar')[customer % 3]} Rd"
        place = (f"{name} - {town}", street, town, state, 95616)
        panel = "none" if kind == "CCTV" else "Vista-128"
        yield (customer, name, *place, system, kind, panel, "NWS", status, digits(f"sedona code {system}", 4))


def _cameras() -> Iterator[tuple[object, ...]]:
    for *_, system, _, _, cameras in PEOPLE:
        for at in range(cameras):
            key = f"sedona {system} {at}"
            device = (mac(key), "Hanwha", ("XNV-6081", "QND-8080R")[at % 2], f"SN{digits(key, 7)}")
            row = (system, at + 1, VIEWS[at], *device)
            yield tuple(
                CAMERA_SINS.get((system, at, column), value) for column, value in zip(CAMERAS, row, strict=True)
            )
