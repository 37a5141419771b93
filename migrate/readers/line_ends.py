"""Line ends: a carriage return alone ends a row in old files; among other line ends it may have split one."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from migrate.readers.delimited import Cells
from migrate.readers.grid import GRID_NOTES


@dataclass(slots=True)
class LineEnds:
    """How the records of a text end, as far as they were watched; `first` is the first that ends so (from 0)."""

    returns: int = 0
    first: int = 0
    others: int = 0

    def watched(self, records: Iterator[tuple[int, Cells]], text: str) -> Iterator[Cells]:
        """Yield the cells of the records, which tell where in `text` they end."""
        for index, (end, cells) in enumerate(records):
            if text[end - 1 : end] == "\r":
                self.first = self.first if self.returns else index
                self.returns += 1
            elif end <= len(text):
                self.others += text[end - 1 : end] == "\n"
            yield cells

    def notes(self, first_row: int) -> pl.DataFrame:
        """Return a warning if rows end in both ways (GRID_NOTES); record 0 is in row `first_row`."""
        rows = [
            {
                "severity": "warning",
                "code": "mixed_line_ends",
                "message": f"{self.returns:,} rows end in a carriage return alone, the first of them row "
                f"{first_row + self.first}, and {self.others:,} in another way; each is a row of its own",
                "hint": "if a row was split so, put quotation marks around the cell that holds the carriage return",
            }
        ]
        is_mixed = self.returns > 0 and self.others > 0
        return pl.DataFrame(
            [{name: row.get(name) for name in GRID_NOTES} for row in rows if is_mixed], schema=GRID_NOTES
        )
