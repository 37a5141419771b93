"""Outcomes: what became of one record, in the interface page's words."""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "valid": "nothing is wrong with it offline (check only)",
        "planned": "it would be sent (plan only)",
        "pending": "the run stopped before it was tried",
        "created": "the dealer has it now, made by this run",
        "updated": "the dealer had it, and this run changed it",
        "unchanged": "the dealer has it already, the same",
        "skipped": "the dealer has it, different, and it was left alone",
        "invalid": "an error finding keeps it from being sent",
        "blocked": "what it needs, its site or station, did not make it",
        "failed": "the API said no, or retries ran out",
        "unknown": "it was sent, and no way is left to learn what became of it",
    }
)
"""Outcome → its one-line meaning."""

NEEDS_ATTENTION: frozenset[str] = frozenset({"invalid", "blocked", "failed", "unknown"})

OUTCOME_COLUMNS: dict[str, pl.DataType] = {
    "file": pl.String(),
    "sheet": pl.String(),
    "row": pl.UInt32(),
    "record": pl.String(),
    "external_id": pl.String(),
    "external_site_id": pl.String(),
    "action": pl.String(),
    "outcome": pl.String(),
    "retryable": pl.Boolean(),
    "code": pl.String(),
    "message": pl.String(),
    "status_code": pl.UInt16(),
    "remote_id": pl.String(),
    "attempts": pl.UInt32(),
    "trace_id": pl.String(),
}
"""The columns of `outcomes.csv`, in order."""

OUTCOMES_SCHEMA = pl.Schema({**OUTCOME_COLUMNS, "_src": pl.UInt32(), "_n": pl.UInt32()})
"""The outcomes frame inside the tool: the columns of the file, then where the record stands and its number."""

RESULTS_SCHEMA = pl.Schema(
    {
        "_n": pl.UInt32(),
        "outcome": pl.String(),
        "retryable": pl.Boolean(),
        "code": pl.String(),
        "message": pl.String(),
        "status_code": pl.UInt16(),
        "remote_id": pl.String(),
        "attempts": pl.UInt32(),
        "trace_id": pl.String(),
    }
)
"""What the pipeline settled, a row per record, keyed by the record's number."""
