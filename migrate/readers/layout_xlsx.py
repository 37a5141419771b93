"""The layout of an XLSX sheet: hidden columns, told above its rows, and merged cells, told below them."""

import re

import polars as pl

from migrate.readers.addresses import column_index
from migrate.readers.layout import MERGED
from migrate.readers.limits import MAX_COLUMNS, MAX_ROWS, Unreadable

_COLUMN = re.compile(rb"<(?:[\w.-]+:)?col(\s[^>]*)>")
_NUMBER = rb"\s%s\s*=\s*[\"']([0-9]{1,7})[\"']"
_FIRST, _LAST = re.compile(_NUMBER % b"min"), re.compile(_NUMBER % b"max")
_HIDDEN = re.compile(rb"\shidden\s*=\s*[\"'](?:1|true)[\"']")
_MERGED = re.compile(
    rb"<(?:[\w.-]+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']"
    rb"([A-Z]{1,3})([1-9][0-9]{0,6}):([A-Z]{1,3})([1-9][0-9]{0,6})[\"'][^>]*>"
)
_LONGEST_TAG_BYTES = 1_000


class LayoutXlsx:
    """What the XML around a sheet's rows tells; it grows as this is shown."""

    def __init__(self) -> None:
        self.hidden_columns: list[int] = []
        self._merged: list[tuple[bytes, ...]] = []
        self._rest = b""

    @property
    def merged(self) -> pl.DataFrame:
        """The merged ranges, as a MERGED frame."""
        rows = [
            (int(row), int(last_row), column_index(first.decode()), column_index(last.decode()))
            for first, row, last, last_row in self._merged
        ]
        return pl.DataFrame(rows, schema=MERGED, orient="row")

    def see_above(self, xml: bytes) -> None:
        """Take note of what stands above the rows."""
        for attributes in _COLUMN.findall(xml):
            first, last = _FIRST.search(attributes), _LAST.search(attributes)
            if first and last and _HIDDEN.search(attributes):
                self.hidden_columns.extend(range(int(first[1]) - 1, min(int(last[1]), MAX_COLUMNS)))

    def see_below(self, chunk: bytes) -> None:
        """Take note of a piece of what stands below the rows; a tag may go on in the next one."""
        xml = self._rest + chunk
        self._merged += _MERGED.findall(xml)
        if len(self._merged) > MAX_ROWS:
            raise Unreadable(f"has more than {MAX_ROWS:,} merged ranges; take them apart")
        tag = xml.rfind(b"<")
        self._rest = xml[tag:] if tag >= 0 and b">" not in xml[tag:] and len(xml) - tag < _LONGEST_TAG_BYTES else b""
