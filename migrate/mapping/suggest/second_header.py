"""Headers of two rows: `Cam 1` merged over `Name`, `Zone`, `MAC`, which stand in the row under it."""

from collections.abc import Iterator

import polars as pl

from migrate.mapping.blanks import clean
from migrate.mapping.suggest.phrases import asked
from migrate.model.sources import Table

_FEWEST, _TWICE = 4, 2
_HALF = 0.5


def second_header(table: Table) -> int | None:
    """Return the row under the header if it looks like another one: words of headers only, which repeat."""
    row = table.header_row + 1
    cells = table.frame.filter(pl.col("_row") == row).drop("_row") if table.header_row else table.frame.clear()
    texts = [text for text in cells.select(clean(pl.all())).row(0) if text is not None] if cells.height else []
    words = {text.casefold() for text in texts}
    known = [word for word in words if any(said.weight >= _HALF for said in asked(word).values())]
    repeats = len(texts) >= max(_FEWEST, _TWICE * len(words))
    return row if repeats and len(known) >= max(_TWICE, _HALF * len(words)) else None


def second_header_notes(table: Table) -> Iterator[str]:
    """Yield what to decide about a second header row."""
    row = second_header(table)
    if row is not None:
        yield f"decide: row {row} looks like a second header row: header_row = {row} in this table takes the names;"
        yield "  columns that it leaves blank are then called by their letters, A, B, C"
