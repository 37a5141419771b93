"""Outcomes that are resolved some records at a time are those that are resolved at once."""

from pathlib import Path

import polars as pl
import pytest

from migrate.journal.results import Results
from migrate.model.findings import no_findings
from migrate.model.outcomes import NEEDS_ATTENTION, RESULTS_SCHEMA
from migrate.model.records import DEVICE, SITE
from migrate.model.sources import Source, Table
from migrate.outcomes import slices
from migrate.outcomes.balance import balance_records
from migrate.outcomes.resolve import Stage, resolve
from migrate.outcomes.slices import resolve_slices
from migrate.outcomes.summary import count_outcomes

PLANNED = ["planned", "planned", "unchanged", "skipped", "invalid", "blocked", "failed"]


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "SLICE_RECORDS", 4)


def source() -> Source:
    table = Table(
        path=Path("a.csv"),
        sheet=None,
        header_row=1,
        frame=pl.DataFrame(schema={"_row": pl.UInt32}),
        letters={},
        findings=no_findings(),
        left_out=pl.DataFrame(schema={"_row": pl.UInt32, "why": pl.String}),
        format="csv",
    )
    return Source("a.csv", table)


def records(rows: int) -> dict[str, pl.DataFrame]:
    """Return a site and two devices a row by turns, each with another plan."""
    numbered = pl.DataFrame({"_n": pl.int_range(rows, dtype=pl.UInt32, eager=True)}).select(
        "_n",
        pl.lit(0, dtype=pl.UInt32).alias("_src"),
        (pl.col("_n") // 3 + 2).alias("_row"),
        pl.format("S-{}", pl.col("_n") // 3).alias(SITE.id_field),
        pl.format("D-{}", "_n").alias(DEVICE.id_field),
        pl.Series("_planned", [PLANNED[at % len(PLANNED)] for at in range(rows)], dtype=pl.String),
        pl.Series("_action", ["update" if at % 5 == 1 else "create" for at in range(rows)], dtype=pl.String),
        pl.Series("_code", ["zone_number" if at % 11 == 3 else None for at in range(rows)], dtype=pl.String),
        *(pl.lit(None, dtype=pl.String).alias(name) for name in ("_verdict", "_message", "_remote_id")),
    )
    is_site = pl.col("_n") % 3 == 0
    return {"site": numbered.filter(is_site).drop(DEVICE.id_field), "device": numbered.filter(~is_site)}


def results(rows: int) -> pl.DataFrame:
    settled = [at for at in range(rows) if PLANNED[at % len(PLANNED)] == "planned" and at % 4]
    outcomes = [("created", "failed", "unknown")[at % 3] for at in settled]
    return pl.DataFrame(
        [
            dict.fromkeys(RESULTS_SCHEMA) | {"_n": at, "outcome": outcome, "attempts": 1, "retryable": False}
            for at, outcome in zip(settled, outcomes, strict=True)
        ],
        schema=RESULTS_SCHEMA,
    )


@pytest.mark.parametrize("stage", ["plan", "apply"])
@pytest.mark.parametrize("rows", [0, 4, 43])
def test_slices_say_what_the_whole_says(stage: Stage, rows: int) -> None:
    frames, sources = records(rows), [source()]
    answers = results(rows) if stage == "apply" else None
    whole = resolve(frames, sources, stage=stage, results=answers)

    held, rest = resolve_slices(frames, sources, stage=stage, results=None if answers is None else Results(answers))

    told = pl.concat([whole.clear(), *rest.told(held, sources)])
    assert told.equals(whole)
    assert count_outcomes(held, rest) == count_outcomes(whole)
    balance_records(held, frames, counted=rest.number)


def test_only_what_somebody_may_look_at_is_held() -> None:
    held, rest = resolve_slices(records(43), [source()], stage="plan", results=None)

    plain = held.filter(~pl.col("outcome").is_in(NEEDS_ATTENTION), pl.col("outcome") != "skipped")
    assert plain.filter(pl.col("code").is_null(), pl.col("action") == "create").is_empty()
    assert rest.number + held.height == 43
