"""Troubles: what a text's quotes and marks did to its records, as notes on the grid."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import polars as pl

from migrate.readers.delimited import Trouble
from migrate.readers.grid import GRID_NOTES

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


def trouble_notes(troubles: Iterable[tuple[int, int, Trouble]], *, first_row: int) -> pl.DataFrame:
    """Return notes on (record, cell, what), both from 0; record 0 is row `first_row` of the sheet."""
    rows = [{"row": first_row + record, "col": cell, **_TOLD[trouble]} for record, cell, trouble in troubles]
    return pl.DataFrame(rows, schema=GRID_NOTES)
