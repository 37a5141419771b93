"""The sample `milestone`: a recorder's hardware list, as a PowerShell script writes it, and the list of its sites."""

from collections.abc import Iterator
from pathlib import Path

from invented import digits

HARDWARE = (
    *("DeviceType", "Name", "Address", "Channel", "UserName", "Password", "DriverNumber", "DriverGroup"),
    *("RecordingServer", "Enabled", "HardwareName", "StorageName", "Coordinates", "DeviceGroups"),
)
SITES = ("Code", "Site", "Street", "City", "Prov", "Postal code", "Time zone", "Account", "System", "Go live")

SITE_ROWS = (
    ("AV-01", "Avonlea Market", "14 Kelp Lane", "Halifax", "NS", "B3H 0A1", "Atlantic", "P2794", "CHeKT Video", "yes"),
    ("AV-02", "Bellweather Théâtre", "220 rue du Quai", "Moncton", "NB", "E1C 0B2", "AST", "P2795", "3", "no"),
    ("AV-03", "Cobequid Curling Club", "9 Rink Rd", "Truro", "NS", "B2N 0C3", "Atlantic", "P2796", "", "no"),
    ("AV-04", "Driftwood Hostel", "71 Harbour St", "St. John's", "NL", "A1C 0D4", "Newfoundland", "P2797", "", "no"),
    ("AV-05", "Elmsdale Pharmacy", "3 Station Cres", "Elmsdale", "NS", "B2S 0E5", "Atlantic", "P2798", "", "TBD"),
    ("AV-06", "Fundy Boat Works", "88 Slipway", "Digby", "NS", "B0V 0F6", "Atlantc", "P2799", "", "no"),
    # No camera of these two is in the list.
    ("AV-07", "Gannet Gallery", "5 Upper Water St", "Halifax", "NS", "B3J 0G7", "Atlantic", "P2800", "", "no"),
    ("AV-09", "Heron Hall", "1 Tidewater Ct", "Truro", "NS", "B2N 0H8", "Atlantic", "P2801", "analogue", "no"),
)
"""Code, name, address, time zone, account, security type; `Go live`: whether the site is activated with the import."""

CAMERAS = {"AV-01": 6, "AV-02": 4, "AV-03": 3, "AV-04": 4, "AV-05": 3, "AV-06": 2, "AV-08": 2}
"""Site → how many cameras; `AV-08` is in nobody's list of sites."""

VIEWS = ("Entrance", "Till", "Stock room", "Loading dock", "Car park", "Roof hatch")
SINS = {
    ("AV-01", 2, "Address"): "http://viewer:rd7-Kelp@192.0.2.13/",  # the password stands in the address too
    ("AV-02", 0, "Name"): "Z01 EntrÃ©e",  # saved as UTF-8, opened as cp1252, saved again
    ("AV-02", 3, "Name"): "Scène",  # no zone in front
    ("AV-03", 1, "Name"): "Z02 Ice\u0007 surface",  # a bell, from a copied terminal line
    ("AV-03", 2, "DeviceGroups"): "/Unsorted",  # not sorted into a site's group yet
    ("AV-04", 3, "Address"): "http://192.0.2.42/",  # this camera was added twice
    ("AV-04", 3, "Channel"): "0",
    ("AV-05", 1, "Enabled"): "False",
}
"""What is wrong with single cells: site, camera, column → what stands there instead."""


def write(folder: Path) -> None:
    """Write milestone-hardware.csv and milestone-sites.txt."""
    lines = [
        "#TYPE Selected.System.Management.Automation.PSCustomObject",
        ",".join(f'"{name}"' for name in HARDWARE),
        *(",".join(f'"{cell}"' for cell in row) for row in _hardware()),
        '"Camera","Z03 Stock room","http://192.0.2.73/","0"',  # the copying broke off here
    ]
    text = "".join(line + "\r\n" for line in lines)
    (folder / "milestone-hardware.csv").write_bytes(text.encode("utf-8-sig"))
    # What a spreadsheet program calls "Unicode text": UTF-16, with tabs.
    rows = ["\t".join(row) for row in (SITES, *SITE_ROWS)]
    (folder / "milestone-sites.txt").write_bytes("".join(row + "\r\n" for row in rows).encode("utf-16"))


def _hardware() -> Iterator[list[str]]:
    for number, (code, cameras) in enumerate(CAMERAS.items()):
        for at in range(cameras):
            camera = _camera(code, number, at)
            yield [SINS.get((code, at, column), cell) for column, cell in zip(HARDWARE, camera, strict=True)]
            if at % 3 == 0:  # what cameras bring along; no device of ours
                for kind in ("Microphone", "Metadata")[: 1 + number % 2]:
                    yield [kind, f"{kind} of {camera[1]}", *camera[2:]]


def _camera(code: str, number: int, at: int) -> tuple[str, ...]:
    key = f"milestone {code} {at}"
    model, driver = (("AXIS P3265-LVE", "413"), ("Hanwha QNV-8080R", "571"), ("Bosch NDE-5503", "680"))[number % 3]
    ip = f"192.0.2.{11 + 10 * number + at}"
    login = ("viewer", f"vw-{digits(key, 6)}", driver, model.split()[0])
    place = (f"NVR-{code}", "True", f"{model} ({ip})", "Local default", "", f"/{code} Cameras/Indoor")
    return ("Camera", f"Z{at + 1:02d} {VIEWS[at]}", f"http://{ip}/", "0", *login, *place)
