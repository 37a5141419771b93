"""Merged cells: those over several rows matter where a row lacks the value then; elsewhere one note a column does."""

from collections.abc import Iterable, Sequence

import polars as pl

from migrate.mapping.select import Reading
from migrate.model.findings import as_findings, no_findings
from migrate.model.phrase import phrase
from migrate.model.records import MERGED, RECORDS
from migrate.readers.layout import MERGED_DOWN_HINT

_APART_HINT = (
    "take the cells apart and fill each of them; fill_down is no help, as it fills any empty cell under them too, "
    "and this column says which rows are taken"
)
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
    if field is not None and _is_on_the_whole(reading, field, merged=merged):
        return cells.filter(~IS_MERGED_DOWN)
    is_filled, is_taken_by = (pl.col("column").is_in(list(names)) for names in (reading.filled, reading.asked))
    down = IS_MERGED_DOWN & ~is_taken_by
    return cells.filter(~(IS_MERGED_DOWN & is_filled)).with_columns(
        hint=pl.when(down)
        .then(pl.lit(_fill_down(reading, merged=merged)))
        .when(IS_MERGED_DOWN)
        .then(pl.lit(_APART_HINT))
        .otherwise("hint")
    )


def once_a_range(found: pl.DataFrame) -> pl.DataFrame:
    """Return `found` with the first finding alone of those on one range of merged cells, whatever it touches."""
    is_merged = pl.col("code") == "merged_cells"
    again = is_merged & ~pl.struct("_src", "_row", "message").is_first_distinct()
    return found.filter(~again.fill_null(value=False))


def _is_on_the_whole(reading: Reading, field: str, *, merged: frozenset[str]) -> bool:
    """Tell whether one row of several may say this field for the record that they make together."""
    id_field = RECORDS[reading.spec.record].id_field
    has_id = merged.isdisjoint(set(reading.columns_of(id_field)) - reading.filled)
    return reading.spec.record in MERGED and field != id_field and has_id


def _fill_down(reading: Reading, *, merged: frozenset[str]) -> str:
    """Return the line that fills down all columns of a reading that are merged down and lack something then."""
    lacking_ = {
        column
        for field in reading.spec.fields
        if not _is_on_the_whole(reading, field, merged=merged)
        for column in reading.columns_of(field)
    }
    columns = [column for column in reading.columns.values() if column in lacking_ & merged - reading.asked]
    names = ", ".join(f'"{column}"' for column in dict.fromkeys(columns))
    which = "the column" if len(columns) == 1 else "the columns"
    return f"list {which} in the mapping's table, fill_down = [{names}], or fill the cells"


def harmless(found: pl.DataFrame, columns: Iterable[str], *, told: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return a note for each of the `columns` that is merged down in `found`, and of which nothing is `told`."""
    warned = pl.concat([no_findings().select("column", "code"), *(part.select("column", "code") for part in told)])
    names = warned.filter(code="merged_cells")["column"].implode()
    down = found.filter(IS_MERGED_DOWN, pl.col("column").is_in(list(columns)), ~pl.col("column").is_in(names))
    counted = down.group_by("_src", "column", maintain_order=True).agg(
        pl.len(), pl.col("cell", "value", "message").first()
    )
    more = phrase("{}; the column has {} such ranges", "message", "len")
    return as_findings(
        counted.with_columns(message=pl.when(pl.col("len") > 1).then(more).otherwise("message")),
        severity="note",
        code="merged_cells",
        hint="nothing to do: no row lacks the value",
    )
