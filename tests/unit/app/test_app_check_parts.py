"""A check in parts says what a check of all rows at once says, whatever is wrong with the rows."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from app_parts import COLUMNS, DEVICES, SITES, at_once, in_parts, inventory, read_back, write_csv

from migrate.app import streams
from migrate.app.check import check
from migrate.app.check_parts import check_parts
from migrate.app.kept import keep_part, keep_read, kept_part, kept_told
from migrate.app.spool import Spool
from migrate.journal.journal import Journal
from migrate.mapping.mapping import Mapping
from migrate.readers import batches

if TYPE_CHECKING:
    import polars as pl

BRIDGES = """
[[table]]
record = "device"
[table.fields]
external_site_id = "Customer"
external_device_id = { template = "{Customer}-{Id}" }
device_type = { value = "bridge" }
zone_number = "More"
"""


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "HEAD_BYTES", 700)
    monkeypatch.setattr(streams, "PART_ROWS", 9)


def mapping_of(text: str) -> Mapping:
    return Mapping.parse(f'name = "Parts"\n{text}', path="parts.toml")


@pytest.mark.parametrize("seed", range(6))
def test_parts_say_what_the_whole_says(seed: int, tmp_path: Path) -> None:
    mapping = mapping_of((SITES if seed % 4 else "") + DEVICES + (BRIDGES if seed % 5 == 1 else ""))
    rows = inventory(seed, 40 + seed)
    half = len(rows) // 2 if seed % 3 == 0 else len(rows)
    paths = [
        write_csv(tmp_path / f"{number}.csv", part) for number, part in enumerate((rows[:half], rows[half:])) if part
    ]

    whole, is_whole = at_once(paths, mapping, is_whole=bool(seed % 2)), bool(seed % 2)

    size = (900, 1500, 2500)[seed % 3]
    assert in_parts(paths, mapping, folder=tmp_path, batch_bytes=size, is_whole=is_whole) == whole
    assert read_back(paths, mapping, folder=tmp_path, batch_bytes=size, is_whole=is_whole) == whole


def test_a_file_that_is_filled_down_is_read_as_a_whole(tmp_path: Path) -> None:
    filled = DEVICES.replace('record = "device"', 'record = "device"\nfill_down = ["Customer"]')
    rows = inventory(3, 50)
    for row in rows[1::3]:
        row[COLUMNS.index("Customer")] = ""
    path = write_csv(tmp_path / "a.csv", rows)
    mapping = mapping_of(SITES + filled)

    whole = at_once([path], mapping)

    assert in_parts([path], mapping, folder=tmp_path, batch_bytes=900) == whole
    assert read_back([path], mapping, folder=tmp_path, batch_bytes=900) == whole


def test_numbers_of_a_column_that_all_end_in_point_zero_lose_it_in_parts_too(tmp_path: Path) -> None:
    rows = [row for row in inventory(5, 60) if row != COLUMNS]
    for row in rows[20:]:
        row[COLUMNS.index("Serial")] = f"{row[COLUMNS.index('Id')]}.0"
    path = write_csv(tmp_path / "a.csv", rows)
    mapping = mapping_of(SITES + DEVICES)

    whole = at_once([path], mapping)

    assert "point_zero" in whole["findings"]
    assert in_parts([path], mapping, folder=tmp_path, batch_bytes=900) == whole


def test_of_rows_with_which_nothing_is_wrong_only_the_first_of_a_site_stays(tmp_path: Path) -> None:
    line = "{0},Customer {0},Central,{0},CS,,,open,{1},cam,{1},,Camera {1},,P3265,SN{1}"
    rows = [line.format(site, camera).split(",") for site in range(100, 104) for camera in range(1, 21)]
    path = write_csv(tmp_path / "a.csv", rows)
    kept: list[pl.DataFrame] = []
    told: list[tuple[int, float]] = []

    with Spool(tmp_path) as spool:
        checked = check_parts(
            [path],
            mapping_of(SITES + DEVICES),
            spool=spool,
            keep=lambda _src, _number, frame: kept.append(frame),
            fetch=lambda _src, number: kept[number],
            batch_bytes=1_000,
            watch=lambda rows, share: told.append((rows, share)),
        )

    assert checked.rest is not None
    assert checked.rest.counts == {("device", "valid"): 80}
    assert sum(frame.height for frame in kept) == 80
    assert checked.sources[0].table.frame.height == 4
    assert checked.records["device"].is_empty()
    assert len(told) == len(kept) + 1 > 3
    assert told == sorted(told)
    assert told[-1] == (80, 1.0)
    assert all(rows / 80 == pytest.approx(share, abs=0.1) for rows, share in told[:-2])


@pytest.mark.parametrize("batch_bytes", [700, 1_000, 1_600])
def test_numbers_of_pages_are_left_out_and_stations_to_look_up_counted_in_parts_too(
    tmp_path: Path, batch_bytes: int
) -> None:
    rows = [row for row in inventory(7, 60) if row != COLUMNS]
    for page, (at, line) in enumerate([(50, "5/9"), (41, "4/9"), (30, "Page 3 of 9"), (11, "1/9")]):
        rows[at:at] = [["Total"], *[[line]] * (1 + page % 2), COLUMNS][page % 3 :]
    path = write_csv(tmp_path / "a.csv", [[*row, *[""] * (len(COLUMNS) - len(row))] for row in rows])
    mapping = mapping_of("[[table]]" + SITES.split("[[table]]")[2] + DEVICES)

    whole = at_once([path], mapping)

    assert "page number" in whole["left out"]
    assert "stations will be looked up at the dealer" in whole["findings"]
    assert in_parts([path], mapping, folder=tmp_path, batch_bytes=batch_bytes) == whole
    assert read_back([path], mapping, folder=tmp_path, batch_bytes=batch_bytes) == whole


def test_what_was_kept_of_large_files_is_not_told_of_small_ones_that_are_read_in_their_place(tmp_path: Path) -> None:
    mapping = mapping_of(SITES)
    large, small = (write_csv(tmp_path / f"{rows}.csv", inventory(1, rows)) for rows in (60, 5))
    with Journal.create(tmp_path) as journal, Spool(tmp_path) as spool:
        keep, fetch = partial(keep_part, journal), partial(kept_part, journal)
        keep_read(journal, check_parts([large], mapping, spool=spool, keep=keep, fetch=fetch, batch_bytes=900))
        assert kept_told(journal) is not None

        keep_read(journal, check([small], mapping))  # of a run that was killed, and went on with another file there

        assert kept_told(journal) is None
