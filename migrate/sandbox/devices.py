"""Bulk create, update and delete of devices: each item gets a result of its own (seed: devices)."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from migrate.sandbox import bodies
from migrate.sandbox.call import Answer, Call
from migrate.sandbox.listing import Listing
from migrate.sandbox.problem import Problem
from migrate.sandbox.resources import DEVICES
from migrate.sandbox.single import check_unique
from migrate.sandbox.store import Row

_PARTNER: Final = "adc"
_BLANK: Final = dict.fromkeys(DEVICES.columns)
CREATE_ECHO: Final = ("external_device_id", "device_type", "zone_number")
UPDATE_ECHO: Final = ("device_id", "name")
UPDATE_TOLD: Final = ("device_id", "device_type", "zone_number", "name", "updated_at")
DELETE_TOLD: Final = ("device_id", "device_type", "zone_number")


def create_devices(call: Call) -> Answer:
    """Make devices; one that is refused doesn't keep the others out."""
    zones = _Zones(call)

    def create(item: Row) -> Row:
        values = bodies.created(item, DEVICES)
        check_unique(DEVICES, call, values)
        zones.check(values)
        made = {**values, "registered_by_partner": _PARTNER, "created_at": call.now, "updated_at": call.now}
        key = call.store.insert(DEVICES, {**made, "site_id": call.ids[0]})
        device = {**_BLANK, **made, "device_id": key}
        zones.take(device)
        return device

    return _bulk(201, _limited(call, bodies.batch(call.body)), create, echoed=CREATE_ECHO)


def update_devices(call: Call) -> Answer:
    """Change devices of the site, each by its `device_id`."""
    zones = _Zones(call)

    def update(item: Row) -> Row:
        key = bodies.whole_number(item.get("device_id"))
        if key is None:
            raise Problem(400, "device_id is required and must be a number")
        device = call.find(DEVICES, key)
        values = bodies.updated({name: item[name] for name in item if name != "device_id"}, DEVICES)
        changed = {**device, **values, "updated_at": call.now}
        zones.check(changed)
        call.store.update(DEVICES, device["device_id"], {**values, "updated_at": call.now})
        zones.take(changed, before=device)
        return {name: changed[name] for name in UPDATE_TOLD}

    return _bulk(200, _limited(call, bodies.batch(call.body)), update, echoed=UPDATE_ECHO)


def delete_devices(call: Call) -> Answer:
    """Delete devices of the site by their ids."""

    def delete(item: Row) -> Row:
        device = call.find(DEVICES, item["device_id"])
        call.store.delete(DEVICES, item["device_id"])
        return {name: device[name] for name in DELETE_TOLD}

    items = [{"device_id": key} for key in bodies.device_ids(call.body)]
    return _bulk(200, _limited(call, items), delete, echoed=("device_id",))


class _Zones:
    """Which device of the site has which zone, its additional ones included."""

    def __init__(self, call: Call) -> None:
        self._checked = call.options.unique_zones
        self._taken: dict[str, int] = {}
        if self._checked:
            listing = Listing(("device_id", "zone_number", "additional_zone_numbers"))
            for device in call.store.rows(DEVICES, call.ids[0], listing):
                self.take(device)

    def check(self, device: Row) -> None:
        """Refuse a device that wants a zone twice, or one of another device."""
        if not self._checked:
            return
        zones = _zones_of(device)
        if len(zones) != len(set(zones)):
            raise Problem(400, "a zone is given twice")
        for zone in zones:
            if self._taken.get(zone, device.get("device_id")) != device.get("device_id"):
                raise Problem(409, f"zone_number {zone} is already in use")

    def take(self, device: Row, *, before: Row | None = None) -> None:
        """Note the zones of a device, and give back those that it had before."""
        for zone in _zones_of(before) if before else ():
            self._taken.pop(zone, None)
        for zone in _zones_of(device):
            self._taken[zone] = device["device_id"]


def _zones_of(device: Row) -> list[str]:
    zones = (device["zone_number"], *(device.get("additional_zone_numbers") or "").split(","))
    return [zone.strip() for zone in zones if zone.strip()]


def _limited(call: Call, items: list[Row]) -> list[Row]:
    limit = call.options.max_batch
    if limit is not None and len(items) > limit:
        raise Problem(call.options.max_batch_status, f"too many devices in one request: at most {limit}")
    return items


def _bulk(status: int, items: Sequence[Row], act: Callable[[Row], Row], *, echoed: Iterable[str]) -> Answer:
    results: list[Row] = []
    for item in items:
        req = {name: item[name] for name in echoed if name in item}
        try:
            results.append({"is_successful": True, "req": req, "res": act(item)})
        except Problem as problem:
            refused = {"status_code": problem.status, "error_message": problem.message}
            results.append({"is_successful": False, "req": req, **refused})
    good = sum(result["is_successful"] for result in results)
    return Answer(status, {"success_count": good, "failure_count": len(results) - good, "results": results})
