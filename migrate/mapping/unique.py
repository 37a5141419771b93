"""Work on a column's different values instead of on all of them, as most columns repeat few."""

from collections.abc import Mapping

import polars as pl

TEXT = pl.col("text")
"""What the expressions of `on_unique` stand on."""

_SAMPLE = 1000


def on_unique(cells: pl.Series, results: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Return a column for each of `results`, which are made from `TEXT` alone, row by row."""
    sample = cells.head(_SAMPLE)
    if 2 * sample.n_unique() > len(sample):
        return _all(cells, results)
    values = cells.unique()
    small = _all(values, results)
    columns = [
        pl.Series(name, [None], dtype=made.dtype).new_from_index(0, len(cells))
        if made.null_count() == len(made)
        else cells.replace_strict(values, made, return_dtype=made.dtype).alias(name)
        for name, made in zip(small.columns, small, strict=True)
    ]
    return pl.DataFrame(columns)


def _all(cells: pl.Series, results: Mapping[str, pl.Expr]) -> pl.DataFrame:
    return cells.alias("text").to_frame().lazy().select(**results).collect(engine="in-memory")
