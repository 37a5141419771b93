"""Tables: from a sheet's grid to named columns, with all that is doubtful told as findings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from migrate.errors import InputError
from migrate.model.findings import FINDINGS_SCHEMA, as_findings, no_findings
from migrate.model.phrase import phrase
from migrate.model.sources import Table
from migrate.model.text import ACTING
from migrate.readers.credentials import credential_columns, masked_cells
from migrate.readers.damage import mend
from migrate.readers.grid import Grid
from migrate.readers.header import Header, find_header, header_at
from migrate.readers.more_tables import (
    other_headers,
    other_tables_findings,
    tables_beside,
    without_their_credentials,
)
from migrate.readers.ragged import Widths, long_rows, mask_beside, ragged_findings, short_rows, wide_rows, widths_of
from migrate.readers.rows import drop_blank, left_out_rows
from migrate.readers.text import TextSheet

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Told:
    """What a caller tells about a sheet: the row of its header (None: find it), the columns that are no credentials."""

    header_row: int | None
    keep: Collection[str]


def to_table(grid: Grid, told: Told, *, path: Path, kind: str, text: TextSheet | None = None) -> Table:
    """Return the table that a grid holds; one without cells has no columns.

    Raises:
        InputError: the header row that was told is not in the sheet.
    """
    cells = _without_empty_end(grid.frame)
    header = header_at(cells, _header_index(cells, grid, told.header_row, path=path))
    top = grid.first_row + header.index
    dropped = credential_columns(header.names, told.keep)
    frame, blank = drop_blank(_body(cells, header, top))
    left_out = left_out_rows(frame, cells.row(header.index) if header.index >= 0 else [None] * cells.width)
    findings = [_dropped(dropped), _notes(grid, header, top=top, dropped=dropped)]
    others = list[int]()
    if header.index >= 0:
        no_records, names = set(left_out["_row"]), cells.row(header.index)
        findings.append(tables_beside(frame, names, letters=header.letters, left_out=no_records))
        others = other_headers(frame, no_records)
        findings.append(other_tables_findings(frame, others, top))
        frame = without_their_credentials(frame, others)
    if text and frame.height:
        widths = widths_of(text.widths, first_row=grid.first_row, header_index=header.index)
        frame, ragged = _ragged(
            frame, widths, no_record=left_out["_row"], others=frame["_row"].gather(others), dropped=dropped
        )
        findings.append(ragged)
    letters = {name: letter for name, letter in zip(header.names, header.letters, strict=True) if name not in dropped}
    frame, damage = mend(frame.drop(dropped), letters, text.damage if text else None)
    return Table(
        path=path,
        sheet=grid.sheet,
        header_row=top if header.index >= 0 else 0,
        frame=frame,
        letters=letters,
        findings=pl.concat([*findings, damage]).sort("_row", nulls_last=False, maintain_order=True),
        left_out=pl.concat([blank, left_out]).sort("_row"),
        format=kind,
        encoding=text.encoding if text else None,
        delimiter=text.delimiter if text else None,
        quote=text.quote if text else None,
        hidden=grid.hidden,
        dropped=dropped,
        above=_filled(cells.head(max(header.index, 0))),
    )


def _filled(rows: pl.DataFrame) -> tuple[int, ...]:
    """Return how many cells of each row hold more than white space."""
    return tuple(sum(bool(cell and cell.strip()) for cell in row) for row in rows.rows())


def _without_empty_end(frame: pl.DataFrame) -> pl.DataFrame:
    """Leave out the empty columns at the right."""
    width = frame.width
    while width and frame.to_series(width - 1).null_count() == frame.height:
        width -= 1
    return frame[:, :width]


def _header_index(cells: pl.DataFrame, grid: Grid, header_row: int | None, *, path: Path) -> int:
    if header_row is None or not cells.width:
        return find_header(cells)
    if header_row == 0:
        return -1
    index = header_row - grid.first_row
    if 0 <= index < cells.height:
        return index
    where = f"{path}: sheet {grid.sheet}:" if grid.sheet else f"{path}:"
    raise InputError(
        f"{where} header_row = {header_row} is not among its rows {grid.first_row} to "
        f"{grid.first_row + cells.height - 1}. Mend header_row in the mapping."
    )


def _body(cells: pl.DataFrame, header: Header, top: int) -> pl.DataFrame:
    body = cells.slice(header.index + 1)
    body.columns = list(header.names)
    rows = pl.int_range(top + 1, top + 1 + body.height, dtype=pl.UInt32, eager=True)
    return body.insert_column(0, rows.alias("_row"))


def _ragged(
    frame: pl.DataFrame, widths: Widths, *, no_record: pl.Series, others: pl.Series, dropped: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Tell rows that are longer or shorter than the table's; those from a second table on have a width of their own."""
    records = frame.filter(~pl.col("_row").is_in(no_record.implode())) if no_record.len() else frame
    if others.len():
        records = records.filter(pl.col("_row") < others[0])
    long = long_rows(frame, widths.header)
    findings = ragged_findings(long, wide_rows(records, widths, long), short_rows(records, widths))
    return mask_beside(frame, long, dropped=dropped, width=widths.header), findings


def _dropped(names: Sequence[str]) -> pl.DataFrame:
    if not names:
        return no_findings()
    return as_findings(
        pl.DataFrame(
            {
                "value": names,
                "message": [f'column "{name}" looks like a credential and was not read' for name in names],
            },
            schema={"value": pl.String, "message": pl.String},
        ),
        severity="note",
        code="credentials_dropped",
        hint="nothing to do; if it is none, list it under keep in the mapping",
    )


def _notes(grid: Grid, header: Header, *, top: int, dropped: Sequence[str]) -> pl.DataFrame:
    """Return the grid's notes on the header and what is under it, but for columns that were dropped."""
    if grid.notes.is_empty():
        return no_findings()
    columns = pl.DataFrame(
        {"col": range(len(header.names)), "column": header.names, "letter": header.letters},
        schema={"col": pl.UInt32, "column": pl.String, "letter": pl.String},
    )
    notes = grid.notes.filter(pl.col("row").is_null() | (pl.col("row") >= max(top, 1)))
    notes = notes.join(columns, on="col", how="left", maintain_order="left")
    notes = notes.filter(pl.col("col").is_null() | ~pl.col("column").is_in(list(dropped)))
    of_column = pl.col("row").is_null() & pl.col("column").is_not_null()
    named = phrase(
        'column "{}": {}', pl.col("column").str.slice(0, _LONGEST_NAME).str.replace_all(ACTING, "?"), "message"
    )
    return as_findings(
        notes.with_columns(
            pl.col("value").replace(masked_cells(notes["value"])),
            pl.when(of_column).then(named).otherwise("message").alias("message"),
            _row="row",
            cell=pl.col("letter") + pl.col("row").cast(pl.String),
        )
    ).select(FINDINGS_SCHEMA.names())
