"""A text file in batches says of its rows what the whole says, or is read as a whole."""

from pathlib import Path

import polars as pl
import pytest

from migrate.model.sources import Table
from migrate.readers import batches
from migrate.readers.batches import Uneven
from migrate.readers.options import ReadOptions
from migrate.readers.read import read, read_in_batches

HEADER = "Id,Name,Note"
ROWS = [f"{100 + number},Customer {number},{number}" for number in range(40)]
HEADS = "North,Hall,"


@pytest.fixture(autouse=True)
def small_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "HEAD_BYTES", 60)


def in_batches(path: Path) -> list[Table] | None:
    try:
        return list(read_in_batches(path, options=ReadOptions(), sheets=(), batch_bytes=150))
    except Uneven:
        return None


def told(tables: list[Table]) -> list[str]:
    frames = [[table.frame, table.left_out, table.findings] for table in tables]
    return [pl.concat(part).write_csv() for part in zip(*frames, strict=True)]


@pytest.mark.parametrize("more", [["1 of 7,,"], ["Page 2,,"], [HEADER], [HEADER, HEADS], ["Subtotal,,9"], [",,"]])
def test_what_a_row_is_does_not_hang_on_where_a_batch_ends(more: list[str], tmp_path: Path) -> None:
    path, parted = tmp_path / "a.csv", 0
    for at in range(5, 16):
        path.write_text("\n".join([HEADER, *ROWS[:at], *more, *ROWS[at:], ""]), encoding="utf-8")
        tables = in_batches(path)
        parted += tables is not None
        assert tables is None or told(tables) == told(read(path)), at
    assert parted or more == [",,"] or HEADS in more


def test_what_may_head_another_table_behind_a_repeated_header_is_judged_on_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for at in range(5, 16):
        path.write_text("\n".join([HEADER, *ROWS[:at], HEADER, HEADS, *ROWS[at:], ""]), encoding="utf-8")
        assert in_batches(path) is None
