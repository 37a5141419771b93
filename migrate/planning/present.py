"""A plan's numbers for one screen: how many of what, what is updated, what is left alone and why it differs."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from migrate.model.records import RECORDS
from migrate.planning.plan import Plan


@dataclass(frozen=True, slots=True)
class Numbers:
    """`counts` is record → outcome → number, `actions` record → action → number, of the records in the run.

    `skipped` (`record`, `external_id`, `message`) lists the records that are left alone, with what differs, `updates`
    those to be updated, with what changes. `outcomes` counts what is neither sent nor there already, `activations` the
    sites to be switched on or off.
    """

    counts: Mapping[str, Mapping[str, int]]
    actions: Mapping[str, Mapping[str, int]]
    skipped: pl.DataFrame
    updates: pl.DataFrame
    outcomes: Mapping[str, int]
    activations: Mapping[bool, int]


def numbers(plan: Plan) -> Numbers:
    """Return the numbers of `plan`; estimate and brakes stand in the plan itself."""
    in_run = {name: frame.filter(pl.col("_planned").is_not_null()) for name, frame in plan.records.items()}
    return Numbers(
        counts={name: _count(frame["_planned"]) for name, frame in in_run.items()},
        actions={name: _count(frame["_action"]) for name, frame in in_run.items()},
        skipped=_told(in_run, pl.col("_planned") == "skipped"),
        updates=_told(in_run, pl.col("_action") == "update"),
        outcomes=Counter(
            outcome
            for frame in in_run.values()
            for outcome in frame.filter(~pl.col("_planned").is_in(["planned", "unchanged"]))["_planned"]
        ),
        activations=_count(in_run["site"]["_activate"].drop_nulls()) if "site" in in_run else {},
    )


def _told(records: Mapping[str, pl.DataFrame], which: pl.Expr) -> pl.DataFrame:
    schema = {"record": pl.String, "external_id": pl.String, "message": pl.String}
    found = [
        frame.filter(which).select(record=pl.lit(name), external_id=RECORDS[name].id_field, message="_message")
        for name, frame in records.items()
    ]
    return pl.concat([pl.DataFrame(schema=schema), *found])


def _count(values: pl.Series) -> dict[Any, int]:
    return dict(values.value_counts(sort=True).iter_rows())
