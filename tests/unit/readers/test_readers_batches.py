"""A text file in batches is the file as a whole, or it is not read in batches."""

from pathlib import Path

import polars as pl
import pytest

from migrate.errors import InputError
from migrate.readers import batches, text_limits
from migrate.readers.batches import Uneven
from migrate.readers.options import ReadOptions
from migrate.readers.read import read, read_in_batches

HEADER = "Site,Name,Serial"
ROWS = [f'S{at},"Store, {at}",{at:06d}' for at in range(40)]


@pytest.fixture(autouse=True)
def short_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "HEAD_BYTES", 200)


def put(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "a.csv"
    path.write_bytes(("\n".join((HEADER, *lines)) + "\n").encode(encoding))
    return path


def in_batches(path: Path, size: int = 300) -> list[object]:
    tables = list(read_in_batches(path, options=ReadOptions(), sheets=(), batch_bytes=size))
    assert len(tables) > 1
    assert {(table.header_row, *table.columns) for table in tables} == {(1, "Site", "Name", "Serial")}
    return [pl.concat([getattr(table, name) for table in tables]).rows() for name in ("frame", "findings", "left_out")]


@pytest.mark.parametrize(
    "odd",
    [
        [],
        ['S1,"two\nlines, and ""quotes""",5'],
        [HEADER, "S1,#N/A,1.5E+10"],
        ["Grand total,,40"],
        ["S1,ümlaut,=1+2"],
        ["S1,a,http://user:secret@10.0.0.1/"],
    ],
)
@pytest.mark.parametrize("at", [20, 40])
def test_batches_are_the_whole(odd: list[str], at: int, tmp_path: Path) -> None:
    path = put(tmp_path, *ROWS[:at], *odd, *ROWS[at:])
    whole = read(path)[0]

    assert in_batches(path) == [whole.frame.rows(), whole.findings.rows(), whole.left_out.rows()]


@pytest.mark.parametrize(
    "odd", ["", ",,", "S1,short", "S1,too,long,by,some", 'S1,a "stray" quote,1', "S1,old\rline end,1"]
)
def test_a_file_with_odd_rows_is_not_read_in_batches(odd: str, tmp_path: Path) -> None:
    path = put(tmp_path, *ROWS[:20], odd, *ROWS[20:])

    with pytest.raises(Uneven):
        list(read_in_batches(path, options=ReadOptions(), sheets=(), batch_bytes=300))


def test_a_file_in_another_encoding_is_not_read_in_batches(tmp_path: Path) -> None:
    path = put(tmp_path, *ROWS, "S1,Müller,1", encoding="cp1252")

    with pytest.raises(Uneven):
        list(read_in_batches(path, options=ReadOptions(), sheets=(), batch_bytes=300))


def test_too_many_rows_for_batches_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_limits, "MAX_BATCHED_ROWS", 30)

    with pytest.raises(InputError, match="more than 30 rows"):
        list(read_in_batches(put(tmp_path, *ROWS), options=ReadOptions(), sheets=(), batch_bytes=300))
