"""Laws of the reports: nothing in them runs, and what is written is what is read back."""

import csv
import io
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from migrate.model.findings import no_findings
from migrate.model.outcomes import OUTCOMES_SCHEMA
from migrate.model.sources import Source, Table
from migrate.model.text import ACTING, escape_controls
from migrate.report.attention import attention_frame, attention_sheets, find_attention
from migrate.report.delimited import write_csv
from migrate.report.grid import json_markup
from migrate.report.mend import read_mended
from migrate.report.neutral import FORMULA, may_be_formula, neutral, neutral_column
from migrate.report.page import bars
from migrate.report.workbook import CELL_MAX, cell_text, sheet_name, write_workbook

TRICKY = st.sampled_from(
    ["=1+1", "-12", "+82 2", "@x", "'x", "'=x", "007", " =1", "\ufeff=1", "\uff1d1", "a\nb", "1e5", '"']
)
TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12) | TRICKY
CELLS = (
    st.text(
        alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufffe\uffff"),
        min_size=1,
    ).filter(lambda text: text.strip() != "")
    | TRICKY
)


@given(st.lists(TEXT))
def test_a_neutral_text_never_starts_like_a_formula_and_columns_agree_with_single_texts(texts: list[str]) -> None:
    column = pl.DataFrame({"text": texts}, schema={"text": pl.String})

    assert column.select(neutral_column(pl.col("text"))).to_series().to_list() == [neutral(text) for text in texts]
    assert not any(re.match(FORMULA, neutral(text)) for text in texts)


@given(TEXT)
def test_a_text_that_may_be_no_formula_is_none(text: str) -> None:
    column = pl.DataFrame({"text": [text]})

    if not column.select(may_be_formula(pl.col("text"))).item():
        assert neutral(text) == text


@given(st.lists(st.tuples(TEXT, TEXT | st.none()), min_size=1))
def test_a_csv_file_holds_every_text_as_it_is_but_for_the_mark(rows: list[tuple[str, str | None]]) -> None:
    frame = pl.DataFrame(rows, schema={"=a": pl.String, "b": pl.String}, orient="row")
    handle = io.BytesIO()
    write_csv(handle, frame)

    read = list(csv.reader(io.StringIO(handle.getvalue().decode(), newline="")))

    assert read[0] == ["'=a", "b"]
    assert read[1:] == [[neutral(text or "") for text in row] for row in rows]


@given(TEXT)
def test_escaped_text_holds_nothing_that_acts(text: str) -> None:
    assert not re.search(ACTING, escape_controls(text))
    assert escape_controls(escape_controls(text)) == escape_controls(text)


@given(st.recursive(TEXT | st.none(), st.lists))
def test_json_in_a_page_cannot_end_its_element(value: object) -> None:
    assert not set(json_markup(value)) & set("<>&")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.integers(1, 40_000))
def test_a_cell_never_holds_too_much(text: str, times: int) -> None:
    cut = cell_text((text * times)[:50_000])

    assert len(cut.encode("utf-16-le")) // 2 <= CELL_MAX


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]))))
def test_sheet_names_are_valid_and_differ_in_any_case(wanted: list[str]) -> None:
    taken: set[str] = set()
    for text in wanted:
        name = sheet_name(text, taken)
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() not in taken
        taken.add(name.casefold())


@given(st.dictionaries(st.sampled_from(["created", "failed", "skipped", "invalid"]), st.integers(1, 10**7), min_size=1))
def test_every_bar_is_seen_and_no_share_is_rounded_to_all_or_nothing(counts: dict[str, int]) -> None:
    lines = bars(counts)

    assert abs(sum(line.percent for line in lines) - 100) < 0.1
    assert min(line.length for line in lines) > 0.5
    assert ("100 %" in {line.share for line in lines}) == (len(lines) == 1)
    assert "0 %" not in {line.share for line in lines}


def _source(rows: list[tuple[str | None, ...]], sheet: str | None) -> Source:
    names = ["Name", "=cmd", "_file", "'=cmd", "_row (2)"][: len(rows[0])]
    cells = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    table = Table(
        path=Path("a.csv"),
        sheet=sheet,
        header_row=1,
        frame=pl.DataFrame([pl.Series("_row", range(2, len(rows) + 2), dtype=pl.UInt32), *cells]),
        letters=dict(zip(names, "ABCDE", strict=False)),
        findings=no_findings(),
        left_out=pl.DataFrame(schema={"_row": pl.UInt32, "why": pl.String}),
        format="csv",
    )
    return Source("=in/a.csv", table)


@settings(deadline=None, max_examples=10)
@given(st.lists(st.tuples(*[CELLS | st.none()] * 5), min_size=1, max_size=30), st.sampled_from([None, "-Sheet"]))
@example([("=1+1", "-12", "+82 2 123", "'x", "007")], None)
@example([(" padded ", "line\nbreak", "\U0001f600", "x" * 40_000, None)], "-Sheet")
def test_an_untouched_attention_file_gives_the_rows_back_as_they_were(
    rows: list[tuple[str | None, ...]], sheet: str | None
) -> None:
    source = _source(rows, sheet)
    blank = dict.fromkeys(OUTCOMES_SCHEMA)
    failed = [
        {**blank, "record": "site", "outcome": "failed", "row": n + 2, "_src": 0, "_n": n, "message": "=no"}
        for n in range(len(rows))
    ]
    attention = find_attention(pl.DataFrame(failed, schema=OUTCOMES_SCHEMA), no_findings())
    with TemporaryDirectory() as folder:
        for name in ("attention.csv", "attention.xlsx"):
            with (Path(folder) / name).open("wb") as handle:
                if name.endswith(".csv"):
                    write_csv(handle, attention_frame(attention, [source]))
                else:
                    write_workbook(handle, attention_sheets(attention, [source]))
            mended = read_mended(Path(folder) / name, [source])
            assert mended.sources[0].table.frame.equals(source.table.frame), name
            assert (mended.changed, mended.ignored, mended.rows.height) == (0, (), len(rows))
