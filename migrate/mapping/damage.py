"""Damage: what was found in the cells of a table, kept where it touches a record, and told which field it touches."""

from collections.abc import Iterator, Sequence

import polars as pl

from migrate.mapping.locate import first_filled
from migrate.mapping.merged_cells import harmless, lacking, merged_down, once_a_range
from migrate.mapping.select import Reading
from migrate.model.findings import as_findings
from migrate.model.sources import Table


def used_findings(given: pl.DataFrame, table: Table, *, made: Sequence[tuple[Reading, pl.DataFrame]]) -> pl.DataFrame:
    """Return what was `given` about the whole of `table`, about rows that make records, and about cells they use.

    `made` has each reading of the table with the rows (`_row`) that make its record. A cell's finding stands once for
    each field that the cell goes into; a column that only says which rows are taken has none.
    """
    found = as_findings(given).with_columns(pl.lit(made[0][0].src, dtype=pl.UInt32).alias("_src"))
    if found.is_empty():
        return found
    columns = {name for reading, _ in made for name in reading.columns.values()}
    fields = {name for reading, _ in made for name in reading.mapped}
    is_known = pl.col("column").is_null() | pl.col("column").is_in(list(columns))
    whole = found.filter(pl.col("_row").is_null() & is_known)
    rows = pl.concat([rows.select("_row") for _, rows in made])
    is_rows = pl.col("column").is_null() | pl.col("column").is_in(list(columns - fields))
    about_rows = found.filter(pl.col("_row").is_not_null() & is_rows).join(rows, on="_row", how="semi")
    merged = merged_down(found)
    for reading, _ in made:
        about_rows = lacking(about_rows, reading, merged=merged)
    told = [about_rows, *_about_cells(found, table, made)]
    every = pl.concat([whole, *told, harmless(found, columns, told=told)]).unique(maintain_order=True)
    return once_a_range(every)


def _about_cells(
    found: pl.DataFrame, table: Table, made: Sequence[tuple[Reading, pl.DataFrame]]
) -> Iterator[pl.DataFrame]:
    merged = merged_down(found)
    for reading, rows in made:
        of_rows = found.join(rows, on="_row", how="semi", maintain_order="left")
        for field, spec in reading.spec.fields.items():
            columns = reading.columns_of(field)
            cells = of_rows.filter(pl.col("column").is_in(columns))
            if spec.column and len(columns) > 1 and cells.height:
                of_cells = table.frame.join(cells, on="_row", how="semi").select("_row", column=first_filled(columns))
                cells = cells.join(of_cells, on=["_row", "column"], how="semi", maintain_order="left")
            yield lacking(cells, reading, merged=merged, field=field).with_columns(
                record=pl.lit(reading.spec.record), field=pl.lit(field)
            )
