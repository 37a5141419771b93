"""Trimming a column gives what trimming each of its cells gives, however often they repeat."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from migrate.mapping.blanks import BLANK, cleaned

CELLS = st.sampled_from(["", " ", "a", " a", "a\t", "a b", "\u200ba", "é", "é\u00a0", None])


@given(st.lists(st.tuples(CELLS, st.integers(1, 3))))
def test_a_column_is_trimmed_as_each_of_its_cells_is(runs: list[tuple[str | None, int]]) -> None:
    texts = [text for text, times in runs for _ in range(times)]
    trimmed = [None if text is None else text.strip(BLANK) or None for text in texts]

    assert cleaned(pl.Series("a", texts, dtype=pl.String)).to_list() == trimmed


def test_a_column_that_trimming_does_not_change_is_the_same_one() -> None:
    cells = pl.Series("a", ["a", "a", None, "b c"])

    assert cleaned(cells) is cells
