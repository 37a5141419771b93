"""Merged cells: those over several rows matter where a row lacks the value then; elsewhere one note a column does."""

from collections.abc import Iterable, Sequence

import polars as pl

from migrate.mapping.select import Reading
from migrate.model.findings import as_findings, no_findings
from migrate.model.records import MERGED, RECORDS
from migrate.readers.layout import MERGED_DOWN_HINT

IS_MERGED_DOWN = (pl.col("code") == "merged_cells") & (pl.col("hint") == MERGED_DOWN_HINT)


def merged_down(found: pl.DataFrame) -> frozenset[str]:
    """Return the columns that are merged down."""
    return frozenset(found.filter(IS_MERGED_DOWN)["column"].drop_nulls())


def lacking(cells: pl.DataFrame, reading: Reading, *, merged: frozenset[str], field: str | None = None) -> pl.DataFrame:
    """Return the findings on `cells` without those on merged ones whose other rows lack nothing in this field.

    A column that is filled down lacks nothing, and neither do the rows of one site or station, which make one record
    by their id, if that is not `merged` itself. Without a `field` the column says which rows are taken.
    """
    if not merged or not cells["column"].is_in(list(merged)).any():
        return cells
    record = reading.spec.record
    id_field = RECORDS[record].id_field
    has_id = merged.isdisjoint(set(reading.columns_of(id_field)) - reading.filled)
    is_one_record = record in MERGED and field not in {None, id_field} and has_id
    is_filled = pl.col("column").is_in(list(reading.filled)) | is_one_record
    to_do = pl.format('list the column in the mapping\'s table, fill_down = ["{}"], or fill the cells', "column")
    return cells.filter(~(IS_MERGED_DOWN & is_filled)).with_columns(
        hint=pl.when(IS_MERGED_DOWN).then(to_do).otherwise("hint")
    )


def harmless(found: pl.DataFrame, columns: Iterable[str], *, told: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return a note for each of the `columns` that is merged down in `found`, and of which nothing is `told`."""
    warned = pl.concat([no_findings().select("column", "code"), *(part.select("column", "code") for part in told)])
    names = warned.filter(code="merged_cells")["column"].implode()
    down = found.filter(IS_MERGED_DOWN, pl.col("column").is_in(list(columns)), ~pl.col("column").is_in(names))
    counted = down.group_by("_src", "column", maintain_order=True).agg(
        pl.len(), pl.col("cell", "value", "message").first()
    )
    more = pl.format("{}; the column has {} such ranges", "message", "len")
    return as_findings(
        counted.with_columns(message=pl.when(pl.col("len") > 1).then(more).otherwise("message")),
        severity="note",
        code="merged_cells",
        hint="nothing to do: no row lacks the value",
    )
