"""Looking up: columns that a table's own file lacks, taken from a second file by a key that both have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from migrate.errors import MappingError
from migrate.mapping.blanks import clean
from migrate.mapping.grammar import Lookup
from migrate.mapping.mapping import Mapping, matches_glob, names_file
from migrate.mapping.mistakes import Mistake, listed, quoted
from migrate.mapping.rows import filled_down, usable
from migrate.mapping.select import Reading, fitting, match_columns
from migrate.model.findings import DAMAGE, as_findings
from migrate.model.phrase import phrase
from migrate.model.sources import LOOKED_UP_IN, Source, Table

LOOKED_UP = "looked up"
UNUSED = "looked up by no row"
"""Why the rows of a second file are left out."""

_SEPARATOR = "\x1f"
KEY, _SRC, _AT, _WAYS, _OTHER = "\0key", "\0src", "\0at", "\0ways", "\0other"
"""Beside the columns of a file, whatever these are called."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A source that lacks what `lookup` gives; `givers` are the sources that have it, `tables` those that ask.

    `filled` are the source's own columns that are filled down before they are looked up.
    """

    src: int
    lookup: Lookup
    givers: tuple[int, ...]
    tables: tuple[int, ...] = ()
    filled: tuple[str, ...] = ()


def look_up(sources: Sequence[Source], mapping: Mapping) -> tuple[Source, ...]:
    """Return `sources` with the columns that tables look up, which have no place in the sheet, behind their own.

    A second file that no table reads makes no records: its rows are left out as looked up. A source that has all of the
    columns itself is left as it is, and so is one to which no second file was given: what it lacks is told by `choose`.

    Raises:
        MappingError: two tables look up the same source in other ways, or it has some of the columns itself.
    """
    every = asking(sources, mapping)
    found, used = take_columns(sources, every)
    for src in used:
        tables = {table for asked in every if src in asked.givers for table in asked.tables}
        found[src] = replace(found[src], looked_up=tuple(sorted(tables)))
    read = {reading.src for reading in fitting(found, mapping)}
    for src, rows in used.items():
        if src not in read:
            found[src] = _only_looked_up(found[src], rows)
    return tuple(found)


def take_columns(sources: Sequence[Source], every: Sequence[Asked]) -> tuple[list[Source], dict[int, pl.Series]]:
    """Return the sources with the columns that are asked for, and for each giver the rows that were looked up."""
    found = list(sources)
    used: dict[int, pl.Series] = {}
    for asked in every:
        theirs = rows_of(asked, sources)
        found[asked.src] = joined(asked, sources, theirs)
        matched = theirs.join(own_keys(asked, sources[asked.src]), on=KEY, how="semi")
        for src in asked.givers:
            rows = matched.filter(pl.col(_SRC) == src)[_AT]
            used[src] = pl.concat([used[src], rows]) if src in used else rows
    return found, used


def asking(sources: Sequence[Source], mapping: Mapping) -> list[Asked]:
    """Return each source that must be looked up, once."""
    seen: dict[int, Asked] = {}
    mistakes = []
    fits = fitting(sources, mapping)
    for reading in fits:
        lookup, own = reading.spec.lookup, sources[reading.src].table.columns
        lacked = {name for demand in reading.missing for name in demand.names}
        if lookup is None or lacked.isdisjoint(lookup.columns) or not _has(own, [key for key, _ in lookup.key]):
            continue
        if any(not {*demand.names} & {*lookup.columns} for demand in reading.missing):
            continue
        path, src = ("table", reading.table, "lookup"), reading.src
        filled = tuple(match_columns([key for key, _ in lookup.key if key in reading.spec.fill_down], own).values())
        if mine := match_columns((*lookup.columns, LOOKED_UP_IN), own):
            what = f"{sources[src].file} has {listed([*mine.values()])} too; call it otherwise in one of the files"
            mistakes.append(Mistake(path, what))
        elif src in seen and (seen[src].lookup, seen[src].filled) != (lookup, filled):
            first = seen[src].tables[0] + 1
            mistakes.append(Mistake(path, f"contradicts table[{first}].lookup; both read the same file"))
        elif givers := _givers(sources, reading, fits):
            tables = seen[src].tables if src in seen else ()
            seen[src] = Asked(src, lookup, givers, (*tables, reading.table), filled)
    if mistakes:
        raise MappingError(mapping.tell(mistakes))
    return list(seen.values())


def _givers(sources: Sequence[Source], asking: Reading, fits: Sequence[Reading]) -> tuple[int, ...]:
    """Return the sources that have what is asked for; one that the table itself can read only if there is no other."""
    lookup = asking.spec.lookup
    able = [src for src, source in enumerate(sources) if src != asking.src and lookup and _gives(source, lookup)]
    whole = {fit.src for fit in fits if fit.table == asking.table and not fit.missing}
    return tuple([src for src in able if src not in whole] or able)


def _gives(source: Source, lookup: Lookup) -> bool:
    sheet = source.table.sheet
    is_meant = names_file(source.file, lookup.file) and (
        lookup.sheet is None or (sheet is not None and matches_glob(sheet, lookup.sheet))
    )
    return is_meant and _has(source.table.columns, [*(key for _, key in lookup.key), *lookup.columns])


def _has(columns: Sequence[str], wanted: Sequence[str]) -> bool:
    return len(match_columns(wanted, columns)) == len({*wanted})


def rows_of(asked: Asked, sources: Sequence[Source]) -> pl.DataFrame:
    """Return key, source and row of each row of the second files that has a key, and what it gives."""
    keys, columns = [key for _, key in asked.lookup.key], asked.lookup.columns
    parts = []
    for src in asked.givers:
        table = sources[src].table
        there = match_columns([*keys, *columns], table.columns)
        parts.append(
            usable(table).select(
                _key(table, [there[name] for name in keys]),
                pl.lit(src, dtype=pl.UInt32).alias(_SRC),
                pl.col("_row").alias(_AT),
                *(pl.col(there[name]).alias(name) for name in columns),
            )
        )
    return pl.concat(parts, rechunk=True).drop_nulls(KEY)


def _key(table: Table, columns: Sequence[str]) -> pl.Expr:
    """Return the key of each row, in any case; null where a part of it is empty, or is not known for damage."""
    damaged = table.findings.filter(pl.col("code").is_in(DAMAGE), pl.col("column").is_in(columns))["_row"].implode()
    texts = [clean(pl.col(name)).str.to_lowercase() for name in columns]
    return pl.when(~pl.col("_row").is_in(damaged)).then(pl.concat_str(texts, separator=_SEPARATOR)).alias(KEY)


def own_keys(asked: Asked, source: Source) -> pl.DataFrame:
    """Return `_row` and key of the rows of the source that asks."""
    table = source.table
    there = match_columns([key for key, _ in asked.lookup.key], table.columns)
    columns = [there[key] for key, _ in asked.lookup.key]
    keys = filled_down(usable(table), asked.filled).select("_row", _key(table, columns))
    return table.frame.select("_row").join(keys, on="_row", how="left", maintain_order="left")


def joined(asked: Asked, sources: Sequence[Source], theirs: pl.DataFrame) -> Source:
    """Return the source with the columns looked up, and what is doubtful about that."""
    source, columns = sources[asked.src], list(asked.lookup.columns)
    table, keys = source.table, own_keys(asked, sources[asked.src])
    by_key = theirs.group_by(KEY, maintain_order=True).agg(
        *(pl.when(pl.col(name).n_unique() == 1).then(pl.col(name).first()).alias(name) for name in columns),
        pl.struct(columns).n_unique().alias(_WAYS),
        pl.col(_SRC, _AT).first(),
    )
    place = phrase("{}, row {}", pl.col(_SRC).replace_strict(places(asked, sources), return_dtype=pl.String), _AT)
    by_key = by_key.with_columns(place.alias(LOOKED_UP_IN))
    mixed = theirs.join(by_key.filter(pl.col(_WAYS) > 1), on=KEY, how="semi", maintain_order="left")
    said = pl.struct(columns)
    others = (
        mixed.with_columns(place.alias(_OTHER))
        .group_by(KEY)
        .agg(pl.col(_OTHER).filter(said.ne_missing(said.first())).first())
    )
    by_key = by_key.join(others, on=KEY, how="left", maintain_order="left")
    found = keys.join(by_key, on=KEY, how="left", maintain_order="left")
    findings = [table.findings, _not_found(asked, sources, found), _differing(asked, sources, found)]
    findings += _carried(asked, sources, keys.join(theirs.select(KEY, _SRC, _AT), on=KEY))
    wider = replace(
        table,
        frame=table.frame.hstack(found.select(*columns, LOOKED_UP_IN)),
        letters={**table.letters, **dict.fromkeys((*columns, LOOKED_UP_IN))},
        findings=pl.concat(findings, rechunk=True),
    )
    return replace(source, table=wider)


def places(asked: Asked, sources: Sequence[Source]) -> dict[int, str]:
    """Return what each second file is called, with the sheet where it has some."""
    sheets = {src: sources[src].table.sheet for src in asked.givers}
    return {
        src: sources[src].file if sheet is None else f'{sources[src].file}, sheet "{sheet}"'
        for src, sheet in sheets.items()
    }


def _not_found(asked: Asked, sources: Sequence[Source], found: pl.DataFrame) -> pl.DataFrame:
    names = places(asked, sources)
    named, keys = [*dict.fromkeys(sources[src].file for src in names)], _key_words(asked)
    files, have = " and ".join(named), "has" if len(named) == 1 else "have"
    rows = found.filter(pl.col(_WAYS).is_null()).select("_row", KEY)
    return _at_key(
        asked,
        sources[asked.src],
        rows,
        code="not_looked_up",
        message=pl.when(pl.col(KEY).is_null())
        .then(pl.lit(f"without {keys}, or with one that is damaged, nothing can be looked up in {files}"))
        .otherwise(pl.lit(f"{files} {have} no row with this {keys}")),
        hint=f"add the row to {files}, or mend the cell so that the two agree",
    )


def _differing(asked: Asked, sources: Sequence[Source], found: pl.DataFrame) -> pl.DataFrame:
    said = "more than one row has this " + _key_words(asked) + ", such as {} and {}, and they differ"
    return _at_key(
        asked,
        sources[asked.src],
        found.filter(pl.col(_WAYS) > 1).select("_row", LOOKED_UP_IN, _OTHER),
        code="looked_up_twice",
        message=phrase(said, LOOKED_UP_IN, _OTHER),
        hint="leave the one that is right; what they differ in is taken as empty",
    )


def _at_key(
    asked: Asked, source: Source, rows: pl.DataFrame, *, code: str, message: pl.Expr, hint: str
) -> pl.DataFrame:
    """Return a warning at the first cell of the key in each of the `rows`."""
    table = source.table
    column = match_columns([asked.lookup.key[0][0]], table.columns)[asked.lookup.key[0][0]]
    cells = rows.join(table.frame.select("_row", value=pl.col(column)), on="_row", how="left", maintain_order="left")
    placed = cells.with_columns(row="_row", cell=table.cells(column), message=message)
    return as_findings(placed, severity="warning", code=code, hint=hint)  # about the row: its key may feed many fields


def _carried(asked: Asked, sources: Sequence[Source], pairs: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield what the reader found about looked-up cells, and rows of the second files, at the rows that took them."""
    for src in asked.givers:
        table = sources[src].table
        there = {theirs: own for own, theirs in match_columns(asked.lookup.columns, table.columns).items()}
        about = table.findings.filter(pl.col("column").is_null() | pl.col("column").is_in(list(there)))
        place = phrase("{}, {}", pl.lit(places(asked, sources)[src]), pl.coalesce("cell", phrase("row {}", _AT)))
        told = (
            about.rename({"_row": _AT})
            .join(pairs.filter(pl.col(_SRC) == src).select(_AT, _own="_row"), on=_AT)
            .with_columns(
                pl.col("column").replace(there),
                place.alias("cell"),
                row="_own",
                _row="_own",
            )
        )
        yield as_findings(told).select(table.findings.columns)


def _only_looked_up(source: Source, rows: pl.Series) -> Source:
    """Return a second file, all of whose rows are left out; those that no row looks up are warned of."""
    table = source.table
    left = (
        usable(table)
        .select("_row")
        .with_columns(
            why=pl.when(pl.col("_row").is_in(rows.implode())).then(pl.lit(LOOKED_UP)).otherwise(pl.lit(UNUSED))
        )
    )
    idle = left.filter(why=UNUSED).with_columns(row="_row")
    told = as_findings(
        idle,
        severity="warning",
        code="looked_up_by_none",
        message="no row of the other file looks this one up, so it is used for nothing",
        hint="see whether a record is missing there, or the key is spelt otherwise",
    )
    return replace(
        source,
        table=replace(
            table,
            left_out=pl.concat([table.left_out, left.select(table.left_out.columns)]).sort("_row"),
            findings=pl.concat([table.findings, told.select(table.findings.columns)]),
        ),
    )


def _key_words(asked: Asked) -> str:
    return " and ".join(quoted(own) for own, _ in asked.lookup.key)
