"""Looking up: columns that a table's own file lacks, taken from a second file by a key that both have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from migrate.errors import MappingError
from migrate.mapping.blanks import clean
from migrate.mapping.grammar import Lookup
from migrate.mapping.mapping import Mapping, matches_glob, names_file
from migrate.mapping.mistakes import Mistake, listed, quoted
from migrate.mapping.rows import usable
from migrate.mapping.select import fitting, match_columns
from migrate.model.findings import as_findings
from migrate.model.phrase import phrase
from migrate.model.sources import LOOKED_UP_IN, Source

LOOKED_UP = "looked up"
UNUSED = "looked up by no row"
"""Why the rows of a second file are left out."""

_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Asked:
    """A source that lacks what `lookup` gives; `givers` are the sources that have it, `tables` those that ask."""

    src: int
    lookup: Lookup
    givers: tuple[int, ...]
    tables: tuple[int, ...] = ()


def look_up(sources: Sequence[Source], mapping: Mapping) -> tuple[Source, ...]:
    """Return `sources` with the columns that tables look up, which have no place in the sheet, behind their own.

    A second file that no table reads makes no records: its rows are left out as looked up. A source that has all of the
    columns itself is left as it is, and so is one to which no second file was given: what it lacks is told by `choose`.

    Raises:
        MappingError: two tables look up the same source in other ways, or it has some of the columns itself.
    """
    every = _asking(sources, mapping)
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
        theirs = _rows_of(asked, sources)
        found[asked.src] = _joined(asked, sources, theirs)
        for src in asked.givers:
            rows = _matched(asked, sources, theirs).filter(pl.col("_src") == src)["_at"]
            used[src] = pl.concat([used[src], rows]) if src in used else rows
    return found, used


def _asking(sources: Sequence[Source], mapping: Mapping) -> list[Asked]:
    """Return each source that must be looked up, once."""
    seen: dict[int, Asked] = {}
    mistakes = []
    for reading in fitting(sources, mapping):
        lookup, own = reading.spec.lookup, sources[reading.src].table.columns
        lacked = {name for demand in reading.missing for name in demand.names}
        if lookup is None or lacked.isdisjoint(lookup.columns) or not _has(own, [key for key, _ in lookup.key]):
            continue
        if any(not {*demand.names} & {*lookup.columns} for demand in reading.missing):
            continue
        givers = tuple(src for src, source in enumerate(sources) if src != reading.src and _gives(source, lookup))
        path = ("table", reading.table, "lookup")
        if mine := match_columns(lookup.columns, own):
            what = (
                f"{sources[reading.src].file} has {listed([*mine.values()])} too; call it otherwise in one of the files"
            )
            mistakes.append(Mistake(path, what))
        elif reading.src in seen and seen[reading.src].lookup != lookup:
            first = seen[reading.src].tables[0] + 1
            mistakes.append(Mistake(path, f"contradicts table[{first}].lookup; both read the same file"))
        elif givers:
            tables = seen[reading.src].tables if reading.src in seen else ()
            seen[reading.src] = Asked(reading.src, lookup, givers, (*tables, reading.table))
    if mistakes:
        raise MappingError(mapping.tell(mistakes))
    return list(seen.values())


def _gives(source: Source, lookup: Lookup) -> bool:
    sheet = source.table.sheet
    is_meant = names_file(source.file, lookup.file) and (
        lookup.sheet is None or (sheet is not None and matches_glob(sheet, lookup.sheet))
    )
    return is_meant and _has(source.table.columns, [*(key for _, key in lookup.key), *lookup.columns])


def _has(columns: Sequence[str], wanted: Sequence[str]) -> bool:
    return len(match_columns(wanted, columns)) == len({*wanted})


def _rows_of(asked: Asked, sources: Sequence[Source]) -> pl.DataFrame:
    """Return `_src`, `_at` (its row), `_key` and the columns of each row of the second files that has a key."""
    keys, columns = [key for _, key in asked.lookup.key], asked.lookup.columns
    parts = []
    for src in asked.givers:
        table = sources[src].table
        there = match_columns([*keys, *columns], table.columns)
        parts.append(
            usable(table).select(
                _key(there[name] for name in keys),
                pl.lit(src, dtype=pl.UInt32).alias("_src"),
                pl.col("_row").alias("_at"),
                *(pl.col(there[name]).alias(name) for name in columns),
            )
        )
    return pl.concat(parts).drop_nulls("_key")


def _key(columns: Iterator[str]) -> pl.Expr:
    """Return the key of each row, in any case; null where a part of it is empty."""
    return pl.concat_str([clean(pl.col(name)).str.to_lowercase() for name in columns], separator=_SEPARATOR).alias(
        "_key"
    )


def _own_keys(asked: Asked, source: Source) -> pl.DataFrame:
    there = match_columns([key for key, _ in asked.lookup.key], source.table.columns)
    return source.table.frame.select("_row", _key(iter(there.values())))


def _matched(asked: Asked, sources: Sequence[Source], theirs: pl.DataFrame) -> pl.DataFrame:
    return theirs.join(_own_keys(asked, sources[asked.src]), on="_key", how="semi")


def _joined(asked: Asked, sources: Sequence[Source], theirs: pl.DataFrame) -> Source:
    """Return the source with the columns looked up, and what is doubtful about that."""
    source, columns = sources[asked.src], list(asked.lookup.columns)
    table = source.table
    by_key = theirs.group_by("_key", maintain_order=True).agg(
        *(pl.when(pl.col(name).n_unique() == 1).then(pl.col(name).first()).alias(name) for name in columns),
        pl.struct(columns).n_unique().alias("_ways"),
        pl.col("_src", "_at").first(),
        pl.col("_at").slice(1, 1).first().alias("_second"),
    )
    found = _own_keys(asked, source).join(by_key, on="_key", how="left", maintain_order="left")
    names = {src: sources[src].file for src in asked.givers}
    findings = [table.findings, _not_found(asked, source, found, names), _differing(asked, source, found, names)]
    findings += _carried(asked, sources, _own_keys(asked, source).join(theirs.select("_key", "_src", "_at"), on="_key"))
    place = phrase("{}, row {}", pl.col("_src").replace_strict(names, return_dtype=pl.String), "_at")
    wider = replace(
        table,
        frame=table.frame.hstack(found.select(*columns, place.alias(LOOKED_UP_IN))),
        letters={**table.letters, **dict.fromkeys((*columns, LOOKED_UP_IN))},
        findings=pl.concat(findings),
    )
    return replace(source, table=wider)


def _not_found(asked: Asked, source: Source, found: pl.DataFrame, names: dict[int, str]) -> pl.DataFrame:
    files = " and ".join(dict.fromkeys(names.values()))
    rows = found.filter(pl.col("_ways").is_null()).select("_row")
    return _at_key(
        asked,
        source,
        rows,
        code="not_looked_up",
        message=pl.lit(f"{files} has no row with this {_key_words(asked)}"),
        hint=f"add the row to {files}, or mend the cell so that the two agree",
    )


def _differing(asked: Asked, source: Source, found: pl.DataFrame, names: dict[int, str]) -> pl.DataFrame:
    rows = found.filter(pl.col("_ways") > 1)
    file = pl.col("_src").replace_strict(names, return_dtype=pl.String)
    said = "{} has more than one row with this " + _key_words(asked) + ", such as rows {} and {}, and they differ"
    return _at_key(
        asked,
        source,
        rows,
        code="looked_up_twice",
        message=phrase(said, file, "_at", "_second"),
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
        place = phrase("{}, {}", pl.lit(sources[src].file), pl.coalesce("cell", phrase("row {}", "_at")))
        told = (
            about.rename({"_row": "_at"})
            .join(pairs.filter(pl.col("_src") == src).select("_at", _own="_row"), on="_at")
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
    about_file = table.findings.filter(pl.col("_row").is_null())
    return replace(
        source,
        table=replace(
            table,
            left_out=pl.concat([table.left_out, left.select(table.left_out.columns)]).sort("_row"),
            findings=pl.concat([about_file, told.select(about_file.columns)]),
        ),
    )


def _key_words(asked: Asked) -> str:
    return " and ".join(quoted(own) for own, _ in asked.lookup.key)
