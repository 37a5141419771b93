"""What only sites have: a bridge or none, activation, arming settings (seeds: sites, arming-settings)."""

from migrate.sandbox import bodies
from migrate.sandbox.call import Answer, Call, told
from migrate.sandbox.listing import Listing
from migrate.sandbox.problem import Problem
from migrate.sandbox.resources import DEVICES, SITES
from migrate.sandbox.store import Row


def get_site(call: Call) -> Answer:
    """Tell of one site, and whether it has a physical bridge."""
    site = call.find(SITES, call.ids[0])
    bridges = Listing(("device_id",), where=(("device_type = ?", "bridge"),), limit=1)
    has_bridge = bool(call.store.rows(DEVICES, call.ids[0], bridges))
    return Answer(200, {**told(SITES, site), "has_physical_bridge": has_bridge})


def switch_activation(call: Call) -> Answer:
    """Activate an inactive site, deactivate an active one: the page documents no body, so it is taken as a switch."""
    if call.body:
        raise Problem(400, "activation-status takes no body")
    site = call.find(SITES, call.ids[0])
    call.store.update(SITES, call.ids[0], {"is_activated": 1 - site["is_activated"]})
    return Answer(200, told(SITES, call.find(SITES, call.ids[0])))


def get_arming(call: Call) -> Answer:
    """Tell a site's security type."""
    return Answer(200, _arming(call.find(SITES, call.ids[0])))


def update_arming(call: Call) -> Answer:
    """Set a site's security type."""
    call.store.update(SITES, call.ids[0], {"security_type": bodies.security_type(call.body)})
    return get_arming(call)


def _arming(site: Row) -> Row:
    return {name: site[name] for name in ("site_id", "external_site_id", "name", "security_type")}
