"""Defaults of merged records: one stands in where all rows of the record are empty, and contradicts none of them."""

import polars as pl

DEFAULTED = "_defaulted "
"""What the name of a column begins with that tells where a field's default stands."""


def on_the_whole(frame: pl.DataFrame, id_field: str) -> pl.DataFrame:
    """Return the rows of a merged record with a default only where no row of the same id has a text of its own.

    `frame` has a column `DEFAULTED` + field beside fields with a default; these go.
    """
    for name in [name for name in frame.columns if name.startswith(DEFAULTED)]:
        field = name.removeprefix(DEFAULTED)
        if frame[name].any():
            own = frame.filter(~pl.col(name), pl.col(field).is_not_null(), pl.col(id_field).is_not_null())
            known = pl.col(id_field).is_in(own[id_field].unique().implode()).fill_null(value=False)
            frame = frame.with_columns(pl.when(~(pl.col(name) & known)).then(field).alias(field))
    return frame.drop(pl.selectors.starts_with(DEFAULTED))
