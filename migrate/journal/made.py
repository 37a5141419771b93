"""What was plainly made: the answers of a journal say it in a line each, for all the records of the request."""

import sqlite3
from collections.abc import Iterator, Mapping

import orjson
import polars as pl

from migrate.journal.results import ANSWERS_SCHEMA, MADE_SCHEMA

Made = tuple[dict[int, int], tuple[int | None, int, str | None]]
"""Record number → remote id; and the status code, the number of attempts and the trace id of the answer."""

_READ = 2_000  # answers at a time, as Python's numbers take more room than a column's
_QUESTION = "SELECT made, status_code, attempts, trace_id FROM answer WHERE made IS NOT NULL"


def as_made(made: Mapping[int, int]) -> str:
    """Return record number → remote id as the journal has it."""
    return orjson.dumps(made, option=orjson.OPT_NON_STR_KEYS).decode()


def made_in(connection: sqlite3.Connection) -> Iterator[Made]:
    """Yield what each answer plainly made."""
    for text, status_code, attempts, trace_id in connection.execute(_QUESTION):
        made = {int(n): remote_id for n, remote_id in orjson.loads(text).items()}
        yield made, (status_code, attempts, trace_id)


def made_by_answers(connection: sqlite3.Connection) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the records that answers plainly made (MADE_SCHEMA), and these answers (ANSWERS_SCHEMA)."""
    found = connection.execute(_QUESTION)
    parts, answers = [MADE_SCHEMA.to_frame()], [ANSWERS_SCHEMA.to_frame()]
    number = 0
    while rows := found.fetchmany(_READ):
        made = [orjson.loads(row[0]) for row in rows]
        told = {
            "_n": [int(n) for one in made for n in one],
            "remote_id": [remote_id for one in made for remote_id in one.values()],
            "answer": [at for at, one in enumerate(made, number) for _ in one],
        }
        parts.append(pl.DataFrame(told, schema=MADE_SCHEMA))
        answers.append(pl.DataFrame([row[1:] for row in rows], schema=ANSWERS_SCHEMA, orient="row"))
        number += len(rows)
    return pl.concat(parts, rechunk=True), pl.concat(answers, rechunk=True)
