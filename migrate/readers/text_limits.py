"""Limits of text files; a refusal names the one that was met."""

from pathlib import Path

from migrate.errors import InputError

MAX_FILE_BYTES = 2 * 1024**3
MAX_TEXT_ROWS = 5_000_000
MAX_TEXT_COLUMNS = 16_384
MAX_LINE_BYTES = 16 * 1024**2


def check_extent(path: Path, *, rows: int, columns: int) -> None:
    """Refuse a table with too many rows or columns.

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
