"""Blocks: a second table further down in a sheet, told by the header of its own that stands behind a blank row."""

from itertools import pairwise

import polars as pl

from migrate.model.findings import as_findings
from migrate.readers.header import fold, is_data, is_mostly_data

_MOST_BLOCKS = 20
_LEAST_CELLS = 2
_USUAL = 0.5


def second_tables(frame: pl.DataFrame, left_out: pl.DataFrame) -> pl.DataFrame:
    """Return a finding on each row, behind a blank one, that names other columns than those which the table has.

    `frame` (`_row` first) has no blank rows, `left_out` are those of its rows that make no record. The row is all
    texts, no two alike; and the rows from it on fill half of the table's usual columns at most, or it has texts where
    the table has numbers, dates and the like.
    """
    kept = frame.filter(~pl.col("_row").is_in(left_out["_row"].implode())) if left_out.height else frame
    starts = [0, *kept["_row"].diff().gt(1).fill_null(value=False).arg_true(), kept.height]
    if len(starts) <= len("ab") or len(starts) > _MOST_BLOCKS:
        return _told([])
    table = kept[: starts[1]]
    blocks = (kept[start:end] for start, end in pairwise(starts[1:]))
    return _told([int(block["_row"][0]) for block in blocks if block.height > 1 and _is_other(block, table)])


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


def _told(rows: list[int]) -> pl.DataFrame:
    return as_findings(
        pl.DataFrame({"_row": rows, "row": rows}, schema={"_row": pl.UInt32, "row": pl.UInt32}),
        severity="warning",
        code="second_table",
        message="another table seems to begin here, with a header of its own; its rows are read as those of the first",
        hint="put it into a file or a sheet of its own, or leave its rows out with `where` in the mapping",
    )
