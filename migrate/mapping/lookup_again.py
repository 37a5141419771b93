"""Looking up again: the rows of a corrected file whose key was mended, in the second file as it was read."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from migrate.mapping.lookup import (
    KEY,
    LOOKED_UP,
    UNUSED,
    Asked,
    asking,
    joined,
    own_keys,
    places,
    rows_of,
)
from migrate.mapping.mapping import Mapping
from migrate.model.sources import LOOKED_UP_IN, Source


def look_up_again(mended: Sequence[Source], before: Sequence[Source], mapping: Mapping) -> tuple[Source, ...]:
    """Return the `mended` sources, in which rows with another key than `before` have what the second file says of it.

    Looked-up cells that were mended too stay as they were typed.
    """
    found, bare = list(mended), [_bare(source) for source in mended]
    for asked in asking(bare, mapping):
        source, was = mended[asked.src], before[asked.src]
        now, then = own_keys(asked, bare[asked.src]), own_keys(asked, was).select("_row", then=KEY)
        beside = now.join(then, on="_row", how="left", maintain_order="left")
        changed = beside.filter(pl.col(KEY).ne_missing(pl.col("then")))["_row"]
        if changed.len() and LOOKED_UP_IN in source.table.frame.columns:
            found[asked.src] = _again(asked, bare, source, was=was, changed=changed)
    return tuple(found)


def _bare(source: Source) -> Source:
    """Return a source as it was before anything was looked up in it or for it."""
    table = source.table
    own = {name: letters for name, letters in table.letters.items() if letters is not None}
    bare = replace(
        table,
        frame=table.frame.select("_row", *own),
        letters=own,
        findings=table.findings.filter(pl.col("code") != "looked_up_by_none"),
        left_out=table.left_out.filter(~pl.col("why").is_in([LOOKED_UP, UNUSED])),
    )
    return Source(source.file, bare)


def _again(asked: Asked, bare: Sequence[Source], source: Source, *, was: Source, changed: pl.Series) -> Source:
    """Return the source with what its `changed` rows look up now, and what is doubtful about that."""
    columns = [*asked.lookup.columns, LOOKED_UP_IN]
    sources, frame, is_new = list(bare), source.table.frame, pl.col("_row").is_in(changed.implode())
    own = bare[asked.src].table
    sources[asked.src] = replace(bare[asked.src], table=replace(own, findings=own.findings.clear()))
    anew = joined(replace(asked, filled=()), sources, rows_of(asked, sources)).table
    old = frame.select("_row").join(was.table.frame.select("_row", *columns), on="_row", how="left")
    new = frame.select("_row").join(anew.frame.select("_row", *columns), on="_row", how="left")
    is_typed = {name: frame[name].ne_missing(old[name]) for name in columns}
    cells = [
        pl.when(is_new & ~pl.lit(is_typed[name])).then(pl.lit(new[name])).otherwise(pl.col(name)).alias(name)
        for name in columns
    ]
    typed = [frame.filter(is_typed[name]).select("_row", column=pl.lit(name)) for name in columns]
    fresh = anew.findings.filter(is_new).join(pl.concat(typed), on=["_row", "column"], how="anti")
    kept = source.table.findings.filter(~(is_new & _is_looked_up(asked, bare)))
    table = replace(source.table, frame=frame.with_columns(cells), findings=pl.concat([kept, fresh], rechunk=True))
    return replace(source, table=table)


def _is_looked_up(asked: Asked, sources: Sequence[Source]) -> pl.Expr:
    """Return whether a finding was made by looking up, or carried over from a second file."""
    carried = [pl.col("cell").str.starts_with(f"{place}, ") for place in places(asked, sources).values()]
    return pl.col("code").is_in(["not_looked_up", "looked_up_twice"]) | pl.any_horizontal(carried).fill_null(
        value=False
    )
