"""Which table fits which source, and what the file calls the columns that the table names."""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Dict
from dataclasses import dataclass

from migrate.mapping.blanks import fold
from migrate.mapping.grammar import TableSpec, needs_all
from migrate.mapping.mapping import Mapping, matches_glob, takes_file
from migrate.mapping.toml_lines import Path
from migrate.model.sources import Source, Table


@dataclass(frozen=True, slots=True)
class Demand:
    """A key of a table that names columns, of which one must be there."""

    path: Path
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A table of the mapping and a source that fits its `file` and `sheet`.

    `columns`: the mapping's name → the file's, for those that are there; `missing`: what isn't. A source is read if
    nothing is missing.
    """

    src: int
    table: int
    spec: TableSpec
    columns: Dict[str, str]
    missing: tuple[Demand, ...]

    def columns_of(self, field: str) -> list[str]:
        """Return the columns that a field reads, as the file calls them."""
        names = self.spec.fields[field].columns
        return list(dict.fromkeys(self.columns[name] for name in names if name in self.columns))

    def needs_all(self, field: str) -> bool:
        """Tell whether the field is empty where any of its columns is."""
        return needs_all(field, self.spec.fields[field])

    @property
    def mapped(self) -> set[str]:
        """The columns that the fields read, as the file calls them."""
        return {column for field in self.spec.fields for column in self.columns_of(field)}

    @property
    def filled(self) -> set[str]:
        """The columns that are filled down, as the file calls them."""
        return {self.columns[name] for name in self.spec.fill_down}

    @property
    def asked(self) -> set[str]:
        """The columns that say which rows are taken, as the file calls them."""
        return {self.columns[condition.column] for condition in self.spec.where}


def fitting(sources: Sequence[Source], mapping: Mapping) -> tuple[Reading, ...]:
    """Return each table with each source that fits its `file` and `sheet`, by source and then by table.

    A source that is looked up is not read by the table that does so, and lacks nothing of what it is not meant for.
    """
    found = [
        _reading(src, sources[src].table, table=table, spec=spec)
        for table, spec in enumerate(mapping.tables)
        for src in _fitting(spec, sources)
        if table not in sources[src].looked_up
    ]
    found = [reading for reading in found if not (reading.missing and sources[reading.src].looked_up)]
    return tuple(sorted(found, key=lambda reading: (reading.src, reading.table)))


def match_columns(wanted: Sequence[str], have: Sequence[str]) -> dict[str, str]:
    """Return wanted name → the column of that name, letter for letter or else folded; absent ones are left out."""
    folded: dict[str, str] = {}
    for column in have:
        folded.setdefault(fold(column), column)
    exact = set(have)
    found = ((name, name if name in exact else folded.get(fold(name))) for name in wanted)
    return {name: column for name, column in found if column is not None}


def demands(spec: TableSpec) -> Iterator[Demand]:
    """Yield the columns that a table can't do without, each once."""
    seen: set[tuple[str, ...]] = set()
    for path, names in _naming(spec):
        folded = tuple(map(fold, names))
        if folded not in seen:
            seen.add(folded)
            yield Demand(path, names)


def _naming(spec: TableSpec) -> Iterator[tuple[Path, tuple[str, ...]]]:
    for field, source in spec.fields.items():
        if source.column:
            yield ("fields", field), source.column
        for name in source.columns if source.template else ():
            yield ("fields", field), (name,)
    for name in spec.fill_down:
        yield ("fill_down",), (name,)
    for condition in spec.where:
        yield ("where",), (condition.column,)


def _reading(src: int, source: Table, *, table: int, spec: TableSpec) -> Reading:
    columns = match_columns(spec.kept_columns, source.columns)
    missing = tuple(demand for demand in demands(spec) if not any(name in columns for name in demand.names))
    return Reading(src=src, table=table, spec=spec, columns=columns, missing=missing)


def _fitting(spec: TableSpec, sources: Sequence[Source]) -> Iterator[int]:
    """Yield the sources that fit `file` and `sheet`; without `sheet`, the first of each input that has rows."""
    by_file: dict[str, list[int]] = {}
    for src, source in enumerate(sources):
        if takes_file(spec, source.file):
            by_file.setdefault(source.file, []).append(src)
    for group in by_file.values():
        if spec.sheet is None:
            yield min(group, key=lambda src: (sources[src].table.frame.is_empty(), sources[src].table.hidden))
        else:
            sheets = ((src, sources[src].table.sheet) for src in group)
            named = [src for src, sheet in sheets if sheet is not None and matches_glob(sheet, spec.sheet)]
            # of several sheets those that hold nothing at all have no columns to miss
            yield from [src for src in named if sources[src].table.columns] or named
