"""The journal's file: its version, how a connection to it is opened, what an error of SQLite means."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from migrate.errors import Refused, Stopped, UsageError
from migrate.journal.tables import TABLES, add_seal, find_damage, find_damage_in
from migrate.journal.wal import hides_frames
from migrate.model.commands import command

APPLICATION_ID = 0x43484D47  # "CHMG", so that a foreign SQLite file is told apart
VERSION = 4
_DAMAGE = frozenset(
    {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR_SHORT_READ}
)
"""What SQLite answers where the file is not as it was written; all else is up to the disk or to rights."""
_LOOKS = 3
"""A run that goes on meanwhile begins its log anew between two looks, but not again and again."""


def connect(path: Path, *, create: bool = False) -> sqlite3.Connection:
    """Open the journal at `path` for durable writing, or make it.

    Raises:
        UsageError: there is no journal, or the file is none.
        Refused: it was written by another version of the tool.
        Stopped: the disk or its rights keep it from being opened.
    """
    if not create and not path.is_file():
        runs = command("runs", out=path.parent.parent)
        raise UsageError(f"{path} is not there, so this run can't be read; name another run (see: {runs})")
    with told(path):
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            _prepare(connection, path, create=create)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Within it, an error of SQLite about the journal at `path` is UsageError where it is damaged, else Stopped."""
    try:
        yield
    except (sqlite3.Error, UnicodeError) as error:  # the latter in SQLite's own words about damage
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) in _DAMAGE:
            raise UsageError(
                f"{path} is damaged ({error}), so nothing was done; restore it from a copy, or start again with apply: "
                "it sends only what the dealer does not have"
            ) from error
        raise Stopped(f"{path} can't be written ({error}); make room or give the folder write access") from error


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Raise UsageError if the journal is not as it was written."""
    with told(path):
        if (damage := find_damage(connection)) is not None:
            raise sqlite3.DatabaseError(damage)
        if all(_hides_frames(connection, path) for _ in range(_LOOKS)):
            raise sqlite3.DatabaseError(f"{path.name}-wal has changed")


def check_facts(connection: sqlite3.Connection, path: Path) -> None:
    """Raise UsageError if the journal's facts are not as they were written."""
    with told(path):
        if (damage := find_damage_in(connection, ("meta",))) is not None:
            raise sqlite3.DatabaseError(damage)


def _hides_frames(connection: sqlite3.Connection, path: Path) -> bool:
    taken: int = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[1]
    return hides_frames(path.with_name(f"{path.name}-wal"), taken=max(0, taken))


def _prepare(connection: sqlite3.Connection, path: Path, *, create: bool) -> None:
    add_seal(connection)
    if create:
        path.chmod(0o600)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.executescript(TABLES)
    else:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise sqlite3.DatabaseError("it is not a journal of chekt-migrate")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise Refused(f"{path} was written by a newer version of chekt-migrate; update the tool to read it")
        if version < VERSION:
            raise Refused(
                f"{path} was written by an older version of chekt-migrate; read it with that one, or start again with "
                "apply: it sends only what the dealer does not have"
            )
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA journal_size_limit = 0")  # frames of the log before don't stay behind those of this one
