"""Widths: numbers that are shorter than their column proves them to be, or longer than a program can hold."""

from dataclasses import dataclass

import polars as pl

from migrate.checks.doubts import Complaint, doubts, no_doubts, shown
from migrate.model.phrase import phrase
from migrate.normalize.suspects import LONG_NUMBER, ROUNDED

_SAME_WIDTH_SHARE_MIN = 0.5
_ZEROS_TO_SHORTER_MIN = 0.25
_ZEROS_OF_USUAL_WIDTH_MIN = 0.8


@dataclass(frozen=True, slots=True)
class Column:
    """What is known of a column, some of whose records are asked: the width it proves, whether all long are rounded."""

    usual: int | None
    rounded: bool


def lost_zeros(records: pl.DataFrame, record: str, field: str, *, whole: Column | None = None) -> pl.DataFrame:
    """Return a warning on each number that is shorter than the width which the others of its column prove.

    They do where most have one width, and those that begin with 0 have that width: plain numbers, such as 1 to 2000,
    have no zeros in front, or only a few for many that are shorter.
    """
    column, width = pl.col(field), pl.col(field).str.len_bytes()
    numbers = records.filter(column.str.contains(r"^[0-9]+$"))
    usual = proven_width(width_counts(numbers[field])) if whole is None else whole.usual
    if usual is None:
        return no_doubts()
    would_be = column.str.zfill(usual)
    message = phrase(
        f'"{{}}" is shorter than the others, which have {usual} digits; with its zeros it would be "{{}}"',
        shown(field),
        would_be,
    )
    hint = f"if its leading zeros were lost, give the field pad = {usual} under table.fields.{field}"
    shorter = numbers.filter(width < usual)
    return doubts(shorter, record, Complaint("warning", "shorter_than_others", field, message, hint))


def lost_digits(records: pl.DataFrame, record: str, field: str, *, whole: Column | None = None) -> pl.DataFrame:
    """Return a warning on each number that ends in zeros behind its first 15 digits, where all long ones do."""
    column = pl.col(field)
    long = records.filter(column.str.contains(LONG_NUMBER))
    rounded = long.filter(column.str.contains(ROUNDED))
    if rounded.is_empty() or not (rounded.height == long.height if whole is None else whole.rounded):
        return no_doubts()
    message = phrase('"{}" has zeros from its 16th digit on; a spreadsheet program may have rounded it', shown(field))
    hint = "look at the original; if digits are lost, type the value again in a cell formatted as text"
    return doubts(rounded, record, Complaint("warning", "maybe_rounded", field, message, hint))


def width_counts(numbers: pl.Series) -> pl.DataFrame:
    """Return `width`, `len`, `zero`: how many numbers have as many digits, and how many of these begin with 0."""
    widths = pl.DataFrame({"width": numbers.str.len_bytes(), "zero": numbers.str.contains("^0[0-9]")})
    return widths.group_by("width").agg(pl.len(), pl.col("zero").sum())


def proven_width(counts: pl.DataFrame) -> int | None:
    """Return how many digits the numbers of a column have, if their `width_counts` prove it, and some have fewer."""
    counts = counts.sort("len", "width", descending=True)
    if counts.height < 2:  # noqa: PLR2004 - all have one width
        return None
    usual, same, zeros = counts.row(0)
    shorter = int(counts.filter(pl.col("width") < usual)["len"].sum())
    all_zeros = int(counts["zero"].sum())
    is_proven = (
        shorter
        and zeros
        and same > _SAME_WIDTH_SHARE_MIN * int(counts["len"].sum())
        and zeros >= _ZEROS_TO_SHORTER_MIN * shorter
        and zeros >= _ZEROS_OF_USUAL_WIDTH_MIN * all_zeros
    )
    return int(usual) if is_proven else None
