"""A disk that fills up stops the run before anything is sent that the journal doesn't announce; `resume` goes on."""

import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from called import outcomes_of, run_json
from e2e_inventory import write_inventory
from e2e_tool import QUICK, Tool

from migrate.app.driving import Driving
from migrate.app.fresh import apply_files
from migrate.app.options import Options
from migrate.app.rehearse import sandbox_settings
from migrate.journal.schema import connect
from migrate.mapping.mapping import Mapping
from migrate.sandbox.server import Sandbox

RECORDS = 1 + 3 + 3 * 2


class FullDisk:
    """A connection whose disk has room for so many commits."""

    def __init__(self, connection: sqlite3.Connection, commits: int) -> None:
        self._connection = connection
        self._left = commits

    def execute(self, sql: str, row: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        if sql == "COMMIT":
            if not self._left:
                raise sqlite3.OperationalError("database or disk is full")
            self._left -= 1
        return self._connection.execute(sql, row)

    def executemany(self, sql: str, rows: list[tuple[Any, ...]]) -> sqlite3.Cursor:
        return self._connection.executemany(sql, rows)

    def close(self) -> None:
        self._connection.close()


def announced(run: Path) -> int:
    journal = sqlite3.connect(run / "journal.sqlite")
    try:
        (number,) = journal.execute("SELECT count(*) FROM intent").fetchone()
        return int(number)
    finally:
        journal.close()


@pytest.mark.parametrize("commits", [0, 1, 2, 4, 7, 12])
async def test_nothing_is_sent_that_is_not_announced(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, commits: int
) -> None:
    words = write_inventory(tmp_path, sites=3, devices=2)
    monkeypatch.setattr("migrate.journal.writer.connect", lambda path: FullDisk(connect(path), commits))
    run = await apply_files(
        [tmp_path / name for name in words[:3]],
        Mapping.load(tmp_path / "mapping.toml"),
        sandbox_settings(sandbox),
        out=tmp_path / "reports",
        options=Options(rate="1000/s", burst=100, concurrency=1, settle=0.2),  # so that no commits are grouped
        driving=Driving(),
    )
    assert run.exit_code == 4
    assert "disk is full" in str(run.error)
    assert run_json(run.folder)["state"] == "interrupted"
    writes = sum(number for method, number in sandbox.history.methods.items() if method != "GET")
    assert writes <= announced(run.folder) <= commits
    assert sum(outcomes_of(run.folder).values()) == RECORDS

    resumed = await Tool(tmp_path, sandbox.environment).run("resume", "last")
    assert resumed.exit_code == 0, resumed.stderr
    assert outcomes_of(run.folder) == {"created": RECORDS}
    counts = Counter(device["external_device_id"] for device in sandbox.state()["devices"])
    assert set(counts.values()) == {1}
    assert len(counts) == 6
    assert len(sandbox.state()["sites"]) == 3


async def test_a_place_that_can_not_be_written_to_is_found_before_anything_is_sent(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    words = write_inventory(tmp_path, sites=1, devices=1)
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    refused = await Tool(tmp_path, sandbox.environment).run("apply", *words, "--out", "taken", "--yes", *QUICK)
    assert refused.exit_code == 2
    assert "--out" in refused.stderr
    assert not sandbox.history
