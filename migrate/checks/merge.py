"""Merge: rows that agree on the id become one record, which stands at its first row."""

from collections.abc import Sequence

import polars as pl

from migrate.checks.doubts import Complaint, doubts, earlier_row, no_doubts, shown
from migrate.model.phrase import phrase
from migrate.model.records import RecordType
from migrate.model.sources import Source

_HINT = "make the rows agree, or empty the cell; an empty cell agrees with anything"


def merge(different: pl.DataFrame, kind: RecordType) -> pl.DataFrame:
    """Return one line per record: each field's first value in its rows, and `_rows`, how many they are.

    The values of late rows are taken where no other row has one.
    """
    different = different.rename({"_times": "_rows"})
    if different["_n"].is_sorted() and different["_n"].n_unique() == different.height:
        return different
    firsts = different.group_by("_n", maintain_order=True).agg(pl.col("_src", "_row", "_table").first())
    values = (pl.col(name).first(ignore_nulls=True) for name in kind.field_names)
    grouped = _late_last(different).group_by("_n", maintain_order=True)
    merged = grouped.agg(pl.col("_rows").sum(), *values)
    return firsts.join(merged, on="_n", maintain_order="left").sort("_n")


def disagreements(
    different: pl.DataFrame, merged: pl.DataFrame, *, kind: RecordType, sources: Sequence[Source]
) -> pl.DataFrame:
    """Return an error on each row that says something else than an earlier row of its record, or a late one."""
    if different.height == merged.height:
        return no_doubts()
    different = _late_last(different)
    beside = different.join(merged.select("_n", *kind.field_names), on="_n", suffix="_merged", maintain_order="left")
    found = [no_doubts()]
    for name in kind.field_names:
        if name == kind.id_field:
            continue
        odd = beside.filter(pl.col(name) != pl.col(f"{name}_merged"))
        if odd.is_empty():
            continue
        said = different.filter(pl.col(name).is_not_null()).select("_n", "_src", "_row")
        first = said.unique("_n", keep="first", maintain_order=True)
        message = phrase(
            '{} is "{}" in row {}, but "{}" in {}',
            pl.lit(name),
            shown(name),
            "_row",
            shown(f"{name}_merged"),
            earlier_row(sources),
        )
        told = odd.join(first, on="_n", suffix="_first", maintain_order="left")
        found.append(doubts(told, kind.name, Complaint("error", "disagreement", name, message, _HINT)))
    return pl.concat(found)


def _late_last(different: pl.DataFrame) -> pl.DataFrame:
    return different.sort("_late", maintain_order=True) if different["_late"].any() else different
