"""The store: what the dealers have, in SQLite; a file outlives the process, however it ends."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from migrate.errors import UsageError
from migrate.sandbox.listing import Listing
from migrate.sandbox.resources import RESOURCES, Resource

Row = dict[str, Any]

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS stations (
    monitoring_station_id INTEGER PRIMARY KEY AUTOINCREMENT, dealer_id TEXT NOT NULL,
    external_monitoring_station_id TEXT NOT NULL, name TEXT NOT NULL, prefix TEXT, linecard TEXT,
    created_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS stations_ids ON stations (dealer_id, external_monitoring_station_id);

CREATE TABLE IF NOT EXISTS sites (
    site_id INTEGER PRIMARY KEY AUTOINCREMENT, dealer_id TEXT NOT NULL,
    external_site_id TEXT NOT NULL, name TEXT NOT NULL, timezone TEXT NOT NULL,
    monitoring_station_id INTEGER REFERENCES stations ON DELETE SET NULL,
    account_number TEXT, address1 TEXT, address2 TEXT,
    security_type INTEGER NOT NULL DEFAULT 1, is_activated INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS sites_ids ON sites (dealer_id, external_site_id);
CREATE INDEX IF NOT EXISTS sites_stations ON sites (monitoring_station_id);

CREATE TABLE IF NOT EXISTS devices (
    device_id INTEGER PRIMARY KEY AUTOINCREMENT, site_id INTEGER NOT NULL REFERENCES sites ON DELETE CASCADE,
    external_device_id TEXT NOT NULL, device_type TEXT NOT NULL, zone_number TEXT NOT NULL,
    additional_zone_numbers TEXT, name TEXT, mac TEXT, manufacturer TEXT, model TEXT, serial_number TEXT,
    registered_by_partner TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS devices_ids ON devices (site_id, external_device_id);

CREATE TABLE IF NOT EXISTS contacts (
    contact_id INTEGER PRIMARY KEY AUTOINCREMENT, site_id INTEGER NOT NULL REFERENCES sites ON DELETE CASCADE,
    external_contact_id TEXT NOT NULL, first_name TEXT NOT NULL, last_name TEXT NOT NULL, phone_number TEXT, email TEXT,
    created_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS contacts_ids ON contacts (site_id, external_contact_id);

CREATE VIEW IF NOT EXISTS stations_told AS SELECT * FROM stations;
CREATE VIEW IF NOT EXISTS sites_told AS
    SELECT sites.*, stations.external_monitoring_station_id
    FROM sites LEFT JOIN stations ON stations.monitoring_station_id = sites.monitoring_station_id;
CREATE VIEW IF NOT EXISTS devices_told AS SELECT * FROM devices;
CREATE VIEW IF NOT EXISTS contacts_told AS SELECT * FROM contacts;
"""


class Store:
    """Rows of the four resources; an `owner` is a dealer's id for stations and sites, a site's for the rest."""

    def __init__(self, path: Path | None) -> None:
        try:
            self._db = _opened(path)
        except sqlite3.Error as error:
            raise UsageError(
                f"{path}: can't be used as the sandbox's store: {error}; name a file that it may make"
            ) from None
        self._db.execute("PRAGMA foreign_keys=ON")
        self._db.create_function("REGEXP", 2, _matches, deterministic=True)
        self._db.row_factory = _as_dict

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @property
    def changes(self) -> int:
        """How many rows were ever changed through this store."""
        return self._db.total_changes

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what is done inside, all or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def insert(self, resource: Resource, values: Mapping[str, Any]) -> int:
        """Add a row; return its id."""
        places = ", ".join("?" * len(values))
        sql = f"INSERT INTO {resource.name} ({', '.join(values)}) VALUES ({places})"
        return self._db.execute(sql, tuple(values.values())).lastrowid or 0

    def update(self, resource: Resource, key: int, values: Mapping[str, Any]) -> None:
        """Change columns of a row."""
        if values:
            columns = ", ".join(f"{name} = ?" for name in values)
            self._db.execute(f"UPDATE {resource.name} SET {columns} WHERE {resource.key} = ?", (*values.values(), key))

    def delete(self, resource: Resource, key: int) -> None:
        """Delete a row and what belongs to it; sites lose their station."""
        self._db.execute(f"DELETE FROM {resource.name} WHERE {resource.key} = ?", (key,))

    def find(self, resource: Resource, owner: str | int, key: int) -> Row | None:
        """Return a row with all of its columns, if the owner has it."""
        sql = f"SELECT * FROM {resource.name}_told WHERE {resource.key} = ? AND {resource.owner} = ?"
        row: Row | None = self._db.execute(sql, (key, owner)).fetchone()
        return row

    def ids_of(self, resource: Resource, owner: str | int, external_id: str) -> list[int]:
        """Return the ids of the owner's rows that have this external id."""
        sql = (
            f"SELECT {resource.key} FROM {resource.name} WHERE {resource.owner} = ? AND {resource.record.id_field} = ?"
        )
        return [row[resource.key] for row in self._db.execute(sql, (owner, external_id))]

    def rows(
        self, resource: Resource, owner: str | int, listing: Listing, *, unseen_from: str | None = None
    ) -> list[Row]:
        """Return the owner's rows as `listing` asks for them, without those made at `unseen_from` or later."""
        where = [(f"{resource.owner} = ?", owner), *listing.where]
        if unseen_from is not None:
            where.append(("created_at < ?", unseen_from))
        order = f"{listing.order}, {resource.key}" if listing.order else resource.key
        sql = (
            f"SELECT {', '.join(listing.columns)} FROM {resource.name}_told"
            f" WHERE {' AND '.join(condition for condition, _ in where)} ORDER BY {order} LIMIT ? OFFSET ?"
        )
        return self._db.execute(sql, (*(value for _, value in where), listing.limit, listing.offset)).fetchall()

    def everything(self) -> dict[str, list[Row]]:
        """Return all rows of all dealers, by resource."""
        return {
            resource.name: self._db.execute(f"SELECT * FROM {resource.name}_told ORDER BY {resource.key}").fetchall()
            for resource in RESOURCES
        }


def _opened(path: Path | None) -> sqlite3.Connection:
    db = sqlite3.connect(path or ":memory:", isolation_level=None)
    try:
        # NORMAL: what is committed outlives the process, though not a power cut
        db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {_SCHEMA}")
    except sqlite3.Error:
        db.close()
        raise
    return db


def _as_dict(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> Row:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}


def _matches(pattern: str, value: object) -> bool:
    return value is not None and re.search(pattern, str(value)) is not None
