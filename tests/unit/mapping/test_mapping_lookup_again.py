"""A key that was mended in a corrected file looks up anew; cells that were typed there stay."""

from dataclasses import replace

import polars as pl
from mapping_sources import DEVICE_ID, mapping, source

from migrate.mapping.lookup import look_up
from migrate.mapping.lookup_again import look_up_again
from migrate.model.sources import Source

MAPPING = mapping(
    f'[[table]]\nrecord = "device"\nlookup = {{ key = "Cam", columns = ["Site", "Zone"] }}\n[table.fields]\n{DEVICE_ID}'
)
DAMAGE = {
    "_row": 3,
    "row": 3,
    "column": "Zone",
    "cell": "C3",
    "severity": "warning",
    "code": "date_cell",
    "message": "?",
}


def sources() -> tuple[Source, ...]:
    export = source({"Cam": ["C1", "C7"], "Type": ["camera"] * 2}, file="export.csv")
    zones = source({"Cam": ["C1", "C2"], "Site": ["S1", "S2"], "Zone": ["1", "2"]}, file="zones.csv", findings=[DAMAGE])
    return look_up([export, zones], MAPPING)


def mended(row: int, **cells: str) -> Source:
    before = sources()[0]
    typed = [
        pl.when(pl.col("_row") == row).then(pl.lit(text)).otherwise(pl.col(name)).alias(name)
        for name, text in cells.items()
    ]
    return replace(before, table=replace(before.table, frame=before.table.frame.with_columns(typed)))


def again(own: Source) -> Source:
    before = sources()
    return look_up_again([own, before[1]], before, MAPPING)[0]


def row_of(own: Source, row: int) -> tuple[object, ...]:
    return own.table.frame.filter(_row=row).select("Cam", "Site", "Zone", "looked up in").row(0)


def codes(own: Source) -> list[tuple[object, ...]]:
    return own.table.findings.select("_row", "code", "cell").rows()


def test_a_mended_key_takes_what_the_second_file_says_of_it_and_what_was_found_there() -> None:
    assert codes(sources()[0]) == [(3, "not_looked_up", "A3")]
    found = again(mended(3, Cam="C2"))
    assert row_of(found, 3) == ("C2", "S2", "2", "zones.csv, row 3")
    assert codes(found) == [(3, "date_cell", "zones.csv, C3")]


def test_a_key_that_was_changed_does_not_keep_what_the_old_one_looked_up() -> None:
    found = again(mended(2, Cam="C9"))
    assert row_of(found, 2) == ("C9", None, None, None)
    assert row_of(sources()[0], 2) == ("C1", "S1", "1", "zones.csv, row 2")
    assert (2, "not_looked_up", "A2") in codes(found)


def test_cells_that_were_typed_beside_the_key_stay() -> None:
    found = again(mended(3, Cam="C2", Zone="77"))
    assert row_of(found, 3) == ("C2", "S2", "77", "zones.csv, row 3")
    assert codes(found) == []


def test_rows_whose_key_is_as_it_was_stay_as_they_were_mended() -> None:
    own = mended(3, Zone="5", Site="S9")
    assert again(own) == own
