"""Heads: the cells of a column that differ from the one above, where the rows of a site repeat most of them."""

import polars as pl


def heads(cells: pl.Series) -> pl.Series:
    """Return all values that a column has, each as often as it begins anew; an empty cell may be missing."""
    return cells.filter(cells.ne_missing(cells.shift()))
