"""Making, listing, reading, changing and deleting one thing at a time: stations, sites, contacts (seeds: these)."""

from typing import Any

from migrate.sandbox import bodies
from migrate.sandbox.call import Answer, Call, told
from migrate.sandbox.listing import read_params
from migrate.sandbox.problem import Problem
from migrate.sandbox.resources import STATIONS, Resource
from migrate.sandbox.store import Row


def create(resource: Resource, call: Call) -> Answer:
    """Make one; a repeated external id is taken unless the sandbox is told otherwise."""
    values = bodies.created(call.body, resource)
    _check_station(call, values)
    check_unique(resource, call, values)
    scope = {resource.owner: call.owner(resource), "created_at": call.now}
    key = call.store.insert(resource, {**values, **scope})
    return Answer(201, told(resource, call.find(resource, key)))


def listed(resource: Resource, call: Call) -> Answer:
    """List those of the owner, by the parameters of the overview."""
    params = () if call.options.ignore_params else call.params
    listing = read_params(params, resource.columns, page_cap=call.options.page_cap)
    return Answer(200, call.store.rows(resource, call.owner(resource), listing, unseen_from=call.unseen_from))


def get(resource: Resource, call: Call) -> Answer:
    """Tell of one."""
    return Answer(200, told(resource, call.find(resource, call.ids[-1])))


def update(resource: Resource, call: Call) -> Answer:
    """Change the fields of one that the body has."""
    key = call.ids[-1]
    call.find(resource, key)
    values = bodies.updated(call.body, resource)
    _check_station(call, values)
    check_unique(resource, call, values, own=key)
    call.store.update(resource, key, values)
    return Answer(200, told(resource, call.find(resource, key)))


def delete(resource: Resource, call: Call) -> Answer:
    """Delete one, and what belongs to it."""
    key = call.ids[-1]
    call.find(resource, key)
    call.store.delete(resource, key)
    return Answer(204)


def check_unique(resource: Resource, call: Call, values: Row, *, own: int | None = None) -> None:
    """Refuse an external id that the owner has already, if the sandbox is to be so strict."""
    external_id: Any = values.get(resource.record.id_field)
    if not call.options.unique or external_id is None:
        return
    if any(key != own for key in call.store.ids_of(resource, call.owner(resource), external_id)):
        raise Problem(409, f"{resource.record.id_field} {external_id} already exists")


def _check_station(call: Call, values: Row) -> None:
    station_id = values.get(STATIONS.key)
    if station_id is not None and call.store.find(STATIONS, call.dealer_id, station_id) is None:
        raise Problem(400, f"{STATIONS.key} {station_id} does not exist")
