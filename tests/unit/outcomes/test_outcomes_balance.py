"""Every source row and every record is accounted for exactly once."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from migrate.errors import Defect
from migrate.model.findings import no_findings
from migrate.model.outcomes import OUTCOMES_SCHEMA
from migrate.model.sources import LEFT_OUT_SCHEMA, Source, Table
from migrate.outcomes.balance import balance, count_different

PLACES = {"_src": pl.UInt32, "_row": pl.UInt32}
TABLE = Table(
    path=Path("a.xlsx"),
    sheet="Sites",
    header_row=1,
    frame=pl.DataFrame({"_row": [2, 4, 5]}, schema={"_row": pl.UInt32}),
    letters={},
    findings=no_findings(),
    left_out=pl.DataFrame({"_row": [3], "why": ["blank"]}, schema={"_row": pl.UInt32, "why": pl.String}),
    format="xlsx",
)
SOURCES = (Source("a.xlsx", TABLE), Source("a.xlsx", replace(TABLE, sheet="Not read")))
LEFT_OUT = pl.DataFrame({"_src": [0, 0], "_row": [3, 5], "why": ["blank", "total"]}, schema=LEFT_OUT_SCHEMA)
CONTRIBUTING = pl.DataFrame({"_src": [0, 0, 0], "_row": [2, 2, 4]}, schema=PLACES)
RECORDS = {"site": pl.DataFrame({"_n": [0]}), "device": pl.DataFrame({"_n": [1, 2]})}


def _outcomes(*numbers: int, outcome: str | None = "valid") -> pl.DataFrame:
    blank = dict.fromkeys(OUTCOMES_SCHEMA)
    return pl.DataFrame([{**blank, "_n": number, "outcome": outcome} for number in numbers], schema=OUTCOMES_SCHEMA)


def _check(
    outcomes: pl.DataFrame, *, left_out: pl.DataFrame = LEFT_OUT, contributing: pl.DataFrame = CONTRIBUTING
) -> None:
    balance(outcomes, RECORDS, sources=SOURCES, used=[0], left_out=left_out, contributing=contributing)


def test_a_row_that_made_two_records_and_a_blank_one_between_are_counted_once() -> None:
    _check(_outcomes(0, 1, 2))


def test_a_run_of_nothing_balances_and_with_one_outcome_it_does_not() -> None:
    def check(outcomes: pl.DataFrame) -> None:
        left_out, contributing = LEFT_OUT.clear(), CONTRIBUTING.clear()
        balance(outcomes, {}, sources=(), used=[], left_out=left_out, contributing=contributing)

    check(_outcomes())
    with pytest.raises(Defect):
        check(_outcomes(0))


@pytest.mark.parametrize(
    "outcomes", [_outcomes(0, 1), _outcomes(0, 1, 1), _outcomes(0, 1, 2, 3), _outcomes(0, 1, 2, outcome=None)]
)
def test_a_record_without_exactly_one_outcome_is_a_defect(outcomes: pl.DataFrame) -> None:
    with pytest.raises(Defect, match="3 records"):
        _check(outcomes)


def test_a_lost_row_is_a_defect_that_names_the_sheet() -> None:
    with pytest.raises(Defect, match="sheet Sites has 4 source rows, but 2 with a record and 1 left out"):
        _check(_outcomes(0, 1, 2), left_out=LEFT_OUT.head(1))


def test_a_row_that_is_both_left_out_and_in_a_record_is_a_defect() -> None:
    both = pl.concat([LEFT_OUT.head(1), LEFT_OUT.tail(1).with_columns(_row=pl.lit(4, pl.UInt32))])

    with pytest.raises(Defect, match="1 rows are left out and yet made a record"):
        _check(_outcomes(0, 1, 2), left_out=both)


def test_a_row_of_a_source_that_no_table_reads_is_a_defect() -> None:
    stray = pl.concat([CONTRIBUTING, pl.DataFrame({"_src": [1], "_row": [2]}, schema=PLACES)])

    with pytest.raises(Defect, match="Not read has 0 source rows"):
        _check(_outcomes(0, 1, 2), contributing=stray)


def test_rows_that_are_named_more_than_once_count_once() -> None:
    assert count_different(pl.Series([7, 5, 7, 9], dtype=pl.UInt32)) == 3
    assert count_different(pl.Series([], dtype=pl.UInt32)) == 0
