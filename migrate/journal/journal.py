"""The journal of one run: facts, frames and what the pipeline left, read and written by one caller at a time."""

import io
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import polars as pl

from migrate.errors import Stopped
from migrate.journal.schema import connect
from migrate.model.exchange import Acted
from migrate.model.outcomes import RESULTS_SCHEMA

FILE_NAME = "journal.sqlite"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why it is open whether a record was made: the last request about it has no answer that says."""

    trace_id: str
    attempts: int
    status_code: int | None
    code: str
    message: str


class Journal:
    """One run's journal; every write is synced to the disk before the call returns."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Make the journal of a new run in `folder`, which exists."""
        path = folder / FILE_NAME
        with _told(path):
            return cls(connect(path, create=True), path)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the journal of the run in `folder`."""
        path = folder / FILE_NAME
        return cls(connect(path), path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was written stays."""
        self._connection.close()

    def put_facts(self, facts: Mapping[str, Any]) -> None:
        """Keep facts under their keys, as JSON."""
        with self._transaction():
            self._connection.executemany(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [(key, json.dumps(value, ensure_ascii=False)) for key, value in facts.items()],
            )

    def fact(self, key: str) -> Any:  # noqa: ANN401 - what was kept, whatever it is
        """Return the fact under `key`, None if there is none."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else json.loads(row[0])

    def put_frames(self, frames: Mapping[str, pl.DataFrame]) -> None:
        """Keep whole frames under their names, all or none."""
        with self._transaction():
            for name, frame in frames.items():
                buffer = io.BytesIO()
                frame.write_parquet(buffer, compression="zstd", compression_level=1)
                self._connection.execute(
                    "INSERT INTO frame VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET data = excluded.data",
                    (name, buffer.getvalue()),
                )

    def frame(self, name: str) -> pl.DataFrame | None:
        """Return the frame under `name`, None if there is none."""
        row = self._connection.execute("SELECT data FROM frame WHERE name = ?", (name,)).fetchone()
        return None if row is None else pl.read_parquet(io.BytesIO(row[0]))

    def frames(self, prefix: str) -> dict[str, pl.DataFrame]:
        """Return the frames whose names begin with `prefix`, by the rest of their names."""
        rows = self._connection.execute(
            "SELECT name, data FROM frame WHERE substr(name, 1, ?) = ? ORDER BY name", (len(prefix), prefix)
        )
        return {name[len(prefix) :]: pl.read_parquet(io.BytesIO(data)) for name, data in rows}

    def results(self) -> pl.DataFrame:
        """Return what became of the records that are settled, or `unknown` for those in doubt."""
        settled = self._connection.execute(
            "SELECT n, outcome, retryable, code, message, status_code, remote_id, attempts, trace_id FROM result"
        ).fetchall()
        unknown = [
            (n, "unknown", True, doubt.code, doubt.message, doubt.status_code, None, doubt.attempts, doubt.trace_id)
            for n, doubt in self.doubts().items()
        ]
        rows = [*((*row[:2], bool(row[2]), *row[3:]) for row in settled), *unknown]
        return pl.DataFrame(rows, schema=RESULTS_SCHEMA, orient="row").sort("_n")

    def done(self) -> set[tuple[int, str]]:
        """Return the (record number, step) pairs of arming and activation that are done."""
        return set(self._connection.execute("SELECT n, step FROM done"))

    def doubts(self) -> dict[int, Doubt]:
        """Return the records that were announced, are not settled, and may have been carried out, by number."""
        settled = {n for (n,) in self._connection.execute("SELECT n FROM result")}
        last: dict[int, Doubt | None] = {}
        rows = self._connection.execute(
            "SELECT numbers, acted, coalesce(answer.trace_id, intent.trace_id), coalesce(attempts, 1), status_code, "
            "coalesce(code, 'no_answer'), coalesce(message, 'the run ended before an answer was understood') "
            "FROM intent LEFT JOIN answer ON answer.intent = intent.id "
            "WHERE step IN ('station', 'site', 'device') ORDER BY intent.id"
        )
        for numbers, acted, *facts in rows:
            doubt = None if acted == Acted.NO else Doubt(*facts)
            last.update((n, doubt) for n in json.loads(numbers) if n not in settled)
        return {n: doubt for n, doubt in last.items() if doubt is not None}

    def doubted(self, *steps: str) -> set[int]:
        """Return the records of which some request of these steps was never answered so that it says what was done."""
        marks = ", ".join("?" * len(steps))
        rows = self._connection.execute(
            "SELECT DISTINCT value FROM intent LEFT JOIN answer ON answer.intent = intent.id, json_each(numbers) "
            f"WHERE step IN ({marks}) AND coalesce(acted, 'unknown') = 'unknown'",
            steps,
        )
        return {n for (n,) in rows}

    def announced(self) -> set[int]:
        """Return the numbers of all records that were ever announced."""
        return {n for (n,) in self._connection.execute("SELECT DISTINCT value FROM intent, json_each(numbers)")}

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with _told(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise Stopped(f"{path} can't be written ({error}); make room or give the folder write access") from error
