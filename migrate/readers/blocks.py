"""Blocks: a second table further down in a sheet, told by the header of its own that stands behind a blank row."""

from collections.abc import Collection, Sequence
from itertools import pairwise

import polars as pl

from migrate.readers.header import fold, is_data, is_mostly_data

_MOST_BLOCKS = 400
"""Of more, such as where a blank row parts all sites, the first and the last are looked at."""
_LEAST_ROWS = _LEAST_CELLS = 2
_USUAL = 0.5


def tables_below(frame: pl.DataFrame, left_out: Collection[int]) -> list[int]:
    """Return the positions in the frame of rows, behind a blank one, that name other columns than the table has.

    `frame` (`_row` first) has no blank rows, `left_out` are those of its rows that make no record. Such a row is all
    texts, no two alike; and the rows from it on fill half of the table's usual columns at most, or it has texts where
    the table has numbers, dates and the like.
    """
    kept = frame.with_row_index("at").filter(~pl.col("_row").is_in(list(left_out)))
    starts = kept["_row"].diff().gt(1).fill_null(value=False).arg_true().to_list()
    if not starts:
        return []
    table = kept[: starts[0]].drop("at", "_row")
    usual = [name for name in table.columns if table[name].count() >= _USUAL * table.height]
    numbers = {name for name in usual if is_mostly_data([cell for cell in table[name] if cell])}
    blocks = [kept[start:end] for start, end in pairwise([*starts, kept.height])]
    looked_at = blocks if len(blocks) <= _MOST_BLOCKS else [*blocks[: _MOST_BLOCKS // 2], *blocks[-_MOST_BLOCKS // 2 :]]
    return [int(block["at"][0]) for block in looked_at if _is_other(block.drop("at", "_row"), usual, numbers)]


def _is_other(block: pl.DataFrame, usual: Sequence[str], numbers: Collection[str]) -> bool:
    """Tell whether a block begins with names and fills few of the usual columns, or names where `numbers` stood."""
    if block.height < _LEAST_ROWS or not (names := names_in(block.columns, block.row(0))):
        return False
    if sum(bool(block[name].count()) for name in usual) * 2 <= len(usual):
        return True
    return len(names.intersection(numbers)) >= _LEAST_CELLS


def names_in(columns: Sequence[str], row: Sequence[str | None]) -> set[str]:
    """Return the columns in which a row has a text, if these can be the names of others: no data, no two alike."""
    names = {column: text for column, cell in zip(columns, row, strict=True) if (text := fold(cell))}
    is_alike = len({name.casefold() for name in names.values()}) < len(names)
    return set() if len(names) < _LEAST_CELLS or is_alike or any(map(is_data, names.values())) else {*names}
