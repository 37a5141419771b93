"""Resolve: what became of each record, from its verdict, its planned action and what the run was answered."""

from collections.abc import Mapping, Sequence
from typing import Literal

import polars as pl

from migrate.errors import Defect
from migrate.model.outcomes import OUTCOMES_SCHEMA, RESULTS_SCHEMA
from migrate.model.records import RECORDS, SITE
from migrate.model.sources import Source

Stage = Literal["check", "plan", "apply"]

_RETRYABLE = ("blocked", "pending")
"""Outcomes after which the same row may pass another time, whoever says so; of the others the run's answer tells."""


def resolve(
    records: Mapping[str, pl.DataFrame], sources: Sequence[Source], *, stage: Stage, results: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return one outcome a record (OUTCOMES_SCHEMA), in source order.

    `records` are checked frames for `check`, planned ones for `plan` and `apply`. `results` (RESULTS_SCHEMA) is what an
    `apply` has settled so far: it speaks for the records that were to be sent; one without a result is pending.

    Raises:
        Defect: `results` speak of a record twice, or of one that there isn't.
    """
    stated = [_stated(record, frame, stage) for record, frame in records.items()]
    outcomes = pl.concat(stated).sort("_n") if stated else OUTCOMES_SCHEMA.to_frame()
    if stage == "apply" and results is not None:
        outcomes = _settle(outcomes, results)
    files = pl.Series([source.file for source in sources], dtype=pl.String)
    sheets = pl.Series([source.table.sheet for source in sources], dtype=pl.String)
    return outcomes.with_columns(
        file=pl.lit(files).gather(pl.col("_src")),
        sheet=pl.lit(sheets).gather(pl.col("_src")),
        retryable=pl.col("retryable").fill_null(pl.col("outcome").is_in(_RETRYABLE)),
        attempts=pl.col("attempts").fill_null(0),
    )


def _stated(record: str, frame: pl.DataFrame, stage: Stage) -> pl.DataFrame:
    """Return what `frame` itself says about its records; the columns of OUTCOMES_SCHEMA that it can't tell are null."""
    planned = (
        pl.col("_planned") if stage != "apply" else pl.col("_planned").cast(pl.String).replace("planned", "pending")
    )
    told = {
        "row": pl.col("_row"),
        "record": pl.lit(record),
        "external_id": pl.col(RECORDS[record].id_field),
        "action": pl.lit("none") if stage == "check" else pl.col("_action").cast(pl.String).fill_null("none"),
        "outcome": pl.col("_verdict").fill_null("valid") if stage == "check" else planned,
        "code": pl.col("_code"),
        "message": pl.col("_message"),
        "_src": pl.col("_src"),
        "_n": pl.col("_n"),
    }
    if SITE.id_field in frame.columns:
        told["external_site_id"] = pl.col(SITE.id_field)
    if stage != "check":
        told["remote_id"] = pl.col("_remote_id")
    return frame.select(told.get(name, pl.lit(None)).cast(dtype).alias(name) for name, dtype in OUTCOMES_SCHEMA.items())


def _settle(outcomes: pl.DataFrame, results: pl.DataFrame) -> pl.DataFrame:
    """Let `results` speak for the records that are pending; what was settled before the run stands."""
    strangers = results.join(outcomes, on="_n", how="anti").height
    if strangers or results["_n"].is_duplicated().any():
        raise Defect(f"of {results.height} answers, {strangers} belong to no record, or some belong to the same one")
    answers = [name for name in RESULTS_SCHEMA if name != "_n"]
    joined = outcomes.join(results, on="_n", how="left", maintain_order="left", suffix="_now")
    answered = (pl.col("outcome") == "pending") & pl.col("outcome_now").is_not_null()
    settled = joined.with_columns(pl.when(answered).then(f"{name}_now").otherwise(name).alias(name) for name in answers)
    known = pl.coalesce("remote_id_now", joined["remote_id"])
    # an update that went well keeps what the plan says of it: what it changes
    said = pl.when(pl.col("outcome") == "updated").then(pl.coalesce("message", joined["message"])).otherwise("message")
    return settled.with_columns(remote_id=known, message=said).select(*OUTCOMES_SCHEMA)
