"""Links: a device belongs to a site, a site to a station; here the numbers of the records they name are found."""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from migrate.checks.doubts import Complaint, doubts, earlier_row, no_doubts, shown
from migrate.checks.mapped import Mapped
from migrate.model.phrase import phrase
from migrate.model.records import RECORDS, SITE, STATION, RecordType
from migrate.normalize.keys import near_key

PARENTS: Mapping[str, RecordType] = MappingProxyType(
    {SITE.name: STATION}
    | {kind.name: SITE for kind in RECORDS.values() if kind is not SITE and SITE.id_field in kind.field_names}
)
"""Kind of record → the kind that it names by that one's id, and can't do without."""

LEFT_OUT_HINT = "leave out what belongs to it too, by a where of its own table, or let where take that row"
"""What is to be done about a record whose site or station `where` leaves out."""

REMOVED_HINT = "put its row back into the corrected file, or remove what belongs to it too"
"""What is to be done about a record whose site or station a person took out of a corrected file."""

_UNKNOWN_HINT = "it must be at the dealer already; else add it to the inputs, or mend the id"

_LOOKED_UP_HINT = 'nothing to do if they are there already; else add a table with record = "station" to the mapping'


def link(records: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Add `_site` or `_station`: the number of the record named, null where the inputs have none."""
    return {kind: _linked(frame, kind, records) for kind, frame in records.items()}


def unknown_parents(records: Mapping[str, pl.DataFrame], kind: str, mapped: Mapped) -> pl.DataFrame:
    """Return a warning on each record that names one that the inputs lack, where they hold that kind at all.

    Where they hold no stations, which is common, one note for each table of sites tells which the dealer must have.
    One that `where` leaves out has a code of its own: that it is at the dealer does not settle the doubt.
    """
    parent = PARENTS.get(kind)
    if parent is None:
        return no_doubts()
    if parent.name not in records:
        return _looked_up(records[kind], kind) if parent is STATION else no_doubts()
    frame, name = records[kind], pl.col(parent.id_field)
    lost = frame.filter(name.is_not_null(), pl.col(f"_{parent.name}").is_null())
    if lost.is_empty():
        return no_doubts()
    known = records[parent.name].filter(name.is_not_null())
    near = known.select(near_key(name).alias("_key"), name.alias("_near")).unique(
        "_key", keep="first", maintain_order=True
    )
    beside = lost.with_columns(near_key(name).alias("_key")).join(near, on="_key", how="left", maintain_order="left")
    beside = _beside_left_out(beside, parent, mapped)
    unknown = phrase('{} "{}" is not in the inputs', pl.lit(parent.name), shown(parent.id_field))
    alike = phrase('{}; "{}" is', unknown, shown("_near"))
    told = (pl.lit(parent.name), shown(parent.id_field), earlier_row(mapped.sources))
    left_out = (
        pl.when("_removed")
        .then(phrase('{} "{}" was removed from the corrected file ({})', *told))
        .otherwise(phrase('{} "{}" is left out by where in {}', *told))
    )
    to_do = pl.when("_removed").then(pl.lit(REMOVED_HINT)).otherwise(pl.lit(LEFT_OUT_HINT))
    is_left_out = pl.col("_row_first").is_not_null()
    message, field = pl.when(pl.col("_near").is_not_null()).then(alike).otherwise(unknown), parent.id_field
    lacking = Complaint("warning", f"unknown_{parent.name}", field, message, _UNKNOWN_HINT)
    filtered = Complaint("warning", f"filtered_{parent.name}", field, left_out, to_do)
    return pl.concat(
        [doubts(beside.filter(~is_left_out), kind, lacking), doubts(beside.filter(is_left_out), kind, filtered)]
    )


def _looked_up(sites: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Return a note on the first site of each table that names stations by nothing but their external ids."""
    name = pl.col(STATION.id_field)
    firsts = (
        sites.filter(name.is_not_null(), pl.col("monitoring_station_id").is_null())
        .group_by("_table", maintain_order=True)
        .agg(pl.col("_n", "_src", "_row").first(), name.first(), name.n_unique().alias("_count"))
    )
    example = shown(STATION.id_field)
    message = (
        pl.when(pl.col("_count") == 1)
        .then(phrase('station "{}" will be looked up at the dealer, as no table makes it', example))
        .otherwise(
            phrase(
                '{} stations will be looked up at the dealer, as no table makes them, such as "{}"', "_count", example
            )
        )
    )
    return doubts(
        firsts, kind, Complaint("note", f"unknown_{STATION.name}", STATION.id_field, message, _LOOKED_UP_HINT)
    )


def _beside_left_out(rows: pl.DataFrame, parent: RecordType, mapped: Mapped) -> pl.DataFrame:
    """Add `_src_first`, `_row_first`: where the record that is named was left out by `where`; null where it wasn't.

    `_removed` says that a person took it out of a corrected file instead.
    """
    places = ("_src", "_row", parent.id_field)
    known = [
        frames[parent.name].select(places).with_columns(pl.lit(is_removed).alias("_removed"))
        for frames, is_removed in ((mapped.removed, True), (mapped.filtered, False))
        if parent.name in frames
    ]
    if not known:
        nowhere = (pl.lit(None, dtype=pl.UInt32).alias(name) for name in ("_src_first", "_row_first"))
        return rows.with_columns(*nowhere, pl.lit(value=False).alias("_removed"))
    first = pl.concat(known).unique(parent.id_field, keep="first", maintain_order=True)
    return rows.join(first, on=parent.id_field, how="left", suffix="_first", maintain_order="left")


def _linked(frame: pl.DataFrame, kind: str, records: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    parent = PARENTS.get(kind)
    if parent is None:
        return frame
    column = f"_{parent.name}"
    if parent.name not in records:
        return frame.with_columns(pl.lit(None, dtype=pl.UInt32).alias(column))
    named = records[parent.name].select(parent.id_field, pl.col("_n").alias(column))
    # the one column is joined, lest all others are copied
    linked = frame.select(parent.id_field).join(named, on=parent.id_field, how="left", maintain_order="left")
    return frame.with_columns(linked[column])
