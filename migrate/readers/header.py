"""The header: which row of a sheet names the columns, and what they are called."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from migrate.readers.addresses import column_letters

Row = Sequence[str | None]

_SAMPLE_ROWS = 60
_SAMPLE_CELLS = 200_000
_ENOUGH_TEXT = 0.7
_ENOUGH_COLUMNS = 0.5
_OFTEN_FILLED = 0.2
_MORE_THAN_A_TORN_ROW = 2
_LOOK_AHEAD = 5
_LONGEST_NAME = 80
_LONGEST_DATA = 400
"""A longer text is not looked at: patterns take long for such that nearly match."""
_WIDER_THAN_TITLES = 3
_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_DATA = re.compile(
    r"""[-+($€£₩]*\s*\d[\d.,\s%)]*            # a number, an amount, a share
    | \d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*       # a date, perhaps with a time
    | \d{1,2}:\d{2}(:\d{2})?.*                # a time
    | [0-9a-f]{2}([:-][0-9a-f]{2}){5}         # a MAC
    | \d{1,3}(\.\d{1,3}){3}(:\d+)?            # an address
    | \w+://.* | \S+@\S+\.\S+                 # a link, a mail address
    | [+(]?\d[\d\s().-]{6,}                   # a phone number
    | true | false | \#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)
    """,
    re.IGNORECASE | re.VERBOSE,
)


_PATTERN = re.compile(r"\*|\^.*\$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Header:
    """The header's place in the frame (-1: there is none), and the columns' names and letters, in sheet order."""

    index: int
    names: tuple[str, ...]
    letters: tuple[str, ...]


def fold(text: str | None) -> str:
    """Return a name as it is compared and shown: trimmed, each run of white space one space."""
    return " ".join((text or "").translate(_ZERO_WIDTH).split())


def is_data(text: str) -> bool:
    """Tell whether a text is a number, a date, an address or the like, as names of columns are not."""
    return len(text) <= _LONGEST_DATA and _DATA.fullmatch(text) is not None


def is_mostly_data(cells: Sequence[str]) -> bool:
    """Tell whether more than half of the texts, of which there are some, are data."""
    return bool(cells) and sum(map(is_data, cells)) * 2 > len(cells)


def header_at(frame: pl.DataFrame, index: int) -> Header:
    """Return the header in row `index` of the frame; -1: columns are called by their letters.

    A blank name becomes the column's letters, and so do `*` and `^...$`, which mean several columns to polars; a
    repeated one (in any case) becomes `Name (2)`.
    """
    cells: Row = frame.row(index) if index >= 0 else [None] * frame.width
    letters = tuple(map(column_letters, range(frame.width)))
    taken, names = {"_row"}, list[str]()
    wanted = [fold(cell) for cell in cells]
    for name, letter in zip(wanted, letters, strict=True):
        base = letter if not name or _PATTERN.fullmatch(name) else name
        unique, number = base, 2
        while unique.casefold() in taken:
            unique, number = f"{base} ({number})", number + 1
        taken.add(unique.casefold())
        names.append(unique)
    return Header(index, tuple(names), letters)


def find_header(frame: pl.DataFrame) -> int:
    """Return the index of the row that names the columns; -1 if none does.

    That is the first row that fills more than half of the columns which the rows under it fill, with texts of which
    hardly one is a number, a date, an address: unless a row soon after it fills more of them with texts only, above
    data of another kind. So titles, with few cells, are passed over; where records would be, there is no header.
    """
    height = min(frame.height, max(_SAMPLE_ROWS // 4, min(_SAMPLE_ROWS, _SAMPLE_CELLS // max(frame.width, 1))))
    rows = [[fold(cell).casefold() for cell in row] for row in frame.head(height).rows()]
    for index in range(len(rows)):
        if _may_name(rows, index):
            later = range(index + 1, min(index + 1 + _LOOK_AHEAD, len(rows)))
            best = next((row for row in later if _names_better(rows, row, than=index)), index)
            return -1 if any(_may_be_record(rows[above], rows[best]) for above in range(best)) else best
    return -1


def names_others(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Tell whether a row in the middle of a sheet, its cells folded, names the columns of the rows under it.

    All of its cells are texts, each another one, none of which stands below; one has data under it, and not one row
    below has a cell beside them.
    """
    named = [column for column, cell in enumerate(row) if cell]
    names = [row[column] for column in named]
    if len(set(names)) < len(names) or any(len(name) > _LONGEST_NAME or is_data(name) for name in names):
        return False
    if any(other[column] == row[column] for other in below for column in named):
        return False
    is_beside = any(cell and not name for other in below for name, cell in zip(row, other, strict=True))
    return not is_beside and any(
        is_mostly_data([other[column] for other in below if other[column]]) for column in named
    )


def _may_name(rows: Sequence[Sequence[str]], index: int) -> bool:
    cells = [cell for cell in rows[index] if cell]
    if not cells or _share_of_columns(rows, index) <= _ENOUGH_COLUMNS or _is_lone_title(rows, index):
        return False
    names = [cell for cell in cells if len(cell) <= _LONGEST_NAME and not is_data(cell)]
    again = sum(_stands_below(rows, index, column) for column, cell in enumerate(rows[index]) if cell)
    return len(names) >= _ENOUGH_TEXT * len(cells) and len(set(names)) * 2 > len(names) and again * 2 < len(cells)


def _stands_below(rows: Sequence[Sequence[str]], index: int, column: int) -> bool:
    """Tell whether a row further down has the same text in a column, as records do, but for the header repeated."""
    return any(row[column] == rows[index][column] for row in rows[index + 1 :] if row != rows[index])


def _share_of_columns(rows: Sequence[Sequence[str]], index: int) -> float:
    """Return the share of the columns in use under a row that the row fills."""
    below = [row for row in rows[index + 1 :] if any(row)]
    counts = Counter(column for row in below for column, cell in enumerate(row) if cell)
    least = max(_OFTEN_FILLED * len(below), min(len(below) - 1, _MORE_THAN_A_TORN_ROW))
    used = {column for column, count in counts.items() if count >= least}
    return sum(bool(rows[index][column]) for column in used) / len(used) if used else 1.0


def _is_lone_title(rows: Sequence[Sequence[str]], index: int) -> bool:
    """Tell whether a row of one cell stands above a blank row, with more rows to come."""
    after = rows[index + 1 :]
    return sum(map(bool, rows[index])) == 1 and len(after) > 1 and not any(after[0]) and any(map(any, after))


def _may_be_record(row: Sequence[str], header: Sequence[str]) -> bool:
    """Tell whether a row above the header fills as many columns; a title may do so where the columns are few."""
    cells = [cell for cell in row if cell]
    if not cells or len(cells) < sum(map(bool, header)):
        return False
    return len(cells) >= _WIDER_THAN_TITLES or all(is_data(cell) for cell in cells)


def _names_better(rows: Sequence[Sequence[str]], index: int, *, than: int) -> bool:
    if _share_of_columns(rows, index) <= _share_of_columns(rows, than) or not _may_name(rows, index):
        return False
    below = [row for row in rows[index + 1 :] if any(row)]
    named = [column for column, cell in enumerate(rows[index]) if cell]
    if any(is_data(rows[index][column]) for column in named):
        return False
    return any(is_mostly_data([row[column] for row in below if row[column]]) for column in named)
