"""Resources: the four kinds of things that the API keeps, and what its answers tell of each (seeds: all)."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from migrate.model.records import DEVICE, SITE, STATION, Field, RecordType


@dataclass(frozen=True)  # no slots: what is derived is kept
class Resource:
    """One kind of thing; `name` is its table's name and its endpoints' group, `owner` the column it is kept under.

    `columns` are those of an answer, in the order of the vendor's pages.
    """

    name: str
    record: RecordType
    owner: str
    columns: tuple[str, ...]

    @property
    def key(self) -> str:
        """The column of the id that the API gives."""
        return self.record.remote_id_field

    @cached_property
    def sent(self) -> dict[str, Field]:
        """The fields of a create's body."""
        return {field.name: field for field in self.record.fields if field.sent}

    @cached_property
    def updatable(self) -> dict[str, Field]:
        """The fields of an update's body."""
        return {name: field for name, field in self.sent.items() if field.updatable}


STATIONS: Final = Resource(
    "stations",
    STATION,
    "dealer_id",
    ("monitoring_station_id", "external_monitoring_station_id", "name", "prefix", "linecard", "created_at"),
)

SITES: Final = Resource(
    "sites",
    SITE,
    "dealer_id",
    (
        *("site_id", "external_site_id", "name", "external_monitoring_station_id", "monitoring_station_id"),
        *("account_number", "address1", "address2", "timezone", "is_activated", "created_at"),
    ),
)

DEVICES: Final = Resource(
    "devices",
    DEVICE,
    "site_id",
    (
        *("device_id", "device_type", "zone_number", "additional_zone_numbers", "manufacturer"),
        *("registered_by_partner", "external_device_id", "name", "mac", "model", "serial_number"),
        *("created_at", "updated_at"),
    ),
)

CONTACTS: Final = Resource(
    "contacts",
    RecordType(
        name="contact",
        id_field="external_contact_id",
        remote_id_field="contact_id",
        fields=(
            Field("external_contact_id", required=True),
            Field("first_name", required=True),
            Field("last_name", required=True),
            Field("phone_number"),
            Field("email"),
        ),
    ),
    "site_id",
    ("contact_id", "external_contact_id", "first_name", "last_name", "phone_number", "email", "created_at"),
)

RESOURCES: Final = (STATIONS, SITES, DEVICES, CONTACTS)
