"""What must hold between the keys of a mapping file; read from the raw document, so that one mistake hides no other."""

from collections.abc import Iterator
from typing import Any

from migrate.mapping.blanks import fold
from migrate.mapping.grammar import MOST_TABLES, FieldSpec
from migrate.mapping.keys import fold_keys
from migrate.mapping.mistakes import Mistake, did_you_mean, quoted
from migrate.mapping.toml_lines import Path
from migrate.model.records import MERGED, RECORDS
from migrate.model.sources import LOOKED_UP_IN

SOURCES = ("column", "template", "value")
_TAKEN = "is what the reports call the place of what was looked up; call it otherwise in the file"
CONDITIONS = ("in", "not_in", "matches")


def broken_rules(document: dict[str, Any]) -> Iterator[Mistake]:
    """Yield what is wrong beyond the grammar; parts that the grammar refuses are passed over."""
    tables = _items(document.get("table"))
    if len(tables) > MOST_TABLES:
        yield Mistake(("table",), f"has {len(tables)} tables; at most {MOST_TABLES} can be read")
        return
    for index, table in enumerate(tables):
        path: Path = ("table", index)
        if table in tables[:index]:
            yield Mistake(path, f"says the same as table[{tables.index(table) + 1}]; remove one of them")
        yield from _record(path, table, tables)
        yield from _lookup(path, table)
        for place, condition in _conditions(path, table.get("where")):
            yield from _one_of(place, condition, CONDITIONS)
        for name, spec in _fields(table).items():
            yield from _field((*path, "fields", name), spec)


def _record(path: Path, table: dict[str, Any], tables: list[dict[str, Any]]) -> Iterator[Mistake]:
    name = table.get("record")
    if not isinstance(name, str):
        return
    if name not in RECORDS:
        known = ", ".join(RECORDS)
        yield Mistake(
            (*path, "record"),
            f"{quoted(name)} is no record that this version knows ({known}){did_you_mean(name, RECORDS)}",
        )
        return
    record = RECORDS[name]
    fields = _fields(table)
    for field in fields:
        if field not in record.field_names:
            hint = did_you_mean(field, record.field_names) or f"; it has {', '.join(record.field_names)}"
            yield Mistake((*path, "fields", field), f"a {name} has no such field{hint}")
    elsewhere = {
        field for other in tables if name in MERGED and other.get("record") == name for field in _fields(other)
    }
    for field in record.required if "fields" in table else ():
        if field not in fields and (field == record.id_field or field not in elsewhere):
            yield Mistake((*path, "fields"), f"{field} is missing; a {name} must have it")


def _lookup(path: Path, table: dict[str, Any]) -> Iterator[Mistake]:
    lookup = table.get("lookup")
    columns = _names(lookup.get("columns")) if isinstance(lookup, dict) else []
    seen: set[str] = set()
    for name in columns:
        if fold(name) in {*seen, LOOKED_UP_IN}:
            why = _TAKEN if fold(name) == LOOKED_UP_IN else "is there twice"
            yield Mistake((*path, "lookup", "columns"), f"{quoted(name)} {why}")
        seen.add(fold(name))
    for name in _names(table.get("fill_down")):
        if fold(name) in seen:
            what = f"{quoted(name)} is looked up; a row that finds nothing would take what another looks up"
            yield Mistake((*path, "fill_down"), what)


def _field(path: Path, spec: object) -> Iterator[Mistake]:
    if not isinstance(spec, dict):
        return
    yield from _one_of(path, spec, SOURCES)
    if spec.get("strict") is True and "map" not in spec:
        yield Mistake((*path, "strict"), "needs a map, whose keys are the values that may be")
    table = spec.get("map")
    if isinstance(table, dict):
        seen: dict[str, str] = {}
        for key, folded in zip(table, fold_keys(table), strict=True):
            first = seen.setdefault(folded, key)
            if table[first] != table[key]:
                yield Mistake((*path, "map", key), f"is the same key as {quoted(first)}, with another text")


def _one_of(path: Path, spec: dict[str, Any], names: tuple[str, ...]) -> Iterator[Mistake]:
    there = [name for name in names if name in spec]
    if len(there) > 1:
        yield Mistake(path, f"has {' and '.join(there)}; it needs exactly one of {', '.join(names)}")
    elif not there and not _misspelt(spec, names):
        yield Mistake(path, f"needs one of {', '.join(names)}")


def _misspelt(spec: dict[str, Any], names: tuple[str, ...]) -> bool:
    """Tell whether an unknown option looks like one of `names`: then that is the mistake, and it is told already."""
    known = {*FieldSpec.model_fields, "column", *CONDITIONS}
    return any(did_you_mean(key, names) for key in spec if key not in known)


def _names(value: object) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def _items(value: object) -> list[dict[str, Any]]:
    return [item if isinstance(item, dict) else {} for item in value] if isinstance(value, list) else []


def _fields(table: dict[str, Any]) -> dict[str, Any]:
    fields = table.get("fields")
    return fields if isinstance(fields, dict) else {}


def _conditions(path: Path, where: object) -> Iterator[tuple[Path, dict[str, Any]]]:
    if isinstance(where, dict):
        yield (*path, "where"), where
    for index, condition in enumerate(where if isinstance(where, list) else ()):
        if isinstance(condition, dict):
            yield (*path, "where", index), condition
