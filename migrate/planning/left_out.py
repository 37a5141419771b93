"""Left out: what is said of records whose site or station `where` or a person leaves out, and the dealer lacks too."""

from collections.abc import Sequence

import polars as pl

from migrate.checks.links import LEFT_OUT_HINT, REMOVED_HINT

_TOLD, _TO_DO = "_left_out", "_left_out_hint"


def with_left_out(frame: pl.DataFrame, findings: pl.DataFrame, codes: Sequence[str]) -> pl.DataFrame:
    """Return `frame` with `_left_out`: what the checks' `findings` with one of `codes` say of that; null elsewhere.

    `_left_out_hint` is what they say is to be done.
    """
    is_told = pl.col("hint").is_in([LEFT_OUT_HINT, REMOVED_HINT])
    about = findings.filter(pl.col("code").is_in(codes), is_told, pl.col("_n").is_not_null())
    told = about.select("_n", _left_out="message", _left_out_hint="hint").unique("_n", keep="first")
    return frame.join(told, on="_n", how="left", maintain_order="left")


def message_or(otherwise: pl.Expr) -> pl.Expr:
    """Return the message of a parent that is not known: that it is left out, else `otherwise`."""
    return pl.coalesce(pl.format("{}, and is not at the dealer", _TOLD), otherwise)


def hint_or(otherwise: pl.Expr) -> pl.Expr:
    """Return the hint of a parent that is not known."""
    return pl.coalesce(_TO_DO, otherwise)
