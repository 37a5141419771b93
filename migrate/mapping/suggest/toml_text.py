"""The text of a suggested mapping: TOML in which any header can be quoted, with comments where a person must decide."""

import re
from collections.abc import Iterator, Mapping, Sequence

from migrate.mapping.grammar import Lookup
from migrate.mapping.suggest.draft import FieldDraft, Setting, TableDraft, WhereDraft
from migrate.model.text import ACTING, excerpt

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = re.compile(rf'["\\]|{ACTING}')
_SHORT = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
_ACTING = re.compile(ACTING)
_COMMENT_MAX = 400
_LINE_MAX = 90


def toml_string(text: str) -> str:
    r"""Return a text as TOML; a pattern with backslashes stands between single quotes, where they mean themselves."""
    if "\\" in text and "'" not in text and not _ACTING.search(text):
        return f"'{text}'"
    return f'"{_ESCAPED.sub(_escape, text)}"'


def table_lines(draft: TableDraft) -> Iterator[str]:
    """Yield the lines of a table."""
    yield from map(comment, draft.notes)
    yield "[[table]]"
    yield f"record = {toml_string(draft.record)}"
    for key, value in (("file", draft.file), ("sheet", draft.sheet), ("encoding", draft.encoding)):
        if value is not None:
            told = "  # a guess: wrong letters mean that another one belongs here" if key == "encoding" else ""
            yield f"{key} = {toml_string(value)}{told}"
    if draft.header_row is not None:
        yield f"header_row = {draft.header_row}  # there is no header: columns are called A, B, C"
    if draft.fill_down:
        yield f"fill_down = {_inline(list(draft.fill_down))}  # stands only in the first row of each group"
    yield from _where_lines(draft.where)
    if draft.lookup is not None:
        yield f"lookup = {_lookup(draft.lookup)}"
    yield ""
    yield "[table.fields]"
    long = [field for field in draft.fields if _is_long(field)]
    for field in draft.fields:
        if field not in long:
            yield from _field_lines(field)
    yield from map(comment, draft.ends)
    for field in long:
        yield from _long_lines(field)


def comment(text: str) -> str:
    """Return a line of comment that holds nothing which acts on a terminal."""
    indent = len(text) - len(text.lstrip())
    return f"# {' ' * indent}{excerpt(text, length=_COMMENT_MAX)}"


def _field_lines(field: FieldDraft) -> Iterator[str]:
    yield from map(comment, field.notes)
    why = f"  {comment(field.why)}" if field.why else ""
    if set(field.settings) == {"column"}:
        column = field.settings["column"]
        if isinstance(column, str):
            yield f"{field.name} = {toml_string(column)}{why}"
            return
    yield f"{field.name} = {_table(field.settings)}{why}"


def _is_long(field: FieldDraft) -> bool:
    """Tell whether a field's map is too long for a line."""
    return isinstance(field.settings.get("map"), Mapping) and len(_table(field.settings)) > _LINE_MAX


def _long_lines(field: FieldDraft) -> Iterator[str]:
    yield ""
    yield from map(comment, field.notes)
    yield f"[table.fields.{field.name}]{f'  {comment(field.why)}' if field.why else ''}"
    tables = {key: value for key, value in field.settings.items() if isinstance(value, Mapping)}
    for key, value in field.settings.items():
        if key not in tables:
            yield f"{key} = {_inline(value)}"
    for key, table in tables.items():
        yield ""
        yield f"[table.fields.{field.name}.{key}]"
        yield from (f"{_key(name)} = {toml_string(text)}" for name, text in table.items())


def _where_lines(where: Sequence[WhereDraft]) -> Iterator[str]:
    if sum(bool(condition.values) for condition in where) <= 1:
        for condition in where:
            yield from map(comment, condition.notes)
            if condition.values:
                yield f"{'' if condition.active else '# '}where = {_condition(condition)}"
        return
    is_active = any(condition.active for condition in where)
    lead = "" if is_active else "# "
    yield f"{lead}where = ["  # one list, active or not, as a table has where once
    for condition in where:
        yield from (f"{lead}    {comment(note)}" for note in condition.notes)
        if condition.values:
            yield f"{lead}    {'# ' if is_active and not condition.active else ''}{_condition(condition)},"
    yield f"{lead}]"


def _condition(condition: WhereDraft) -> str:
    return f"{{ column = {toml_string(condition.column)}, not_in = {_inline(list(condition.values))} }}"


def _lookup(lookup: Lookup) -> str:
    is_same = all(own == theirs for own, theirs in lookup.key)
    names: Setting = [own for own, _ in lookup.key] if is_same else dict(lookup.key)
    return _table({"key": names, "columns": list(lookup.columns)})


def _table(settings: Mapping[str, Setting]) -> str:
    return "{ " + ", ".join(f"{_key(key)} = {_inline(value)}" for key, value in settings.items()) + " }"


def _inline(value: Setting) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return toml_string(value)
    if isinstance(value, list):
        return f"[{', '.join(map(toml_string, value))}]"
    return _table(value)


def _key(text: str) -> str:
    return text if _BARE_KEY.fullmatch(text) else toml_string(text)


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    return _SHORT.get(char) or f"\\u{ord(char):04x}"
