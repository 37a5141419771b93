"""What an editor says of a mapping: the part of JSON Schema that the mappings' schema uses, and no more of it."""

from collections.abc import Iterator
from math import inf
from typing import Any

_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
}
_CHECKED = frozenset(
    {"$ref", "additionalProperties", "anyOf", "const", "enum", "items", "maximum", "minItems", "minLength"}
    | {"minimum", "oneOf", "properties", "required", "type"}
)
_SAYS_NOTHING = frozenset({"$schema", "$defs", "default", "description"})


def complaints(value: object, schema: dict[str, Any], root: dict[str, Any], at: str = "") -> Iterator[str]:
    """Yield what is wrong with a value by the schema; a key of the schema that is not known here raises KeyError."""
    if unknown := schema.keys() - _CHECKED - _SAYS_NOTHING:
        raise KeyError(*unknown)
    if "$ref" in schema:
        yield from complaints(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root, at)
    if "type" in schema and not _is(value, schema["type"]):
        yield f"{at}: is no {schema['type']}"
        return
    yield from _of_choices(value, schema, root, at)
    if isinstance(value, dict):
        yield from _of_object(value, schema, root, at)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from complaints(item, schema.get("items", {}), root, f"{at}[{index}]")
    if _size(value) < schema.get("minItems" if isinstance(value, list) else "minLength", 0):
        yield f"{at}: is too short"
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{at}: is out of range"


def _of_choices(value: object, schema: dict[str, Any], root: dict[str, Any], at: str) -> Iterator[str]:
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        yield f"{at}: is none of the values"
    for word in ("anyOf", "oneOf"):
        fits = [one for one in schema.get(word, ()) if not any(complaints(value, one, root))]
        if word in schema and (not fits or (word == "oneOf" and len(fits) > 1)):
            yield f"{at}: {word}"


def _of_object(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> Iterator[str]:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    yield from (f"{at}: lacks {name}" for name in schema.get("required", ()) if name not in value)
    for name, item in value.items():
        of_item = properties.get(name, others)
        if of_item is False:
            yield f"{at}.{name}: is not known"
        elif isinstance(of_item, dict):
            yield from complaints(item, of_item, root, f"{at}.{name}")


def _is(value: object, name: str) -> bool:
    return isinstance(value, _TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def _size(value: object) -> float:
    return len(value) if isinstance(value, list | str) else inf
