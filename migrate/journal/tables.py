"""The journal's tables, and the seal that every row of them has, so that a byte that changed on the disk is noticed."""

import hashlib
import sqlite3
from collections.abc import Iterable
from functools import cache

_SEAL_BYTES = 8


SEALED = {
    "meta": ("key", "value"),
    "frame": ("name", "data"),
    "intent": ("id", "step", "numbers", "attempt", "fingerprint", "trace_id", "wall_s", "monotonic_s"),
    "answer": ("intent", "acted", "status_code", "code", "message", "trace_id", "attempts", "body", "wall_s", "made"),
    "settled": (
        "n",
        "outcome",
        "retryable",
        "code",
        "message",
        "status_code",
        "remote_id",
        "attempts",
        "trace_id",
    ),
    "done": ("n", "step"),
}
"""Table → its columns, all of which its seal is made of."""


def _seal(table: str) -> str:
    """Return the column that SQLite fills by itself whenever a row is written, and never when one is read."""
    return f"seal BLOB NOT NULL GENERATED ALWAYS AS (seal({', '.join(SEALED[table])})) STORED"


TABLES = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL, {_seal("meta")}) WITHOUT ROWID;

-- whole columns: source tables as read, planned records, findings; Parquet, compressed, large ones in several rows
CREATE TABLE frame (name TEXT PRIMARY KEY, data BLOB NOT NULL, {_seal("frame")}) WITHOUT ROWID;

-- what was about to be sent: one row per request, written and synced before it; the ids have no gaps
CREATE TABLE intent (
    id INTEGER PRIMARY KEY,
    step TEXT NOT NULL,            -- station | site | device | arming | activation
    numbers TEXT NOT NULL,         -- the records in it: JSON list of record numbers
    attempt INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,     -- hash of the body
    trace_id TEXT NOT NULL,
    wall_s REAL NOT NULL,
    monotonic_s REAL NOT NULL,
    {_seal("intent")}
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
    wall_s REAL NOT NULL,
    made TEXT,                     -- records that it plainly made: JSON object, record number to remote id
    {_seal("answer")}
);

-- what became of a record, as far as it is settled and more is to be told than the answer that made it does
CREATE TABLE settled (
    n INTEGER PRIMARY KEY,
    outcome TEXT NOT NULL,
    retryable INTEGER NOT NULL,
    code TEXT,
    message TEXT,
    status_code INTEGER,
    remote_id TEXT,
    attempts INTEGER NOT NULL,
    trace_id TEXT,
    {_seal("settled")}
);

-- what became of each record
CREATE VIEW result AS
    SELECT n, outcome, retryable, code, message, status_code, remote_id, attempts, trace_id FROM settled
    UNION ALL
    SELECT CAST(key AS INTEGER), 'created', 0, NULL, NULL, status_code, CAST(value AS TEXT), attempts, trace_id
    FROM answer, json_each(made) WHERE CAST(key AS INTEGER) NOT IN (SELECT n FROM settled);

-- the steps of a site after its creation that are done
CREATE TABLE done (n INTEGER NOT NULL, step TEXT NOT NULL, {_seal("done")}, PRIMARY KEY (n, step)) WITHOUT ROWID;
"""


def add_seal(connection: sqlite3.Connection) -> None:
    """Let a connection seal what it writes."""
    connection.create_function("seal", -1, _sealed, deterministic=True)


def find_damage(connection: sqlite3.Connection) -> str | None:
    """Return what is not as it was written, None if all is; SQLite itself finds what is wrong between the rows."""
    verdict: str = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        return verdict
    if (damage := find_damage_in(connection, SEALED)) is not None:
        return damage
    (last, number) = connection.execute("SELECT coalesce(max(id), 0), count(*) FROM intent").fetchone()
    return None if last == number else "rows of intent are missing"


def find_damage_in(connection: sqlite3.Connection, tables: Iterable[str]) -> str | None:
    """Return what is not as it was written in some tables, None if all is."""
    if _schema(connection) != _expected():
        return "its tables are others"
    for table in tables:
        # not by SQL's seal(): what a signal raises in there SQLite would tell as an error of its own
        rows = connection.execute(f"SELECT {', '.join(SEALED[table])}, seal FROM {table}")
        if any(row[-1] != _sealed(*row[:-1]) for row in rows):
            return f"a row of {table} has changed"
    return None


def _sealed(*values: object) -> bytes:
    """Return the digest of all values; of bytes, which may be millions, the length stands among the others."""
    if bytes not in map(type, values):
        return hashlib.blake2b(repr(values).encode("utf-8", "surrogatepass"), digest_size=_SEAL_BYTES).digest()
    told, large = [*values], [(at, value) for at, value in enumerate(values) if isinstance(value, bytes)]
    for at, value in large:
        told[at] = (len(value),)
    digest = hashlib.blake2b(repr(tuple(told)).encode("utf-8", "surrogatepass"), digest_size=_SEAL_BYTES)
    for _, value in large:
        digest.update(value)
    return digest.digest()


def _schema(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    return set(connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"))


@cache
def _expected() -> set[tuple[str, str]]:
    connection = sqlite3.connect(":memory:")
    try:
        add_seal(connection)
        connection.executescript(TABLES)
        return _schema(connection)
    finally:
        connection.close()
