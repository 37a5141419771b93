"""Slices: the outcomes of a large run, resolved some records at a time; held are those that somebody may look at."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from migrate.journal.results import Results, numbered_between
from migrate.model.outcomes import OUTCOMES_SCHEMA
from migrate.model.sources import Source
from migrate.outcomes.resolve import Stage, resolve
from migrate.outcomes.rest import Rest

SLICE_RECORDS = 25_000
_PLAIN = ("valid", "planned", "pending", "created", "unchanged")


def resolve_slices(
    records: Mapping[str, pl.DataFrame], sources: Sequence[Source], *, stage: Stage, results: Results | None
) -> tuple[pl.DataFrame, Rest]:
    """Return what `resolve` does, but for the plain outcomes, which are counted: all is well with them, and no more.

    Raises:
        Defect: as `resolve`.
    """
    numbered = {
        name: frame if frame["_n"].is_sorted() else frame.sort("_n")  # which would copy all of it
        for name, frame in records.items()
    }
    ends = [int(str(frame["_n"].max())) + 1 for frame in numbered.values() if frame.height]
    ends += [] if results is None else [results.end]

    def slices() -> Iterator[pl.DataFrame]:
        for start in range(0, max(ends, default=0), SLICE_RECORDS):
            end = start + SLICE_RECORDS
            here = {name: numbered_between(frame, start, end) for name, frame in numbered.items()}
            answers = None if results is None else results.between(start, end)
            yield resolve(here, sources, stage=stage, results=answers)

    counts = Counter[tuple[str, str]]()
    kept = [OUTCOMES_SCHEMA.to_frame()]
    for outcomes in slices():
        is_plain = pl.col("outcome").is_in(_PLAIN) & pl.col("code").is_null() & (pl.col("action") != "update")
        plain = outcomes.filter(is_plain).group_by("record", "outcome").len()
        counts.update({(record, outcome): number for record, outcome, number in plain.iter_rows()})
        kept.append(outcomes.filter(~is_plain))
    return pl.concat(kept, rechunk=True), Rest(counts, lambda *_: slices())
