"""Troubles: what a text's quotes and marks did to its records, as notes on the grid."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import polars as pl

from migrate.model.text import excerpt
from migrate.readers.credentials import mask
from migrate.readers.delimited import Trouble
from migrate.readers.grid import GRID_NOTES

_QUOTES: frozenset[Trouble] = frozenset({"unclosed_quote", "stray_quote"})
_LONGEST_BEGINNING = 40
_TOLD: Mapping[Trouble, Mapping[str, str]] = MappingProxyType(
    {
        "unclosed_quote": {
            "code": "unclosed_quote",
            "severity": "error",
            "message": "a quotation mark opens this cell and nothing closes it",
            "hint": "close the quotation mark or take it out, and look whether the cells of this row stand where they "
            "belong",
        },
        "stray_quote": {
            "code": "stray_quote",
            "severity": "warning",
            "message": "text follows the quotation mark that closes this cell",
            "hint": "double each quotation mark inside of a quoted cell, or take them out",
        },
        "spaced_quote": {
            "code": "spaced_quote",
            "severity": "note",
            "message": "spaces stood around the quotation marks of this cell, and were taken off with them",
            "hint": "nothing to do",
        },
        "mark_inside": {
            "code": "mark_inside",
            "severity": "note",
            "message": "a byte order mark stood in front of this row, as where two files were put together, and was "
            "taken off",
            "hint": "nothing to do, if the rows of both files are meant to be read",
        },
    }
)


def trouble_notes(troubles: Iterable[tuple[int, int, Trouble]], frame: pl.DataFrame, *, first_row: int) -> pl.DataFrame:
    """Return notes on (record, cell, what), both from 0; record 0 is row `first_row` of the sheet.

    Of a cell with a quote to look for, its beginning in the `frame` of all records is told.
    """
    rows = [
        {
            "row": first_row + record,
            "col": cell,
            "value": _beginning(frame[record, cell]) if trouble in _QUOTES else None,
            **_TOLD[trouble],
        }
        for record, cell, trouble in troubles
    ]
    return pl.DataFrame(rows, schema=GRID_NOTES)


def _beginning(cell: str | None) -> str:
    """Return the beginning of a cell; a credential is masked first, as it can't be told by its beginning."""
    return excerpt(mask(cell or ""), length=_LONGEST_BEGINNING)
