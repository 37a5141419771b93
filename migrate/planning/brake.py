"""The brake: a plan that is probably a mistake says so, and lists what it found."""

from collections.abc import Iterable, Sequence

import orjson
import polars as pl

from migrate.planning.draft import Draft
from migrate.planning.rules import Rules

_MOST_UPDATED = 0.30
_FROM_EXISTING = 10
_MOST_NEAR = 0.20
_FROM_NEAR = 5
_LISTED = 10


def brakes(drafts: Sequence[Draft], rules: Rules) -> tuple[str, ...]:
    """Return the reasons why the plan should not be carried out without a second look; empty if there are none."""
    found = [_too_many_updates(drafts, rules), _near_ids(drafts), _twins(drafts)]
    return tuple(reason for reason in found if reason is not None)


def _too_many_updates(drafts: Sequence[Draft], rules: Rules) -> str | None:
    existing, updates = 0, []
    for draft in drafts:
        has = pl.all_horizontal(_not_asked_for(draft, rules), pl.col("_here"), pl.col("_remote_id").is_not_null())
        existing += draft.frame.select(has.sum()).item()
        updates.append(
            draft.open(has, pl.col("_action") == "update").select(
                record=pl.lit(draft.record.name), id=draft.record.id_field, changes="_changes"
            )
        )
    rows = pl.concat(updates) if updates else pl.DataFrame()
    if existing < _FROM_EXISTING or rows.height <= _MOST_UPDATED * existing:
        return None
    listing = _listing(
        (f"{record} {key} ({_told(changes)})" for record, key, changes in rows.head(_LISTED).iter_rows()), rows.height
    )
    return (
        f"it would update {rows.height} of the {existing} records that the dealer already has "
        f"({rows.height / existing:.0%}, more than {_MOST_UPDATED:.0%}): {listing}"
    )


def _not_asked_for(draft: Draft, rules: Rules) -> pl.Expr:
    """Leave out updates that were asked for one by one: adopted sites, and the rest of what a parent run began."""
    if draft.record.name != "site":
        return pl.lit(value=True)
    return ~pl.col("_adopted") & ~pl.col("external_site_id").is_in(list(rules.own))


def _near_ids(drafts: Sequence[Draft]) -> str | None:
    kinds = [draft for draft in drafts if _is_much(draft.near.height, draft.creates)]
    if not kinds and _is_much(sum(draft.near.height for draft in drafts), sum(draft.creates for draft in drafts)):
        kinds = [draft for draft in drafts if draft.near.height]
    if not kinds:
        return None
    told = []
    for draft in kinds:
        rows = draft.near.select(draft.record.id_field, "_near")
        pairs = _listing((f"{ours} (there: {theirs})" for ours, theirs in rows.head(_LISTED).iter_rows()), rows.height)
        told.append(f"{rows.height} of {draft.creates} {draft.record.name}s to create: {pairs}")
    return (
        "the dealer has these ids but for leading zeros, case, spaces or Unicode form; the key column is probably "
        f"wrong, or the dealer is: {'; '.join(told)}"
    )


def _is_much(near: int, creates: int) -> bool:
    return near >= _FROM_NEAR and near > _MOST_NEAR * creates


def _twins(drafts: Sequence[Draft]) -> str | None:
    twins = [draft.twins for draft in drafts if not draft.twins.is_empty()]
    if not twins:
        return None
    rows = twins[0].group_by("external_site_id", maintain_order=True).agg("site_id", "_why")
    told = (
        f"{key} ({', '.join(f'there: site {site_id}, by {why}' for site_id, why in zip(ids, whys, strict=True))})"
        for key, ids, whys in rows.head(_LISTED).iter_rows()
    )
    return (
        f"{rows.height} sites to create seem to be at the dealer already; --adopt gives those that match one to one "
        f"our id instead of making second sites: {_listing(told, rows.height)}"
    )


def _told(changes: str) -> str:
    return "; ".join(f"{field}: {before} → {after}" for field, before, after in orjson.loads(changes))


def _listing(examples: Iterable[str], number: int) -> str:
    more = f", and {number - _LISTED} more" if number > _LISTED else ""
    return ", ".join(examples) + more
