"""What the columns of the template are called and say; what else is known of a field stands in `model.records`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from migrate.model.records import DEVICE_TYPES, RECORDS, SECURITY_TYPES, Field

EXAMPLE = "EXAMPLE"
"""How the ids of example rows begin; the mapping `template` leaves out rows whose id does."""

SHEETS: Mapping[str, str] = {"station": "Stations", "site": "Sites", "device": "Devices"}
"""Record → the sheet that its rows stand on, in the order in which people fill them in."""

ABSENT = frozenset({("site", "monitoring_station_id")})
"""Fields without a column: CHeKT's own number of a station, beside the id that people know it by."""

_STATION_ID = (
    "Station ID",
    "Your own id of the monitoring station, on this sheet and on Sites: short, and never changed.",
    f"{EXAMPLE}-CS",
)
_SITE_ID = (
    "Site ID",
    "Your own id of the site, such as the customer number: the same on Sites and on Devices, and never changed.",
    f"{EXAMPLE}-001",
)
_TOLD: Mapping[tuple[str, str], tuple[str, str, str]] = {
    ("station", "external_monitoring_station_id"): _STATION_ID,
    ("station", "name"): ("Name", "What the monitoring station is called.", "Prairie Signal Center"),
    ("station", "prefix"): ("Prefix", "What the station's receiver puts in front of account numbers.", "MV1"),
    ("station", "linecard"): ("Line card", "The receiver's line card.", "1"),
    ("site", "external_site_id"): _SITE_ID,
    ("site", "name"): ("Name", "What the site is called, as the monitoring station should read it.", "Bramble Bakery"),
    ("site", "timezone"): (
        "Time zone",
        "The site's time zone: one of the sheet Time zones, or a name such as Eastern.",
        "America/New_York",
    ),
    ("site", "external_monitoring_station_id"): (
        "Station ID",
        "The station that gets the site's alarms: an id from Stations, or of a station that you have already.",
        f"{EXAMPLE}-CS",
    ),
    ("site", "account_number"): (
        "Account number",
        "What is sent to the station, letter for letter; no other site of that station may have it.",
        "0042",
    ),
    ("site", "address1"): ("Address 1", "Street and number.", "12 Quarry Rd"),
    ("site", "address2"): ("Address 2", "City, state, zip.", "Dayton, OH 45402"),
    ("site", "security_type"): (
        "Security type",
        "What raises alarms at the site. A wrong one silently stops video.",
        SECURITY_TYPES[1],
    ),
    ("site", "is_activated"): (
        "Activate",
        "yes activates the site once its devices are in: billing begins. Empty is no.",
        "no",
    ),
    ("device", "external_site_id"): _SITE_ID,
    ("device", "external_device_id"): (
        "Device ID",
        "Your own id of the device, such as its serial number; no other device may have it, and it is never changed.",
        f"{EXAMPLE}-001-1",
    ),
    ("device", "device_type"): ("Device type", "What kind of device it is.", DEVICE_TYPES[0]),
    ("device", "zone_number"): (
        "Zone",
        "The device's zone at the alarm panel, from 001 to 999; no other device of the site may have it.",
        "001",
    ),
    ("device", "additional_zone_numbers"): (
        "More zones",
        "Other zones that the device belongs to, with commas between them.",
        "012,013",
    ),
    ("device", "name"): ("Name", "What the camera is called, as the monitoring station should read it.", "Front door"),
    ("device", "mac"): ("MAC", "Twelve hex digits, in any spelling.", "02:00:5E:00:53:01"),
    ("device", "manufacturer"): ("Make", "Who made it.", "Axis"),
    ("device", "model"): ("Model", "The maker's name of the model.", "P3265-LVE"),
    ("device", "serial_number"): ("Serial number", "As it stands on the device.", "SN00421187"),
}
"""Record and field → the column's name, what it is, an example."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the template; `choices` are all that may be in it, if they are few."""

    field: Field
    name: str
    meaning: str
    example: str
    choices: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """What the comment on the column's header says."""
        needed = "Required." if self.field.required else "May stay empty."
        choices = f"\nOne of: {', '.join(self.choices)}." if self.choices else ""
        return f"{needed} {self.meaning}{choices}\nFor example: {self.example}"


def columns_of(record: str) -> Iterator[Column]:
    """Yield the columns of a record's sheet, in the order of its fields."""
    for field in RECORDS[record].fields:
        if (record, field.name) not in ABSENT:
            yield Column(field, *_TOLD[record, field.name], _choices(field))


def _choices(field: Field) -> tuple[str, ...]:
    named = {"security_type": tuple(SECURITY_TYPES.values()), "device_type": DEVICE_TYPES}
    return named.get(field.name, ("yes", "no") if field.kind == "boolean" else ())
