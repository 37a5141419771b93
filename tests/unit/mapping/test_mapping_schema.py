"""The JSON Schema for editors."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from mapping_by_schema import complaints

from migrate import shipped
from migrate.mapping.schema import mapping_schema, schema_text
from migrate.model.records import RECORDS
from migrate.shipped import SCHEMA, mappings_folder, samples_folder

SHIPPED = [path.stem for path in sorted(mappings_folder().glob("*.toml"))]


def by_schema(document: dict[str, Any]) -> list[str]:
    schema = json.loads((mappings_folder() / SCHEMA).read_text(encoding="utf-8"))
    return list(complaints(document, schema, schema))


def shipped_document(name: str) -> dict[str, Any]:
    return tomllib.loads((mappings_folder() / f"{name}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SHIPPED)
def test_an_editor_has_nothing_against_a_shipped_mapping(name: str) -> None:
    assert by_schema(shipped_document(name)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"record": "door"},
        {"fields": {"external_site_id": "Customer #", "nmae": "Customer"}},
        {"fields": {"name": "Customer"}},
        {"fields": {"external_site_id": {"column": "A", "value": "B"}}},
        {"fields": {"external_site_id": {"column": "A", "pad": 65}}},
        {"where": {"column": "Status", "in": ["Open"], "not_in": ["Closed"]}},
        {"where": {"column": "Status", "in": []}},
        {"fields": {"external_site_id": {"column": []}}},
        {"header_row": -1},
        {"header_row": "4"},
        {"fil_down": ["Customer #"]},
    ],
)
def test_an_editor_marks_a_mistake_in_a_shipped_mapping(wrong: dict[str, Any]) -> None:
    document = shipped_document("lighthouse")
    assert document["table"][1]["record"] == "site"
    document["table"][1] |= wrong
    assert by_schema(document) != []


def test_the_schema_file_is_what_the_model_makes() -> None:
    text = (mappings_folder() / SCHEMA).read_text(encoding="utf-8")
    assert text == schema_text(), "run python -m migrate.mapping.schema"


def test_the_schema_knows_the_fields_of_each_record_and_which_are_required() -> None:
    schema = json.loads(json.dumps(mapping_schema()))
    of_records = {shape["properties"]["record"]["const"]: shape for shape in schema["$defs"]["TableSpec"]["anyOf"]}
    assert list(of_records) == list(RECORDS)
    device = of_records["device"]["properties"]["fields"]
    assert tuple(device["properties"]) == RECORDS["device"].field_names
    assert tuple(device["required"]) == RECORDS["device"].required


def test_the_schema_explains_each_option_and_knows_no_null() -> None:
    text = schema_text()
    schema = json.loads(text)
    assert "null" not in text
    assert schema["$defs"]["FieldSpec"]["properties"]["pad"] == {
        "description": "Zeros in front of a value that is all digits, to this width.",
        "maximum": 64,
        "minimum": 1,
        "type": "integer",
    }
    assert {"required": ["template"]} in schema["$defs"]["FieldSpec"]["oneOf"]


def test_what_ships_with_the_tool_lies_in_folders_of_the_checkout() -> None:
    assert mappings_folder().name == "mappings"
    assert samples_folder() == mappings_folder().parent / "samples"


def test_what_ships_with_the_tool_lies_inside_an_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "_data" / "mappings").mkdir(parents=True)
    monkeypatch.setattr(shipped, "_PACKAGE", tmp_path)
    assert mappings_folder() == tmp_path / "_data" / "mappings"
