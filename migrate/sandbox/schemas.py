"""Schemas: what requests and answers look like, made from the records and the answer models (JSON Schema 2020-12)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel

from migrate.model.answers import ArmingSettings, BulkAnswer, BulkResult, Device, Site, Station
from migrate.model.records import DEVICE_TYPES, SECURITY_TYPES, Field
from migrate.sandbox.bodies import LARGEST
from migrate.sandbox.devices import CREATE_ECHO, DELETE_TOLD, UPDATE_ECHO, UPDATE_TOLD
from migrate.sandbox.resources import DEVICES, RESOURCES, SITES, STATIONS, Resource

Schema = dict[str, Any]

_TIME: Final[Schema] = {"type": "string", "format": "date-time"}
_FLAG: Final[Schema] = {"type": "integer", "enum": [0, 1]}
_SECURITY_TYPE: Final[Schema] = {"type": "integer", "enum": list(SECURITY_TYPES)}
_ARMING: Final = ("site_id", "external_site_id", "name", "security_type")

_MODELS: Final[Mapping[str, type[BaseModel]]] = {STATIONS.name: Station, SITES.name: Site, DEVICES.name: Device}
_WIRE: Final[Mapping[str, Schema]] = {
    "created_at": _TIME,
    "updated_at": _TIME,
    "is_activated": _FLAG,
    "security_type": _SECURITY_TYPE,
    "registered_by_partner": {"type": "string"},
}
"""What the answers hold where the models, which read tolerantly, don't say it."""


def ref(name: str) -> Schema:
    """Return what stands for a schema of `components`."""
    return {"$ref": f"#/components/schemas/{name}"}


def title(resource: Resource) -> str:
    """Return the name of a resource's schema."""
    return resource.record.name.capitalize()


def components() -> dict[str, Schema]:
    """Return all schemas, by name."""
    schemas = {
        "Error": _closed({"error_message": {"type": "string"}}),
        "TokenError": _closed({"error": {"type": "string"}, "error_description": {"type": "string"}}),
        "Token": _closed(
            {
                "access_token": {"type": "string"},
                "token_type": {"const": "Bearer"},
                "expires_in": {"type": "integer", "minimum": 0},
            }
        ),
        "TokenRequest": {
            "type": "object",
            "properties": {
                name: {"type": "string", "minLength": 1}
                for name in ("grant_type", "client_id", "client_secret", "client_assertion", "assertion")
            },
            "required": ["grant_type"],
        },
        "Timezone": {"type": "string", "format": "iana-timezone"},
        "ArmingSettings": _closed({name: _told(SITES, name, _properties(ArmingSettings)) for name in _ARMING}),
        "ArmingSettingsSent": _closed({"security_type": _SECURITY_TYPE}),
        "DeviceIds": _closed({"deviceIds": {"type": "array", "minItems": 1, "items": _id()}}),
    }
    for resource in RESOURCES:
        schemas |= _of_resource(resource)
    device = schemas["Device"]["properties"]
    schemas["DevicesMade"] = _bulk(CREATE_ECHO, device, DEVICES.columns)
    schemas["DevicesUpdated"] = _bulk(UPDATE_ECHO, device, UPDATE_TOLD)
    schemas["DevicesDeleted"] = _bulk(("device_id",), device, DELETE_TOLD)
    return schemas


def _of_resource(resource: Resource) -> dict[str, Schema]:
    """Return what is sent to make one and to change one, what is told of one, and of one in a list."""
    model = _MODELS.get(resource.name)
    known = _properties(model) if model else {}
    told = {name: _told(resource, name, known) for name in resource.columns}
    name = title(resource)
    required = [field.name for field in resource.sent.values() if field.required]
    made = _closed({field.name: _sent(field) for field in resource.sent.values()}, required=required)
    changed = _closed({field.name: _changed(field) for field in resource.updatable.values()}, required=())
    if resource is DEVICES:
        changed = _closed({resource.key: _id(), **changed["properties"]}, required=(resource.key,))
    schemas = {name: _closed(told), f"{name}Listed": _closed(told, required=())}
    if resource is SITES:
        schemas["SiteWhole"] = _closed({**told, "has_physical_bridge": {"type": "boolean"}})
    return {**schemas, f"{name}Sent": made, f"{name}Changed": changed}


def _sent(field: Field) -> Schema:
    if field.name == "timezone":
        return ref("Timezone")
    if field.name == "device_type":
        return {"type": "string", "enum": list(DEVICE_TYPES)}
    if field.kind == "integer":
        return _id()
    return {"type": "string", "minLength": 1} if field.required else {"type": "string"}


def _changed(field: Field) -> Schema:
    return _sent(field) if field.required else {"anyOf": [_sent(field), {"type": "null"}]}


def _told(resource: Resource, name: str, known: Mapping[str, Schema]) -> Schema:
    """Return what an answer holds under `name`; the key and what a record must have are never null."""
    field = resource.sent.get(name)
    if name in _WIRE:
        return _WIRE[name]
    schema = known.get(name) or {"anyOf": [{"type": "integer" if name == resource.key else "string"}, {"type": "null"}]}
    if name == resource.key or (field is not None and field.required):
        return next(kind for kind in schema.get("anyOf", [schema]) if kind["type"] != "null")
    return schema


def _properties(model: type[BaseModel]) -> dict[str, Schema]:
    """Return what a model knows, without what is of use to Python alone."""
    properties = model.model_json_schema(mode="serialization")["properties"]
    return {
        name: {key: value for key, value in schema.items() if key not in {"title", "default"}}
        for name, schema in properties.items()
    }


def _bulk(echoed: Iterable[str], device: Mapping[str, Schema], told: Iterable[str]) -> Schema:
    """Return the answer to a batch; the echo is of what was sent, so it may be of any type."""
    result, answer = _properties(BulkResult), _properties(BulkAnswer)
    req = _closed({name: {} for name in echoed}, required=())
    res = _closed({name: device[name] for name in told})
    good = _closed({"is_successful": {"const": True}, "req": req, "res": res})
    bad = _closed(
        {
            "is_successful": {"const": False},
            "req": req,
            **{name: _present(result[name]) for name in ("status_code", "error_message")},
        }
    )
    counts = {name: _present(answer[name]) for name in ("success_count", "failure_count")}
    return _closed({**counts, "results": {"type": "array", "items": {"oneOf": [good, bad]}}})


def _present(schema: Schema) -> Schema:
    return {"type": next(kind["type"] for kind in schema["anyOf"] if kind["type"] != "null")}


def _id() -> Schema:
    return {"type": "integer", "minimum": -LARGEST, "maximum": LARGEST}


def _closed(properties: Mapping[str, Schema], *, required: Iterable[str] | None = None) -> Schema:
    """Return an object that has `required` of its properties, all if None, and no others."""
    names = list(properties if required is None else required)
    schema: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return {**schema, "required": names} if names else schema
