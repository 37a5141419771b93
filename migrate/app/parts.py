"""Parts: a run's sources read, kept and looked at some rows at a time, so that memory hardly grows with rows."""

from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import polars as pl

from migrate.app.spool import Spool, compacted
from migrate.app.streams import Stream, is_one
from migrate.checks.across import Across
from migrate.errors import Defect
from migrate.mapping.apply import map_sources
from migrate.mapping.choose import choose
from migrate.mapping.mapped import Mapped
from migrate.mapping.mapping import Mapping
from migrate.mapping.select import Reading
from migrate.model.records import MERGED, RECORDS, SITE
from migrate.model.sources import Input, Source, Table
from migrate.outcomes.balance import count_different
from migrate.readers.batches import Uneven

Keep = Callable[[int, int, pl.DataFrame], None]
"""Keeps rows of a source as they were read: its index, the number of the part in it, the frame."""

Opened = Callable[[Collection[Path]], Sequence[Stream]]
"""Opens a run's inputs; those that it is given are read at once."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a source, the part `number` of it, up to row `last`; put aside in the spool: `kept` and `lines`.

    `kept` holds the rows `rows` as they were read; something is told of those in `told` already. `lines` has what
    `Rest` tells of its records that are never merged, of which there are `records` (kind → number), `clean` (kind →
    frame) the records themselves where they were asked for.
    """

    src: int
    number: int
    last: int
    rows: pl.Series
    told: pl.Series
    kept: int
    lines: int
    records: dict[str, int]
    clean: dict[str, int]


@dataclass(slots=True)
class Taken:
    """What was read, but for its rows: `sources` have none; findings and rows left out by source, in row order.

    `is_whole` asks for all records to be put aside.
    """

    sources: tuple[Source, ...]
    readings: tuple[Reading, ...]
    across: Across
    is_whole: bool
    inputs: list[Input] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    pieces: dict[int, int] = field(default_factory=dict)
    findings: dict[int, list[pl.DataFrame]] = field(default_factory=dict)
    no_record: dict[int, list[pl.DataFrame]] = field(default_factory=dict)
    left_out: list[pl.DataFrame] = field(default_factory=list)
    filtered: dict[str, list[pl.DataFrame]] = field(default_factory=dict)


def take_parts(
    opened: Opened,
    mapping: Mapping,
    *,
    spool: Spool,
    keep: Keep,
    is_whole: bool,
    watch: Callable[[int, float], None],
) -> Taken:
    """Read the inputs and look at them part by part; one that can't be read so is read as a whole.

    `watch` is given the rows so far, and which share of the files they are.

    Raises:
        InputError: a file can't be read, or changed while it was read.
        MappingError: the mapping does not fit the files.
    """
    as_a_whole = set[Path]()
    while True:
        streams = opened(as_a_whole)
        tables = [Source(stream.name, table) for stream in streams for table in stream.tables]
        readings = choose(tables, mapping)
        sources = tuple(Source(source.file, _emptied(source.table)) for source in tables)
        del tables
        taken = Taken(sources, readings, Across([reading.spec.record for reading in readings]), is_whole)
        for stream in streams:
            try:
                _take(stream, taken, mapping, spool=spool, keep=keep, told=partial(_tell, watch, streams))
            except Uneven:
                as_a_whole.add(stream.path)
                break
        else:
            return taken


def _tell(watch: Callable[[int, float], None], streams: Sequence[Stream]) -> None:
    share = sum(stream.done_bytes for stream in streams) / max(sum(stream.size_bytes for stream in streams), 1)
    watch(sum(stream.rows for stream in streams), share)


def _take(
    stream: Stream, taken: Taken, mapping: Mapping, *, spool: Spool, keep: Keep, told: Callable[[], None]
) -> None:
    while stream.tables:
        src = len(taken.pieces)
        here = tuple(reading for reading in taken.readings if reading.src == src)
        taken.pieces[src] = 0
        parts = stream.parts(stream.tables.pop(0), here)
        with closing(_ahead(_kept(parts, src, keep))) as tables:  # nothing is kept any more once it is left
            for table in tables:
                taken.findings.setdefault(src, []).append(compacted(table.findings))
                taken.no_record.setdefault(src, []).append(table.left_out)
                if here:
                    stream.rows += table.rows
                    as_one = not stream.is_parted and is_one(table, here)
                    _look_at(src, table, here, taken, mapping, spool=spool, as_one=as_one)
                taken.pieces[src] += 1
                stream.looked_at(table)
                told()
    taken.inputs.append(stream.told())
    told()


def _kept(tables: Iterator[Table], src: int, keep: Keep) -> Iterator[Table]:
    for number, table in enumerate(tables):
        keep(src, number, table.frame)
        yield table


def _ahead(tables: Iterator[Table]) -> Generator[Table]:
    """Yield the tables; the next one is read and kept while one is looked at."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, tables, None)
        while (table := coming.result()) is not None:
            coming = reader.submit(next, tables, None)
            yield table


def _look_at(
    src: int,
    table: Table,
    readings: tuple[Reading, ...],
    taken: Taken,
    mapping: Mapping,
    *,
    spool: Spool,
    as_one: bool,
) -> None:
    sources = [*taken.sources]
    sources[src] = Source(sources[src].file, table)
    mapped = map_sources(sources, mapping, readings=readings)
    _refuse_unbalanced(table, mapped, sources[src].file)
    look = taken.across.take(mapped)
    rows, told = look.kept, look.told
    if as_one:
        rows = told = table.frame["_row"]
    taken.left_out.append(compacted(mapped.left_out))
    for record, frame in mapped.filtered.items():
        taken.filtered.setdefault(record, []).append(compacted(frame))
    taken.parts.append(
        Part(
            src=src,
            number=taken.pieces[src],
            last=int(str(table.frame["_row"].max() or 0)),
            rows=rows,
            told=told,
            kept=spool.put(rows_at(table.frame, rows)),
            lines=spool.put(_lines(mapped)),
            records={kind: frame.height for kind, frame in look.clean.items()},
            clean={kind: spool.put(frame) for kind, frame in look.clean.items()} if taken.is_whole else {},
        )
    )


def rows_at(frame: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    """Return the rows (`_row`) of a frame that are in `rows`."""
    return frame if rows.len() == frame.height else frame.filter(pl.col("_row").is_in(rows.implode()))


def _lines(mapped: Mapped) -> pl.DataFrame:
    """Return `_row`, `record`, `external_id`, `external_site_id` of the records that are never merged."""
    lines = [
        frame.select(
            "_row",
            pl.lit(name).alias("record"),
            pl.col(RECORDS[name].id_field).alias("external_id"),
            (pl.col(SITE.id_field) if SITE.id_field in frame.columns else pl.lit(None, pl.String)).alias(SITE.id_field),
        )
        for name, frame in mapped.frames.items()
        if name not in MERGED
    ]
    schema = {"_row": pl.UInt32, "record": pl.String, "external_id": pl.String, SITE.id_field: pl.String}
    return pl.concat([pl.DataFrame(schema=schema), *lines])


def _refuse_unbalanced(table: Table, mapped: Mapped, file: str) -> None:
    """Check that source rows = rows with a record + rows left out, in this part.

    Raises:
        Defect: the sum doesn't come out.
    """
    made = count_different(pl.concat([frame["_row"] for frame in mapped.frames.values()]))
    left, last = mapped.left_out["_row"], int(str(table.frame["_row"].max() or 0))
    both = any(frame["_row"].is_in(left.implode()).any() for frame in mapped.frames.values()) if left.len() else False
    if made + left.len() != table.rows or both:
        raise Defect(
            f"the counts don't balance: {file} has {table.rows} source rows up to row {last}, but "
            f"{made} with a record and {left.len()} left out"
        )


def _emptied(table: Table) -> Table:
    return replace(table, frame=table.frame.clear(), findings=table.findings.clear(), left_out=table.left_out.clear())
