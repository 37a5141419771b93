"""Left out: what is said of records whose site or station `where` or a person leaves out."""

import polars as pl

from migrate.model.phrase import phrase
from migrate.planning.draft import Draft, with_more

FILTERED = {"site": "filtered_site", "station": "filtered_station"}
"""What is left out → the code of it."""
ASKED_AT_THE_DEALER = ("unknown_site", "unknown_station", *FILTERED.values())
"""The codes of what the checks are in doubt about, and the dealer's own records settle."""

_TOLD, _TO_DO = "_left_out", "_left_out_hint"


def with_left_out(frame: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with `_left_out`: what the checks' `findings` say of that; null elsewhere.

    `_left_out_hint` is what they say is to be done.
    """
    about = findings.filter(pl.col("code").is_in(list(FILTERED.values())), pl.col("_n").is_not_null())
    told = about.select("_n", _left_out="message", _left_out_hint="hint").unique("_n", keep="first")
    return with_more(frame, told)


def message_or(otherwise: pl.Expr) -> pl.Expr:
    """Return the message of a parent that is not known: that it is left out, else `otherwise`."""
    return pl.coalesce(phrase("{}, and is not at the dealer", _TOLD), otherwise)


def hint_or(otherwise: pl.Expr) -> pl.Expr:
    """Return the hint of a parent that is not known."""
    return pl.coalesce(_TO_DO, otherwise)


def warn_left_out(draft: Draft, parent: str, field: str, *which: pl.Expr) -> None:
    """Warn about those (of `which`) that stay, because the dealer has the `parent` that is left out."""
    stays = f"{{}}; the dealer has it, so the {draft.record.name} is not left out"
    draft.note(
        draft.open(pl.col(_TOLD).is_not_null(), *which),
        field,
        code=FILTERED[parent],
        severity="warning",
        message=phrase(stays, _TOLD),
        hint=pl.col(_TO_DO),
    )
