"""Mapping: a mapping file as it was checked, with the text it was made from."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PureWindowsPath
from typing import TypeVar

from migrate.errors import MappingError
from migrate.mapping import load
from migrate.mapping.grammar import TableSpec
from migrate.mapping.mistakes import Mistake, tell
from migrate.readers.options import ReadOptions, SheetOptions
from migrate.shipped import short_name

_T = TypeVar("_T")
_FILE_OPTIONS = ("encoding", "delimiter", "quote")


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which columns become which fields; `parse(text, path=path)` makes the same mapping again."""

    name: str
    tables: tuple[TableSpec, ...]
    text: str
    sha256: str
    path: str

    @classmethod
    def load(cls, source: str | Path) -> "Mapping":
        """Return the mapping in a file, or the shipped one of that name.

        Raises:
            UsageError: there is none, or it can't be read.
            MappingError: it has mistakes; all of them are told.
        """
        path, text = load.read_text(source)
        return cls.parse(text, path=path)

    @classmethod
    def parse(cls, text: str, *, path: str) -> "Mapping":
        """Return the mapping that `text` writes; `path` names it in messages, which MappingError tells all at once."""
        model = load.parse(text, path=path)
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        return cls(name=model.name or Path(path).stem, tables=model.table, text=text, sha256=sha256, path=path)

    def read_options(self, file: str) -> tuple[ReadOptions, tuple[SheetOptions, ...]]:
        """Return what to tell the readers about the input `file`; tables that contradict each other are mistakes."""
        tables = [(index, table) for index, table in enumerate(self.tables) if takes_file(table, file)]
        mistakes = [*_contradictions(tables, _FILE_OPTIONS)]
        by_sheet: dict[str | None, list[tuple[int, TableSpec]]] = {}
        for index, table in tables:
            by_sheet.setdefault(table.sheet, []).append((index, table))
        for same_sheet in by_sheet.values():
            mistakes += _contradictions(same_sheet, ("header_row",))
        if mistakes:
            raise MappingError(self.tell(mistakes))
        named_first = sorted(by_sheet, key=lambda sheet: sheet is None)
        options = ReadOptions(
            encoding=_first(table.encoding for _, table in tables),
            delimiter=_first(table.delimiter for _, table in tables),
            quote=_first(table.quote for _, table in tables),
        )
        lookups = {table.lookup for table in self.tables if table.lookup and names_file(file, table.lookup.file)}
        asked = (SheetOptions(sheet=one.sheet, keep=one.kept_columns) for one in lookups)
        return options, (*(_sheet_options(sheet, by_sheet[sheet]) for sheet in named_first), *asked)

    def clears(self, record: str) -> frozenset[str]:
        """Return the fields of `record` whose empty cell clears the dealer's value on update."""
        specs = [table.fields for table in self.tables if table.record == record]
        return frozenset(name for fields in specs for name, spec in fields.items() if spec.clear)

    def tell(self, mistakes: list[Mistake]) -> list[str]:
        """Return a line for each of the mistakes, with file and line."""
        return tell(mistakes, file=short_name(self.path), text=self.text)


def takes_file(table: TableSpec, file: str) -> bool:
    """Tell whether the name of `file` matches the table's `file`."""
    return names_file(file, table.file)


def names_file(file: str, pattern: str | None) -> bool:
    """Tell whether the name of `file` matches the glob `pattern`; None takes every file."""
    return pattern is None or matches_glob(PureWindowsPath(file).name, pattern)


def matches_glob(name: str, pattern: str) -> bool:
    """Tell whether `name` is `pattern` or matches it as a glob, in any case."""
    name, pattern = name.strip().casefold(), pattern.strip().casefold()
    return name == pattern or fnmatchcase(name, pattern)


def _sheet_options(sheet: str | None, tables: list[tuple[int, TableSpec]]) -> SheetOptions:
    keep = dict.fromkeys(column for _, table in tables for column in table.kept_columns)
    header_row = _first(table.header_row for _, table in tables)
    return SheetOptions(sheet=sheet, header_row=header_row, keep=tuple(keep))


def _first(values: Iterable[_T | None]) -> _T | None:
    return next((value for value in values if value is not None), None)


def _contradictions(tables: list[tuple[int, TableSpec]], options: tuple[str, ...]) -> Iterator[Mistake]:
    for option in options:
        given = [(index, value) for index, table in tables if (value := getattr(table, option)) is not None]
        for index, value in given[1:]:
            first, agreed = given[0]
            if value != agreed:
                text = f"contradicts table[{first + 1}].{option}; both read the same file"
                yield Mistake(("table", index, option), text)
