"""The sample `sadp`: cameras as a search tool lists them, a technician's list of their zones, and one of the sites."""

from collections.abc import Iterator
from pathlib import Path

from invented import digits, mac

DEVICES = (
    *("ID", "Device Type", "Status", "IPv4 Address", "Port", "Software Version", "IPv4 Gateway", "HTTP Port"),
    *("Device Serial No.", "Subnet Mask", "MAC Address", "Encoding Channel(s)", "DSP Version", "Start Time"),
)
ZONES = ("Objekt", "Zone", "Weitere Zonen", "Bezeichnung")
"""What the technician says of each serial number: site, zone, more zones, name."""

SITES = ("Objekt-Nr", "Objekt", "Straße", "PLZ", "Ort", "Zeitzone", "Teilnehmer-Nr", "Kennwort")
SITE_ROWS = (
    # The fifth has lost its leading zeros; the last has the number of the first.
    ("04711", "Bäckerei Fünfkorn", "Lindenstraße 4", "24103", "Kiel", "MEZ", "0042"),
    ("04712", "Autohaus Grünwald & Söhne", "Am Güterbahnhof 17", "24114", "Kiel", "MEZ", "0043"),
    ("04713", "Gärtnerei Möwenhof", "Deichweg 2", "25746", "Heide", "Europe/Berlin", "0044"),
    ("04714", "Sägewerk Öhler", "Mühlenkamp 31", "24768", "Rendsburg", "W. Europe Standard Time", "0045"),
    ("04715", "Praxis Weißdorn", "Kirchplatz 9", "24937", "Flensburg", "MEZ", "46"),
    ("04716", "Spedition Zügig", "Hafenstraße 120", "24159", "Kiel", "", "0042"),
)
CAMERAS = {"04711": 3, "04712": 6, "04713": 4, "04714": 5, "04715": 2, "04716": 4}
MODELS = ("DS-2CD2143G2-I", "DS-2CD2T47G2-L", "DS-2DE4425IW-DE", "iDS-2CD7A46G0-IZHS")
VIEWS = ("Eingang", "Kasse", "Lager", "Hof", "Tor", "Büro")
OTHERS = (
    # A recorder and a door station answer the search too; and a camera that nobody has set up yet.
    ("DS-7608NXI-K2", "Active", "203.0.113.201", "04712", "", "Rekorder"),
    ("DS-KV6113-WPE1", "Active", "203.0.113.202", "04712", "7", "Türstation"),
    ("DS-2CD2143G2-I", "Inactive", "203.0.113.203", "", "", ""),
)
SINS = {
    ("04711", 1, "Zone"): "Zone 2",
    ("04711", 2, "Zone"): "3.0",
    ("04712", 4, "Zone"): "5a",
    ("04712", 3, "Weitere Zonen"): "14/15/4",  # its own zone among them
    ("04713", 1, "Zone"): "",
    ("04713", 2, "MAC Address"): "00-00-00-00-00-00",
    ("04713", 3, "Bezeichnung"): "#REF!",
    ("04714", 2, "MAC Address"): mac("sadp 04711 0", between="-").lower(),  # hung up elsewhere since
    ("04714", 4, "Device Serial No."): '="DS-2CD2143G2-I20260106AAWRG99"',
    ("04715", 0, "Objekt"): "4715",  # its leading zero is lost
    ("04716", 0, "Objekt"): "04776",
}
"""What is wrong with single cells: site, camera, column → what stands there instead."""


def write(folder: Path) -> None:
    """Write sadp-devices.xls, which is text with tabs, sadp-zones.csv and sadp-sites.csv."""
    width, serial = len(DEVICES), DEVICES.index("Device Serial No.")
    every = list(_devices())
    rows = ["\t".join(row[:width]) for row in (DEVICES, *every)]
    (folder / "sadp-devices.xls").write_bytes("".join(row + "\r\n" for row in rows).encode())
    known = {row[serial]: (row[serial].strip('="'), *row[width:]) for row in every if row[width]}
    zones = [";".join(row) for row in (("Device Serial No.", *ZONES), *known.values())]
    (folder / "sadp-zones.csv").write_bytes("".join(row + "\r\n" for row in zones).encode("utf-8-sig"))
    sites = [";".join(row) for row in (SITES, *((*site, f"kw{digits(site[0], 4)}") for site in SITE_ROWS))]
    (folder / "sadp-sites.csv").write_bytes("".join(row + "\r\n" for row in ("sep=;", *sites)).encode("cp1252"))


def _devices() -> Iterator[list[str]]:
    number = 0
    for site, cameras in CAMERAS.items():
        for at in range(cameras):
            number += 1
            model = MODELS[(number + at) % len(MODELS)]
            added = (site, str(at + 1), "", VIEWS[at])
            row = _device(number, model, status="Active", ip=f"203.0.113.{number + 10}", key=f"sadp {site} {at}")
            named = zip((*DEVICES, *ZONES), (*row, *added), strict=True)
            yield [SINS.get((site, at, column), cell) for column, cell in named]
            # The lists of two days were put together, and this camera answered on both.
            if (site, at) == ("04712", 5):
                number += 1
                yield [str(number), *row[1:], *added]
    for model, status, ip, site, zone, name in OTHERS:
        number += 1
        yield [*_device(number, model, status=status, ip=ip, key=f"sadp {model} {status}"), site, zone, "", name]


def _device(number: int, model: str, *, status: str, ip: str, key: str) -> tuple[str, ...]:
    network = (ip, "8000", "V5.7.12build 230914", "203.0.113.1", "80")
    serial = f"{model}20230{1 + number % 9}1{number % 9}AAWR{digits(key, 9)}"
    address = mac(key, between="-").lower()
    return (
        f"{number:03d}",
        model,
        status,
        *network,
        serial,
        "255.255.255.0",
        address,
        "1",
        "V7.3",
        "2026-03-11 06:02:17",
    )
