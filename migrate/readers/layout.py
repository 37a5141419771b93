"""Layout: what a sheet's look hides from a reader of its cells: cells that are merged, columns that are hidden."""

from collections.abc import Sequence

import polars as pl

from migrate.model.phrase import phrase
from migrate.readers.addresses import column_letters
from migrate.readers.grid import GRID_NOTES

MERGED = pl.Schema({"row": pl.UInt32(), "last_row": pl.UInt32(), "col": pl.UInt32(), "last_col": pl.UInt32()})
"""A merged range; `row` from 1, `col` from 0."""

MERGED_DOWN_HINT = "fill the cells under it, or list the column under fill_down in the mapping's table"
"""What is to be done about cells merged over several rows, where the mapping does not fill the column down."""

_MERGED_ACROSS_HINT = "take the cells apart if this is not the value of the first of them alone"
_MOST_NOTES = 2_000_000


def merged_notes(merged: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a warning for each column of each merged range that has a value, on the first of its rows (GRID_NOTES)."""
    is_range = (pl.col("row") <= pl.col("last_row")) & (pl.col("col") <= pl.col("last_col"))
    inside = merged.filter(is_range, pl.col("row") <= frame.height, pl.col("col") < frame.width).unique()
    inside = inside.with_columns(last_col=pl.min_horizontal("last_col", pl.lit(max(frame.width, 1) - 1)))
    few = inside.sort("row", "col").filter(
        (pl.col("last_col") + 1 - pl.col("col")).cast(pl.Int64).cum_sum() <= _MOST_NOTES
    )
    if few.is_empty():
        return pl.DataFrame(schema=GRID_NOTES)
    letters = {col: column_letters(col) for col in range(frame.width)}
    first = _letters(pl.col("col"), letters) + pl.col("row").cast(pl.String)
    last = _letters(pl.col("last_col"), letters) + pl.col("last_row").cast(pl.String)
    is_down = pl.col("last_row") > pl.col("row")
    told = with_texts(few, frame, name="value").filter(pl.col("value").is_not_null())
    return (
        told.select(
            "row",
            pl.int_ranges("col", pl.col("last_col") + 1, dtype=pl.UInt32).alias("col"),
            pl.lit("warning").alias("severity"),
            pl.lit("merged_cells").alias("code"),
            "value",
            phrase("the cells {}:{} are merged; their value stands in {} alone", first, last, first).alias("message"),
            pl.when(is_down).then(pl.col("col")).alias("_down"),
        )
        .explode("col")
        .select(
            *(name for name in GRID_NOTES if name != "hint"),
            pl.when(pl.col("col") == pl.col("_down"))
            .then(pl.lit(MERGED_DOWN_HINT))
            .otherwise(pl.lit(_MERGED_ACROSS_HINT))
            .alias("hint"),
        )
    )


def with_texts(places: pl.DataFrame, frame: pl.DataFrame, *, name: str) -> pl.DataFrame:
    """Add the text that stands at each place (`row` from 1, `col` from 0); those outside of the frame are left out."""
    inside = places.filter(pl.col("row") <= frame.height, pl.col("col") < frame.width)
    parts = [
        part.with_columns(frame[str(col)].gather(part["row"] - 1).alias(name))
        for (col,), part in inside.group_by("col", maintain_order=True)
    ]
    return pl.concat([places.clear().with_columns(pl.lit(None, dtype=pl.String).alias(name)), *parts])


def hidden_columns(columns: Sequence[int], frame: pl.DataFrame) -> list[int]:
    """Return those of the hidden columns that something stands in."""
    return [col for col in columns if col < frame.width and frame.to_series(col).null_count() < frame.height]


def _letters(col: pl.Expr, letters: dict[int, str]) -> pl.Expr:
    return col.replace_strict(list(letters), list(letters.values()), return_dtype=pl.String)
