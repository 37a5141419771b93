"""More tables: one under the first, read under its header, and one beside it, whose rows are read as one with its."""

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

import polars as pl

from migrate.model.findings import as_findings
from migrate.readers.addresses import column_letters
from migrate.readers.blocks import tables_below
from migrate.readers.credentials import is_credential
from migrate.readers.header import fold, names_others

_MOST_GAPS = 500
_MOST_TITLES = 2
_LOOK_AHEAD = 20
_LEAST_COLUMNS = 2
_DENSE = 0.8
_MASK = "***"


def other_headers(frame: pl.DataFrame, left_out: Collection[int]) -> list[int]:
    """Return the positions in the frame (`_row` first, blank rows taken out) of rows that head another table.

    What follows tells them, or what stood before. `left_out` are the rows that are no records already.
    """
    return sorted({*_heads_of_data(frame, left_out), *tables_below(frame, left_out)})


def _heads_of_data(frame: pl.DataFrame, left_out: Collection[int]) -> list[int]:
    """Return the positions of rows with names of which one holds data of another kind below.

    Such a row stands behind a blank one, maybe under one or two titles.
    """
    behind_blank = (frame["_row"].diff() > 1).fill_null(value=False).arg_true().head(_MOST_GAPS).to_list()
    ends = [*behind_blank[1:], frame.height]
    found = (_header_in(frame, start, end) for start, end in zip(behind_blank, ends, strict=False))
    return [at for at in found if at is not None and frame["_row"][at] not in left_out]


def other_tables_findings(frame: pl.DataFrame, positions: Sequence[int], top: int) -> pl.DataFrame:
    """Return a warning for each header of another table; `top` is the row of the first one."""
    rows = [int(frame["_row"][at]) for at in positions]
    cells = [
        f"{column_letters(_first_filled(frame.row(at)[1:]))}{row}" for at, row in zip(positions, rows, strict=True)
    ]
    said = [
        f"row {row} looks like the header of another table; the rows under it were read under the header in row {top}"
        for row in rows
    ]
    return as_findings(
        pl.DataFrame({"cell": cells, "message": said}, schema={"cell": pl.String, "message": pl.String}),
        severity="warning",
        code="second_table",
        hint="put each table into a sheet or a file of its own",
    )


def tables_beside(
    frame: pl.DataFrame, header: Sequence[str | None], *, letters: Sequence[str], left_out: Collection[int]
) -> pl.DataFrame:
    """Return a note for each table beside another: behind an empty column, of two names or more, ending elsewhere.

    `header` and `letters` are of the columns behind `_row`. Both sides must be filled row by row: where a site's
    columns are filled once for a group, the group's rows go on without it.
    """
    parts = list(_parts(frame, [fold(cell) for cell in header]))
    records = frame.filter(~pl.col("_row").is_in(list(left_out))) if len(parts) > 1 else frame.clear()
    ends = [_end(records, part) for part in parts]
    said = [
        f"the columns from {letters[part[0]]} on stand apart, behind an empty column, and end in row {end}, those "
        f"before in row {before}: they may be another table; a row is read as one whole"
        for part, before, end in zip(parts[1:], ends, ends[1:], strict=False)
        if before and end and before != end
    ]
    return as_findings(
        pl.DataFrame({"message": said}, schema={"message": pl.String}),
        severity="note",
        code="table_beside",
        hint="put each table into a sheet of its own if they are two",
    )


def _parts(frame: pl.DataFrame, names: Sequence[str]) -> Iterator[list[int]]:
    """Yield the columns with a name, part by part between empty columns, of which there are enough."""
    empty = [
        not name and frame[column].null_count() == frame.height
        for name, column in zip(names, frame.columns[1:], strict=True)
    ]
    for is_empty, group in groupby(range(len(names)), key=empty.__getitem__):
        part = [at for at in group if names[at]]
        if not is_empty and len(part) >= _LEAST_COLUMNS:
            yield part


def _end(records: pl.DataFrame, part: Sequence[int]) -> int | None:
    """Return the last row that has something in these columns; None if many before it have nothing."""
    filled = records.select(pl.any_horizontal(pl.nth([at + 1 for at in part]).is_not_null())).to_series().arg_true()
    if filled.is_empty() or filled.len() < _DENSE * (filled[-1] + 1):
        return None
    return int(records["_row"][filled[-1]])


def without_their_credentials(frame: pl.DataFrame, positions: Sequence[int]) -> pl.DataFrame:
    """Return the frame with the cells masked that stand under a name for credentials in the header of another table."""
    for column, row in _credentials(frame, positions):
        under = (pl.col("_row") > row) & pl.col(column).is_not_null()
        frame = frame.with_columns(pl.when(under).then(pl.lit(_MASK)).otherwise(pl.col(column)).alias(column))
    return frame


def _credentials(frame: pl.DataFrame, positions: Sequence[int]) -> Iterator[tuple[str, int]]:
    for at in positions:
        row, *cells = frame.row(at)
        yield from (
            (name, row) for name, cell in zip(frame.columns[1:], cells, strict=True) if is_credential(cell or "")
        )


def _header_in(frame: pl.DataFrame, start: int, end: int) -> int | None:
    """Return the position of the header among the rows from `start` to before `end`; None where there is none."""
    rows = [
        [fold(cell).casefold() for cell in cells] for _, *cells in frame[start : min(end, start + _LOOK_AHEAD)].rows()
    ]
    first = next((at for at, cells in enumerate(rows[: _MOST_TITLES + 1]) if sum(map(bool, cells)) > 1), None)
    return start + first if first is not None and names_others(rows[first], rows[first + 1 :]) else None


def _first_filled(cells: Sequence[str | None]) -> int:
    return next((at for at, cell in enumerate(cells) if cell), 0)
