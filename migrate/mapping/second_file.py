"""The second file that was given, or is to be, and that can't be looked up: what is wrong with it, or with `lookup`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from migrate.mapping.blanks import fold
from migrate.mapping.grammar import Lookup, TableSpec
from migrate.mapping.mapping import Mapping, names_file
from migrate.mapping.mistakes import Mistake, listed, nearest, quoted
from migrate.mapping.select import Reading, demands, match_columns
from migrate.model.sources import LOOKED_UP_IN, Source


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a table looks nothing up for the sources that ask, or in those that seem to be meant."""

    table: int
    sources: tuple[int, ...]
    mistake: Mistake


def unfit_second_files(sources: Sequence[Source], mapping: Mapping, fits: Sequence[Reading]) -> Iterator[Unfit]:
    """Yield what keeps tables from looking up: a name that no field reads, a source that lacks some of it."""
    read = {fit.src for fit in fits if not fit.missing}
    for table, spec in enumerate(mapping.tables):
        lookup = spec.lookup
        asking = [fit for fit in fits if lookup and fit.table == table and _asks(fit, lookup, sources[fit.src])]
        if lookup is None or not asking:
            continue
        askers = tuple(fit.src for fit in asking)
        others = [src for src in {*range(len(sources))} - {*askers, *read} if not sources[src].looked_up]
        path = ("table", table, "lookup")
        if mixed_up := {pair for fit in asking for pair in _mixed_up(fit, lookup)}:
            with_key = [src for src in others if not _without([key for _, key in lookup.key], sources[src])]
            for unread, unasked in sorted(mixed_up):
                what = f"no field of this table reads {quoted(unread)}; did you mean {quoted(unasked)}, which one does?"
                yield Unfit(table, (*askers, *with_key), Mistake((*path, "columns"), what))
            continue
        for src in others:
            if (why := _why(lookup, sources[src])) is not None:
                key, what = why
                yield Unfit(table, (*askers, src), Mistake((*path, key), what))


def _asks(fit: Reading, lookup: Lookup, source: Source) -> bool:
    """Return whether a source lacks nothing but what is looked up, or what it seems that was meant to be."""
    if _without([key for key, _ in lookup.key], source):
        return False
    mixed_up = {unasked for _, unasked in _mixed_up(fit, lookup)}
    lacks = all({*demand.names} & {*lookup.columns, *mixed_up} for demand in fit.missing)
    return lacks and (bool(fit.missing) or LOOKED_UP_IN in source.table.columns)


def _mixed_up(fit: Reading, lookup: Lookup) -> Iterator[tuple[str, str]]:
    """Yield the columns that are looked up and not read, each with one like it that is read, and not there."""
    unread = _unread(fit.spec, lookup)
    for demand in fit.missing:
        if {*demand.names}.isdisjoint(lookup.columns):
            yield from ((near, name) for name in demand.names for near in nearest(name, unread))


def _unread(spec: TableSpec, lookup: Lookup) -> list[str]:
    named = {fold(name) for demand in demands(spec) for name in demand.names}
    return [name for name in lookup.columns if fold(name) not in named]


def _why(lookup: Lookup, source: Source) -> tuple[str, str] | None:
    """Return the key of `lookup` that keeps the source from being looked up, and what is wrong with it."""
    columns, keys = source.table.columns, [key for _, key in lookup.key]
    place = source.file if source.table.sheet is None else f'{source.file}, sheet "{source.table.sheet}"'
    no_keys, lacked = _without(keys, source), _without(lookup.columns, source)
    if not no_keys and not lacked:
        key, glob = ("sheet", lookup.sheet) if names_file(source.file, lookup.file) else ("file", lookup.file)
        return None if glob is None else (key, f"{place} has these columns, but isn't called {quoted(glob)}")
    if not no_keys and (len(lacked) < len(lookup.columns) or any(nearest(name, columns) for name in lacked)):
        return "columns", f"{place} has the key {listed(keys)}, but no column {_with_nearest(lacked, columns)}"
    if no_keys and not lacked:
        advice = 'where the files call it otherwise, write key = { "this file" = "second file" }'
        return "key", f"{place} has what is looked up, but no column {_with_nearest(no_keys, columns)}; {advice}"
    return None


def _without(names: Sequence[str], source: Source) -> list[str]:
    there = match_columns(names, source.table.columns)
    return [name for name in names if name not in there]


def _with_nearest(lacked: Sequence[str], columns: Sequence[str]) -> str:
    near = [*dict.fromkeys(one for name in lacked for one in nearest(name, columns, limit=3))]
    return f"{listed(lacked)} ({f'nearest: {listed(near)}' if near else f'it has {listed(columns)}'})"
