"""Who reads what, or everything that doesn't fit between a mapping and the inputs, with what was nearest."""

from collections.abc import Collection, Iterator, Sequence

from migrate.errors import MappingError
from migrate.mapping.blanks import fold
from migrate.mapping.mapping import Mapping, takes_file
from migrate.mapping.mistakes import Mistake, did_you_mean, listed, nearest, quoted
from migrate.mapping.second_file import unfit_second_files
from migrate.mapping.select import Demand, Reading, demands, fitting, match_columns
from migrate.model.sources import Source

_MEANT = 0.5
"""A table that finds this share of the columns that only it names means the sheet: what it lacks there is a mistake."""

_FILES_NAMED = 3


def choose(sources: Sequence[Source], mapping: Mapping) -> tuple[Reading, ...]:
    """Return which tables read which sources, by source and then by table.

    Raises:
        MappingError: an input that no table reads, a table that reads none, a missing column; all at once.
    """
    fits = fitting(sources, mapping)
    unfit = [*unfit_second_files(sources, mapping, fits)]
    told = {(src, one.table) for one in unfit for src in one.sources}
    mistakes = [one.mistake for one in unfit]
    mistakes += [
        *_without_source(sources, mapping, fits),
        *_lacking(sources, fits, told),
        *_other_header(sources, fits),
    ]
    lines = mapping.tell(mistakes) + list(_without_table(sources, mapping, fits, but={src for src, _ in told}))
    if lines:
        raise MappingError(lines)
    return tuple(fit for fit in fits if not fit.missing)


def _without_source(sources: Sequence[Source], mapping: Mapping, fits: Sequence[Reading]) -> Iterator[Mistake]:
    """Tell tables whose `file` or `sheet` no input has."""
    for index in {*range(len(mapping.tables))} - {fit.table for fit in fits}:
        spec = mapping.tables[index]
        named = [source for source in sources if takes_file(spec, source.file)]
        if not named:
            files = listed([*dict.fromkeys(source.file for source in sources)])
            what = f"no input's name matches {quoted(str(spec.file))}; given: {files}"
            yield Mistake(("table", index, "file"), f"{what}; name that file too, or mend the glob")
            continue
        wanted = str(spec.sheet)
        sheets = [source.table.sheet for source in named if source.table.sheet is not None]
        there = f"there are {listed(sheets)}" if sheets else "a text file has none"
        hint = did_you_mean(wanted, sheets, quote='"')
        yield Mistake(("table", index, "sheet"), f"no input has a sheet {quoted(wanted)}; {there}{hint}")


def _without_table(
    sources: Sequence[Source], mapping: Mapping, fits: Sequence[Reading], *, but: Collection[int]
) -> Iterator[str]:
    """Tell inputs that fit the `file` and `sheet` of no table."""
    fitted = {sources[src].file for src in {*but, *(fit.src for fit in fits)}}
    fitted |= {source.file for source in sources if source.looked_up}
    for file in dict.fromkeys(source.file for source in sources if source.file not in fitted):
        sheets = [source.table.sheet for source in sources if source.file == file and source.table.sheet is not None]
        there = f"its sheets are {listed(sheets)}" if sheets else "it is a text file, without sheets"
        wanted = [
            f"table[{index + 1}] takes "
            + " and ".join(
                f"{key} {quoted(glob)}" for key, glob in (("file", spec.file), ("sheet", spec.sheet)) if glob
            )
            for index, spec in enumerate(mapping.tables)
        ]
        yield f"{file}: no table of {mapping.path} reads it; {there}; {', '.join(wanted)}"


def _lacking(
    sources: Sequence[Source], fits: Sequence[Reading], told: Collection[tuple[int, int]]
) -> Iterator[Mistake]:
    """Tell the columns that are missing where a table means a source, or is the nearest to one that nobody reads.

    Of sources and tables that are `told` of, not what they lack.
    """
    lacking = [(fit, _share(fit, fits)) for fit in fits if fit.missing and (fit.src, fit.table) not in told]
    read = {fit.src for fit in fits if not fit.missing} | {src for src, _ in told}
    busy = {fit.table for fit in fits if not fit.missing} | {table for _, table in told}
    meant: dict[tuple[int, Demand], list[Reading]] = {}
    strange: dict[tuple[int, bool, tuple[Demand, ...]], list[Reading]] = {}
    for fit, share in lacking:
        of_source = max(other_share for other, other_share in lacking if other.src == fit.src)
        of_table = max(other_share for other, other_share in lacking if other.table == fit.table)
        alone = [other for other in fits if other.src == fit.src or other.table == fit.table] == [fit]
        if alone or share >= _MEANT:
            for demand in fit.missing:
                meant.setdefault((fit.table, demand), []).append(fit)
        elif (fit.src not in read and share == of_source) or (fit.table not in busy and share == of_table):
            strange.setdefault((fit.table, fit.src in read, fit.missing), []).append(fit)
    for (table, demand), without in meant.items():
        yield Mistake(("table", table, *demand.path), _absent(demand, without, sources))
    for (table, is_read, _), without in strange.items():
        yield Mistake(("table", table), _unlike(without, sources, is_read=is_read))


def _absent(demand: Demand, without: Sequence[Reading], sources: Sequence[Source]) -> str:
    """Return the words for one column that all of the readings are `without`, however many sheets they are."""
    near = _near(demand, _columns(without, sources))
    there = f"nearest: {listed(near)}" if near else _there(without, sources)
    what = f"{_have(without)} no column {_named(demand)} ({there})"
    return f"{_places(without, sources)} {what}{_elsewhere(without, sources)}{_second_file(without[0], [demand])}"


def _unlike(without: Sequence[Reading], sources: Sequence[Source], *, is_read: bool) -> str:
    """Return the words for a table and sources, all without the same columns, that seem not to belong together."""
    whole = "it reads no input; nearest is" if is_read else "no table reads"
    columns = _columns(without, sources)
    every = [
        f"{_named(demand)} (nearest: {listed(near)})" if (near := _near(demand, columns)) else _named(demand)
        for demand in without[0].missing
    ]
    what = f"which {_have(without)} no column {', '.join(every)}; {_there(without, sources)}"
    advice = _elsewhere(without, sources) + _second_file(without[0], without[0].missing)
    return f"{whole} {_places(without, sources)}, {what}{advice}"


def _other_header(sources: Sequence[Source], fits: Sequence[Reading]) -> Iterator[Mistake]:
    """Tell tables whose `header_row` isn't the one that the source was read with, as another table wants that."""
    other: dict[tuple[int, int], list[Reading]] = {}
    for fit in fits:
        row = sources[fit.src].table.header_row
        if fit.spec.header_row not in (None, row):
            other.setdefault((fit.table, row), []).append(fit)
    for (table, row), read in other.items():
        was = "was" if len(read) == 1 else "were"
        what = f"{_places(read, sources)} {was} read with header row {row}, as another table wants it"
        yield Mistake(("table", table, "header_row"), what)


def _share(fit: Reading, fits: Sequence[Reading]) -> float:
    """Return how much of what no table that reads the source names the table finds there."""
    readers = [other for other in fits if other.src == fit.src and not other.missing]
    shared = {fold(name) for reader in readers for name in reader.columns}
    own = [demand for demand in demands(fit.spec) if not any(fold(name) in shared for name in demand.names)]
    return 1 - len(fit.missing) / len(own)


def _near(demand: Demand, columns: Sequence[str]) -> list[str]:
    return [*dict.fromkeys(near for name in demand.names for near in nearest(name, columns, limit=3))]


def _named(demand: Demand) -> str:
    return " or ".join(map(quoted, demand.names))


def _have(fits: Sequence[Reading]) -> str:
    return "has" if len(fits) == 1 else "have"


def _there(fits: Sequence[Reading], sources: Sequence[Source]) -> str:
    return f"{'it has' if len(fits) == 1 else 'they have'} {listed(_columns(fits, sources))}"


def _columns(fits: Sequence[Reading], sources: Sequence[Source]) -> list[str]:
    return [*dict.fromkeys(column for fit in fits for column in sources[fit.src].table.columns)]


def _elsewhere(without: Sequence[Reading], sources: Sequence[Source]) -> str:
    """Return the advice to name the sheet of the same file that has all of the columns."""
    files = {sources[fit.src].file for fit in without}
    spec = without[0].spec
    if spec.sheet is None:
        for source in sources:
            found = match_columns(spec.kept_columns, source.table.columns)
            complete = all(any(name in found for name in demand.names) for demand in demands(spec))
            if complete and source.file in files:
                return f"; another sheet has all of them: write sheet = {quoted(str(source.table.sheet))}"
    return ""


def _second_file(fit: Reading, missing: Sequence[Demand]) -> str:
    """Return the advice to give the file that the table looks up, where that would have what is missing."""
    lookup = fit.spec.lookup
    if lookup is None or all({*demand.names}.isdisjoint(lookup.columns) for demand in missing):
        return ""
    columns = listed([*(key for _, key in lookup.key), *lookup.columns])
    return f"; give a second file with the columns {columns} too (table.lookup)"


def _places(fits: Sequence[Reading], sources: Sequence[Source]) -> str:
    """Return the names of what was read, each file once with its sheets."""
    sheets: dict[str, list[str]] = {}
    for source in (sources[fit.src] for fit in fits):
        sheets.setdefault(source.file, []).extend([] if source.table.sheet is None else [source.table.sheet])
    named = [_place(file, own) for file, own in sheets.items()]
    more = f" and {len(named) - _FILES_NAMED} more files" if len(named) > _FILES_NAMED else ""
    return "; ".join(named[:_FILES_NAMED]) + more


def _place(file: str, sheets: Sequence[str]) -> str:
    return f"{file}, {'sheet' if len(sheets) == 1 else 'sheets'} {listed(sheets)}" if sheets else file
