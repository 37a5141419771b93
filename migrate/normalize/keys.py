"""Near keys: ids that are the same but for leading zeros, case, white space or Unicode form share one."""

from collections.abc import Sequence

import polars as pl


def near_key(column: pl.Expr) -> pl.Expr:
    """Return the near key of an id; two ids with one key are most likely one thing, spelled in two ways.

    NFKC, lower case, no white space, no zeros in front; an id of zeros alone has the key `0`.
    """
    folded = column.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"\s+", "")
    bare = folded.str.strip_chars_start("0")
    return pl.when((bare == "") & (folded != "")).then(pl.lit("0")).otherwise(bare)


def near_keys(names: Sequence[str]) -> list[str]:
    """Return the near key of each id."""
    frame = pl.DataFrame({"id": names}, schema={"id": pl.String})
    return frame.select(near_key(pl.col("id"))).to_series().to_list()
