"""The rows of a source that can make records, and which of them a table takes."""

from collections.abc import Iterable, Sequence

import polars as pl

from migrate.mapping.blanks import clean, cleaned
from migrate.mapping.grammar import Where
from migrate.mapping.keys import matches_any
from migrate.mapping.select import Reading
from migrate.model.sources import Table

_BEFORE = "\0before "
"""What the name of a column begins with whose cells are as they stood before filling down."""


def usable(table: Table) -> pl.DataFrame:
    """Return the rows of `table` that the reader left in: no totals, repeated headers or page numbers."""
    out = table.left_out.filter(pl.col("why") != "blank")
    if out.is_empty():
        return table.frame
    return table.frame.join(out.select("_row"), on="_row", how="anti", maintain_order="left")


def filled_down(rows: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """Return `rows` with each empty cell of `columns` taking the text above, as it stands there."""
    texts = (pl.when(clean(pl.col(name)).is_not_null()).then(pl.col(name)) for name in columns)
    return rows.with_columns(text.forward_fill() for text in texts)


def trimmed(rows: pl.DataFrame, readings: Sequence[Reading]) -> pl.DataFrame:
    """Return the columns that the `readings` of a source name, trimmed, null where empty."""
    names = dict.fromkeys(name for reading in readings for name in reading.columns.values())
    return pl.DataFrame([rows["_row"], *(cleaned(rows[name]) for name in names)])


def as_read(cells: pl.DataFrame, reading: Reading) -> pl.LazyFrame:
    """Return the trimmed `cells` filled down as the table wants them; `has_own` and `taken` ask about them."""
    before = cells.lazy().with_columns(pl.col(name).alias(_BEFORE + name) for name in reading.filled)
    return before.with_columns(pl.col(name).forward_fill() for name in reading.filled)


def has_own(reading: Reading, others: Sequence[Reading]) -> pl.Expr:
    """Return whether a cell that only this table maps has text; all that it maps, where it shares all with `others`.

    A cell that was filled down counts as empty; a table that maps no column takes every row.
    """
    theirs = {name for other in others for name in other.mapped}
    own = sorted(reading.mapped - theirs or reading.mapped)
    texts = [pl.col(_BEFORE + name if name in reading.filled else name).is_not_null() for name in own]
    return pl.any_horizontal(texts) if texts else pl.lit(value=True)


def taken(reading: Reading) -> pl.Expr:
    """Return whether the conditions of the table hold."""
    conditions = [_holds(where, pl.col(reading.columns[where.column])) for where in reading.spec.where]
    return pl.all_horizontal(conditions) if conditions else pl.lit(value=True)


def _holds(where: Where, cell: pl.Expr) -> pl.Expr:
    if where.matches is not None:
        return cell.fill_null("").str.contains(where.matches)
    if where.in_ is not None:
        return matches_any(cell, where.in_)
    return ~matches_any(cell, where.not_in or ())
