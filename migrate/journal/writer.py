"""The journal while requests go on: one thread commits for all tasks, each task waits until its part is on disk."""

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import orjson

from migrate.errors import ApiError, Defect, MigrateError, Stopped
from migrate.journal.made import as_made
from migrate.journal.schema import connect
from migrate.model.exchange import Acted, Exchange
from migrate.model.results import Result

_GATHER_S: Final = 0.005
"""How long a write waits at most for others, to be committed with them: it is less than an answer takes."""

Statement = tuple[str, tuple[Any, ...]]

_INTENT = (
    "INSERT INTO intent (id, step, numbers, attempt, fingerprint, trace_id, wall_s, monotonic_s) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_ANSWER = (
    "INSERT INTO answer (intent, acted, status_code, code, message, trace_id, attempts, body, wall_s, made) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_RESULT = (
    "INSERT INTO settled (n, outcome, retryable, code, message, status_code, remote_id, attempts, trace_id) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (n) DO UPDATE SET outcome = excluded.outcome, "
    "retryable = excluded.retryable, code = excluded.code, message = excluded.message, "
    "status_code = excluded.status_code, remote_id = excluded.remote_id, attempts = excluded.attempts, "
    "trace_id = excluded.trace_id"
)


class JournalWriter:
    """Commits what many tasks write, in groups, off the event loop (`async with`).

    `announce` returns once the intent is on the disk: nothing may be sent before. Answers that are `held` go there with
    the next write of any task, so before anything else is sent. A disk that fails ends the run with Stopped; a failed
    sync is never tried again, because what it lost can't be known.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._queue: queue.SimpleQueue[_Group | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
        self._broken: MigrateError | None = None
        self._next_intent = 1
        self._loop: asyncio.AbstractEventLoop | None = None
        self._gathered = _Group()
        self._held: list[Statement] = []
        self.under_way = 0
        """How many requests are on their way, whose tasks will write something soon: without any, nothing waits."""

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._connection = connect(self._path)
        self._next_intent = 1 + self._connection.execute("SELECT coalesce(max(id), 0) FROM intent").fetchone()[0]
        self._thread.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gathered.statements += self._take_held()  # of a run that is left at once nobody writes them any more
        self._hand_over()
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)
        self._connection.close()

    async def announce(
        self,
        *,
        step: str,
        numbers: Sequence[int],
        attempt: int,
        fingerprint: str,
        trace_id: str,
        reopened: Sequence[int] = (),
    ) -> int:
        """Write that a request is about to be sent; return the intent's id.

        What had become of the `reopened` records before (`unknown`, `blocked`) no longer holds and is taken out.
        """
        intent, self._next_intent = self._next_intent, self._next_intent + 1
        told = orjson.dumps(list(numbers)).decode()
        row = (intent, step, told, attempt, fingerprint, trace_id, time.time(), time.monotonic())
        undone = [("DELETE FROM settled WHERE n = ?", (n,)) for n in reopened]
        await self._write([(_INTENT, row), *undone, *self._take_held()])
        return intent

    async def answered(
        self,
        intent: int,
        exchange: Exchange,
        *,
        error: ApiError | None = None,
        results: Iterable[Result] = (),
        done: Iterable[tuple[int, str]] = (),
        made: Mapping[int, int] | None = None,
        held: bool = False,
    ) -> None:
        """Write what came back for `intent`, and what it settles, in one transaction.

        `made` (record number → remote id) are records of which there is no more to tell than that this answer made
        them. With `held` it is written with whatever is written next.
        """
        said = (Acted.YES, None, None) if error is None else (error.acted, error.code, error.message)
        acted, code, message = said
        row = (intent, acted, exchange.status_code, code, message, exchange.trace_id, exchange.attempts)
        told = as_made(made) if made else None
        self._held += [(_ANSWER, (*row, exchange.body, time.time(), told)), *_settling(results, done)]
        if not held:
            await self.flush()

    async def settle(self, results: Iterable[Result] = (), *, done: Iterable[tuple[int, str]] = ()) -> None:
        """Write what became of records without an answer of their own (found by reading back, blocked)."""
        self._held += _settling(results, done)
        await self.flush()

    async def flush(self) -> None:
        """Write what is held."""
        if self._held or self._broken is not None:
            await self._write(self._take_held())

    def _take_held(self) -> list[Statement]:
        held, self._held = self._held, []
        return held

    async def _write(self, statements: list[Statement]) -> None:
        if self._broken is not None:
            raise self._broken
        if self._loop is None:
            raise RuntimeError("the journal's writer is used outside of its `async with`")
        gathered, future = self._gathered, self._loop.create_future()
        if not gathered.waiting:
            gathered.timer = self._loop.call_later(_GATHER_S, self._hand_over)
        gathered.statements += statements
        gathered.waiting.append(future)
        if not self.under_way:
            self._loop.call_soon(self._hand_over)  # not at once: tasks that can go on now may write, too
        await future

    def _hand_over(self) -> None:
        """Give what was gathered to the thread."""
        gathered = self._gathered
        if gathered.statements or gathered.waiting:
            if gathered.timer is not None:
                gathered.timer.cancel()
            self._gathered = _Group()
            self._queue.put(gathered)

    def _work(self) -> None:
        while (group := self._queue.get()) is not None:
            error = self._broken or self._commit(group.statements)
            if self._loop is not None and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(_resolve, group.waiting, error)

    def _commit(self, statements: list[Statement]) -> MigrateError | None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for sql, several in groupby(_in_order(statements), key=itemgetter(0)):
                self._connection.executemany(sql, [row for _, row in several])
            self._connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - every task that waits has to hear of it, whatever it is
            is_ours = isinstance(error, sqlite3.ProgrammingError) or not isinstance(
                error, sqlite3.DatabaseError | OSError
            )
            if is_ours:
                self._broken = Defect(f"{self._path} was not written ({error!r})")
            else:
                self._broken = Stopped(f"{self._path} can't be written ({error}); make room on the disk, then resume")
        return self._broken


class _Group:
    """Statements that go to the disk in one commit, and who waits for it."""

    __slots__ = ("statements", "timer", "waiting")

    def __init__(self) -> None:
        self.timer: asyncio.TimerHandle | None = None
        self.statements: list[Statement] = []
        self.waiting: list[asyncio.Future[None]] = []


def _in_order(statements: list[Statement]) -> list[Statement]:
    """Return intents and answers first, each together: they touch nothing that the others do."""
    order = {_INTENT: 0, _ANSWER: 1}
    return sorted(statements, key=lambda statement: order.get(statement[0], 2))


def _resolve(waiting: list["asyncio.Future[None]"], error: MigrateError | None) -> None:
    for future in waiting:
        if future.done():
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)


def _settling(results: Iterable[Result], done: Iterable[tuple[int, str]]) -> list[Statement]:
    return [(_RESULT, result.as_row()) for result in results] + [
        ("INSERT OR IGNORE INTO done VALUES (?, ?)", pair) for pair in done
    ]
