"""Left out: what is said of records whose site or station `where` leaves out, and the dealer lacks too."""

from collections.abc import Sequence

import polars as pl

from migrate.checks.links import LEFT_OUT_HINT

_TOLD = "_left_out"


def with_left_out(frame: pl.DataFrame, findings: pl.DataFrame, codes: Sequence[str]) -> pl.DataFrame:
    """Return `frame` with `_left_out`: what the checks' `findings` with one of `codes` say of that; null elsewhere."""
    about = findings.filter(pl.col("code").is_in(codes), pl.col("hint") == LEFT_OUT_HINT, pl.col("_n").is_not_null())
    told = about.select("_n", pl.col("message").alias(_TOLD)).unique("_n", keep="first")
    return frame.join(told, on="_n", how="left", maintain_order="left")


def message_or(otherwise: pl.Expr) -> pl.Expr:
    """Return the message of a parent that is not known: that it is left out, else `otherwise`."""
    return pl.coalesce(pl.format("{}, and is not at the dealer", _TOLD), otherwise)


def hint_or(otherwise: pl.Expr) -> pl.Expr:
    """Return the hint of a parent that is not known."""
    return pl.when(pl.col(_TOLD).is_not_null()).then(pl.lit(LEFT_OUT_HINT)).otherwise(otherwise)
