"""Write: a run's report as files, each from the same frames, so that they can't disagree."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

import polars as pl

from migrate.model.findings import FINDING_COLUMNS
from migrate.model.outcomes import OUTCOME_COLUMNS
from migrate.outcomes.summary import count_findings, count_left_out, count_outcomes
from migrate.report.attention import attention_frame, attention_sheets, find_attention
from migrate.report.delimited import write_csv
from migrate.report.files import write_whole
from migrate.report.page import write_page
from migrate.report.report_workbook import write_report_workbook
from migrate.report.run_json import write_run_json
from migrate.report.run_report import RunFacts, RunReport
from migrate.report.workbook import write_workbook

ATTENTION = ("attention.csv", "attention.xlsx")


def count(report: RunReport) -> RunFacts:
    """Return the facts with the counts of the report's frames."""
    return replace(
        report.facts,
        counts=count_outcomes(report.outcomes, report.rest),
        findings=count_findings(report.findings),
        left_out=count_left_out(report.left_out),
    )


def write_reports(folder: Path, report: RunReport) -> list[Path]:
    """Write all files of a run but its journal into `folder`, and return where they are; `run.json` is the last.

    A file that is open elsewhere gets a new numbered name. The counts in the facts are made from the frames.

    Raises:
        Stopped: a file can't be written.
    """
    report = replace(report, facts=count(report))
    findings = report.findings.select(list(FINDING_COLUMNS))
    with ThreadPoolExecutor(1) as beside:  # polars writes rows without the interpreter, which the others need
        outcomes = beside.submit(write_whole, folder / "outcomes.csv", partial(_write_outcomes, report=report))
        others = [
            write_whole(folder / "findings.csv", partial(write_csv, frame=findings)),
            write_whole(folder / "left_out.csv", partial(write_csv, frame=_left_out(report))),
            *_write_attention(folder, report),
            write_whole(folder / "report.xlsx", partial(write_report_workbook, report=report)),
            write_whole(folder / "report.html", partial(write_page, report=report)),
        ]
    return [outcomes.result(), *others, write_run_json(folder, report.facts)]


def _write_outcomes(handle: BinaryIO, *, report: RunReport) -> None:
    told = [report.outcomes] if report.rest is None else report.rest.told(report.outcomes, report.sources)
    for number, frame in enumerate(told):
        write_csv(handle, frame.select(list(OUTCOME_COLUMNS)), has_header=not number)


def _write_attention(folder: Path, report: RunReport) -> Iterable[Path]:
    attention = find_attention(report.outcomes, report.findings)
    csv, xlsx = (folder / name for name in ATTENTION)
    if attention.rows.is_empty():
        csv.unlink(missing_ok=True)
        xlsx.unlink(missing_ok=True)
        return ()
    frame = attention_frame(attention, report.sources)
    sheets = attention_sheets(attention, report.sources)
    return (
        write_whole(csv, partial(write_csv, frame=frame)),
        write_whole(xlsx, partial(write_workbook, sheets=sheets)),
    )


def _left_out(report: RunReport) -> pl.DataFrame:
    files = pl.Series([source.file for source in report.sources], dtype=pl.String)
    sheets = pl.Series([source.table.sheet for source in report.sources], dtype=pl.String)
    return report.left_out.select(
        file=pl.lit(files).gather(pl.col("_src")), sheet=pl.lit(sheets).gather(pl.col("_src")), row="_row", why="why"
    )
