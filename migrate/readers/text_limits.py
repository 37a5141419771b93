"""Limits of text files; a refusal names the one that was met."""

from mmap import mmap
from pathlib import Path

from migrate.errors import InputError
from migrate.readers.limits import MAX_COLUMNS, MOSTLY_EMPTY_SHARE

MAX_FILE_BYTES = 2 * 1024**3
MAX_TEXT_ROWS = 5_000_000
MAX_TEXT_COLUMNS = MAX_COLUMNS
MAX_TEXT_CELLS = 100_000_000
"""How many cells a table may span, its rows filled up to the longest."""
MOSTLY_EMPTY_FROM_CELLS = 2_000_000
MAX_LINE_BYTES = 4 * 1024**2
_CHUNK_BYTES = 1 << 22


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


def may_span_too_much(source: bytes | mmap, start: int, *, columns: int) -> bool:
    """Return whether so many columns by as many rows as there are line ends from `start` on are beyond the limit."""
    most = MAX_TEXT_CELLS // columns
    if len(source) - start <= most:
        return False
    chunks = (source[at : at + _CHUNK_BYTES] for at in range(start, len(source), _CHUNK_BYTES))
    lines = 0
    for chunk in chunks:
        lines += chunk.count(b"\n")
        if lines > most:
            return True
    return False
