"""Templates, whatever is empty."""

import string
from contextlib import suppress

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from migrate.mapping.templates import join_all, join_present, parse_template

SEPARATORS = st.sampled_from([", ", " ", " - ", " / ", "; ", ". ", "", "-", " | "])
CELL = st.none() | st.text(string.ascii_letters + string.digits, min_size=1, max_size=4)


@given(st.data(), st.integers(1, 5))
def test_a_template_never_begins_or_ends_with_a_separator_and_holds_every_part_once(
    data: st.DataObject, parts: int
) -> None:
    separators = data.draw(st.lists(SEPARATORS, min_size=parts - 1, max_size=parts - 1))
    cells = data.draw(st.lists(CELL, min_size=parts, max_size=parts))
    text = "".join(f"{{c{index}}}{mark}" for index, mark in enumerate([*separators, ""]))
    template = parse_template(text)
    columns = {f"c{index}": pl.lit(cell, dtype=pl.String) for index, cell in enumerate(cells)}
    there = [cell for cell in cells if cell is not None]
    joined = pl.select(join_present(template, columns)).item()
    whole = pl.select(join_all(template, columns)).item()
    if not there:
        assert joined is None
        return
    assert joined[0].isalnum()
    assert joined[-1].isalnum()
    assert "".join(filter(str.isalnum, joined)) == "".join(there)
    assert whole == (joined if len(there) == parts else None)


@given(st.text(max_size=30))
def test_a_template_is_parsed_or_says_what_is_wrong(text: str) -> None:
    with suppress(ValueError):
        template = parse_template(text)
        assert len(template.literals) == len(template.columns) + 1 == len(template.parts) + 1
