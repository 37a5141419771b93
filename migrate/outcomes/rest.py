"""Rest: the outcomes of a large run with which all is well; they are counted, and told with the others part by part."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from migrate.model.outcomes import OUTCOMES_SCHEMA
from migrate.model.records import RECORDS
from migrate.model.sources import Source

_ORDER = ("_src", "row", "_kind")
Lines = Callable[[], Iterator[tuple[int, int, pl.DataFrame]]]
"""Yields parts: source, last row, and lines (`_row`, `record` and the two ids) of records that are valid."""


@dataclass(frozen=True, slots=True)
class Rest:
    """`counts` is (record, outcome) → number; `told` yields all outcomes, given the others, in source order."""

    counts: Mapping[tuple[str, str], int]
    told: Callable[[pl.DataFrame, Sequence[Source]], Iterator[pl.DataFrame]]

    @property
    def number(self) -> int:
        """How many they are."""
        return sum(self.counts.values())


def beside(lines: Lines, outcomes: pl.DataFrame, sources: Sequence[Source]) -> Iterator[pl.DataFrame]:
    """Yield the outcomes of valid records beside others (OUTCOMES_SCHEMA), part by part, in source order."""
    place, told = pl.col("_src").cast(pl.UInt64) * 2**32 + pl.col("row"), 0
    places = outcomes.select(place).to_series()
    for src, last, part in lines():
        end = int(places.search_sorted((src << 32) + last, side="right"))
        here = pl.concat([outcomes[told:end], _valid(part, sources[src], src)])
        told = end
        kind = pl.col("record").replace_strict(list(RECORDS), range(len(RECORDS)), return_dtype=pl.UInt8)
        yield here.with_columns(_kind=kind).sort(_ORDER, maintain_order=True).drop("_kind")
    yield outcomes[told:]


def _valid(lines: pl.DataFrame, source: Source, src: int) -> pl.DataFrame:
    said = {
        "file": pl.lit(source.file),
        "sheet": pl.lit(source.table.sheet),
        "row": pl.col("_row"),
        "record": pl.col("record"),
        "external_id": pl.col("external_id"),
        "external_site_id": pl.col("external_site_id"),
        "action": pl.lit("none"),
        "outcome": pl.lit("valid"),
        "retryable": pl.lit(value=False),
        "attempts": pl.lit(0),
        "_src": pl.lit(src),
    }
    return lines.select(said.get(name, pl.lit(None)).cast(dtype).alias(name) for name, dtype in OUTCOMES_SCHEMA.items())
