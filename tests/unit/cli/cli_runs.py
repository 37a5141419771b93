"""Runs to show: what they found and came to is said by the test."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from migrate.app.finish import Run
from migrate.errors import MigrateError
from migrate.model.findings import findings_frame
from migrate.model.outcomes import OUTCOMES_SCHEMA
from migrate.model.sources import LEFT_OUT_SCHEMA, Input
from migrate.report.run_report import RunFacts, RunReport
from migrate.report.write import count

RUN_ID = "20260301-120000-000"


def site(number: int, outcome: str, message: str | None = None, **more: Any) -> dict[str, Any]:
    """Return the outcome of a site in row `number` + 1."""
    known = {"file": "customers.xlsx", "sheet": "Sites", "row": number + 1, "record": "site", "_src": 0, "_n": number}
    return {**known, "external_id": f"S-{number}", "outcome": outcome, "message": message, **more}


def finding(number: int, severity: str, message: str, hint: str) -> dict[str, Any]:
    """Return a finding about the time zone in row `number` + 1."""
    place = {"file": "customers.xlsx", "sheet": "Sites", "row": number + 1, "_src": 0, "_row": number + 1}
    told = {"severity": severity, "code": "timezone", "message": message, "hint": hint}
    return {**place, **told, "cell": f"F{number + 1}", "record": "site", "field": "timezone"}


def run_of(
    outcomes: Sequence[Mapping[str, Any]],
    findings: Sequence[Mapping[str, Any]] = (),
    *,
    verb: str = "check",
    error: MigrateError | None = None,
    written: Sequence[str] = ("run.json", "report.html"),
    **facts: Any,
) -> Run:
    """Return a run of 12 rows that came to `outcomes`."""
    report = RunReport(
        facts=RunFacts(
            run_id=RUN_ID,
            verb=verb,
            state=facts.pop("state", "finished"),
            version="1",
            started_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
            inputs=[Input(Path("customers.xlsx"), facts.pop("file", "customers.xlsx"), "", 12)],
            exit_code=facts.pop("exit_code", 1),
            **facts,
        ),
        sources=(),
        outcomes=pl.DataFrame([{**dict.fromkeys(OUTCOMES_SCHEMA), **row} for row in outcomes], schema=OUTCOMES_SCHEMA),
        findings=findings_frame(findings),
        left_out=LEFT_OUT_SCHEMA.to_frame(),
        next_command="chekt-migrate runs",
    )
    counted = RunReport(
        count(report), report.sources, report.outcomes, report.findings, report.left_out, report.next_command
    )
    folder = Path("reports") / RUN_ID
    return Run(folder, counted, tuple(folder / name for name in written), error=error)
