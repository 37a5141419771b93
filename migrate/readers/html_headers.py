"""Headers of a web page's tables: which table begins a kind of its own, and which goes on with the rows of the last."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter

from migrate.readers.header import fold, is_data, names_others
from migrate.readers.html_tables import HtmlTable

_LOOK_AHEAD = 20
_LEAST_OF_A_TABLE = 2
"""Rows and columns of what is a table of its own; what is smaller is a title, or a frame around others."""

Texts = dict[int, str]
"""The texts of a row by their column, folded."""


@dataclass(frozen=True, slots=True)
class Top:
    """How a table begins: the first of its rows that has more than a title in it, and some rows below.

    `columns` counts empty ones too; `is_marked`: the cells of the first row are header cells (th), those below are not.
    """

    first: Texts
    below: tuple[Texts, ...]
    columns: int
    is_marked: bool

    def goes_on(self, last: "Top") -> bool:
        """Tell whether the rows are of the table that begins with `last`, its header repeated or not."""
        if self.first == last.first:
            return True
        if self.columns != last.columns:
            return False
        is_record = not self.is_marked and self._shares_texts_with(last)
        return is_record or not self.names_columns(is_page_marked=last.is_marked)

    def is_row_of(self, last: "Top") -> bool:
        """Tell whether all that there is, one row, is a record of the table that begins with `last`."""
        if self.below or self.is_marked or self.columns != last.columns or len(self.first) < _LEAST_OF_A_TABLE:
            return False
        return last.is_marked or self._has_data or self._shares_texts_with(last)

    def names_columns(self, *, is_page_marked: bool) -> bool:
        """Tell whether the first row names the columns; digits below tell so only where no header is marked."""
        if self._has_data or self.is_marked:
            return self.is_marked and not self._has_data
        rows = (self.first, *self.below)
        columns = sorted({column for row in rows for column in row})
        first, *below = ([row.get(column, "") for column in columns] for row in rows)
        return names_others(first, below) or (not is_page_marked and _is_above_digits(first, below))

    @property
    def _has_data(self) -> bool:
        return any(map(is_data, self.first.values()))

    def _shares_texts_with(self, last: "Top") -> bool:
        """Tell whether a text of the first row stands in the same column of the other's records too."""
        return any(row.get(column) == text for row in last.below for column, text in self.first.items())


def top_of(table: HtmlTable, above: HtmlTable | None = None) -> Top:
    """Return how a table begins that has something in it, a header in a table of its own `above` it included."""
    rows = list(islice(_rows(table), _LOOK_AHEAD))
    own = _top(rows, table.columns)
    if above is None or above.columns != table.columns or len(heads := list(islice(_rows(above), 2))) > 1:
        return own
    joined = _top([*heads, *rows], table.columns)
    if joined.is_marked or not own.names_columns(is_page_marked=False):
        return joined if joined.names_columns(is_page_marked=False) else own
    return own


def is_table(table: HtmlTable) -> bool:
    """Tell whether there are enough rows and columns for a table of its own."""
    rows, columns = {row for row, _, _ in table.cells}, {col for _, col, _ in table.cells}
    return min(len(rows), len(columns)) >= _LEAST_OF_A_TABLE


def _rows(table: HtmlTable) -> Iterator[tuple[Texts, bool]]:
    """Yield the rows that have something in them, and whether all of that is in header cells."""
    for row, cells in groupby(table.cells, key=itemgetter(0)):
        texts = {col: fold(str(text)).casefold() for _, col, text in cells}
        yield texts, all((row, col) in table.heads for col in texts)


def _top(rows: list[tuple[Texts, bool]], columns: int) -> Top:
    at = next((at for at, (texts, _) in enumerate(rows) if len(texts) >= _LEAST_OF_A_TABLE), 0)
    (first, is_marked), below = rows[at], rows[at + 1 :]
    is_other = not below or any(not is_marked_too for _, is_marked_too in below)
    return Top(first, tuple(texts for texts, _ in below), columns, is_marked and is_other)


def _is_above_digits(first: list[str], below: list[list[str]]) -> bool:
    """Tell whether different texts, none with a digit, stand above a column most of whose texts have some."""
    named = [text for text in first if text]
    if len(set(named)) < len(named) or any(map(_has_digit, named)):
        return False
    under = [[row[column] for row in below if row[column]] for column in range(len(first))]
    if any(text in texts for text, texts in zip(first, under, strict=True)):
        return False
    return any(sum(map(_has_digit, texts)) * 2 > len(texts) for texts in under)


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))
