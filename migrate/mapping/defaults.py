"""Defaults of merged records: one stands in where all rows of the record are empty, and contradicts none of them."""

from collections.abc import Mapping

import polars as pl

from migrate.model.records import RECORDS

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


def of_defaults(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return record → its id, and its fields with a default beside where that stands, as `on_the_whole` takes them."""
    found = {}
    for record, frame in frames.items():
        flags = [name for name in frame.columns if name.startswith(DEFAULTED)]
        if flags:
            fields = (name.removeprefix(DEFAULTED) for name in flags)
            found[record] = frame.select(RECORDS[record].id_field, *fields, *flags)
    return found
