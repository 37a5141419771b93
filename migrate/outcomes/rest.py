"""Rest: the records of a large run with which nothing is wrong; they are counted, and told part by part."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from migrate.model.outcomes import OUTCOMES_SCHEMA
from migrate.model.records import RECORDS
from migrate.model.sources import Source

_ORDER = ("_src", "row", "_kind")


@dataclass(frozen=True, slots=True)
class Rest:
    """`counts` is record → number. Each part is (source, its last row, lines: `_row`, `record` and the two ids)."""

    counts: Mapping[str, int]
    parts: Callable[[], Iterator[tuple[int, int, pl.DataFrame]]]

    def beside(self, outcomes: pl.DataFrame, sources: Sequence[Source]) -> Iterator[pl.DataFrame]:
        """Yield all outcomes part by part, in source order: these (OUTCOMES_SCHEMA) and those of the rest, `valid`."""
        place, told = pl.col("_src").cast(pl.UInt64) * 2**32 + pl.col("row"), 0
        places = outcomes.select(place).to_series()
        for src, last, lines in self.parts():
            end = int(places.search_sorted((src << 32) + last, side="right"))
            here = pl.concat([outcomes[told:end], _valid(lines, sources[src], src)])
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
