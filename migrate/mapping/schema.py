"""The JSON Schema of mapping files, for editors; `python -m migrate.mapping.schema` writes it where the tests look."""

import ast
import inspect
import json
from itertools import pairwise
from typing import Any

from migrate.mapping.grammar import FieldSpec, Grammar, Lookup, MappingFile, TableSpec, Where
from migrate.mapping.rules import CONDITIONS, SOURCES
from migrate.model.records import MERGED, RECORDS
from migrate.shipped import SCHEMA, mappings_folder


def mapping_schema() -> dict[str, object]:
    """Return the schema, made from the grammar and the records."""
    schema = MappingFile.model_json_schema()
    for model in (FieldSpec, Where, Lookup, TableSpec, MappingFile):
        _describe(schema["$defs"].get(model.__name__, schema)["properties"], model)
    table = schema["$defs"]["TableSpec"]
    field = table["properties"]["fields"].pop("additionalProperties")
    table["properties"]["record"]["enum"] = list(RECORDS)
    table["anyOf"] = [_of_record(name, field) for name in RECORDS]
    schema["$defs"]["FieldSpec"]["oneOf"] = [{"required": [name]} for name in SOURCES]
    schema["$defs"]["Where"]["oneOf"] = [{"required": [name]} for name in CONDITIONS]
    plain = {key: _without_null(value) for key, value in schema.items() if key != "title"}
    return {"$schema": "http://json-schema.org/draft-07/schema#", **plain}


def schema_text() -> str:
    """Return the schema as it stands in the file."""
    return json.dumps(mapping_schema(), indent=2, ensure_ascii=False) + "\n"


def _describe(properties: dict[str, Any], model: type[Grammar]) -> None:
    """Give each key the sentence that stands under it in the grammar.

    Pydantic can find it too, but does so whenever the grammar is imported, which takes longer than all the rest of it.
    """
    (tree,) = ast.parse(inspect.getsource(model)).body
    for field, told in pairwise(tree.body if isinstance(tree, ast.ClassDef) else ()):
        match field, told:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(sentence))):
                key = model.model_fields[name].alias or name
                properties[key] = {"description": sentence, **properties[key]}


def _of_record(name: str, field: dict[str, Any]) -> dict[str, Any]:
    fields = {
        "type": "object",
        "properties": dict.fromkeys(RECORDS[name].field_names, field),
        "additionalProperties": False,
        "required": [RECORDS[name].id_field] if name in MERGED else list(RECORDS[name].required),
    }
    return {"properties": {"record": {"const": name}, "fields": fields}}


def _without_null(node: object) -> object:
    """Return a part of the schema without titles and nulls; TOML has none."""
    if isinstance(node, list):
        return [_without_null(item) for item in node if item != {"type": "null"}]
    if not isinstance(node, dict):
        return node
    kept = {key: _without_null(value) for key, value in node.items() if key != "title" and value is not None}
    types = _types(kept)
    if "array" in types and "minLength" in kept:  # pydantic says so of lists too
        kept["minItems"] = kept["minLength"] if "string" in types else kept.pop("minLength")
    match kept.get("anyOf"):
        case [dict(only)]:
            del kept["anyOf"]
            return {**only, **kept}
    return kept


def _types(node: dict[str, object]) -> list[object]:
    """Return the types that a part of the schema takes."""
    choices = node.get("anyOf")
    return [choice.get("type") for choice in choices] if isinstance(choices, list) else [node.get("type")]


if __name__ == "__main__":
    (mappings_folder() / SCHEMA).write_text(schema_text(), encoding="utf-8")
