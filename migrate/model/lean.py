"""Lean: frames of a million rows whose columns that say one thing throughout take no room."""

from collections.abc import Iterable

import polars as pl


def lean(columns: Iterable[pl.Series]) -> pl.DataFrame:
    """Return columns as a frame, in which one that says the same throughout is held as that one value.

    It is as any other to whoever asks; a null text takes 16 bytes a row otherwise. Asked for as a series it is made
    whole, and stays so; `select` leaves it as it is. The first column tells how many rows they are, and is held whole.
    """
    whole, held = list[pl.Series](), list[pl.Expr]()
    for column in columns:
        if whole and _says_one_thing(column):
            held.append(pl.lit(column[0], dtype=column.dtype).alias(column.name))
        else:
            whole.append(column)
            held.append(pl.col(column.name))
    return pl.DataFrame(whole).select(held)


def _says_one_thing(column: pl.Series) -> bool:
    nulls = column.null_count()
    if not column.len() or nulls not in (0, column.len()):
        return False
    return nulls > 0 or bool((column == column[0]).all())
