"""Readings, and columns of them."""

import polars as pl

from migrate.normalize.keys import near_key
from migrate.normalize.reading import Reading, clean, quoted, readings
from migrate.normalize.zones import read_zone


def test_each_different_text_is_read_once() -> None:
    seen: list[str] = []

    def read(text: str) -> Reading:
        seen.append(text)
        return Reading(text.upper())

    assert readings(pl.Series(["a", "b", "a", None]), read) == {"a": Reading("A"), "b": Reading("B")}
    assert seen == ["a", "b"]


def test_a_column_is_cleaned_in_place_and_keeps_its_name_and_gaps() -> None:
    clean_zones = clean(pl.Series("zone", ["1", None, "Z2", "x"]), read_zone)
    assert clean_zones.name == "zone"
    assert clean_zones.to_list() == ["001", None, "002", "x"]


def test_a_column_of_numbers_is_typed() -> None:
    assert clean(pl.Series(["1", "x"]), lambda text: Reading(1 if text == "1" else None), dtype=pl.Int64).to_list() == [
        1,
        None,
    ]


def test_a_quoted_text_is_short_and_acts_on_nothing() -> None:
    assert quoted("a\x1b[2J\u202eb") == r'"a\x1b[2J\u202eb"'
    assert len(quoted("x" * 500)) < 70


def test_ids_that_are_spelled_alike_share_a_near_key() -> None:
    ids = pl.DataFrame({"id": ["0042", "42", " 4 2", "\uff14\uff12", "a-1", "A-1", "000", "0", None, "x0"]})
    keys = ids.select(near_key(pl.col("id"))).to_series().to_list()
    assert keys == ["42", "42", "42", "42", "a-1", "a-1", "0", "0", None, "x0"]
