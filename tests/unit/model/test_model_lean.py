"""Lean frames: as any other to whoever asks, and smaller."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from migrate.model.lean import lean

TEXT = st.one_of(st.none(), st.sampled_from(["", "a", "camera"]))


@given(st.lists(st.tuples(st.integers(0, 2), TEXT, TEXT), max_size=4))
def test_a_lean_frame_says_what_its_columns_say(rows: list[tuple[int, str | None, str | None]]) -> None:
    plain = pl.DataFrame(rows, schema={"_n": pl.UInt32, "a": pl.String, "b": pl.String}, orient="row")
    told = lean(plain.get_columns())
    assert told.schema == plain.schema
    assert told.equals(plain)
    assert told.filter(pl.col("b").is_not_null()).equals(plain.filter(pl.col("b").is_not_null()))


def test_columns_that_say_one_thing_take_no_room() -> None:
    number = pl.int_range(10_000, dtype=pl.UInt32, eager=True).alias("_n")
    same = [
        pl.Series(name, [value], dtype=pl.String).new_from_index(0, 10_000) for name, value in (("a", None), ("b", "x"))
    ]
    assert lean([number, *same]).estimated_size() < number.estimated_size() + 100
