"""Laws of suggesting: the assignment is the best there is, and any header comes through TOML as it was."""

import tomllib
from itertools import permutations
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.mapping.choose import choose
from migrate.mapping.mapping import Mapping
from migrate.mapping.suggest.assign import assign
from migrate.mapping.suggest.suggest import suggest
from migrate.mapping.suggest.toml_text import comment, toml_string
from migrate.model.findings import no_findings
from migrate.model.sources import LEFT_OUT_SCHEMA, Source, Table
from migrate.readers.header import header_at

SCORES = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.integers(0, 4)), st.sampled_from([0.0, 0.3, 0.5, 0.75, 0.9, 1.0]), max_size=20
)
HEADERS = st.lists(
    st.text(min_size=1, max_size=12)
    | st.sampled_from(
        ["Zone", "MAC", "Site #", "Serial", 'The "Zone"', "Zo\\ne", "{MAC}", "TZ\x1b[2J", "Name 📷", "*"]
    ),
    min_size=2,
    max_size=8,
)
VALUES = ("0042", "AA:BB:CC:DD:EE:0F", "Eastern", 'a "b" \\ c', "camera", "", "Zone 3", "'''", "*")


@given(SCORES)
def test_no_other_assignment_has_a_larger_sum(scores: dict[tuple[str, int], float]) -> None:
    chosen = assign(scores)
    assert len(set(chosen.values())) == len(chosen)
    rows = sorted({row for row, _ in scores})
    free = [*range(5), *[None] * len(rows)]
    sums = (
        sum(scores.get((row, at), 0.0) for row, at in zip(rows, columns, strict=True) if at is not None)
        for columns in permutations(free, len(rows))
    )
    assert abs(sum(scores[pair] for pair in chosen.items()) - max(sums)) < 1e-9


@given(st.text())
def test_any_text_comes_through_toml_as_it_was_and_any_comment_is_one(text: str) -> None:
    written = f"{comment(text)}\nvalue = {toml_string(text)}  {comment(text)}\n"
    assert tomllib.loads(written) == {"value": text}


@settings(max_examples=60)
@given(HEADERS, st.data())
def test_a_mapping_that_is_suggested_loads_and_fits_whatever_the_headers_are(
    headers: list[str], data: st.DataObject
) -> None:
    header = header_at(pl.DataFrame([headers], orient="row"), 0)
    columns = {name: data.draw(st.lists(st.sampled_from(VALUES), min_size=4, max_size=4)) for name in header.names}
    frame = pl.DataFrame(
        {"_row": [2, 3, 4, 5], **columns}, schema={"_row": pl.UInt32} | dict.fromkeys(columns, pl.String)
    )
    left_out = pl.DataFrame(schema=LEFT_OUT_SCHEMA).drop("_src")
    letters = dict(zip(header.names, header.letters, strict=True))
    table = Table(
        path=Path("x.csv"),
        sheet=None,
        header_row=1,
        frame=frame,
        letters=letters,
        findings=no_findings(),
        left_out=left_out,
        format="csv",
    )
    sources = [Source("x.csv", table)]
    suggestion = suggest(sources)
    text = suggestion.text()
    if suggestion.tables:
        choose(sources, Mapping.parse(text, path="x.toml"))
    else:
        assert tomllib.loads(text).keys() == {"name"}
