"""Bodies: what the API takes, and how it refuses the rest (seeds: the parameters of each endpoint)."""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

from migrate.model.records import DEVICE_TYPES, SECURITY_TYPES, Field
from migrate.sandbox.problem import Problem
from migrate.sandbox.resources import Resource

LARGEST: Final = 2**63 - 1


def created(body: object, resource: Resource) -> dict[str, Any]:
    """Return the body of a create; raises Problem where something is missing, unknown or of a wrong type."""
    values = _known(body, resource.sent)
    for field in resource.sent.values():
        if field.required and values.get(field.name) in (None, ""):
            raise Problem(400, f"{field.name} is required")
    return _checked(values, resource.sent)


def updated(body: object, resource: Resource) -> dict[str, Any]:
    """Return the body of an update; a null clears a field that isn't required."""
    values = _known(body, resource.updatable)
    given = {name: value for name, value in values.items() if value is not None or resource.updatable[name].required}
    return {**values, **_checked(given, resource.updatable)}


def security_type(body: object) -> int:
    """Return the body of a change of the arming settings."""
    value = whole_number(_known(body, {"security_type"}).get("security_type"))
    if value not in SECURITY_TYPES:
        raise Problem(400, "security_type is required and must be 1, 2, 3 or 4")
    return value


def device_ids(body: object) -> list[int]:
    """Return the body of a bulk delete."""
    value = _known(body, {"deviceIds"}).get("deviceIds")
    given = value if isinstance(value, list) else []
    keys = [key for key in map(whole_number, given) if key is not None]
    if not keys or len(keys) < len(given):
        raise Problem(400, "deviceIds must be a list of numbers, and not empty")
    return keys


def batch(body: object) -> list[dict[str, Any]]:
    """Return the body of a bulk create or update."""
    if not isinstance(body, list) or not body or not all(isinstance(item, dict) for item in body):
        raise Problem(400, "the body must be a list of objects, and not empty")
    return body


def whole_number(value: object) -> int | None:
    """Return the whole number that a JSON value is, 2.0 too, if an id can be so large; else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if abs(value) <= LARGEST and value == int(value) else None


def _checked(values: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    checked = {}
    for name, given in values.items():
        field = fields[name]
        value = whole_number(given) if field.kind == "integer" else given if isinstance(given, str) else None
        if value is None:
            raise Problem(400, f"{name} must be a {'number' if field.kind == 'integer' else 'string'}")
        if value == "" and field.required:
            raise Problem(400, f"{name} must not be empty")
        if name in _CHOICES and value not in _CHOICES[name]():
            raise Problem(400, f"{name} {value} is not known")
        checked[name] = value
    return checked


def _known(body: object, allowed: Collection[str]) -> Mapping[str, Any]:
    if not isinstance(body, dict):
        raise Problem(400, "the body must be a JSON object")
    unknown = [name for name in body if name not in allowed]
    if unknown:
        raise Problem(400, f"unknown field: {', '.join(unknown)}")
    return body


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


_CHOICES: Final[dict[str, Callable[[], Collection[str]]]] = {
    "timezone": _timezones,
    "device_type": lambda: DEVICE_TYPES,
}
