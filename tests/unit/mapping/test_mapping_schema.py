"""The JSON Schema for editors."""

import json
from pathlib import Path

import pytest

from migrate import shipped
from migrate.mapping.schema import FILE, mapping_schema, schema_text
from migrate.model.records import RECORDS
from migrate.shipped import mappings_folder, samples_folder


def test_the_schema_file_is_what_the_model_makes() -> None:
    text = (mappings_folder() / FILE).read_text(encoding="utf-8")
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
