"""The journal of one run: facts, frames and what the pipeline left, read and written by one caller at a time."""

import io
import json
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import polars as pl

from migrate.journal.made import Made, made_by_answers, made_in
from migrate.journal.past import Doubt, Past, read_doubts, read_past
from migrate.journal.results import Results
from migrate.journal.schema import check, check_facts, connect, told
from migrate.model.outcomes import RESULTS_SCHEMA
from migrate.model.states import RECORD, State

FILE_NAME = "journal.sqlite"
_ROWS_AT_ONCE = 1 << 17
"""Of a frame that is kept, in a row of its own: SQLite, seal and all hold what is written several times over.

Larger groups cost a quarter more time, and are no smaller together.
"""
_PIECES = "name = :name OR (name > :name || '/' AND name < :name || '0')"
"""What keeps a frame: its name, or `name/000000/3`, `name/000001/3`, ... of a large one; `0` comes next after `/`."""


class Journal:
    """One run's journal; every write is synced to the disk before the call returns."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Make the journal of a new run in `folder`, which exists."""
        path = folder / FILE_NAME
        return cls(connect(path, create=True), path)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the journal of the run in `folder`, all of whose rows are as they were written.

        Raises:
            UsageError: it is not there, or is damaged.
            Refused: it was written by another version of the tool.
            Stopped: the disk or its rights keep it from being opened.
        """
        path = folder / FILE_NAME
        connection = connect(path)
        try:
            check(connection, path)
        except BaseException:
            connection.close()
            raise
        return cls(connection, path)

    @classmethod
    def peek(cls, folder: Path) -> Self:
        """Open the journal of the run in `folder` for its facts alone: they are as they were written.

        Whoever goes on from there opens the whole; raises as `open` does.
        """
        path = folder / FILE_NAME
        connection = connect(path)
        try:
            check_facts(connection, path)
        except BaseException:
            connection.close()
            raise
        return cls(connection, path)

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
                self._connection.execute(f"DELETE FROM frame WHERE {_PIECES}", {"name": name})
                pieces = [*frame.iter_slices(_ROWS_AT_ONCE)] or [frame]
                for number, piece in enumerate(pieces):
                    buffer = io.BytesIO()
                    piece.write_parquet(buffer, compression="zstd", compression_level=1, row_group_size=_ROWS_AT_ONCE)
                    place = "" if len(pieces) == 1 else f"/{number:06d}/{len(pieces)}"
                    self._connection.execute("INSERT INTO frame VALUES (?, ?)", (name + place, buffer.getbuffer()))

    def frame(self, name: str) -> pl.DataFrame | None:
        """Return the frame under `name`, None if there is none."""
        rows = self._connection.execute(f"SELECT name, data FROM frame WHERE {_PIECES} ORDER BY name", {"name": name})
        return self._frames(rows).get(name)

    def frames(self, prefix: str) -> dict[str, pl.DataFrame]:
        """Return the frames whose names begin with `prefix`, by the rest of their names."""
        rows = self._connection.execute(
            "SELECT name, data FROM frame WHERE substr(name, 1, ?) = ? ORDER BY name", (len(prefix), prefix)
        )
        return {name[len(prefix) :]: frame for name, frame in self._frames(rows).items()}

    def _frames(self, rows: Iterable[tuple[str, bytes]]) -> dict[str, pl.DataFrame]:
        """Return frames by name, each of all its pieces."""
        pieces, wanted = defaultdict[str, list[pl.DataFrame]](list), dict[str, int]()
        for place, data in rows:
            name, _, of_all = place.partition("/")
            pieces[name].append(pl.read_parquet(io.BytesIO(data)))
            wanted[name] = int(of_all.rpartition("/")[2] or 1)
        with told(self.path):
            for name, found in pieces.items():
                if len(found) != wanted[name]:
                    raise sqlite3.DatabaseError(f"a row of frame has gone: {name}")
        return {name: pl.concat(found) for name, found in pieces.items()}

    def results(self) -> pl.DataFrame:
        """Return what became of the records that are settled, or `unknown` for those in doubt (RESULTS_SCHEMA)."""
        return self.held_results().whole()

    def held_results(self) -> Results:
        """Return the same, to be asked for some records at a time."""
        return Results.of(self._told(self.doubts()), *made_by_answers(self._connection))

    def told(self, past: Past) -> pl.DataFrame:
        """Return the same of the records of which more is to be told than that an answer made them, in any order."""
        return self._told(past.doubts)

    def made(self) -> Iterator[Made]:
        """Yield what each answer plainly made; `told` may know better about some."""
        return made_in(self._connection)

    def doubts(self) -> dict[int, Doubt]:
        """Return the records that may have been carried out and have not come to an outcome, by number."""
        return read_doubts(self._connection)

    def past(self) -> Past:
        """Return how far the run had got with each record."""
        return read_past(self._connection)

    def ended(self) -> pl.Series:
        """Return the numbers of the records that have come to an outcome or are in doubt; `blocked` is neither."""
        past = self.past()
        told = self.told(past).filter(pl.col("outcome") != "blocked")["_n"]
        settled = (n for n, state in past.states.get(RECORD, {}).items() if state is State.SETTLED)
        return pl.concat([told, pl.Series("_n", array("I", settled), dtype=told.dtype)]).unique()

    def announced(self) -> set[int]:
        """Return the numbers of all records that were ever announced."""
        return {n for (n,) in self._connection.execute("SELECT DISTINCT value FROM intent, json_each(numbers)")}

    def has_announced(self) -> bool:
        """Return whether anything was ever announced."""
        return self._connection.execute("SELECT 1 FROM intent LIMIT 1").fetchone() is not None

    def _told(self, doubts: Mapping[int, Doubt]) -> pl.DataFrame:
        settled = self._connection.execute(
            "SELECT n, outcome, retryable, code, message, status_code, remote_id, attempts, trace_id FROM settled"
        ).fetchall()
        unknown = [
            (n, "unknown", True, doubt.code, doubt.message, doubt.status_code, None, doubt.attempts, doubt.trace_id)
            for n, doubt in doubts.items()
        ]
        rows = [*((*row[:2], bool(row[2]), *row[3:]) for row in settled), *unknown]
        return pl.DataFrame(rows, schema=RESULTS_SCHEMA, orient="row")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with told(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
