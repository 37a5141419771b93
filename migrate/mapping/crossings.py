"""Crossings: values that filling down carries from the rows of one site into those of the next."""

from collections.abc import Iterator, Sequence

import polars as pl

from migrate.mapping.mistakes import quoted
from migrate.mapping.select import Reading
from migrate.model.findings import as_findings
from migrate.model.records import RECORDS, SITE, STATION
from migrate.model.sources import Table
from migrate.model.text import excerpt

_EXAMPLE_LENGTH = 60


def crossings(table: Table, cells: pl.DataFrame, made: Sequence[tuple[Reading, pl.DataFrame]]) -> list[pl.DataFrame]:
    """Return a warning for each column that is filled down from one site into another, on the first such cell.

    `cells` has the trimmed columns of `table` before they are filled down; `made` has each reading of the table with
    the rows (`_row`) that make its record. A group begins where the key, filled down itself, changes. Only columns to
    the right of the key are asked: on its left stand larger groups, such as regions, which span several sites.
    """
    found: dict[str, pl.DataFrame] = {}
    for reading, rows in made:
        keys = [name for name in reading.columns_of(_key_field(reading)) if name in reading.filled]
        for column, field in _columns(table, reading, keys):
            if column not in found:
                crossed = _crossed(cells, keys, column).sort("_row")
                taken = crossed.join(rows.select("_row"), on="_row", how="semi", maintain_order="left")
                left_out = crossed.join(rows.select("_row"), on="_row", how="anti", maintain_order="left")
                if field is not None:
                    crossed, left_out = taken, left_out.clear()
                if crossed.height:
                    told = pl.concat([left_out, taken])
                    found[column] = _told(told, table, reading=reading, field=field, left_out=left_out.height)
    return list(found.values())


def _key_field(reading: Reading) -> str:
    """Return the field whose change begins a new group: the site's id, or a station's own."""
    return SITE.id_field if SITE.id_field in reading.spec.fields else RECORDS[reading.spec.record].id_field


def _columns(table: Table, reading: Reading, keys: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """Yield the columns that may carry a value across, with the first field that reads each.

    None is for a column that only says which rows are taken: it matters for those that are not, too.
    """
    if not keys:
        return
    asked = {reading.columns[where.column] for where in reading.spec.where}
    behind = table.columns[max(map(table.columns.index, keys)) + 1 :]
    for column in behind:
        fields = [field for field in reading.spec.fields if column in reading.columns_of(field)]
        if column in reading.filled and (fields or column in asked):
            yield column, None if column in asked else fields[0]


def _crossed(cells: pl.DataFrame, keys: Sequence[str], column: str) -> pl.DataFrame:
    """Return `_row`, `column`, `text` (what comes from above) of the rows that begin a group with an empty cell."""
    above = [pl.col(name).forward_fill().shift(1) for name in keys]
    begins = pl.any_horizontal(pl.col(name) != old for name, old in zip(keys, above, strict=True))
    comes = pl.when(pl.col(column).is_null()).then(pl.col(column).forward_fill())
    return cells.select("_row", pl.lit(column).alias("column"), comes.alias("text"), begins.alias("begins")).filter(
        "begins", pl.col("text").is_not_null()
    )


def _told(crossed: pl.DataFrame, table: Table, *, reading: Reading, field: str | None, left_out: int) -> pl.DataFrame:
    """Return the warning; the first `left_out` of the rows are those that `where` leaves out for what they took."""
    row, column, text, _ = crossed.row(0)
    example = f'"{excerpt(text, length=_EXAMPLE_LENGTH)}" in row {row}'
    whose = STATION.name if _key_field(reading) == STATION.id_field else SITE.name
    took = f"took {quoted(column)} from the {whose} above"
    if crossed.height == 1:
        message = f"1 {whose} {took}, as its own cell is empty: {example}"
    else:
        message = f"{crossed.height:,} {whose}s {took}, as their own cells are empty, such as {example}"
    if left_out:
        message += f"; {left_out:,} of these rows {'is' if left_out == 1 else 'are'} left out by where"
    return as_findings(
        pl.DataFrame(
            {
                "_src": [reading.src],
                "_row": [row],
                "column": [column],
                "cell": [table.cell(column, row)],
                "value": [text],
            },
            schema_overrides={"_src": pl.UInt32, "_row": pl.UInt32, "cell": pl.String},
        ),
        record=None if field is None else reading.spec.record,
        field=field,
        severity="warning",
        code="filled_across",
        message=message,
        hint=f"fill the cells, or take {quoted(column)} out of table.fill_down",
    )
