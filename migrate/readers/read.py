"""Reading: a customer's file, of whatever kind it is, to tables of text."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import polars as pl

from migrate.errors import InputError
from migrate.model.findings import findings_frame
from migrate.model.sources import Table
from migrate.readers.batches import BATCH_BYTES, Uneven, read_batches
from migrate.readers.damage import SIGNS
from migrate.readers.encoding import guess_note
from migrate.readers.grid import Grid
from migrate.readers.options import ReadOptions, SheetOptions
from migrate.readers.sniff import KIND_NAMES, Kind, expected_kind, sniff
from migrate.readers.table import Told, to_table
from migrate.readers.text import TextSheet, read_text
from migrate.readers.workbook import read_workbook

_DEFAULT = ReadOptions()


def read(path: str | Path, *, options: ReadOptions = _DEFAULT, sheets: Sequence[SheetOptions] = ()) -> list[Table]:
    """Return the tables of a file as they stand in it: one for each sheet of a workbook, one for a text file.

    What kind of file it is, is told by its content. Passwords are left out (see `Table.dropped`).

    Raises:
        InputError: it can't be read; the message says why and what to do.
    """
    path = Path(path)
    kind = sniff(path)
    notes = _wrong_name(path, kind)
    if kind == "text":
        text = read_text(path, options=options, signs=SIGNS)
        notes += _guessed(text)
        tables = [to_table(text.grid, _told(None, sheets), path=path, kind="csv", text=text)]
    else:
        grids = read_workbook(path, kind=kind, encoding=options.encoding)
        default = _default(grids)
        tables = [
            to_table(grid, _told(grid.sheet, sheets, is_default=grid is default), path=path, kind=kind)
            for grid in grids
        ]
    if not any(table.columns for table in tables):
        raise InputError(f"{path}: holds no rows. Export it again.")
    return [_with_notes(tables[0], notes), *tables[1:]]


def read_in_batches(
    path: Path, *, options: ReadOptions, sheets: Sequence[SheetOptions], batch_bytes: int = BATCH_BYTES
) -> Iterator[Table]:
    """Yield the table of a text file in batches of rows that, put together, are what `read` returns.

    Raises:
        InputError: it can't be read.
        Uneven: it has to be read as a whole; some batches may have been yielded.
    """
    kind = sniff(path)
    if kind != "text":
        raise Uneven
    tables = read_batches(path, _told(None, sheets), options=options, batch_bytes=batch_bytes)
    yield _with_notes(next(tables), _wrong_name(path, kind))
    yield from tables


def _default(grids: Sequence[Grid]) -> Grid | None:
    """Return the sheet that is meant where none is named: the first that has rows, a visible one if there is one."""
    filled = [grid for grid in grids if any(column.count() for column in grid.frame)]
    return next((grid for grid in filled if not grid.hidden), filled[0] if filled else None)


def _told(sheet: str | None, sheets: Sequence[SheetOptions], *, is_default: bool = True) -> Told:
    """Return what was told about a sheet; a header row told by its name goes before one told without a name."""
    named = [options for options in sheets if options.sheet is not None and _fits(options.sheet, sheet)]
    unnamed = [options for options in sheets if options.sheet is None]
    deciding = named or (unnamed if is_default else [])
    rows = (options.header_row for options in deciding if options.header_row is not None)
    return Told(next(rows, None), {name for options in (*named, *unnamed) for name in options.keep})


def _fits(pattern: str, sheet: str | None) -> bool:
    if sheet is None:
        return False
    name, wanted = sheet.strip().casefold(), pattern.strip().casefold()
    return name == wanted or fnmatchcase(name, wanted)


def _with_notes(table: Table, notes: Sequence[dict[str, str]]) -> Table:
    return replace(table, findings=pl.concat([findings_frame(notes), table.findings])) if notes else table


def _wrong_name(path: Path, kind: Kind) -> list[dict[str, str]]:
    expected = expected_kind(path)
    if expected in {None, kind}:
        return []
    return [
        {
            "severity": "warning",
            "code": "wrong_extension",
            "value": path.suffix,
            "message": f"the file is {KIND_NAMES[kind]}, whatever its name says, and was read as such",
            "hint": "look whether it is the right file; a fitting name would help others",
        }
    ]


def _guessed(text: TextSheet) -> list[dict[str, str]]:
    if text.guess is None:
        return []
    return [guess_note(text.guess)]
