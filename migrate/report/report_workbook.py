"""Report workbook: Summary, Outcomes and Findings as sheets."""

from typing import BinaryIO

import polars as pl

from migrate.model.findings import FINDING_COLUMNS
from migrate.model.outcomes import OUTCOME_COLUMNS
from migrate.model.records import RECORDS
from migrate.report.run_json import as_json
from migrate.report.run_report import RunReport
from migrate.report.shown import SEVERITY_TONES, TONES, choose_shown
from migrate.report.workbook import Sheet, write_workbook

_LONG = frozenset({"message", "hint", "more"})
_WIDTHS = dict.fromkeys(_LONG, 60)


def write_report_workbook(handle: BinaryIO, report: RunReport) -> None:
    """Write `report.xlsx` to `handle`."""
    shown = choose_shown(report)
    outcomes = shown.outcomes.select(list(OUTCOME_COLUMNS)).with_columns(
        retryable=pl.when("retryable").then(pl.lit("yes")).otherwise(pl.lit("no"))
    )
    findings = shown.findings.select(list(FINDING_COLUMNS))
    summary = _summary(report, shown.notices)
    sheets = (
        Sheet("Summary", summary, widths={"more": 90}, wrapped=_LONG, tints=_summary_tints(summary)),
        Sheet(
            "Outcomes",
            outcomes,
            widths=_WIDTHS,
            wrapped=_LONG,
            tints={"outcome": _tints(outcomes["outcome"], dict(TONES))},
        ),
        Sheet(
            "Findings",
            findings,
            widths=_WIDTHS,
            wrapped=_LONG,
            tints={"severity": _tints(findings["severity"], dict(SEVERITY_TONES))},
        ),
    )
    write_workbook(handle, sheets)


def _tints(words: pl.Series, tones: dict[str, str]) -> pl.Series:
    return words.replace_strict(tones, default="quiet", return_dtype=pl.String)


def _summary(report: RunReport, notices: tuple[str, ...]) -> pl.DataFrame:
    """Return the run in lines of (what, which, number, more), what needs attention first."""
    facts = report.facts
    lines: list[tuple[str, str | None, int | None, str | None]] = [("shown", None, None, text) for text in notices]
    lines += [
        (record, outcome, number, None) for record, counts in facts.counts.items() for outcome, number in counts.items()
    ]
    lines += [(cause.kind, cause.code, cause.rows, str(cause)) for cause in report.causes]
    lines += [("findings", severity, number, None) for severity, number in facts.findings.items()]
    lines += [("normalized", name, number, example) for name, (number, example) in facts.normalized.items()]
    lines += [("left out", why, number, None) for why, number in facts.left_out.items()]
    lines += [("input", file.file, file.rows, f"source rows; sha256 {file.sha256}") for file in facts.inputs]
    lines += [("requests", name, number, None) for name, number in _requests(report)]
    whole = as_json(facts)
    plain = ("run_id", "verb", "state", "exit_code", "dealer_id", "base_url", "parent", "started_at", "finished_at")
    lines += [("run", name, None, str(whole[name])) for name in plain if whole[name] is not None]
    lines += [("run", "mapping", None, facts.mapping_name)] if facts.mapping_name else []
    lines += [("next", None, None, report.next_command)] if report.next_command else []
    schema = {"what": pl.String, "which": pl.String, "number": pl.Int64, "more": pl.String}
    return pl.DataFrame(lines, schema=schema, orient="row")


def _summary_tints(summary: pl.DataFrame) -> dict[str, pl.Series]:
    """Return the tints of outcomes and of what causes are."""
    tones = {**TONES, **SEVERITY_TONES}
    of = {name: summary[name].replace_strict(tones, default=None, return_dtype=pl.String) for name in ("what", "which")}
    outcome = summary["what"].is_in(list(RECORDS))
    return {"what": of["what"], "which": of["which"].set(~outcome, None)}


def _requests(report: RunReport) -> list[tuple[str, int]]:
    requests = report.facts.requests
    return [
        ("sent", requests.sent),
        ("retried", requests.retried),
        ("rate_limited", requests.rate_limited),
        ("planned", requests.planned),
    ]
