"""Blocks: a second table further down in a sheet, told by the header of its own that stands behind a blank row."""

from collections.abc import Collection
from itertools import pairwise

import polars as pl

from migrate.readers.header import fold, is_data, is_mostly_data

_MOST_BLOCKS = 20
_LEAST_CELLS = 2
_USUAL = 0.5


def tables_below(frame: pl.DataFrame, left_out: Collection[int]) -> list[int]:
    """Return the positions in the frame of rows, behind a blank one, that name other columns than the table has.

    `frame` (`_row` first) has no blank rows, `left_out` are those of its rows that make no record. Such a row is all
    texts, no two alike; and the rows from it on fill half of the table's usual columns at most, or it has texts where
    the table has numbers, dates and the like.
    """
    kept = frame.with_row_index("at").filter(~pl.col("_row").is_in(list(left_out)))
    starts = [0, *kept["_row"].diff().gt(1).fill_null(value=False).arg_true(), kept.height]
    if len(starts) <= len("ab") or len(starts) > _MOST_BLOCKS:
        return []
    table = kept[: starts[1]].drop("at")
    blocks = (kept[start:end] for start, end in pairwise(starts[1:]))
    return [int(block["at"][0]) for block in blocks if block.height > 1 and _is_other(block.drop("at"), table)]


def _is_other(block: pl.DataFrame, table: pl.DataFrame) -> bool:
    names = {
        column: text for column, cell in zip(block.columns[1:], block.row(0)[1:], strict=True) if (text := fold(cell))
    }
    if len(names) < _LEAST_CELLS or len({name.casefold() for name in names.values()}) < len(names):
        return False
    if any(is_data(name) for name in names.values()):
        return False
    usual = [name for name in table.columns[1:] if table[name].count() >= _USUAL * table.height]
    if sum(bool(block[name].count()) for name in usual) * 2 <= len(usual):
        return True
    numbers = [name for name in names if is_mostly_data([cell for cell in table[name] if cell])]
    return len(numbers) >= _LEAST_CELLS
