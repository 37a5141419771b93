"""Counts, their order, and the exit code that follows from them."""

import polars as pl
import pytest

from migrate.model.findings import findings_frame
from migrate.model.outcomes import NEEDS_ATTENTION, OUTCOMES_SCHEMA
from migrate.model.sources import LEFT_OUT_SCHEMA
from migrate.outcomes.summary import count_findings, count_left_out, count_outcomes, exit_code, in_order


def _outcomes(*pairs: tuple[str, str]) -> pl.DataFrame:
    blank = dict.fromkeys(OUTCOMES_SCHEMA)
    rows = [{**blank, "record": record, "outcome": outcome} for record, outcome in pairs]
    return pl.DataFrame(rows, schema=OUTCOMES_SCHEMA)


def test_counts_tell_what_needs_attention_first_then_skipped_then_the_rest() -> None:
    outcomes = _outcomes(
        ("device", "created"),
        ("site", "created"),
        ("site", "skipped"),
        ("site", "failed"),
        ("site", "created"),
        ("site", "invalid"),
    )

    counts = count_outcomes(outcomes)

    assert counts == {"site": {"invalid": 1, "failed": 1, "skipped": 1, "created": 2}, "device": {"created": 1}}
    assert list(counts) == ["site", "device"]
    assert list(counts["site"]) == ["invalid", "failed", "skipped", "created"]


def test_a_word_that_nobody_knows_comes_last() -> None:
    assert in_order({"zzz", "created", "unknown", "aaa"}) == ["unknown", "created", "aaa", "zzz"]


def test_findings_are_counted_by_severity_with_zeros() -> None:
    findings = findings_frame([{"severity": "warning"}, {"severity": "warning"}])

    assert count_findings(findings) == {"error": 0, "warning": 2, "note": 0}


def test_rows_left_out_are_counted_by_reason_most_first() -> None:
    left_out = pl.DataFrame({"_src": [0] * 3, "_row": [1, 2, 3], "why": ["total", "blank", "blank"]}, LEFT_OUT_SCHEMA)

    assert list(count_left_out(left_out).items()) == [("blank", 2), ("total", 1)]


@pytest.mark.parametrize("outcome", sorted(NEEDS_ATTENTION))
def test_a_record_that_needs_attention_gives_exit_code_1(outcome: str) -> None:
    assert exit_code(_outcomes(("site", "created"), ("site", outcome))) == 1


def test_skipped_and_pending_records_alone_give_exit_code_0() -> None:
    assert exit_code(_outcomes(("site", "skipped"), ("site", "pending"), ("site", "valid"))) == 0
