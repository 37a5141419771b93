"""A process of the tool as the simulation starts it, with what may end it before its time."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

from simulated_faults import LONGEST_LAG_S, SETTLE_S, TIMEOUT_S, Ending, Script, dice
from simulated_network import ORIGIN, SECRET
from simulated_store import Habits
from simulated_time import SimulatedLoop

from migrate.app.options import Options
from migrate.errors import Stopped
from migrate.journal.schema import connect
from migrate.journal.writer import JournalWriter, Statement
from migrate.pipeline.stop import Stop
from migrate.settings import Settings

T = TypeVar("T")

RATE_PER_S, BURST = 20, 6
SETTINGS = Settings(
    env_file=None,
    base_url=ORIGIN,
    token_url=f"{ORIGIN}/oauth/token",
    client_id="id-1",
    client_secret=SECRET,
    access_token="",
    dealer_id="12",
)
_SHAPES = 20
_CANCELS = 10_000


class CutOff:
    """Counts the points of a leg and cuts it off at one of them; a process that is dead does nothing any more."""

    def __init__(self, ending: Ending | None, stop: Stop, on_death: Callable[[], object] = int) -> None:
        self._ending = ending
        self._on_death = on_death
        self._stop = stop
        self._passed = 0
        self.dead: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.disk_full = False

    async def point(self, _: str) -> None:
        self._passed += 1
        if self._ending is not None and self._passed == self._ending.at:
            if self._ending.kind == "stop":
                self._stop.request()
            elif self._ending.kind == "disk":
                self.disk_full = True
            else:
                self._on_death()
                self.dead.set_result(None)
        if self.dead.done():
            await asyncio.get_running_loop().create_future()


class SimulatedWriter(JournalWriter):
    """Commits to the real file from the loop itself, after a moment that the script tells."""

    def __init__(self, path: Path, *, points: CutOff, pause_s: Callable[[], float]) -> None:
        super().__init__(path)
        self._points = points
        self._pause_s = pause_s
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._connection = connect(self._path)
        self._connection.execute("PRAGMA synchronous = OFF")  # the machine stays on; only the process dies
        self._next_intent = 1 + self._connection.execute("SELECT coalesce(max(id), 0) FROM intent").fetchone()[0]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._connection.close()

    async def _write(self, statements: list[Statement]) -> None:
        if self._broken is not None:
            raise self._broken
        if self._points.dead.done():  # what the end of its tasks would still write, a process that is dead does not
            raise asyncio.CancelledError
        async with self._turn:  # as the thread does: what was handed over first is committed first
            await asyncio.sleep(self._pause_s())
            await self._points.point("before commit")
            if self._points.disk_full:
                self._broken = self._broken or Stopped("the disk is full")
            error = self._broken or self._commit(statements)
        if error is not None:
            raise error
        await self._points.point("after commit")


async def until_cut_off(running: "asyncio.Future[Any]", points: CutOff) -> bool:
    """Wait until a run ends, or dies at one of its points; return whether it died."""
    await asyncio.wait([running, points.dead], return_when=asyncio.FIRST_COMPLETED)
    if not points.dead.done():
        return False
    for _ in range(_CANCELS):
        if running.done():
            return True
        running.cancel()
        await asyncio.sleep(0)
    raise RuntimeError("a run that was cut off does not end")


def run_in_simulated_time(main: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(main)


def shape_of(seed: int) -> int:
    """Return the number of the inventory that a seed is about: few, for each takes long to check and plan."""
    return seed % _SHAPES + _SHAPES * (seed // 2_000)


def options_of(seed: int) -> Options:
    rng = dice(seed, "options")
    return Options(
        rate=f"{RATE_PER_S}/s",
        burst=BURST,
        concurrency=rng.choice((1, 2, 4, 8)),
        batch_size=rng.choice((1, 2, 3, 50)),
        timeout=TIMEOUT_S,
        settle=SETTLE_S,
        patience=40.0,
        on_existing="update",
        force=True,
    )


def habits_of(script: Script) -> Habits:
    rng = dice(script.seed, "habits")
    cap = rng.choice((None, None, 1, 2, 3))
    return Habits(
        cap=cap,
        lag_s=LONGEST_LAG_S if script.may_lag else 0.0,
        filter=rng.choice(("works", "works", "ignored", "refused")),
        # a list that ignores its offset and is cut short without a word can't be told from a whole one
        undocumented="obeyed" if cap is not None else rng.choice(("obeyed", "ignored", "refused")),
    )


@contextmanager
def logged() -> Iterator[list[str]]:
    """Collect what is logged meanwhile at debug level."""
    lines: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage() if record.exc_info is None else self.format(record))

    logger, handler = logging.getLogger("migrate"), Collect()
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield lines
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate


def in_memory() -> str | None:
    """Return a folder in memory, where there is one: the journal is a real file, but no disk has to turn."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a fresh folder is made in it
