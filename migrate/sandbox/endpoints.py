"""The endpoints: method, path, and the function that answers (seeds: all; contacts: a public page)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from migrate.sandbox import devices, single, sites
from migrate.sandbox.call import Answer, Call
from migrate.sandbox.resources import CONTACTS, DEVICES, SITES, STATIONS, Resource

_DEALER: Final = "/partner/v1/dealers/{dealer_id}"
_SITE: Final = f"{_DEALER}/sites/{{site_id}}"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint; `name` is what faults call it."""

    name: str
    method: str
    path: str
    answer: Callable[[Call], Answer]

    @property
    def below_site(self) -> bool:
        """Whether it is about something of one site, which then has to exist."""
        return "{site_id}" in self.path


def _five(
    resource: Resource, path: str, item_path: str, *, get: Callable[[Call], Answer] | None = None
) -> Iterator[Endpoint]:
    yield Endpoint(f"{resource.name}.create", "POST", path, partial(single.create, resource))
    yield Endpoint(f"{resource.name}.list", "GET", path, partial(single.listed, resource))
    yield Endpoint(f"{resource.name}.get", "GET", item_path, get or partial(single.get, resource))
    yield Endpoint(f"{resource.name}.update", "PUT", item_path, partial(single.update, resource))
    yield Endpoint(f"{resource.name}.delete", "DELETE", item_path, partial(single.delete, resource))


_DEVICES: Final = f"{_SITE}/devices"

ENDPOINTS: Final = (
    *_five(STATIONS, f"{_DEALER}/monitoring-stations", f"{_DEALER}/monitoring-stations/{{station_id}}"),
    *_five(SITES, f"{_DEALER}/sites", _SITE, get=sites.get_site),
    Endpoint("activation.update", "PATCH", f"{_SITE}/activation-status", sites.switch_activation),
    Endpoint("arming.get", "GET", f"{_SITE}/arming-settings", sites.get_arming),
    Endpoint("arming.update", "PATCH", f"{_SITE}/arming-settings", sites.update_arming),
    Endpoint("devices.create", "POST", _DEVICES, devices.create_devices),
    Endpoint("devices.update", "PUT", _DEVICES, devices.update_devices),
    Endpoint("devices.delete", "POST", f"{_DEVICES}/bulk-delete", devices.delete_devices),
    Endpoint("devices.list", "GET", _DEVICES, partial(single.listed, DEVICES)),
    Endpoint("devices.get", "GET", f"{_DEVICES}/{{device_id}}", partial(single.get, DEVICES)),
    *_five(CONTACTS, f"{_SITE}/contacts", f"{_SITE}/contacts/{{contact_id}}"),
)
