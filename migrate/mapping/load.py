"""From the text of a mapping file to its model, or to all of its mistakes at once."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from migrate.errors import MappingError, UsageError
from migrate.mapping import toml_lines
from migrate.mapping.grammar import MappingFile, options_of
from migrate.mapping.mistakes import Mistake, did_you_mean, quoted, tell
from migrate.mapping.rules import broken_rules
from migrate.readers.near_file import near_file
from migrate.shipped import shipped_mappings

MOST_BYTES = 1 << 20
_MOST_DOTS = 50
_KEY = r"(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')[ \t]*"
_LONG_KEY = re.compile(rf"(?:{_KEY}\.[ \t]*){{{_MOST_DOTS}}}")
"""tomllib needs time in the square of a dotted key's length; no mapping has one of four parts."""

_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")
_TWICE = (
    "Cannot overwrite a value",
    "Cannot declare",
    "Cannot mutate",
    "Cannot redefine",
    "Duplicate inline table key",
)

_WRONG = {
    "missing": "is missing",
    "too_short": "is empty",
    "string_type": "must be text, in quotes",
    "int_type": "must be a whole number, without quotes",
    "bool_type": "must be true or false, without quotes",
    "tuple_type": "must be a list, in square brackets",
    "dict_type": "must be a table: { key = value }",
    "model_type": "must be a table: { key = value }",
}


def read_text(source: str | Path) -> tuple[str, str]:
    """Return the path and the text of a mapping file, or of the shipped mapping of that name."""
    path = Path(source)
    if not path.is_file():
        path = _shipped(str(source))
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path}: can't be read: {error.strerror}; mend that, or name another mapping") from error
    if len(content) > MOST_BYTES:
        raise MappingError([f"{path}: is larger than {MOST_BYTES // 1024} KiB; a mapping is a short TOML file"])
    try:
        return str(path), content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise MappingError([f"{path}:{line}: is not UTF-8; save the file as UTF-8"]) from error


def parse(text: str, *, path: str) -> MappingFile:
    """Return the model of a mapping's TOML `text`; MappingError tells all of its mistakes."""
    document = _document(text, path)
    mistakes = list(broken_rules(document))
    model = None
    try:
        model = MappingFile.model_validate(document)
    except ValidationError as error:
        mistakes += _refused(document, error)
    if model is None or mistakes:
        raise MappingError(tell(mistakes, file=path, text=text))
    return model


def _shipped(name: str) -> Path:
    shipped = shipped_mappings()
    if name in shipped:
        return shipped[name]
    hint = (
        near_file(Path(name))
        or did_you_mean(Path(name).stem, shipped)
        or (f"; shipped: {', '.join(shipped)}" if shipped else "")
    )
    raise UsageError(f"{name}: no such mapping file, and no mapping of that name ships with the tool{hint}")


def _document(text: str, path: str) -> dict[str, Any]:
    long_key = _LONG_KEY.search(text)
    if long_key:
        line = text.count("\n", 0, long_key.start()) + 1
        raise MappingError([f"{path}:{line}: a key has more than {_MOST_DOTS} parts"])
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError([_syntax(str(error), text, path)]) from error
    except RecursionError as error:
        raise MappingError([f"{path}: brackets are nested too deeply"]) from error


def _syntax(message: str, text: str, path: str) -> str:
    place = _PLACE.search(message)
    lines = text.split("\n")
    number = int(place["line"]) if place and place["line"] else len(lines)
    line = lines[number - 1] if number <= len(lines) else ""
    what = _PLACE.sub("", message)
    if what.startswith(_TWICE):
        what = "a key or table stands here for the second time; put the two together"
    elif re.search(r"=\s*0\d", line):
        what = 'text that begins with zeros needs quotes, such as "001"'
    elif what.startswith(("Unescaped", "Invalid hex", "Illegal character '\\\\'")) or re.search(
        r'"[^"]*\\[^"\\]', line
    ):
        what += (
            "; a backslash is written twice between double quotes (\"\\\\d+\"), or stands between single ones ('\\d+')"
        )
    elif what == "Invalid value":
        what += "; text needs quotes"
    return f"{path}:{number}: is no TOML: {what}"


def _refused(document: dict[str, Any], error: ValidationError) -> Iterator[Mistake]:
    for detail in error.errors(include_url=False):
        path = _real_path(document, detail["loc"])
        yield Mistake(path, _what(path, detail))


def _real_path(document: dict[str, Any], location: tuple[str | int, ...]) -> toml_lines.Path:
    """Return `location` as the file has it: without the items of what stands there alone, and pydantic's own marks."""
    path: list[str | int] = []
    node: Any = document
    for key in location:
        if isinstance(node, list) and isinstance(key, int):
            node = node[key]
        elif isinstance(node, dict) and isinstance(key, str) and (key in node or key != "[key]"):
            node = node.get(key)
        else:
            continue
        path.append(key)
    return tuple(path)


def _what(path: toml_lines.Path, detail: ErrorDetails) -> str:
    kind = detail["type"]
    if kind == "extra_forbidden":
        options = options_of(path[:-1])
        return f"is no option here{did_you_mean(str(path[-1]), options) or '; there are ' + ', '.join(options)}"
    if kind == "literal_error":
        given, choices = str(detail["input"]), re.findall(r"'(\w+)'", detail["ctx"]["expected"])
        return f"{quoted(given)} is not one of {', '.join(choices)}{did_you_mean(given, choices)}"
    return _where_told(path, kind) or _WRONG.get(kind) or _plain(detail["msg"])


def _where_told(path: toml_lines.Path, kind: str) -> str | None:
    """Return what is wrong in places whose type is said better than by its name."""
    if path == ("table",):
        return "is missing; [[table]], in double brackets, stands once for each kind of record"
    if kind == "missing" and path[-1] == "fields":
        return "is missing; [table.fields] says which column becomes which field"
    if kind == "tuple_type" and path[-1] in {"column", "key"}:
        return "must be a column's name, or a list of names"
    if kind == "model_type" and path[-2] == "fields":
        return 'must be a column\'s name, or a table such as { column = "Zone", pad = 3 }'
    return None


def _plain(message: str) -> str:
    """Return pydantic's message as it reads after a key."""
    return re.sub("^(Value error, |Input should )", lambda start: "should " * (start[1][0] == "I"), message)
