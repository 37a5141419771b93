"""What holds for every inventory that checks may meet."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.checks.validate import Validated, validate
from migrate.model.findings import FINDINGS_SCHEMA, no_findings
from migrate.model.records import RECORDS
from migrate.model.sources import Source

TEXTS = {
    "timezone": st.sampled_from(["Eastern", "America/New_York", "EST", "Estern", "FL", "CT", "-5"]),
    "zone_number": st.sampled_from(["1", "01", "Z2", "3", "A", "0"]),
    "additional_zone_numbers": st.sampled_from(["2", "2,3", "3,3", "1,2,3", "2,003"]),
    "device_type": st.sampled_from(["camera", "Camera", "bridge", "x"]),
    "mac": st.sampled_from(["aabbccddeeff", "AA:BB:CC:DD:EE:FF", "x"]),
    "security_type": st.sampled_from(["1", "CHeKT Video", "x"]),
    "is_activated": st.sampled_from(["yes", "N", "x"]),
    "monitoring_station_id": st.sampled_from(["7", "x"]),
}
QUICK = settings(max_examples=25, deadline=None)
"""A check of six rows takes as long as one of a thousand: it is all queries."""
IDS = st.sampled_from(["1", "01", "2", "a", "A"])
PLAIN = st.sampled_from(["a", "b", "x\ny"])


@dataclass(frozen=True, slots=True)
class Given:
    frames: dict[str, pl.DataFrame]
    findings: pl.DataFrame = field(default_factory=no_findings)
    sources: tuple[Source, ...] = ()
    filtered: dict[str, pl.DataFrame] = field(default_factory=dict)
    removed: dict[str, pl.DataFrame] = field(default_factory=dict)

    def template(self, table: int, field: str) -> str | None:
        return None

    def locate(self, findings: pl.DataFrame) -> pl.DataFrame:
        return findings


def _text(name: str) -> st.SearchStrategy[str | None]:
    of_field = TEXTS.get(name, IDS if name.startswith("external_") else PLAIN)
    return st.one_of(st.none(), of_field, of_field)


@st.composite
def inventories(draw: st.DrawFn) -> Given:
    """Return mapped rows of some kinds, of which a row makes at most one record each."""
    frames = {}
    for table, kind in enumerate(RECORDS):
        rows = draw(
            st.lists(st.fixed_dictionaries({name: _text(name) for name in RECORDS[kind].field_names}), max_size=6)
        )
        places = [{"_src": 0, "_row": at + 2, "_table": table} for at in range(len(rows))]
        schema: dict[str, Any] = {"_src": pl.UInt32, "_row": pl.UInt32, "_table": pl.UInt32}
        schema |= dict.fromkeys(RECORDS[kind].field_names, pl.String)
        frame = pl.DataFrame([place | row for place, row in zip(places, rows, strict=True)], schema=schema)
        if draw(st.booleans()) or rows:
            frames[kind] = frame
    return Given(frames)


def _records(checked: Validated) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind, frame in checked.records.items():
        yield from ((kind, row) for row in frame.iter_rows(named=True))


@QUICK
@given(inventories())
def test_every_row_is_in_exactly_one_record(mapped: Given) -> None:
    checked = validate(mapped)
    for kind, frame in mapped.frames.items():
        assert checked.records[kind]["_rows"].sum() == frame.height
    numbers = [row["_n"] for _, row in _records(checked)]
    assert sorted(numbers) == list(range(len(numbers)))
    places = {row["_n"]: (row["_src"], row["_row"]) for _, row in _records(checked)}
    assert [places[number] for number in sorted(numbers)] == sorted(places.values())


@QUICK
@given(inventories())
def test_a_record_is_invalid_if_and_only_if_an_error_is_about_it(mapped: Given) -> None:
    checked = validate(mapped)
    wrong = set(checked.findings.filter(pl.col("severity") == "error")["_n"])
    for _, row in _records(checked):
        assert (row["_verdict"] == "invalid") == (row["_n"] in wrong)
        assert (row["_verdict"] is None) == (row["_code"] is None) == (row["_message"] is None)


@QUICK
@given(inventories())
def test_a_record_that_is_fine_can_be_sent(mapped: Given) -> None:
    checked = validate(mapped)
    fine = [(kind, row) for kind, row in _records(checked) if row["_verdict"] is None]
    for kind, row in fine:
        assert all(row[name] is not None for name in RECORDS[kind].required)
    for kind in checked.records:
        ids = [row[RECORDS[kind].id_field] for of_kind, row in fine if of_kind == kind]
        assert len(ids) == len(set(ids))
    parents = {row["_n"] for _, row in fine}
    assert all(
        row[link] is None or row[link] in parents for _, row in fine for link in ("_site", "_station") if link in row
    )


@QUICK
@given(inventories())
def test_devices_that_are_fine_have_zones_of_their_own(mapped: Given) -> None:
    checked = validate(mapped)
    taken: set[tuple[str, str]] = set()
    for row in [row for kind, row in _records(checked) if kind == "device" and row["_verdict"] is None]:
        more = row["additional_zone_numbers"].split(",") if row["additional_zone_numbers"] else []
        for zone in [row["zone_number"], *more]:
            assert (row["external_site_id"], zone) not in taken
            taken.add((row["external_site_id"], zone))


@QUICK
@given(inventories())
def test_findings_name_a_record_and_its_row(mapped: Given) -> None:
    checked = validate(mapped)
    assert checked.findings.schema == FINDINGS_SCHEMA
    ids = {row["_n"]: row[RECORDS[kind].id_field] for kind, row in _records(checked)}
    for finding in checked.findings.iter_rows(named=True):
        assert finding["external_id"] == ids[finding["_n"]]
        frame = mapped.frames[finding["record"]]
        assert frame.filter(pl.col("_row") == finding["row"]).height == 1
        assert finding["message"]
        assert finding["hint"]


@QUICK
@given(inventories())
def test_checking_clean_records_again_changes_nothing(mapped: Given) -> None:
    checked = validate(mapped)
    again = {
        kind: frame.select("_src", "_row", pl.lit(0, dtype=pl.UInt32).alias("_table"), *_as_text(kind))
        for kind, frame in checked.records.items()
    }
    second = validate(Given(again))
    assert second.normalized == {}
    for kind, frame in checked.records.items():
        fields = RECORDS[kind].field_names
        assert second.records[kind].select(fields).equals(frame.select(fields))


def _as_text(kind: str) -> Iterator[pl.Expr]:
    for of_kind in RECORDS[kind].fields:
        column = pl.col(of_kind.name)
        if of_kind.kind == "boolean":
            column = pl.when(column).then(pl.lit("yes")).when(~column).then(pl.lit("no")).alias(of_kind.name)
        yield column.cast(pl.String)


@pytest.mark.parametrize("kind", RECORDS)
def test_a_kind_without_rows_is_checked(kind: str) -> None:
    schema = {"_src": pl.UInt32, "_row": pl.UInt32, "_table": pl.UInt32}
    assert validate(Given({kind: pl.DataFrame(schema=schema)})).records[kind].is_empty()
