"""Recognizing: which of the mappings that ship with the tool files were exported for, told by their columns."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from migrate.errors import MappingError
from migrate.mapping.choose import choose
from migrate.mapping.grammar import TableSpec
from migrate.mapping.lookup import look_up
from migrate.mapping.mapping import Mapping
from migrate.mapping.select import Reading, demands, match_columns
from migrate.model.sources import Source
from migrate.shipped import shipped_mappings

_LEAST = 4
"""A table that names fewer columns is no sign of an export where its file or sheet is called otherwise."""


@dataclass(frozen=True, slots=True)
class Recognized:
    """A shipped mapping, and how many of the files' `columns` it `used`.

    `lacks` says in words what is wanted before it can read the files; empty: nothing, it reads all of them.
    """

    name: str
    used: int
    columns: int
    lacks: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether it reads the files as they are."""
        return not self.lacks


def recognize(sources: Sequence[Source]) -> Recognized | None:
    """Return the shipped mapping that reads all of the files and uses most of their columns.

    Where none does, the one with a table whose columns are all there, though its file or sheet is called otherwise or
    another table of it wants a file that was not given.
    """
    mappings = [(name, Mapping.load(name)) for name in shipped_mappings()]
    whole = [found for name, mapping in mappings for found in _whole(name, mapping, sources)]
    if whole:
        return max(whole, key=lambda found: found.used)
    partly = [found for name, mapping in mappings for found in _partly(name, mapping, sources)]
    return max(partly, key=lambda found: found.used, default=None)


def _whole(name: str, mapping: Mapping, sources: Sequence[Source]) -> Iterator[Recognized]:
    with suppress(MappingError):
        readings = choose(look_up(sources, mapping), mapping)
        used = {(reading.src, column) for reading in readings for column in _used(reading)}
        read = {reading.src for reading in readings}
        yield Recognized(name, len(used), sum(len(sources[src].table.columns) for src in read))


def _used(reading: Reading) -> set[str]:
    return set(reading.columns.values())


def _partly(name: str, mapping: Mapping, sources: Sequence[Source]) -> Iterator[Recognized]:
    """Yield the mapping if one of its tables finds all of its columns in a source."""
    found: dict[int, set[str]] = {}
    waiting = dict(enumerate(mapping.tables))
    for src, source in enumerate(sources):
        for index, table in enumerate(mapping.tables):
            columns = match_columns(table.kept_columns, source.table.columns)
            if _has_all(table, columns):
                found.setdefault(src, set()).update(columns.values())
                waiting.pop(index, None)
    if found:
        used = sum(map(len, found.values()))
        there = sum(len(sources[src].table.columns) for src in found)
        lacks = [_wanted(table) for table in waiting.values()] or [_wanted(table) for table in mapping.tables]
        yield Recognized(name, used, there, tuple(dict.fromkeys(lacks)))


def _has_all(table: TableSpec, columns: dict[str, str]) -> bool:
    wanted = list(demands(table))
    return len(wanted) >= _LEAST and all(any(name in columns for name in demand.names) for demand in wanted)


def _wanted(table: TableSpec) -> str:
    """Return what a table looks for."""
    where = [f'a file called "{table.file}"'] if table.file else []
    where += [f'a sheet called "{table.sheet}"'] if table.sheet else []
    return f"{' with '.join(where) or 'a file'} for its {table.record}s"
