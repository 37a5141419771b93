"""From sources to the named fields of each record, whole columns at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from migrate.mapping.choose import choose
from migrate.mapping.crossings import crossings
from migrate.mapping.damage import used_findings
from migrate.mapping.defaults import DEFAULTED, of_defaults, on_the_whole
from migrate.mapping.doubts import doubts, step_findings
from migrate.mapping.grammar import FieldSpec
from migrate.mapping.locate import locate
from migrate.mapping.mapped import Mapped
from migrate.mapping.mapping import Mapping
from migrate.mapping.recover import recover
from migrate.mapping.rows import as_read, has_own, taken, trimmed, usable
from migrate.mapping.select import Reading
from migrate.mapping.steps import source_text, text_steps
from migrate.mapping.unique import TEXT, on_unique
from migrate.model.findings import as_findings, no_findings
from migrate.model.records import MERGED, RECORDS
from migrate.model.sources import LEFT_OUT_SCHEMA, Source, Table

FILTERED = "filtered by where"
NO_VALUES = "no values for a record"
"""Why rows are left out, beside what the readers call `blank`, `total`, `repeated header` and `page number`."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What one table makes of one source.

    `frame`: the rows that make its record. Each usable row does if it `has` a value of its own and is `taken`.
    `filtered`: `_row` and id of the rows that would, were they taken; null for records that no other belongs to.
    """

    reading: Reading
    frame: pl.DataFrame
    filtered: pl.DataFrame | None
    has: pl.Series
    taken: pl.Series


def map_sources(sources: Sequence[Source], mapping: Mapping, *, readings: tuple[Reading, ...] | None = None) -> Mapped:
    """Return the fields of each record as the mapping makes them; `readings` says who reads what, if that is known.

    Raises:
        MappingError: the mapping and the inputs don't fit; everything that doesn't is told.
    """
    is_part = readings is not None
    readings = choose(sources, mapping) if readings is None else readings
    parts: list[_Part] = []
    findings = [no_findings()]
    left_out = [pl.DataFrame(schema=LEFT_OUT_SCHEMA)]
    for src in dict.fromkeys(reading.src for reading in readings):
        table = sources[src].table
        rows = usable(table)
        here = [reading for reading in readings if reading.src == src]
        cells, recovered = recover(table, rows, trimmed(rows, here), readings=here)
        made = [_part(cells, reading, others=[other for other in here if other is not reading]) for reading in here]
        of_readings = [(part.reading, part.frame) for part in made]
        found = pl.concat([table.findings, recovered])
        findings += [used_findings(found, table, made=of_readings), *crossings(table, cells, of_readings)]
        findings += [found for part in made for found in step_findings(part.frame, part.reading)]
        left_out += [_placed(table.left_out, src), _placed(_without_record(rows, made), src)]
        parts += made
    read = {reading.src for reading in readings}
    for src, source in enumerate(sources):
        if source.looked_up and src not in read:
            findings.append(_found_in(source.table, src))
            left_out.append(_placed(source.table.left_out, src))
    joined = {
        record: _joined(record, parts)
        for record in RECORDS
        if any(record == part.reading.spec.record for part in parts)
    }
    return Mapped(
        sources=tuple(sources),
        mapping=mapping,
        readings=readings,
        frames={record: on_the_whole(frame, RECORDS[record].id_field) for record, frame in joined.items()},
        defaults=of_defaults(joined) if is_part else {},
        findings=locate(pl.concat(findings), sources=sources, readings=readings),
        left_out=pl.concat(left_out).sort("_src", "_row"),
        filtered=_filtered(parts),
    )


def _part(cells: pl.DataFrame, reading: Reading, *, others: Sequence[Reading]) -> _Part:
    columns = {name: pl.col(column) for name, column in reading.columns.items()}
    texts = {name: source_text(name, spec, columns) for name, spec in reading.spec.fields.items()}
    flags = {"_has": has_own(reading, others), "_taken": taken(reading)}
    frame = as_read(cells, reading).select("_row", **texts, **flags).collect(engine="in-memory")
    has, is_taken = frame["_has"], frame["_taken"]
    filtered = _filtered_ids(frame, reading)
    if not (has & is_taken).all():
        frame = frame.filter("_has", "_taken")
    is_merged = reading.spec.record in MERGED
    made = [_after_steps(name, spec, frame[name], is_merged=is_merged) for name, spec in reading.spec.fields.items()]
    whole = [frame["_row"], *(column for columns_made in made for column in columns_made)]
    return _Part(reading=reading, frame=pl.DataFrame(whole), filtered=filtered, has=has, taken=is_taken)


def _filtered_ids(frame: pl.DataFrame, reading: Reading) -> pl.DataFrame | None:
    """Return `_row` and id of the rows that a site's or station's table does not take."""
    if reading.spec.record not in MERGED:
        return None
    name = RECORDS[reading.spec.record].id_field
    is_out = frame["_has"] & ~frame["_taken"]
    out = frame.filter(is_out) if is_out.any() else frame.clear()
    ids = _after_steps(name, reading.spec.fields[name], out[name], is_merged=True)[name]
    return out.select("_row", ids).drop_nulls()


def _after_steps(name: str, spec: FieldSpec, text: pl.Series, *, is_merged: bool) -> pl.DataFrame:
    """Return the column of a field, and those of its doubts; of a merged record also where its default stands."""
    steps = text_steps(spec, TEXT)
    if not steps.steps:
        return text.to_frame()
    defaulted = {} if steps.given is None or not is_merged else {DEFAULTED + name: steps.given.is_null()}
    return on_unique(text, {name: steps.steps[-1].expr, **doubts(name, steps), **defaulted})


def _without_record(rows: pl.DataFrame, parts: Sequence[_Part]) -> pl.DataFrame:
    """Return the rows of a source that make no record of any table: no table takes them, or they have no values."""
    made = pl.Series([False]).new_from_index(0, rows.height)
    filtered = made
    for part in parts:
        made = made | (part.has & part.taken)
        filtered = filtered | (part.has & ~part.taken)
    why = pl.when(filtered).then(pl.lit(FILTERED)).otherwise(pl.lit(NO_VALUES))
    return rows.select("_row", why=why).filter(~made)


def _found_in(table: Table, src: int) -> pl.DataFrame:
    """Return what is told of a second file: what was found about rows that were looked up is told where it goes."""
    told = table.findings.filter(pl.col("_row").is_null() | (pl.col("code") == "looked_up_by_none"))
    return as_findings(told).with_columns(pl.lit(src, dtype=pl.UInt32).alias("_src"))


def _placed(left_out: pl.DataFrame, src: int) -> pl.DataFrame:
    return left_out.select(pl.lit(src, dtype=pl.UInt32).alias("_src"), pl.col("_row").cast(pl.UInt32), "why")


def _filtered(parts: Sequence[_Part]) -> dict[str, pl.DataFrame]:
    """Return record → `_src`, `_row` and id of its rows that no table takes, in source order."""
    found: dict[str, list[pl.DataFrame]] = {}
    for part in parts:
        if part.filtered is not None:
            placed = part.filtered.select(pl.lit(part.reading.src, dtype=pl.UInt32).alias("_src"), pl.all())
            found.setdefault(part.reading.spec.record, []).append(placed)
    return {record: pl.concat(frames).sort("_src", "_row") for record, frames in found.items()}


def _joined(record: str, parts: Sequence[_Part]) -> pl.DataFrame:
    """Return the fields of one record from all parts, in source order, and where defaults stand in them."""
    own = [part for part in parts if part.reading.spec.record == record]
    mapped = {name for part in own for name in part.reading.spec.fields}
    names = [name for name in RECORDS[record].field_names if name in mapped]
    defaulted = dict.fromkeys(name for part in own for name in part.frame.columns if name.startswith(DEFAULTED))
    lacking = {name: pl.lit(None, dtype=pl.String) for name in names} | dict.fromkeys(defaulted, pl.lit(value=False))
    frames = [
        part.frame.select(
            pl.lit(part.reading.src, dtype=pl.UInt32).alias("_src"),
            "_row",
            pl.lit(part.reading.table, dtype=pl.UInt32).alias("_table"),
            *(name if name in part.frame.columns else empty.alias(name) for name, empty in lacking.items()),
        )
        for part in own
    ]
    whole = pl.concat(frames)
    return whole if len({part.reading.src for part in own}) == len(own) else whole.sort("_src", "_row", "_table")
