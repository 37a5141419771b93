"""The description: what the sandbox takes and answers, as OpenAPI 3.1, made from its endpoints and schemas."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from migrate.sandbox.endpoints import ENDPOINTS, Endpoint
from migrate.sandbox.listing import OPERATORS
from migrate.sandbox.resources import RESOURCES, Resource
from migrate.sandbox.schemas import Schema, components, ref, title
from migrate.version import __version__

PATH: Final = "/openapi.json"
_ID: Final[Schema] = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}
_NUMBER: Final[Schema] = {"type": "string", "pattern": "^-?[0-9]+$"}
_RESOURCES: Final[Mapping[str, Resource]] = {resource.name: resource for resource in RESOURCES}
_LIMITS: Final = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")

_OTHER: Final[Mapping[str, tuple[str | None, int, str]]] = {
    "sites.get": (None, 200, "SiteWhole"),
    "activation.update": (None, 200, "Site"),
    "arming.get": (None, 200, "ArmingSettings"),
    "arming.update": ("ArmingSettingsSent", 200, "ArmingSettings"),
    "devices.create": ("DeviceSent", 201, "DevicesMade"),
    "devices.update": ("DeviceChanged", 200, "DevicesUpdated"),
    "devices.delete": ("DeviceIds", 200, "DevicesDeleted"),
}
"""Endpoint → the schema of its body, its status, the schema of its answer; where it isn't as with the others."""

_REFUSALS: Final[Mapping[str, str]] = {
    "400": "What was sent can't be taken; the message says why",
    "401": "The access token is missing, unknown or expired",
    "404": "The dealer, or what the path names, does not exist",
    "409": "An external id, or a zone, is taken already",
    "413": "The body, or the batch, is too large",
    "429": "Too many requests",
}
_FIVE: Final = frozenset({"create", "list", "get", "update", "delete"})
_WRITES: Final = frozenset({"409", "413"})


def described(dealers: Sequence[str]) -> dict[str, Any]:
    """Return the description of a sandbox that has these dealers."""
    paths: dict[str, dict[str, Any]] = {"/oauth/token": {"post": _token()}}
    for endpoint in ENDPOINTS:
        operation = _operation(endpoint, dealers)
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation
    scheme = {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {}}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Partner API, as the sandbox serves it", "version": __version__},
        "paths": paths,
        "components": {"schemas": components(), "securitySchemes": {"client": scheme}},
        "security": [{"client": []}],
    }


def _operation(endpoint: Endpoint, dealers: Sequence[str]) -> dict[str, Any]:
    group, action = endpoint.name.split(".")
    sent, status, told = _bodies(endpoint.name)
    parameters = [_path_parameter(name, dealers) for name in re.findall(r"\{(\w+)\}", endpoint.path)]
    parameters.append({"name": "x-partner-trace-id", "in": "header", "schema": {"type": "string"}})
    if action == "list":
        parameters.extend(_query_parameters(_RESOURCES[group].columns))
    success: dict[str, Any] = {"description": "Done", "headers": _headers(_LIMITS)}
    if told is not None:
        success["content"] = _json(told)
    links = _links(endpoint)
    if links:
        success["links"] = links
    refusals = [code for code in _REFUSALS if endpoint.method != "GET" or code not in _WRITES]
    operation = {
        "operationId": endpoint.name,
        "summary": (endpoint.answer.__doc__ or action).split(".")[0] if action not in _FIVE else f"{action} {group}",
        "parameters": parameters,
        "responses": {str(status): success, **{code: _refusal(code) for code in refusals}},
    }
    if sent is None:
        return operation
    return {**operation, "requestBody": {"required": True, "content": _json(sent)}}


def _bodies(name: str) -> tuple[Schema | None, int, Schema | None]:
    """Return what an endpoint takes, its status, and what it tells."""
    group, action = name.split(".")
    if name in _OTHER:
        sent, status, told = _OTHER[name]
        body = None if sent is None else ref(sent)
        if sent in {"DeviceSent", "DeviceChanged"}:
            body = {"type": "array", "minItems": 1, "items": body}
        return body, status, ref(told)
    one = title(_RESOURCES[group])
    match action:
        case "create":
            return ref(f"{one}Sent"), 201, ref(one)
        case "list":
            return None, 200, {"type": "array", "items": ref(f"{one}Listed")}
        case "update":
            return ref(f"{one}Changed"), 200, ref(one)
        case "delete":
            return None, 204, None
        case _:
            return None, 200, ref(one)


def _path_parameter(name: str, dealers: Sequence[str]) -> dict[str, Any]:
    schema = {"type": "string", "enum": list(dealers)} if name == "dealer_id" else _ID
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameters(columns: Sequence[str]) -> list[dict[str, Any]]:
    names = "|".join(columns)
    condition = rf"^({names}),[^,]*(,({'|'.join(OPERATORS)}))?$"
    column = {"type": "string", "enum": list(columns)}
    several: Schema = {"type": "array", "minItems": 1, "items": column}
    return [
        {"name": "fields", "in": "query", "style": "form", "explode": False, "schema": several},
        {
            "name": "filter",
            "in": "query",
            "style": "form",
            "explode": True,
            "schema": {"type": "array", "items": {"type": "string", "pattern": condition}},
        },
        {"name": "sort", "in": "query", "schema": column},
        {"name": "dir", "in": "query", "schema": {"type": "string", "enum": ["asc", "desc"], "default": "asc"}},
        {"name": "limit", "in": "query", "schema": _COUNT},
        {"name": "offset", "in": "query", "schema": _COUNT},
    ]


def _links(endpoint: Endpoint) -> dict[str, Any]:
    """Return where the id goes that the answer to a create holds."""
    group, action = endpoint.name.split(".")
    resource = _RESOURCES.get(group)
    if action != "create" or resource is None or endpoint.name in _OTHER:
        return {}
    return {
        other.name: {
            "operationId": other.name,
            "parameters": {
                name: f"$request.path.{name}" if f"{{{name}}}" in endpoint.path else f"$response.body#/{resource.key}"
                for name in re.findall(r"\{(\w+)\}", other.path)
            },
        }
        for other in ENDPOINTS
        if other.path.startswith(f"{endpoint.path}/{{") and other.path.count("{") == endpoint.path.count("{") + 1
    }


def _refusal(code: str) -> dict[str, Any]:
    names = {"401": ("WWW-Authenticate",), "429": ("Retry-After",)}.get(code, ())
    return {
        "description": _REFUSALS[code],
        "headers": _headers((*names, *_LIMITS)),
        "content": _json(ref("Error")),
    }


def _headers(names: Sequence[str]) -> dict[str, Any]:
    return {name: {"schema": {"type": "string"} if name == "WWW-Authenticate" else _NUMBER} for name in names}


def _json(schema: Schema) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _token() -> dict[str, Any]:
    form = {"application/x-www-form-urlencoded": {"schema": ref("TokenRequest")}}
    refused = {"description": "No token", "content": _json(ref("TokenError"))}
    return {
        "operationId": "token.create",
        "summary": "Give an access token",
        "security": [],
        "requestBody": {"required": True, "content": form},
        "responses": {
            "200": {"description": "A token", "content": _json(ref("Token"))},
            "400": refused,
            "401": refused,
            "413": {"description": _REFUSALS["413"], "content": _json(ref("Error"))},
        },
    }
