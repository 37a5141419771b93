"""Hints that name the nearest ids for one that is not known."""

from collections.abc import Iterable

import polars as pl
from rapidfuzz import process
from rapidfuzz.fuzz import ratio

_ASKED = 50  # different ids that nearest ones are looked for; more mean that the column is wrong, not its values
_ALIKE = 60
_NAMED = 3


def nearest_hints(field: str, missing: pl.Series, *, known: Iterable[pl.Series], otherwise: str) -> pl.Expr:
    """Return the hint for each value of `field`: the nearest of the `known` ids, and what to do `otherwise`."""
    choices = pl.concat([pl.Series(dtype=pl.String), *known]).drop_nulls().unique(maintain_order=True).to_list()
    hints = {}
    for value in missing.unique(maintain_order=True).head(_ASKED):
        near = [name for name, _, _ in process.extract(value, choices, scorer=ratio, score_cutoff=_ALIKE, limit=_NAMED)]
        if near:
            hints[value] = f"did you mean {' or '.join(near)}? otherwise {otherwise}"
    return (
        pl.col(field).replace_strict(hints, default=otherwise, return_dtype=pl.String) if hints else pl.lit(otherwise)
    )
