"""Limits: how large a workbook may be, and the refusal of one that is larger, or damaged."""

from migrate.readers.addresses import column_letters

MAX_PARTS = 20_000
MAX_INFLATED_BYTES = 4 * 1024**3
MAX_RATIO = 100
"""How many times its size in the archive a part may unpack to, as in Apache POI, and all parts that of the file."""
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


MAX_SHEETS = 1_000
MAX_TEXT_BYTES = 512 * 1024
"""How long one text in a part may be; one that is longer than thrice that is surely found."""
MAX_FORMAT_CODE = 1_000
"""How many characters a number format may have; a spreadsheet program writes 255."""
MAX_REPEATED_CELLS = 1_000_000
"""How many filled cells a workbook may have that it holds once, and says to be repeated."""
MAX_MARKUP_BYTES = 256 * 1024**2
"""How large a spreadsheet in HTML or in XML of 2003 may be."""
MAX_XLS_BYTES = 256 * 1024**2

LEAST_MEMORY_BYTES = 160 * 1024**2
MEMORY_A_BYTE = 12
MAX_MEMORY_BYTES = 12 * 1024**3
LEAST_PATIENCE_S = 60
BYTES_A_SECOND = 500_000
"""What the process that parses a workbook may take: so much, and more for each byte that the workbook unpacks to."""


def memory_limit(unpacked_bytes: int) -> int:
    """Return how much memory a workbook of that size may take, in bytes."""
    return min(LEAST_MEMORY_BYTES + MEMORY_A_BYTE * unpacked_bytes, MAX_MEMORY_BYTES)


def time_limit_s(unpacked_bytes: int) -> int:
    """Return how many seconds a workbook of that size may take."""
    return LEAST_PATIENCE_S + unpacked_bytes // BYTES_A_SECOND


CLEAR = "delete what lies far away from the table (in Excel, Ctrl+End goes there)"
PROTECTED = "is protected by a password; save it without one"
HAS_DOCTYPE = "one of its parts has a DOCTYPE, which no spreadsheet program writes; save the workbook again"


class Unreadable(Exception):
    """The workbook is refused; the message says why and what to do, without the file's name."""


def refuse_many_sheets(count: int) -> None:
    """Refuse a workbook of more sheets than anyone has."""
    if count > MAX_SHEETS:
        raise Unreadable(f"has more than {MAX_SHEETS:,} sheets; split the workbook")


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
                f"read; {CLEAR}, or split the workbook"
            )
        if spanned > MAX_MOSTLY_EMPTY_CELLS and filled < spanned * MOSTLY_EMPTY_SHARE:
            raise Unreadable(f"sheet {sheet!r} reaches to {last}, and nearly all of it is empty; {CLEAR}")
