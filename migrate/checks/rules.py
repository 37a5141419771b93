"""Rules: yes/no questions about whole columns, asked in one query."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from migrate.checks.doubts import Complaint, doubts, no_doubts


@dataclass(frozen=True, slots=True)
class Rule:
    """A yes/no question about one row; true or null passes, and what is said where the answer is no."""

    ok: pl.Expr
    complaint: Complaint


def broken(rows: pl.DataFrame, record: str, rules: Sequence[Rule]) -> pl.DataFrame:
    """Return the doubts of all rows that break a rule; one query finds these rows."""
    if not rules or rows.is_empty():
        return no_doubts()
    passes = [rule.ok.fill_null(value=True) for rule in rules]
    hits = rows.filter(~pl.all_horizontal(passes))
    if hits.is_empty():
        return no_doubts()
    found = [doubts(hits.filter(~ok), record, rule.complaint) for ok, rule in zip(passes, rules, strict=True)]
    return pl.concat(found)
