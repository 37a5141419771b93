"""Recovering: cells that identify something, read as they look and as they were meant where that is sure, and told."""

from collections.abc import Sequence

import polars as pl

from migrate.mapping.blanks import INSIDE, clean
from migrate.mapping.select import Reading
from migrate.model.findings import as_findings, no_findings
from migrate.model.heads import heads
from migrate.model.phrase import phrase
from migrate.model.records import IDENTIFYING
from migrate.model.sources import Table
from migrate.model.text import ACTING
from migrate.normalize.suspects import POINT_ZERO

_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_HAS_FULL_WIDTH = "[\uff01-\uff5e]"
_LOOKS_ALIKE = {**INSIDE, **_FULL_WIDTH}
_PLAIN_SPACE = " \t\n\v\f\r"
_ZONES = frozenset({"zone_number", "additional_zone_numbers"})
"""Fields whose reader knows `1.0` for what it is."""

_WIDE_WAS_READ = "full-width characters were read as the plain ones"
_UNSEEN_WAS_READ = "a space of another kind was read as a plain one, or one without width was taken out"

_NUMBER = r"^[0-9]+(?:\.[0-9]+)?$"
_MAY_BE_POINT_ZERO = r"[0-9]\.0+[^0-9A-Za-z.]*$"
_FRACTION = r"\.0*[1-9]"
_LEAST_ALIKE = 2


def recover(
    table: Table, rows: pl.DataFrame, cells: pl.DataFrame, *, readings: Sequence[Reading]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return `cells`, the trimmed `rows` of `table`, with what could be recovered, and the notes on it.

    In columns that a field which identifies something is made of, full-width letters and digits become plain ones,
    spaces of all kinds plain ones, what is not seen goes; and `.0` goes where most of a column's numbers end so.
    """
    findings = [no_findings()]
    for name in _columns(readings, IDENTIFYING):
        if read := _looking_alike(rows, cells[name], table):
            cells, findings = cells.with_columns(read[0]), [*findings, *read[1]]
    for name in _columns(readings, IDENTIFYING - _ZONES):
        if whole := _without_point_zero(cells, cells[name], table):
            cells, findings = cells.with_columns(whole[0]), [*findings, whole[1]]
    return cells, pl.concat(findings)


def may_lose_point_zero(rows: pl.DataFrame, readings: Sequence[Reading]) -> bool:
    """Tell whether a number ends in `.0` that may go, for which all rows of its column must be known."""
    columns = (heads(rows[name]) for name in _columns(readings, IDENTIFYING - _ZONES))
    return any(
        texts.str.contains(".0", literal=True).any() and texts.str.contains(_MAY_BE_POINT_ZERO).any()
        for texts in columns
    )


def _columns(readings: Sequence[Reading], fields: frozenset[str]) -> list[str]:
    names = (
        column
        for reading in readings
        for field in reading.spec.fields
        if field in fields
        for column in reading.columns_of(field)
    )
    return list(dict.fromkeys(names))


def _looking_alike(rows: pl.DataFrame, texts: pl.Series, table: Table) -> tuple[pl.Series, list[pl.DataFrame]] | None:
    """Return the column with plain characters, and a note on each cell that had others; None where all are plain."""
    raw = rows[texts.name]
    values = heads(raw)
    if values.str.len_bytes().sum() == values.str.len_chars().sum():
        return None
    plain = clean(pl.col("text").str.replace_many(_LOOKS_ALIKE))
    read = pl.DataFrame({"_row": rows["_row"], "value": raw, "text": texts}).with_columns(plain)
    changed = read.filter(pl.col("value").str.strip_chars(_PLAIN_SPACE) != pl.col("text"))
    is_wide = pl.col("value").str.contains(_HAS_FULL_WIDTH)
    wide = _notes(changed.filter(is_wide), texts.name, table, code="full_width", message=_WIDE_WAS_READ)
    unseen = _notes(changed.filter(~is_wide), texts.name, table, code="unseen_space", message=_UNSEEN_WAS_READ)
    return read["text"].alias(texts.name), [wide, unseen]


def _notes(changed: pl.DataFrame, column: str, table: Table, *, code: str, message: str) -> pl.DataFrame:
    said = phrase(f'{message}: it is "{{}}" now', pl.col("text").str.slice(0, 60).str.replace_all(ACTING, "?"))
    whole = changed.rechunk()  # polars#25187: an empty chunk
    places = whole.with_columns(row="_row", cell=table.cells(column), message=said)
    return as_findings(places, column=column, severity="note", code=code, hint="nothing to do if that is right")


def _without_point_zero(cells: pl.DataFrame, texts: pl.Series, table: Table) -> tuple[pl.Series, pl.DataFrame] | None:
    """Return the column without `.0`, and one note on the whole of it; None where its numbers do not show it.

    They do if most of them end so and none has another fraction: so a cell that is typed in by hand, or a code among
    the numbers, changes no other id.
    """
    if not texts.filter(texts.str.ends_with("0")).str.contains(".0", literal=True).any():
        return None
    numbers = cells.select("_row", text=texts).filter(pl.col("text").str.contains(_NUMBER))
    ending = numbers.filter(pl.col("text").str.contains(POINT_ZERO))
    has_fraction = numbers["text"].str.contains(_FRACTION).any()
    if ending.height < _LEAST_ALIKE or ending.height * 2 <= numbers.height or has_fraction:
        return None
    whole = texts.str.replace(r"^([0-9]+)\.0+$", "${1}")
    row, example = ending.row(0)
    said = (
        f"{ending.height:,} of the column's {numbers.height:,} numbers end in .0, which a program put there and which "
        f"was taken off, such as {example} → {example.partition('.')[0]}"
    )
    note = pl.DataFrame({"cell": [table.cell(texts.name, row)], "value": [example], "message": [said]})
    hint = "nothing to do; where zeros stood in front, give the field a pad"
    return whole, as_findings(note, column=texts.name, severity="note", code="point_zero", hint=hint)
