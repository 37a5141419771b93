"""The journal's tables, its version, and how a connection to it is opened."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from migrate.errors import Refused, Stopped, UsageError

APPLICATION_ID = 0x43484D47  # "CHMG", so that a foreign SQLite file is told apart
VERSION = 1
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR_SHORT_READ})
"""What SQLite answers where the file is not as it was written; all else is up to the disk or to rights."""

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- whole columns: source tables as read, checked and planned records, findings; Parquet, compressed
CREATE TABLE frame (name TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;

-- what was about to be sent: one row per request, written and synced before it
CREATE TABLE intent (
    id INTEGER PRIMARY KEY,
    step TEXT NOT NULL,            -- station | site | device | arming | activation
    numbers TEXT NOT NULL,         -- the records in it: JSON list of record numbers
    attempt INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,     -- hash of the body
    trace_id TEXT NOT NULL,
    wall_s REAL NOT NULL,
    monotonic_s REAL NOT NULL
);

-- what came back; an intent without one may or may not have been carried out
CREATE TABLE answer (
    intent INTEGER PRIMARY KEY REFERENCES intent (id),
    acted TEXT NOT NULL,           -- whether the server did it: yes | no | unknown
    status_code INTEGER,
    code TEXT,                     -- null: a good answer
    message TEXT,
    trace_id TEXT NOT NULL,        -- of the last sending
    attempts INTEGER NOT NULL,     -- how often it was sent
    body BLOB NOT NULL,            -- the answer, bounded
    wall_s REAL NOT NULL
);

-- what became of a record, as far as it is settled
CREATE TABLE result (
    n INTEGER PRIMARY KEY,
    outcome TEXT NOT NULL,
    retryable INTEGER NOT NULL,
    code TEXT,
    message TEXT,
    status_code INTEGER,
    remote_id TEXT,
    attempts INTEGER NOT NULL,
    trace_id TEXT
);

-- the steps of a site after its creation that are done
CREATE TABLE done (n INTEGER NOT NULL, step TEXT NOT NULL, PRIMARY KEY (n, step)) WITHOUT ROWID;
"""


def connect(path: Path, *, create: bool = False) -> sqlite3.Connection:
    """Open the journal at `path` for durable writing, or make it.

    Raises:
        UsageError: there is no journal, or the file is not one or is damaged.
        Refused: it was written by a newer version of the tool.
        Stopped: the disk or its rights keep it from being opened.
    """
    if not create and not path.is_file():
        raise UsageError(f"{path} is not there, so this run can't be read; name another run (see: chekt-migrate runs)")
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
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) in _DAMAGE:
            raise UsageError(
                f"{path} is damaged ({error}), so nothing was done; restore it from a copy, or start again with apply: "
                "it sends only what the dealer does not have"
            ) from error
        raise Stopped(f"{path} can't be written ({error}); make room or give the folder write access") from error


def _prepare(connection: sqlite3.Connection, path: Path, *, create: bool) -> None:
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
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
    connection.execute("PRAGMA synchronous = FULL")
