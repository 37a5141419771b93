"""Small runs to report on: sources, outcomes, findings."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from migrate.model.findings import FINDINGS_SCHEMA, findings_frame, no_findings
from migrate.model.outcomes import OUTCOMES_SCHEMA
from migrate.model.sources import LEFT_OUT_SCHEMA, Input, Source, Table
from migrate.report.run_report import RunFacts, RunReport

PAYLOADS = (
    "=1+1",
    "+82 2 1234",
    "-12",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\ufeff=1",
    "\u200b=1",
    " \u00a0=1",
    "\uff1dcmd",
    '=HYPERLINK("http://evil.example","x")',
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "<r><t>x</t></r>",
    "https://evil.example",
    "mailto:a@b.example",
    "\u202eabc",
    "\x1b[31mred",
    "a\x00b",
    "_x0041_",
    "javascript:alert(1)",
    '" onmouseover="alert(1)',
    "{{ 7 * 7 }}",
    "'x",
)


def source(
    rows: Sequence[Sequence[str | None]],
    columns: Sequence[str],
    *,
    file: str = "a.xlsx",
    sheet: str | None = "Sites",
    first_row: int = 2,
) -> Source:
    """Return a source whose rows are numbered from `first_row` on."""
    numbers = pl.Series("_row", range(first_row, first_row + len(rows)), dtype=pl.UInt32)
    cells = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    table = Table(
        path=Path(file),
        sheet=sheet,
        header_row=first_row - 1,
        frame=pl.DataFrame([numbers, *cells]),
        letters={column: chr(ord("A") + index) for index, column in enumerate(columns)},
        findings=no_findings(),
        left_out=LEFT_OUT_SCHEMA.to_frame().drop("_src"),
        format="xlsx",
    )
    return Source(file, table)


def outcomes(*rows: Mapping[str, Any]) -> pl.DataFrame:
    """Return outcomes of sites in row 2, 3 ... of the first source, unless said otherwise."""
    known = {"file": "a.xlsx", "sheet": "Sites", "record": "site", "action": "create", "outcome": "created"}
    whole = [
        {**dict.fromkeys(OUTCOMES_SCHEMA), **known, "row": n + 2, "retryable": False, "_src": 0, "_n": n, **row}
        for n, row in enumerate(rows)
    ]
    return pl.DataFrame(whole, schema=OUTCOMES_SCHEMA)


def findings(*rows: Mapping[str, Any]) -> pl.DataFrame:
    """Return errors about a site's time zone in the first source, unless said otherwise; `_row` says where."""
    known = {
        "file": "a.xlsx",
        "sheet": "Sites",
        "record": "site",
        "field": "timezone",
        "severity": "error",
        "code": "timezone",
        "message": "time zone is not known",
        "_src": 0,
    }
    return findings_frame({**known, "row": row.get("_row"), **row} for row in rows)


def report(
    told: pl.DataFrame,
    *,
    sources: Sequence[Source] = (),
    found: pl.DataFrame | None = None,
    left_out: pl.DataFrame | None = None,
    **facts: Any,
) -> RunReport:
    """Return a finished run."""
    known: dict[str, Any] = {
        "run_id": "20260101-120000-check",
        "verb": "check",
        "state": "finished",
        "version": "1.0",
        "started_at": datetime(2026, 1, 1, 12, tzinfo=UTC),
        "inputs": (Input(Path("/in/a.xlsx"), "a.xlsx", "ab" * 32, told.height),),
    }
    return RunReport(
        facts=RunFacts(**{**known, **facts}),
        sources=sources,
        outcomes=told,
        findings=FINDINGS_SCHEMA.to_frame() if found is None else found,
        left_out=LEFT_OUT_SCHEMA.to_frame() if left_out is None else left_out,
    )
