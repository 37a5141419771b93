"""Records: what the Partner API knows, and the fields of each (seeds: sites, devices, monitoring-stations)."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "integer", "boolean"]

SECURITY_TYPES: dict[int, str] = {
    1: "Alarm Panel - Primary Bridge",
    2: "Alarm Panel - Individual Bridge",
    3: "CHeKT Video Security System",
    4: "Alarm.com Security System",
}
"""Security type number → its name (seed: arming-settings)."""

DEVICE_TYPES: tuple[str, ...] = ("camera", "bridge")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record, named as in the API.

    `sent` fields stand in the body of a create; the others steer what else is done (a look-up, arming, activation).
    `updatable` fields can be changed by an update.
    """

    name: str
    kind: Kind = "text"
    required: bool = False
    sent: bool = True
    updatable: bool = True


@dataclass(frozen=True, slots=True)
class RecordType:
    """A kind of record: its id in the customer's system, its id in the API's answers, its fields in the API's order."""

    name: str
    id_field: str
    remote_id_field: str
    fields: tuple[Field, ...]

    @property
    def field_names(self) -> tuple[str, ...]:
        """The names of all fields, in order."""
        return tuple(field.name for field in self.fields)

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the fields that a record must have."""
        return tuple(field.name for field in self.fields if field.required)

    @property
    def sent(self) -> tuple[str, ...]:
        """The names of the fields that stand in the body of a create."""
        return tuple(field.name for field in self.fields if field.sent)

    @property
    def updatable(self) -> tuple[str, ...]:
        """The names of the fields that an update can change."""
        return tuple(field.name for field in self.fields if field.sent and field.updatable)


STATION = RecordType(
    name="station",
    id_field="external_monitoring_station_id",
    remote_id_field="monitoring_station_id",
    fields=(
        Field("external_monitoring_station_id", required=True, updatable=False),
        Field("name", required=True),
        Field("prefix"),
        Field("linecard"),
    ),
)

SITE = RecordType(
    name="site",
    id_field="external_site_id",
    remote_id_field="site_id",
    fields=(
        Field("external_site_id", required=True),
        Field("name", required=True),
        Field("timezone", required=True),
        Field("monitoring_station_id", kind="integer"),
        Field("external_monitoring_station_id", sent=False),
        Field("account_number"),
        Field("address1"),
        Field("address2"),
        Field("security_type", kind="integer", sent=False),
        Field("is_activated", kind="boolean", sent=False),
    ),
)

DEVICE = RecordType(
    name="device",
    id_field="external_device_id",
    remote_id_field="device_id",
    fields=(
        Field("external_site_id", required=True, sent=False, updatable=False),
        Field("external_device_id", required=True, updatable=False),
        Field("device_type", required=True, updatable=False),
        Field("zone_number", required=True),
        Field("additional_zone_numbers"),
        Field("name"),
        Field("mac"),
        Field("manufacturer"),
        Field("model"),
        Field("serial_number"),
    ),
)

RECORDS: dict[str, RecordType] = {record.name: record for record in (STATION, SITE, DEVICE)}
"""Record name → its type, in the order in which they are sent."""

IDENTIFYING = frozenset(
    {
        *(record.id_field for record in RECORDS.values()),
        "monitoring_station_id",
        "account_number",
        "zone_number",
        "additional_zone_numbers",
        "mac",
        "serial_number",
    }
)
"""The fields that say which thing is meant, and where: one wrong character in them means another thing, or none."""

MERGED = frozenset({"station", "site"})
"""The kinds of record whose rows are merged by their id; their other fields may come from other tables."""
