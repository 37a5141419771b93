"""Near keys: ids that are the same but for leading zeros, case, white space or Unicode form share one."""

import polars as pl


def near_key(column: pl.Expr) -> pl.Expr:
    """Return the near key of an id; two ids with one key are most likely one thing, spelled in two ways.

    NFKC, lower case, no white space, no zeros in front; an id of zeros alone has the key `0`.
    """
    folded = column.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"\s+", "")
    bare = folded.str.strip_chars_start("0")
    return pl.when((bare == "") & (folded != "")).then(pl.lit("0")).otherwise(bare)
