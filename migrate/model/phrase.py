"""Phrase: a text with the values of columns in it, row by row."""

from itertools import zip_longest

import polars as pl


def phrase(template: str, *columns: pl.Expr | str) -> pl.Expr:
    """Return `template` with a column for each `{}`, null where one is null.

    `polars.format` says the same, but panics where the rows that are asked for leave a chunk of the frame empty
    (polars#25187), as they do in a frame of two files, all of whose errors are in the second.
    """
    parts = [pl.lit(part) if part else None for part in template.split("{}")]
    named = [pl.col(column) if isinstance(column, str) else column for column in columns]
    return pl.concat_str([part for pair in zip_longest(parts, named) for part in pair if part is not None])
