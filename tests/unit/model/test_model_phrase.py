"""A phrase with the values of columns, whatever chunks a frame is in."""

from pathlib import Path

import polars as pl

import migrate
from migrate.model.phrase import phrase

ROOT = Path(migrate.__file__).parent


def test_rows_of_the_last_of_three_files_are_told_as_those_of_one() -> None:
    one = pl.DataFrame({"name": ["Door", "Hall", "a name longer than twelve letters", None], "row": [1, 2, 3, 4]})
    three = pl.concat([one, one, one], rechunk=False).with_row_index()
    told = three.filter(pl.col("index") > 8).select(phrase('"{}" in row {}', pl.col("name").str.slice(0, 5), "row"))
    assert told.to_series().to_list() == ['"Hall" in row 2', '"a nam" in row 3', None]


def test_a_phrase_may_begin_or_end_with_a_column_or_be_one() -> None:
    row = pl.DataFrame({"a": ["x"], "b": ["y"]})
    told = row.select(phrase("{}{}", "a", "b"), one=phrase("{}", "a"), end=phrase("{}.", "b"), start=phrase(".{}", "b"))
    assert told.row(0) == ("xy", "x", "y.", ".y")


def test_nobody_formats_by_the_function_that_panics() -> None:
    assert not [path.name for path in ROOT.rglob("*.py") if "pl.format(" in path.read_text(encoding="utf-8")]
