"""What was plainly made: the answers of a journal say it in a line each, for all the records of the request."""

import sqlite3
from collections.abc import Iterator, Mapping

import orjson
import polars as pl

from migrate.model.outcomes import RESULTS_SCHEMA

Made = tuple[dict[int, int], tuple[int | None, int, str | None]]
"""Record number → remote id; and the status code, the number of attempts and the trace id of the answer."""

_READ = 10_000  # answers at a time, as Python's numbers take more room than a column's
_QUESTION = "SELECT made, status_code, attempts, trace_id FROM answer WHERE made IS NOT NULL"
_ANSWERS_SCHEMA = {name: RESULTS_SCHEMA[name] for name in ("status_code", "attempts", "trace_id")}


def as_made(made: Mapping[int, int]) -> str:
    """Return record number → remote id as the journal has it."""
    return orjson.dumps(made, option=orjson.OPT_NON_STR_KEYS).decode()


def made_in(connection: sqlite3.Connection) -> Iterator[Made]:
    """Yield what each answer plainly made."""
    for text, status_code, attempts, trace_id in connection.execute(_QUESTION):
        made = {int(n): remote_id for n, remote_id in orjson.loads(text).items()}
        yield made, (status_code, attempts, trace_id)


def made_by_answers(connection: sqlite3.Connection) -> pl.DataFrame:
    """Return the records that answers plainly made (RESULTS_SCHEMA)."""
    answers = connection.execute(_QUESTION)
    parts = [RESULTS_SCHEMA.to_frame()]
    while rows := answers.fetchmany(_READ):
        made = [orjson.loads(row[0]) for row in rows]
        told = pl.DataFrame([row[1:] for row in rows], schema=_ANSWERS_SCHEMA, orient="row")
        parts.append(
            told[[at for at, one in enumerate(made) for _ in one]].select(
                pl.Series("_n", [int(n) for one in made for n in one], dtype=pl.UInt32),
                pl.lit("created").alias("outcome"),
                pl.lit(value=False).alias("retryable"),
                pl.lit(None, dtype=pl.String).alias("code"),
                pl.lit(None, dtype=pl.String).alias("message"),
                "status_code",
                pl.Series("remote_id", [i for one in made for i in one.values()], dtype=pl.Int64).cast(pl.String),
                "attempts",
                "trace_id",
            )
        )
    return pl.concat(parts)
