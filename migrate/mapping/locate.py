"""The cell that a field of a row came from, looked up for the rows of findings alone."""

from collections.abc import Sequence

import polars as pl

from migrate.mapping.blanks import clean
from migrate.mapping.rows import filled_down, usable
from migrate.mapping.select import Reading
from migrate.model.findings import FINDINGS_SCHEMA
from migrate.model.sources import LOOKED_UP_IN, Source

_KEYS = ["_src", "_row", "record", "field"]
_CELL = ["cell", "column", "value"]


def locate(findings: pl.DataFrame, *, sources: Sequence[Source], readings: Sequence[Reading]) -> pl.DataFrame:
    """Return `findings` with file, sheet and row from `_src` and `_row`, and with the cell of each that names a field.

    The cell is the first that isn't empty of the field's columns, else the first; of a template that one empty part
    empties, the first that is empty, for it is the one to fill. A field without columns has none; of a looked-up one it
    is a file and a row.
    Where `findings` has `_table` too, only that table of the mapping is asked, else all that make the record.
    """
    keys = [*_KEYS, *(name for name in ("_table",) if name in findings.columns)]
    names = pl.DataFrame(
        {"file": [source.file for source in sources], "sheet": [source.table.sheet for source in sources]},
        schema={"file": pl.String, "sheet": pl.String},
    ).with_row_index("_src")
    placed = findings.drop("file", "sheet").join(names, on="_src", how="left", maintain_order="left")
    placed = placed.with_columns(pl.coalesce("row", "_row").alias("row"))
    asked = placed.filter(pl.col("cell").is_null()).select(keys).drop_nulls().unique()
    groups = asked.partition_by([key for key in keys if key != "_row"])
    cells = [_cells(group, sources, readings) for group in groups]
    if cells:
        placed = placed.join(pl.concat(cells), on=keys, how="left", maintain_order="left").with_columns(
            pl.when(pl.col("cell").is_null()).then(pl.coalesce(name, f"{name}_found")).otherwise(name).alias(name)
            for name in _CELL
        )
    return placed.select(FINDINGS_SCHEMA.names())


def first_filled(columns: Sequence[str]) -> pl.Expr:
    """Return the name of the first of `columns` that isn't empty, else of the first of them."""
    filled = (pl.when(clean(pl.col(name)).is_not_null()).then(pl.lit(name)) for name in columns)
    return pl.coalesce(*filled, pl.lit(columns[0]))


def _first_empty(columns: Sequence[str]) -> pl.Expr:
    return pl.coalesce(
        *(pl.when(clean(pl.col(name)).is_null()).then(pl.lit(name)) for name in columns), pl.lit(columns[0])
    )


def _cells(asked: pl.DataFrame, sources: Sequence[Source], readings: Sequence[Reading]) -> pl.DataFrame:
    """Return the cells of one field of one record of one source, in the rows `asked`."""
    wanted = asked.row(0, named=True)
    src, field, table = wanted["_src"], wanted["field"], wanted.get("_table")
    of_record = [reading for reading in readings if (reading.src, reading.spec.record) == (src, wanted["record"])]
    of_field = [read for read in of_record if field in read.spec.fields and table in (None, read.table)]
    source = sources[src]
    columns = list(dict.fromkeys(name for reading in of_field for name in reading.columns_of(field)))
    if not columns:
        return asked.clear().with_columns(pl.lit(None, dtype=pl.String).alias(f"{name}_found") for name in _CELL)
    whole = all(reading.needs_all(field) for reading in of_field)
    down = {name for reading in of_field for name in reading.filled} & {*columns}
    rows = filled_down(usable(source.table), down) if down else source.table.frame
    elsewhere = LOOKED_UP_IN if LOOKED_UP_IN in rows.columns else pl.lit(None, dtype=pl.String)
    cells = rows.select("_row", *columns, _elsewhere=elsewhere)
    texts = pl.coalesce(pl.when(pl.col("_column") == name).then(pl.col(name)) for name in columns)
    letters = [source.table.letters[name] for name in columns]
    letter = pl.col("_column").replace_strict(columns, letters, return_dtype=pl.String)
    return (
        cells.join(asked, on="_row", how="inner")
        .with_columns(_column=_first_empty(columns) if whole else first_filled(columns))
        .select(
            *asked.columns,
            pl.coalesce(letter + pl.col("_row").cast(pl.String), "_elsewhere").alias("cell_found"),
            pl.col("_column").alias("column_found"),
            texts.alias("value_found"),
        )
    )
