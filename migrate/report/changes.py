"""Changes: records that the dealer has different, field by field: what it has, and what the files say."""

from dataclasses import dataclass

import orjson
import polars as pl

from migrate.report.run_report import RunReport

CHANGED_MAX = 200
"""The most records of a kind whose changes are listed; the page says how many more there are."""

_EMPTY = "(empty)"
_COLUMNS = ("record", "external_id", "message", "_changes")
_KINDS = (
    ("failed", (pl.col("outcome") == "failed") & pl.col("code").str.contains("exists_different", literal=True)),
    ("skipped", pl.col("outcome") == "skipped"),
    ("updated", pl.col("outcome") == "updated"),
    ("planned", (pl.col("outcome") == "planned") & (pl.col("action") == "update")),
)


@dataclass(frozen=True, slots=True)
class Changed:
    """A record and its (field, before, after); without those, `message` says what differs."""

    record: str
    external_id: str | None
    message: str | None
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`kind` is `failed`, `skipped`, `updated` or `planned`; `rows` are the first of `total` records."""

    kind: str
    total: int
    rows: tuple[Changed, ...]


def compare(report: RunReport) -> list[Comparison]:
    """Return what was refused or left alone, updated or would be: each kind that has records."""
    found = [_comparison(report, kind, chosen) for kind, chosen in _KINDS]
    return [comparison for comparison in found if comparison.total]


def _comparison(report: RunReport, kind: str, chosen: pl.Expr) -> Comparison:
    records = report.outcomes.filter(chosen)
    told = records.head(CHANGED_MAX).join(report.changes, on="_n", how="left", maintain_order="left")
    rows = (
        Changed(record, external_id, message, _parsed(changes))
        for record, external_id, message, changes in told.select(_COLUMNS).iter_rows()
    )
    return Comparison(kind, records.height, tuple(rows))


def _parsed(changes: str | None) -> tuple[tuple[str, str, str], ...]:
    return tuple((field, _text(before), _text(after)) for field, before, after in orjson.loads(changes or "[]"))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _EMPTY if value is None or value == "" else str(value)
