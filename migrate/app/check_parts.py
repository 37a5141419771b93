"""Checking in parts: what some rows say of themselves first, then only those together that have something to tell.

What is told is what a check of all rows at once tells; records with which nothing is wrong are counted (`Rest`).
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl

from migrate.app.check import Checked, checked_of
from migrate.app.fetched import Fetch, Fetched
from migrate.app.parts import Keep, Opened, Part, Taken, rows_at, take_parts
from migrate.app.spool import Spool
from migrate.app.streams import Stream, open_streams
from migrate.app.watch import nothing
from migrate.app.whole_records import whole_records
from migrate.checks.records import TOLD_ONCE
from migrate.checks.validate import validate
from migrate.mapping.apply import map_sources
from migrate.mapping.mapped import Mapped
from migrate.mapping.mapping import Mapping
from migrate.model.records import MERGED, RECORDS
from migrate.model.sources import Source, Table
from migrate.outcomes.rest import Rest, beside
from migrate.readers.batches import BATCH_BYTES


def check_parts(
    paths: Sequence[Path],
    mapping: Mapping,
    *,
    spool: Spool,
    keep: Keep,
    fetch: Fetch,
    batch_bytes: int | None = None,
    is_whole: bool = False,
    watch: Callable[[int, float], None] = nothing,
) -> Checked:
    """Read and check customers' files part by part; `records` and `sources` hold what there is to tell of alone.

    With `is_whole`, `records` hold all. `watch` is given the rows read so far, and which share of all these are.

    Raises:
        InputError: a file can't be read.
        MappingError: the mapping does not fit the files.
    """
    size = BATCH_BYTES if batch_bytes is None else batch_bytes

    def opened(as_a_whole: Collection[Path]) -> Sequence[Stream]:
        return open_streams(paths, mapping, as_a_whole=as_a_whole, batch_bytes=size)

    return check_streams(opened, mapping, spool=spool, keep=keep, fetch=fetch, is_whole=is_whole, watch=watch)


def check_streams(
    opened: Opened,
    mapping: Mapping,
    *,
    spool: Spool,
    keep: Keep,
    fetch: Fetch,
    is_whole: bool,
    watch: Callable[[int, float], None] = nothing,
) -> Checked:
    """Do what `check_parts` does with inputs from wherever they come."""
    taken = take_parts(opened, mapping, spool=spool, keep=keep, is_whole=is_whole, watch=watch)
    meeting = taken.across.meeting()
    odd = taken.across.rows_of(taken.across.odd())
    wanted = [_both(part.rows, rows, more) for part, rows, more in zip(taken.parts, meeting, odd, strict=True)]
    mapped = _mapped(taken, wanted, mapping, spool=spool, fetch=fetch)
    beneath = list(taken.across.rows_of(_told_of(mapped, taken)))
    looked_at = [_both(part.told, *rows) for part, *rows in zip(taken.parts, meeting, beneath, strict=True)]
    more = [_both(before, rows) for before, rows in zip(wanted, looked_at, strict=True)]
    if any(rows.len() > before.len() for rows, before in zip(more, wanted, strict=True)):
        mapped = _mapped(taken, more, mapping, spool=spool, fetch=fetch)
    mapped = replace(mapped, frames=_looked_at(mapped, taken.parts, looked_at))
    validated = validate(mapped, columns=taken.across.columns())
    rest = None if is_whole else _rest(taken.parts, looked_at, mapped, spool=spool)
    if is_whole:
        rows_in = {kind: taken.across.rows_in(kind) for kind in MERGED & {*validated.records}}
        taken.across.forget()  # and what was mapped: neither is asked again, and all records are to be held
        mapped = replace(mapped, frames={})
        validated = whole_records(validated, taken.parts, looked_at, spool=spool, rows=rows_in)
    fetched = Fetched(
        tuple(replace(source, table=_rowless(source.table)) for source in mapped.sources),
        taken.readings,
        taken.parts,
        fetch,
    )
    return replace(
        checked_of(taken.inputs, replace(mapped, frames={}), validated),
        normalized=taken.across.counted.normalized(),
        rest=rest,
        pieces=taken.pieces,
        locate=fetched.locate,
        rows_of=fetched.at,
    )


def _rowless(table: Table) -> Table:
    return replace(table, frame=table.frame.clear())


def _both(*rows: pl.Series) -> pl.Series:
    return pl.concat(rows).unique().sort()


def _mapped(taken: Taken, wanted: Sequence[pl.Series], mapping: Mapping, *, spool: Spool, fetch: Fetch) -> Mapped:
    """Return the wanted rows of all sources, mapped; with all that is left out, and all that was found by reading."""
    frames: dict[int, list[pl.DataFrame]] = {}
    for part, rows in zip(taken.parts, wanted, strict=True):
        is_kept = rows.len() == part.rows.len()
        frame = spool.take(part.kept) if is_kept else rows_at(fetch(part.src, part.number), rows)
        frames.setdefault(part.src, []).append(frame)
    sources = tuple(
        Source(
            source.file,
            replace(
                source.table,
                frame=pl.concat([source.table.frame, *frames.get(src, [])], rechunk=True),  # polars#25187
                findings=pl.concat([source.table.findings, *taken.findings.get(src, [])], rechunk=True),
                left_out=pl.concat([source.table.left_out, *taken.no_record.get(src, [])], rechunk=True),
            ),
        )
        for src, source in enumerate(taken.sources)
    )
    mapped = map_sources(sources, mapping, readings=taken.readings)
    return replace(
        mapped,
        left_out=pl.concat([mapped.left_out.clear(), *taken.left_out], rechunk=True).sort("_src", "_row"),
        filtered={record: pl.concat(found, rechunk=True) for record, found in taken.filtered.items()},
    )


def _told_of(mapped: Mapped, taken: Taken) -> dict[str, pl.Series]:
    """Return merged kind → the numbers of records of which something is told, all rows of which may have it."""
    merged = {kind: frame for kind, frame in mapped.frames.items() if kind in MERGED}
    if not merged:
        return {}
    validated = validate(replace(mapped, frames=merged))
    of_rows = validated.findings.filter(~pl.col("code").is_in(list(TOLD_ONCE)))
    told = of_rows["_n"].drop_nulls().unique().implode()
    found = {}
    for kind, frame in validated.records.items():
        of_these = frame.filter(pl.col("_verdict").is_not_null() | pl.col("_n").is_in(told))
        found[kind] = taken.across.numbers_of(kind, of_these[RECORDS[kind].id_field].drop_nulls())
    return found


def _looked_at(mapped: Mapped, parts: Sequence[Part], looked_at: Sequence[pl.Series]) -> dict[str, pl.DataFrame]:
    """Return the frames with only those records of the kinds that are never merged that stand in these rows."""
    places = pl.concat(
        [
            rows.alias("_row").to_frame().select(pl.lit(part.src, dtype=pl.UInt32).alias("_src"), "_row")
            for part, rows in zip(parts, looked_at, strict=True)
        ]
    )
    return {
        kind: frame if kind in MERGED else frame.join(places, on=["_src", "_row"], how="semi", maintain_order="left")
        for kind, frame in mapped.frames.items()
    }


def _rest(parts: Sequence[Part], looked_at: Sequence[pl.Series], mapped: Mapped, *, spool: Spool) -> Rest:
    """Return the records that are not among the `mapped` ones, as their rows need no look."""

    def lines() -> Iterator[tuple[int, int, pl.DataFrame]]:
        for part, rows in zip(parts, looked_at, strict=True):
            yield part.src, part.last, spool.take(part.lines).filter(~pl.col("_row").is_in(rows.implode()))

    total: Counter[str] = Counter()
    for part in parts:
        total.update(part.records)
    rest = {kind: number - mapped.frames[kind].height for kind, number in total.items()}
    return Rest({(kind, "valid"): number for kind, number in rest.items() if number}, partial(beside, lines))
