"""What is done with each record: created, updated, left alone, by what differs and what was asked for."""

import polars as pl

from migrate.model.phrase import phrase
from migrate.planning.difference import as_changes, as_told
from migrate.planning.draft import OPEN, Draft, with_more
from migrate.planning.match import near_ids, unclaimed
from migrate.planning.rules import STEPS

_TO_UPDATE = "look at what differs; --on-existing update takes our values, or mend the source"
_TO_MAKE_ANEW = "delete it at the dealer, by hand, and plan again, or mend the source"


def decide(draft: Draft, found: pl.DataFrame) -> None:
    """Add `_action`, `_planned`, `_changes`, `_update` to the draft's frame by what is `found` to differ.

    `found` are differences with what to `do` about each: `update`, `skip` or `fail`. One `fail` fails the record; else
    what is to be updated is, and the rest is left alone with a warning. `_update` says what an update changes.
    """
    found = _without_fixed(draft, found)
    failing = found.filter((pl.col("do") == "fail").any().over("_n"))
    updates = found.filter(pl.col("do") == "update").join(failing, on="_n", how="anti")
    skips = found.filter(pl.col("do") == "skip").join(failing, on="_n", how="anti")
    skipped = skips.join(updates, on="_n", how="anti")
    changes = as_changes(pl.concat([failing, updates, skipped]), draft.record)
    updated = as_told(updates).select("_n", _update="told")
    draft.frame = with_more(with_more(draft.frame, changes), updated)
    draft.reject(
        _told(draft, failing),
        None,
        code="exists_different",
        message=pl.concat_str(pl.lit("the dealer has it, different: "), "told"),
        hint=_hint(),
        verdict="failed",
    )
    _warn(draft, skips, skipped)
    has, number = pl.col("_remote_id").is_not_null(), pl.col("_n")
    update, skip = number.is_in(updates["_n"].implode()), number.is_in(skipped["_n"].implode())
    draft.frame = draft.frame.with_columns(
        pl.when(~has)
        .then(pl.lit("create"))
        .when(update)
        .then(pl.lit("update"))
        .otherwise(pl.lit("none"))
        .alias("_action"),
        pl.when(~has | update)
        .then(pl.lit("planned"))
        .when(skip)
        .then(pl.lit("skipped"))
        .otherwise(pl.lit("unchanged"))
        .alias("_planned"),
    )


def look_for_near_ids(draft: Draft, theirs: pl.DataFrame, *, within: tuple[str, ...] = ()) -> None:
    """Warn about records to create whose id the dealer has in another spelling, and keep them for the brake."""
    record = draft.record
    is_create, others = pl.col("_action") == "create", unclaimed(theirs, draft.frame, remote_id=record.remote_id_field)
    draft.creates = draft.count(is_create)
    if others.is_empty():
        return
    creates = draft.open(is_create, columns=("_n", "_src", "_row", record.id_field, *within))
    draft.near = near_ids(creates, others, on=record.id_field, within=within)
    draft.note(
        draft.near,
        record.id_field,
        code="near_id",
        severity="warning",
        message=phrase("the dealer has {}, the same but for leading zeros, case, spaces or Unicode form", "_near"),
        hint=f"if it is the same {record.name}, mend the id (`pad` in the mapping puts zeros in front)",
    )


def finished(draft: Draft, columns: list[str]) -> pl.DataFrame:
    """Return the planned frame: `columns` of the record frame, then what the plan says, closed records settled.

    The draft's own frame says so too from then on.
    """
    closed = pl.col("_verdict").is_not_null()
    extra = {"site": ["_arming", "_activate", "_station_id"], "device": ["_site_id"]}.get(draft.record.name, [])
    updated = pl.when(OPEN).then(pl.coalesce("_message", "_update")).otherwise("_message").alias("_message")
    for told in (
        pl.when(OPEN).then("_action").otherwise(pl.lit("none")).alias("_action"),
        pl.when(pl.col("_here")).then(pl.when(closed).then("_verdict").otherwise("_planned")).alias("_planned"),
        pl.when(OPEN | (pl.col("_verdict") == "failed")).then("_changes").alias("_changes"),
        *([updated] if draft.frame.select(pl.col("_update").is_not_null().any()).item() else []),
        *(pl.when(OPEN).then(name).alias(name) for name in extra if name in {"_arming", "_activate"}),
    ):
        draft.frame = draft.frame.with_columns(told)  # one by one, so that no more than one is there twice
    return draft.frame.select(*columns, "_action", "_planned", "_remote_id", "_changes", *extra)


def _without_fixed(draft: Draft, found: pl.DataFrame) -> pl.DataFrame:
    """Reject records that need an update which the API can't do; return what differs in the others."""
    fixed = found.filter(pl.col("do") == "update", ~_changeable(draft))
    rows = _told(draft, fixed)
    draft.reject(
        rows,
        None,
        code="not_updatable",
        message=pl.concat_str(pl.lit("the API can't change this: "), "told"),
        hint=_TO_MAKE_ANEW,
    )
    return found.join(fixed, on="_n", how="anti")


def _warn(draft: Draft, skips: pl.DataFrame, skipped: pl.DataFrame) -> None:
    message = pl.concat_str(pl.lit("the dealer has it, different, and it is left alone: "), "told")
    draft.note(_told(draft, skips), None, code="differs", severity="warning", message=message, hint=_hint())
    draft.settle(_told(draft, skipped), None, code="differs", message=message)


def _told(draft: Draft, found: pl.DataFrame) -> pl.DataFrame:
    """Return the open records of `found` with what differs (`told`, `field`), and whether an update could change it."""
    fixed = found.filter(~_changeable(draft))["_n"]
    told = as_told(found).with_columns(_fixed=pl.col("_n").is_in(fixed.implode()))
    asked = draft.open(pl.col("_n").is_in(told["_n"].implode()))
    return asked.join(told, on="_n", how="inner", maintain_order="left")


def _changeable(draft: Draft) -> pl.Expr:
    return pl.col("field").is_in([*draft.record.updatable, *STEPS])


def _hint() -> pl.Expr:
    return pl.when("_fixed").then(pl.lit(_TO_MAKE_ANEW)).otherwise(pl.lit(_TO_UPDATE))
