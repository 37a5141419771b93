"""Validate: from mapped rows to clean records, each with a verdict, and everything that was found."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from migrate.checks.doubts import no_doubts
from migrate.checks.fields import clean_fields
from migrate.checks.findings import emptied_by_extract, errors, on_all_rows, whole, without
from migrate.checks.links import PARENTS, link
from migrate.checks.mapped import Mapped
from migrate.checks.merge import disagreements, merge
from migrate.checks.records import about_records, missing_fields
from migrate.checks.rows import Rows, number_rows
from migrate.checks.told import judge
from migrate.checks.verdicts import judge_records
from migrate.checks.widths import Column
from migrate.model.records import RECORDS

_NO_COLUMNS: Mapping[tuple[str, str], Column] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Validated:
    """Clean records and all findings.

    `records`: kind → `_n`, `_src`, `_row`, all fields typed, `_verdict` (null, `invalid`, `blocked`), `_code`,
    `_message`, `_rows` (source rows merged into it), and the link: `_station` of sites, `_site` of what belongs to one.
    `parts`: `_n`, `_src`, `_row` of the rows that each record is made of. `findings` stand in source order.
    `normalized`: `record.field` → how many rows were written anew, and an example.
    """

    records: dict[str, pl.DataFrame]
    parts: pl.DataFrame
    findings: pl.DataFrame
    normalized: dict[str, tuple[int, str]]


def validate(
    mapped: Mapped, *, late: pl.DataFrame | None = None, columns: Mapping[tuple[str, str], Column] = _NO_COLUMNS
) -> Validated:
    """Clean, merge, link and judge all records.

    Where two clash, the later is told; `late` (`_src`, `_row`) are the rows of a retry, later than all others. Where
    not all rows of a run are given, `columns` has what is known of some kinds' fields (`checks.widths`).
    """
    rows = number_rows(mapped.frames, late=late)
    told = judge(mapped.findings, rows)
    cleaned = {kind: clean_fields(of_kind) for kind, of_kind in rows.items()}
    records = link({kind: _merged(clean.different, rows[kind]) for kind, clean in cleaned.items()})
    of_cells, missing = [no_doubts()], [no_doubts()]
    for kind, clean in cleaned.items():
        unlike = disagreements(clean.different, records[kind], kind=RECORDS[kind], sources=mapped.sources)
        of_cells.append(on_all_rows(pl.concat([clean.doubts, unlike]), rows[kind]))
        missing.append(missing_fields(records[kind], kind, mapped.frames[kind].columns))
    # A cell or a row that the reader or the mapping calls an error has no other cause, and no cause is told twice.
    row, cell = ["_src", "_row"], ["record", "_src", "_row", "field"]
    torn = errors(told).filter(pl.col("record").is_null())
    cells = without(without(pl.concat(of_cells), errors(told), on=cell), told, on=[*cell, "code"])
    cells = without(cells, torn, on=row)
    known = pl.concat([errors(told), errors(cells)], how="diagonal")
    fields = without(without(pl.concat(missing), known, on=["_n", "field"]), _records_at(torn, rows), on=["_n"])
    fields = emptied_by_extract(fields, told)
    links = without(about_records(records, mapped, columns), known, on=["_n", "field"])
    findings = whole([told, cells, fields, links], records, mapped)
    judged = judge_records(records, findings, rows)
    normalized = {name: change for clean in cleaned.values() for name, change in clean.normalized.items()}
    arranged = {kind: _arranged(frame, kind) for kind, frame in judged.items()}
    places = ("_n", "_src", "_row")
    parts = pl.concat([no_doubts().select(places), *(of_kind.every.select(places) for of_kind in rows.values())])
    return Validated(arranged, parts, findings, normalized)


def _merged(different: pl.DataFrame, rows: Rows) -> pl.DataFrame:
    """Return the merged records; one that has a late row is late (`_late`)."""
    late = rows.every.filter("_late")["_n"].implode()
    return merge(different, rows.type).with_columns(pl.col("_n").is_in(late).alias("_late"))


def _records_at(torn: pl.DataFrame, rows: Mapping[str, Rows]) -> pl.DataFrame:
    """Return the records that a torn row is part of: what they lack can't be told, as its cells may be shifted."""
    places = torn.select("_src", "_row").unique()
    parts = [of_kind.every.join(places, on=["_src", "_row"], how="semi") for of_kind in rows.values()]
    return pl.concat([no_doubts().select("_n"), *(part.select("_n") for part in parts)])


def count_normalized(frames: Mapping[str, pl.DataFrame]) -> dict[str, tuple[int, str]]:
    """Return `record.field` → how many of the mapped rows are written anew, and an example."""
    cleaned = [clean_fields(of_kind) for of_kind in number_rows(frames).values()]
    return {name: change for clean in cleaned for name, change in clean.normalized.items()}


def _arranged(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    link = [f"_{PARENTS[kind].name}"] if kind in PARENTS else []
    ends = ("_verdict", "_code", "_message", "_rows", *link)
    return frame.select("_n", "_src", "_row", *RECORDS[kind].field_names, *ends)
