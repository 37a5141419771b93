"""F65: a journal of which any byte has changed is either told to be damaged or reads as it was, never less."""

import asyncio
import contextlib
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.errors import Doubtful, Refused, UsageError
from migrate.journal.journal import FILE_NAME, Journal
from migrate.journal.writer import JournalWriter
from migrate.model.exchange import Acted, Exchange
from migrate.model.results import Result

WAL = f"{FILE_NAME}-wal"
DAMAGED = "damaged"


async def fill(folder: Path, *, copy_to: Path | None = None) -> None:
    """Write a bit of everything; copy the files as they are before the writer ends."""
    with Journal.create(folder) as journal:
        journal.put_facts({"read": True, "agreed": True, "options": {"rate": "60/min"}})
        journal.put_frames({"table.000000.frame": pl.DataFrame({"_row": [2, 3], "id": ["S-1", "S-2"]})})
    lost = Doubtful("lost", code="connection_lost", acted=Acted.UNKNOWN)
    async with JournalWriter(folder / FILE_NAME) as writer:
        for n in range(1, 9):
            trace = f"trace-{n}"
            intent = await writer.announce(step="device", numbers=[n], attempt=1, fingerprint="f", trace_id=trace)
            exchange = Exchange(trace, attempts=1, status_code=201, body=b'{"results": []}')
            if n % 4:
                await writer.answered(
                    intent, exchange, results=[Result(n, "created", remote_id=n)], done=[(n, "arming")]
                )
            else:
                await writer.answered(intent, exchange, error=lost)
        if copy_to is not None:
            shutil.copytree(folder, copy_to)


def told(folder: Path) -> Any:
    """Return all that a journal tells."""
    with Journal.open(folder) as journal:
        facts = {key: journal.fact(key) for key in ("read", "agreed", "options", "missing")}
        frames = {name: frame.rows() for name, frame in journal.frames("").items()}
        return facts, frames, journal.results().rows(), journal.past(), journal.announced()


def told_or_refused(folder: Path) -> Any:
    """Return what a journal tells, or DAMAGED where it is refused as such; any other error is one."""
    try:
        return told(folder)
    except (UsageError, Refused):
        return DAMAGED


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A journal whose run has ended: one file."""
    folder = tmp_path_factory.mktemp("closed")
    asyncio.run(fill(folder))
    assert not (folder / WAL).exists()
    return (folder / FILE_NAME).read_bytes()


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """A journal whose run was killed: the file, and the log beside it that has most of it."""
    folder = tmp_path_factory.mktemp("killed")
    asyncio.run(fill(folder, copy_to=folder / "copy"))
    return (folder / "copy" / FILE_NAME).read_bytes(), (folder / "copy" / WAL).read_bytes()


def put(folder: Path, content: bytes, wal: bytes | None = None) -> None:
    for path in folder.iterdir():
        path.unlink()
    (folder / FILE_NAME).write_bytes(content)
    if wal is not None:
        (folder / WAL).write_bytes(wal)


def changed(content: bytes, at: int, mask: int) -> bytes:
    found = bytearray(content)
    found[at] ^= mask
    return bytes(found)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("journal")


@given(share=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
@settings(max_examples=300)
def test_a_byte_that_has_changed_is_told_or_changes_nothing(
    closed: bytes, folder: Path, share: float, mask: int
) -> None:
    put(folder, closed)
    expected = told(folder)
    put(folder, changed(closed, int(share * len(closed)), mask))
    assert told_or_refused(folder) in (expected, DAMAGED)


@given(share=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
@settings(max_examples=200)
def test_a_byte_that_has_changed_in_the_log_of_a_killed_run_is_told_or_changes_nothing(
    killed: tuple[bytes, bytes], folder: Path, share: float, mask: int
) -> None:
    journal, log = killed
    put(folder, journal, log)
    expected = told(folder)
    assert len(expected[-1]) == 8
    put(folder, journal, changed(log, int(share * len(log)), mask))
    assert told_or_refused(folder) in (expected, DAMAGED)


@given(share=st.floats(0, 1))
@settings(max_examples=50)
def test_a_log_that_was_cut_anywhere_is_one_of_an_earlier_moment(
    killed: tuple[bytes, bytes], folder: Path, share: float
) -> None:
    """A kill leaves the same: what the log has lost at its end was never answered for, and resume reads the dealer."""
    journal, log = killed
    put(folder, journal, log)
    *_, announced = told(folder)
    put(folder, journal, log[: int(share * len(log))])
    *_, fewer = told(folder)
    assert fewer == set(range(1, len(fewer) + 1))
    assert fewer <= announced


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_journal_that_was_cut_is_told(closed: bytes, folder: Path, share: float) -> None:
    put(folder, closed[: int(len(closed) * share)])
    with pytest.raises(UsageError, match="damaged"):
        told(folder)


def test_a_journal_of_an_older_version_is_told(closed: bytes, folder: Path) -> None:
    put(folder, closed)
    with contextlib.closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.execute("PRAGMA user_version = 1")
    with pytest.raises(Refused, match="older version"):
        told(folder)
