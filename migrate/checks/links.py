"""Links: a device belongs to a site, a site to a station; here the numbers of the records they name are found."""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from migrate.checks.doubts import Complaint, doubts, no_doubts, shown
from migrate.model.records import RECORDS, SITE, STATION, RecordType
from migrate.normalize.keys import near_key

PARENTS: Mapping[str, RecordType] = MappingProxyType(
    {SITE.name: STATION}
    | {kind.name: SITE for kind in RECORDS.values() if kind is not SITE and SITE.id_field in kind.field_names}
)
"""Kind of record → the kind that it names by that one's id, and can't do without."""


def link(records: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Add `_site` or `_station`: the number of the record named, null where the inputs have none."""
    return {kind: _linked(frame, kind, records) for kind, frame in records.items()}


def unknown_parents(records: Mapping[str, pl.DataFrame], kind: str) -> pl.DataFrame:
    """Return a warning on each record that names one that the inputs lack, where they hold that kind at all."""
    parent = PARENTS.get(kind)
    if parent is None or parent.name not in records:
        return no_doubts()
    frame, name = records[kind], pl.col(parent.id_field)
    lost = frame.filter(name.is_not_null(), pl.col(f"_{parent.name}").is_null())
    if lost.is_empty():
        return no_doubts()
    known = records[parent.name].filter(name.is_not_null())
    near = known.select(near_key(name).alias("_key"), name.alias("_near")).unique(
        "_key", keep="first", maintain_order=True
    )
    beside = lost.with_columns(near_key(name).alias("_key")).join(near, on="_key", how="left", maintain_order="left")
    message = pl.format('{} "{}" is not in the inputs', pl.lit(parent.name), shown(parent.id_field))
    alike = pl.format('{}; "{}" is', message, shown("_near"))
    message = pl.when(pl.col("_near").is_null()).then(message).otherwise(alike)
    hint = "it must be at the dealer already; else add it to the inputs, or mend the id"
    return doubts(beside, kind, Complaint("warning", f"unknown_{parent.name}", parent.id_field, message, hint))


def _linked(frame: pl.DataFrame, kind: str, records: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    parent = PARENTS.get(kind)
    if parent is None:
        return frame
    column = f"_{parent.name}"
    if parent.name not in records:
        return frame.with_columns(pl.lit(None, dtype=pl.UInt32).alias(column))
    named = records[parent.name].select(parent.id_field, pl.col("_n").alias(column))
    return frame.join(named, on=parent.id_field, how="left", maintain_order="left")
