"""Whatever stands in a mapping file is a mapping, or mistakes with their lines."""

import string
import tomllib
from typing import Any

import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from migrate.errors import MappingError
from migrate.mapping.mapping import Mapping
from migrate.mapping.toml_lines import Path, key_lines

KEY = st.text(string.ascii_letters + " .#[]=\"'", min_size=1, max_size=6)
VALUE = st.recursive(
    st.text(max_size=8) | st.integers(-9, 9) | st.booleans() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY, inner, max_size=3),
    max_leaves=12,
)
OPTION = st.sampled_from(
    ["record", "file", "sheet", "header_row", "fill_down", "where", "encoding", "delimiter", "keep", "fields", "name"]
)
STEP = st.sampled_from(["column", "template", "value", "extract", "replace", "split", "case", "map", "pad", "strict"])
FIELDS = st.dictionaries(st.sampled_from(["name", "mac", "nme"]), VALUE | st.dictionaries(STEP, VALUE, max_size=4))
TABLE = st.dictionaries(OPTION, VALUE, max_size=4) | st.fixed_dictionaries(
    {"record": st.just("site"), "fields": FIELDS}
)


def paths(node: Any, path: Path = ()) -> set[Path]:
    """Return the path of every key and item."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return {path}.union(*(paths(value, (*path, key)) for key, value in items))


def mistakes_of(text: str) -> list[str] | None:
    """Return what is told of a mapping's text; None where it is one."""
    try:
        Mapping.parse(text, path="acme.toml")
    except MappingError as error:
        return error.mistakes
    return None


@given(st.dictionaries(KEY, VALUE, max_size=5))
def test_every_key_of_a_document_has_a_line_that_holds_it(document: dict[str, Any]) -> None:
    text = tomlkit.dumps(document)
    lines = key_lines(text)
    assert paths(tomllib.loads(text)) - {()} <= lines.keys()
    for path, line in lines.items():
        held = text.split("\n")[line - 1]
        assert not isinstance(path[-1], str) or tomlkit.key(path[-1]).as_string() in held or path[-1] in held


@given(st.lists(TABLE, max_size=3))
def test_any_document_is_a_mapping_or_mistakes_of_one_line_each(tables: list[dict[str, Any]]) -> None:
    text = tomlkit.dumps({"table": tables})
    mistakes = mistakes_of(text)
    assert mistakes is None or len(mistakes) > 0
    assert all(mistake.startswith("acme.toml") and "\n" not in mistake for mistake in mistakes or ())


@given(st.text(max_size=60))
def test_text_that_is_no_mapping_is_told_its_mistakes(text: str) -> None:
    mistakes = mistakes_of(text)
    assert mistakes is not None
    assert len(mistakes) > 0
