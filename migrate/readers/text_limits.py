"""Limits of text files; a refusal names the one that was met."""

from pathlib import Path

from migrate.errors import InputError
from migrate.readers.limits import MAX_COLUMNS, MOSTLY_EMPTY_SHARE

MAX_FILE_BYTES = 2 * 1024**3
MAX_TEXT_ROWS = 5_000_000
MAX_BATCHED_ROWS = 20_000_000
"""How many rows a file may have that is plain enough to be read in batches, so that memory hardly grows with them."""
MAX_TEXT_COLUMNS = MAX_COLUMNS
MAX_TEXT_CELLS = 100_000_000
"""How many cells a table may span, its rows filled up to the longest."""
MOSTLY_EMPTY_FROM_CELLS = 2_000_000
MAX_LINE_BYTES = 4 * 1024**2


def check_extent(path: Path, *, rows: int, columns: int, cells: int) -> None:
    """Refuse a table with too many rows, columns or cells; `cells` is the sum of the rows' lengths.

    Raises:
        InputError: there are more than the limit.
    """
    if rows > MAX_TEXT_ROWS:
        raise InputError(f"{path}: has more than {MAX_TEXT_ROWS:,} rows. Split it into smaller files.")
    if columns > MAX_TEXT_COLUMNS:
        raise InputError(
            f"{path}: a row has more than {MAX_TEXT_COLUMNS:,} cells, which is as many as a spreadsheet holds. "
            'Look whether it is the right file, and name its delimiter in the mapping, such as delimiter = ";".'
        )
    spanned = rows * columns
    if spanned > MOSTLY_EMPTY_FROM_CELLS and cells < spanned * MOSTLY_EMPTY_SHARE:
        raise InputError(
            f"{path}: a row has {columns:,} cells, and nearly all others have next to none. Look for a row that is far "
            "too long."
        )
    if spanned > MAX_TEXT_CELLS:
        raise InputError(
            f"{path}: {rows:,} rows, filled up to the {columns:,} cells of the longest, are more than "
            f"{MAX_TEXT_CELLS:,} cells. Split it, or look for a row that is far too long."
        )


def check_batched_rows(path: Path, *, rows: int) -> None:
    """Refuse a file that is read in batches and has too many rows.

    Raises:
        InputError: there are more than the limit.
    """
    if rows > MAX_BATCHED_ROWS:
        raise InputError(f"{path}: has more than {MAX_BATCHED_ROWS:,} rows. Split it into smaller files.")


def may_span_too_much(*, lines: int, columns: int) -> bool:
    """Return whether so many columns by as many rows as there are lines are beyond the limit."""
    return lines > MAX_TEXT_CELLS // columns
