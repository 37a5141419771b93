"""Shown: which outcomes and findings the workbook and the page hold, and how an outcome is coloured there."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from migrate.model.outcomes import NEEDS_ATTENTION
from migrate.outcomes.summary import needing_attention
from migrate.report.run_report import RunReport

ROWS_SHOWN = 100_000
"""Above this many outcomes, workbook and page hold only those that need attention."""

TONES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(NEEDS_ATTENTION, "bad"),
        **dict.fromkeys(("skipped", "pending", "different", "missing", "extra", "twice", "kept"), "caution"),
        **dict.fromkeys(("valid", "created", "updated", "deleted", "restored", "same"), "good"),
    }
)
"""Outcome → its tone; any other is `quiet`."""

SEVERITY_TONES: Mapping[str, str] = MappingProxyType({"error": "bad", "warning": "caution", "note": "quiet"})


@dataclass(frozen=True, slots=True)
class Shown:
    """The outcomes and findings that are shown; `notices` say what is not."""

    outcomes: pl.DataFrame
    findings: pl.DataFrame
    notices: tuple[str, ...]


def choose_shown(report: RunReport) -> Shown:
    """Return everything, or above 100,000 outcomes what needs attention; never more than as many rows."""
    outcomes, findings = report.outcomes, report.findings
    if report.rest is not None and report.records <= ROWS_SHOWN:
        outcomes = pl.concat(report.rest.told(outcomes, report.sources), rechunk=True)
    if max(report.records, findings.height) > ROWS_SHOWN:
        findings = findings.filter(pl.col("severity") == "error")
    if report.records > ROWS_SHOWN:
        outcomes = needing_attention(outcomes)
    notices = (
        _notice("outcomes", "that need attention", total=report.records, chosen=outcomes.height),
        _notice("findings", "that are errors", total=report.findings.height, chosen=findings.height),
    )
    return Shown(
        outcomes=outcomes.head(ROWS_SHOWN),
        findings=findings.head(ROWS_SHOWN),
        notices=tuple(notice for notice in notices if notice),
    )


def _notice(what: str, kind: str, *, total: int, chosen: int) -> str | None:
    """Return what is not shown of `total` rows, `chosen` of which are of the `kind` that matters; None if all are."""
    if min(chosen, ROWS_SHOWN) == total:
        return None
    some = f"the first {ROWS_SHOWN:,} of {chosen:,}" if chosen > ROWS_SHOWN else f"{chosen:,}"
    return f"Of {total:,} {what}, {some} {kind} are shown here; all of them are in {what}.csv."
