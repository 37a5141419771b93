"""Fixes: the line that says what to do about a cause, for those that have no hint of their own too."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from migrate.outcomes.causes import Cause, outcome_causes

_AGAIN = "the same row may pass another time; retry sends it again"
_FIXES = {
    "error": "mend the cell, or the mapping, and run again",
    "failed": "the answer says why; mend the row by it, then retry",
    "unknown": "it may be at the dealer already; retry looks there first and sends only what is missing",
    "blocked": "mend the site or station that it needs; it goes along with that one",
}


def urgent_causes(outcomes: pl.DataFrame, findings: Sequence[Cause]) -> list[Cause]:
    """Return the causes of what needs attention, each with its fix; a failure that an error tells stands once."""
    errors = [cause for cause in findings if cause.kind == "error"]
    told = {(cause.code, cause.record) for cause in errors}
    retryable = _retryable(outcomes)
    failures = [cause for cause in outcome_causes(outcomes) if (cause.code, cause.record) not in told]
    return [
        replace(cause, hint=cause.hint or (_AGAIN if key in retryable else _FIXES[cause.kind]))
        for cause in [*errors, *failures]
        for key in [(cause.kind, cause.code, cause.record)]
    ]


def _retryable(outcomes: pl.DataFrame) -> set[tuple[str, str, str | None]]:
    """Return outcome, code and record of what may pass another time as it is."""
    failed = outcomes.filter(pl.col("outcome") == "failed").group_by("outcome", "code", "record")
    same = failed.agg(pl.col("retryable").all()).filter("retryable")
    return {(outcome, code or "", record) for outcome, code, record, _ in same.iter_rows()}
