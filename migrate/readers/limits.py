"""Limits: how large a workbook may be, and the refusal of one that is larger, or damaged."""

from migrate.readers.addresses import column_letters

MAX_PARTS = 20_000
MAX_INFLATED_BYTES = 4 * 1024**3
MAX_RATIO = 200
RATIO_COUNTS_FROM_BYTES = 64 * 1024**2
MAX_ROW_BYTES = 64 * 1024**2
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_CELLS = 60_000_000
"""How many cells the sheets of a workbook may span together, empty ones counted."""
MAX_MOSTLY_EMPTY_CELLS = 4_000_000
MOSTLY_EMPTY_SHARE = 1 / 200
"""How many cells a sheet may span of which fewer than this share are filled."""
MAX_WALKED_CELLS = 20_000_000
"""How many filled cells a sheet may have where they are read one by one."""


MAX_MEMORY_BYTES = 12 * 1024**3
MAX_CPU_S = 3_600
"""How much memory and processor time the parsing of a workbook may take, where the platform can limit it."""


_CLEAR = "delete what lies far away from the table (in Excel, Ctrl+End goes there)"


class Unreadable(Exception):
    """The workbook is refused; the message says why and what to do, without the file's name."""


class CellBudget:
    """Counts down the cells that a workbook's sheets may still span."""

    def __init__(self) -> None:
        self._left = MAX_CELLS

    def spend(self, sheet: str, *, rows: int, columns: int, filled: int) -> None:
        """Take what a sheet spans off the budget; refused where that is too much, or next to nothing in a lot."""
        last, spanned = f"{column_letters(columns - 1)}{rows}", rows * columns
        if rows > MAX_ROWS or columns > MAX_COLUMNS:
            raise Unreadable(f"sheet {sheet!r} has a cell at {last}, beyond the end of a sheet; save the file again")
        self._left -= spanned
        if self._left < 0:
            raise Unreadable(
                f"sheet {sheet!r} reaches to {last}, and a workbook that spans more than {MAX_CELLS:,} cells is not "
                f"read; {_CLEAR}, or split the workbook"
            )
        if spanned > MAX_MOSTLY_EMPTY_CELLS and filled < spanned * MOSTLY_EMPTY_SHARE:
            raise Unreadable(f"sheet {sheet!r} reaches to {last}, and nearly all of it is empty; {_CLEAR}")
