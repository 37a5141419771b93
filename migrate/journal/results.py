"""Results: what became of the records of a run, a million of which take megabytes until some are asked for."""

from dataclasses import dataclass, field
from typing import Self

import polars as pl

from migrate.model.outcomes import RESULTS_SCHEMA

MADE_SCHEMA = pl.Schema({"_n": pl.UInt32(), "remote_id": pl.Int64(), "answer": pl.UInt32()})
ANSWERS_SCHEMA = pl.Schema({name: RESULTS_SCHEMA[name] for name in ("status_code", "attempts", "trace_id")})


@dataclass(frozen=True, slots=True)
class Results:
    """`told` (RESULTS_SCHEMA) are records of which more is to be told than that an answer made them.

    Of the others `made` holds as which the dealer has them, and which of the `answers` said so. Both are sorted by
    `_n`, and no record is in both.
    """

    told: pl.DataFrame
    made: pl.DataFrame = field(default_factory=MADE_SCHEMA.to_frame)
    answers: pl.DataFrame = field(default_factory=ANSWERS_SCHEMA.to_frame)

    @classmethod
    def of(cls, told: pl.DataFrame, made: pl.DataFrame, answers: pl.DataFrame) -> Self:
        """Return results in any order as they are held; where both speak of a record, `told` knows better."""
        left = made if told.is_empty() else made.join(told, on="_n", how="anti", maintain_order="left")
        return cls(_sorted(told), _sorted(left), answers)

    @property
    def end(self) -> int:
        """The number after the last record of which anything is known."""
        return max([int(str(frame["_n"][-1])) + 1 for frame in (self.told, self.made) if frame.height], default=0)

    def between(self, start: int, end: int) -> pl.DataFrame:
        """Return what became of the records numbered from `start` up to `end` (RESULTS_SCHEMA), in their order."""
        told, made = (numbered_between(frame, start, end) for frame in (self.told, self.made))
        plain = pl.concat([made, self.answers[made["answer"]]], how="horizontal").select(
            "_n",
            pl.lit("created").alias("outcome"),
            pl.lit(value=False).alias("retryable"),
            *(pl.lit(None, dtype=pl.String).alias(name) for name in ("code", "message")),
            "status_code",
            pl.col("remote_id").cast(pl.String),
            "attempts",
            "trace_id",
        )
        return plain if told.is_empty() else pl.concat([told, plain]).sort("_n")

    def whole(self) -> pl.DataFrame:
        """Return what became of all records (RESULTS_SCHEMA), in their order."""
        return self.between(0, self.end)


def numbered_between(frame: pl.DataFrame, start: int, end: int) -> pl.DataFrame:
    """Return the rows of a frame sorted by `_n` whose numbers go from `start` up to `end`."""
    first, last = (int(frame["_n"].search_sorted(at)) for at in (start, end))
    return frame[first:last]


def _sorted(frame: pl.DataFrame) -> pl.DataFrame:
    return frame if frame["_n"].is_sorted() else frame.sort("_n")
