"""CSV files: quoted, complete, and nothing in them is a formula."""

import csv
import io

import polars as pl
import pytest
from report_runs import PAYLOADS

from migrate.report.delimited import write_csv
from migrate.report.neutral import neutral


def _written(frame: pl.DataFrame) -> str:
    handle = io.BytesIO()
    write_csv(handle, frame)
    return handle.getvalue().decode("utf-8")


def test_every_field_is_quoted_and_an_empty_value_is_an_empty_text() -> None:
    frame = pl.DataFrame({"file": ["a.csv", None], "row": [2, None], "retryable": [True, False]})

    assert _written(frame) == '"file","row","retryable"\n"a.csv","2","true"\n"","","false"\n'


def test_a_frame_without_rows_is_a_header() -> None:
    assert _written(pl.DataFrame(schema={"file": pl.String, "row": pl.UInt32})) == '"file","row"\n'


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_and_no_header_starts_like_a_formula(payload: str) -> None:
    lines = list(csv.reader(io.StringIO(_written(pl.DataFrame({payload: ["plain", payload]})), newline="")))

    assert lines == [[neutral(payload)], ["plain"], [neutral(payload)]]
    bare = neutral(payload).lstrip(" \u00a0\u200b\ufeff")
    assert not bare.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"))


@pytest.mark.parametrize("text", PAYLOADS[:11])
def test_a_text_that_starts_like_a_formula_gets_a_mark(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "x=1", "007", "a-b", "'=1", "\u0394x", '"=1"', "\U0001f600" * 1000])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert neutral(text) == text
