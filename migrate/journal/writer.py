"""The journal while requests go on: one thread commits for all tasks, each task waits until its part is on disk."""

import asyncio
import json
import queue
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from migrate.errors import ApiError, Stopped
from migrate.journal.schema import connect
from migrate.model.exchange import Acted, Exchange
from migrate.model.results import Result

_GROUP = 500  # statements in one commit at most
Statement = tuple[str, tuple[Any, ...]]

_INTENT = (
    "INSERT INTO intent (id, step, numbers, attempt, fingerprint, trace_id, wall_s, monotonic_s) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_ANSWER = (
    "INSERT INTO answer (intent, acted, status_code, code, message, trace_id, attempts, body, wall_s) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_RESULT = (
    "INSERT INTO result (n, outcome, retryable, code, message, status_code, remote_id, attempts, trace_id) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (n) DO UPDATE SET outcome = excluded.outcome, "
    "retryable = excluded.retryable, code = excluded.code, message = excluded.message, "
    "status_code = excluded.status_code, remote_id = excluded.remote_id, attempts = excluded.attempts, "
    "trace_id = excluded.trace_id"
)


class JournalWriter:
    """Commits what many tasks write, in groups, off the event loop (`async with`).

    `announce` returns once the intent is on the disk: nothing may be sent before. A disk that fails ends the run with
    Stopped; a failed sync is never tried again, because what it lost can't be known.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._queue: queue.SimpleQueue[tuple[list[Statement], asyncio.Future[None]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
        self._broken: Stopped | None = None
        self._next_intent = 1
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._connection = connect(self._path)
        self._next_intent = 1 + self._connection.execute("SELECT coalesce(max(id), 0) FROM intent").fetchone()[0]
        self._thread.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
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
        row = (intent, step, json.dumps(list(numbers)), attempt, fingerprint, trace_id, time.time(), time.monotonic())
        await self._write([(_INTENT, row), *(("DELETE FROM result WHERE n = ?", (n,)) for n in reopened)])
        return intent

    async def answered(
        self,
        intent: int,
        exchange: Exchange,
        *,
        error: ApiError | None = None,
        results: Iterable[Result] = (),
        done: Iterable[tuple[int, str]] = (),
    ) -> None:
        """Write what came back for `intent`, and what it settles, in one transaction."""
        said = (Acted.YES, None, None) if error is None else (error.acted, error.code, error.message)
        acted, code, message = said
        row = (intent, acted, exchange.status_code, code, message, exchange.trace_id, exchange.attempts)
        await self._write([(_ANSWER, (*row, exchange.body, time.time())), *_settling(results, done)])

    async def settle(self, results: Iterable[Result] = (), *, done: Iterable[tuple[int, str]] = ()) -> None:
        """Write what became of records without an answer of their own (found by reading back, blocked)."""
        await self._write(_settling(results, done))

    async def _write(self, statements: list[Statement]) -> None:
        if self._broken is not None:
            raise self._broken
        if self._loop is None:
            raise RuntimeError("the journal's writer is used outside of its `async with`")
        future: asyncio.Future[None] = self._loop.create_future()
        self._queue.put((statements, future))
        await future

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            group, ended = [first], False
            while len(group) < _GROUP and not ended:
                try:
                    item = self._queue.get_nowait()
                except queue.Empty:
                    break
                if item is None:
                    ended = True
                else:
                    group.append(item)
            error = self._broken or self._commit([statement for statements, _ in group for statement in statements])
            for _, future in group:
                self._resolve(future, error)
            if ended:
                return

    def _commit(self, statements: list[Statement]) -> Stopped | None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for sql, row in statements:
                self._connection.execute(sql, row)
            self._connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - every task that waits has to hear of it, whatever it is
            self._broken = Stopped(f"{self._path} can't be written ({error}); make room on the disk, then resume")
            return self._broken
        return None

    def _resolve(self, future: asyncio.Future[None], error: Stopped | None) -> None:
        def resolve() -> None:
            if future.done():
                return
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)

        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(resolve)


def _settling(results: Iterable[Result], done: Iterable[tuple[int, str]]) -> list[Statement]:
    return [(_RESULT, result.as_row()) for result in results] + [
        ("INSERT OR IGNORE INTO done VALUES (?, ?)", pair) for pair in done
    ]
