"""Whatever a file holds and whatever a mapping says of it, each source row makes a record or is left out, with why."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.app.check import check
from migrate.mapping.mapping import Mapping
from migrate.outcomes.resolve import resolve

COLUMNS = ("Site", "Name", "TZ", "Cam", "Zone", "Status", "Notes")
WHY = {"filtered by where", "no values for a record", "blank", "total", "repeated header"}
CELL = st.sampled_from(["", "", " ", "1", "S1", "s1", "Acme", "Eastern", "Closed", "\u200b"])
ROW = st.one_of(
    st.lists(CELL, min_size=len(COLUMNS), max_size=len(COLUMNS)),
    st.sampled_from([[""] * len(COLUMNS), [" ", *[""] * 6], ["Total: 3", *[""] * 6], [*COLUMNS]]),
)
ROWS = st.lists(ROW, max_size=8)
COLUMN = st.sampled_from(COLUMNS)
SOURCE = st.one_of(
    COLUMN.map('"{}"'.format),
    st.tuples(COLUMN, COLUMN).map(lambda pair: '{{ template = "{{{}}}-{{{}}}" }}'.format(*pair)),
    COLUMN.map("{{ column = '{}', default = 'x' }}".format),
    st.just('{ value = "1" }'),
)
FIELDS = {
    "station": ("external_monitoring_station_id", "name"),
    "site": ("external_site_id", "name", "timezone", "external_monitoring_station_id"),
    "device": ("external_site_id", "external_device_id", "device_type", "zone_number"),
}
WHERE = st.sampled_from(["in = ['s1', '']", "not_in = ['Closed']", "not_in = ['', 'S*']", "matches = '[0-9a]'"])
QUICK = settings(max_examples=60, deadline=None)


@st.composite
def tables(draw: st.DrawFn) -> str:
    record = draw(st.sampled_from(sorted(FIELDS)))
    lines = ["[[table]]", f'record = "{record}"', "header_row = 1"]
    if down := draw(st.sets(COLUMN, max_size=3)):
        lines.append(f"fill_down = {sorted(down)}")
    if conditions := draw(st.lists(st.tuples(COLUMN, WHERE), max_size=2)):
        held = ", ".join(f"{{ column = '{column}', {what} }}" for column, what in conditions)
        lines.append(f"where = [{held}]")
    lines.append("[table.fields]")
    return "\n".join([*lines, *(f"{name} = {draw(SOURCE)}" for name in FIELDS[record]), ""])


def rows_to_tell(rows: Sequence[Sequence[str]]) -> set[int]:
    """Return the numbers of the rows under the header, to the last that isn't blank."""
    filled = [number for number, row in enumerate(rows, start=2) if any(cell.strip() for cell in row)]
    return set(range(2, max(filled, default=1) + 1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("balance")


@QUICK
@given(files=st.lists(ROWS, min_size=1, max_size=2), mapping=st.lists(tables(), min_size=1, max_size=4, unique=True))
def test_every_row_makes_a_record_or_is_left_out(
    folder: Path, files: list[list[list[str]]], mapping: list[str]
) -> None:
    paths = [folder / f"{number}.csv" for number in range(len(files))]
    for path, rows in zip(paths, files, strict=True):
        path.write_text("".join(f"{','.join(row)}\n" for row in [COLUMNS, *rows]), encoding="utf-8")
    checked = check(paths, Mapping.parse("".join(mapping), path="acme.toml"))
    outcomes = resolve(checked.records, checked.sources, stage="check")
    checked.balance(outcomes)
    told = [*checked.contributing.rows(), *checked.left_out.select("_src", "_row").rows()]
    assert sorted(told) == sorted((src, row) for src, rows in enumerate(files) for row in rows_to_tell(rows))
    assert set(checked.left_out["why"]) <= WHY
    assert [item.rows for item in checked.inputs] == [len(rows_to_tell(rows)) for rows in files]
