"""Laws of comparing: what differs, what matches, what clashes, for any records."""

import json
from itertools import pairwise

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from migrate.model.records import DEVICE, SITE
from migrate.planning.clash import settle_clashes
from migrate.planning.comparable import comparable, zones
from migrate.planning.difference import (
    DIFFERENCES_SCHEMA,
    THEIRS,
    as_changes,
    differences,
    differences_between,
    side_by_side,
)
from migrate.planning.draft import Draft
from migrate.planning.match import near_ids, with_remote_ids
from migrate.planning.stale import ABSENT, stale

TEXT = st.text(max_size=6).map(str.strip)
VALUE = TEXT.map(lambda text: text or None)
FIELDS = ("name", "mac", "zone_number", "additional_zone_numbers", "timezone", "device_type")
IDS = st.sampled_from(["1", "01", "001", "a", "A", "b", " b", "ﬁ", "fi", "0"])


def _pairs(rows: list[tuple[str | None, str | None]], field: str) -> pl.DataFrame:
    return pl.DataFrame(
        [(number, ours, theirs) for number, (ours, theirs) in enumerate(rows)],
        schema={"_n": pl.UInt32, field: pl.String, THEIRS + field: pl.String},
        orient="row",
    )


@given(st.lists(VALUE, max_size=5), st.sampled_from(FIELDS))
def test_a_value_never_differs_from_itself(values: list[str | None], field: str) -> None:
    assert differences(_pairs([(value, value) for value in values], field), [field]).is_empty()


@given(st.lists(st.tuples(VALUE, VALUE), max_size=8), st.sampled_from(FIELDS))
def test_what_differs_is_ours_that_is_not_empty_and_not_theirs(
    rows: list[tuple[str | None, str | None]], field: str
) -> None:
    found = differences(_pairs(rows, field), [field])
    assert found.schema == DIFFERENCES_SCHEMA
    for number, _, before, after in found.rows():
        assert (after, before) == rows[number]
        assert after is not None
        assert after != before
    plain = {number for number, (ours, theirs) in enumerate(rows) if ours is not None and ours != theirs}
    assert set(found["_n"]) <= plain
    if field == "name":
        assert set(found["_n"]) == plain


@given(st.lists(st.tuples(VALUE, VALUE), max_size=8))
def test_clearing_adds_just_the_values_that_only_the_dealer_has(rows: list[tuple[str | None, str | None]]) -> None:
    pairs = _pairs(rows, "name")
    without, with_clear = (
        set(differences(pairs, ["name"], clear=clear)["_n"]) for clear in (frozenset[str](), frozenset({"name"}))
    )
    assert with_clear - without == {at for at, (ours, theirs) in enumerate(rows) if ours is None and theirs is not None}
    assert without <= with_clear


@given(
    st.lists(st.tuples(st.integers(0, 9), VALUE, VALUE), max_size=8, unique_by=lambda row: row[0]),
    st.lists(st.tuples(st.integers(0, 9), VALUE, VALUE), max_size=8, unique_by=lambda row: row[0]),
    st.sampled_from([frozenset[str](), frozenset({"name"})]),
)
def test_differences_field_by_field_are_those_of_all_fields_side_by_side(
    ours: list[tuple[int, str | None, str | None]],
    theirs: list[tuple[int, str | None, str | None]],
    clear: frozenset[str],
) -> None:
    fields = {"name": pl.String, "zone_number": pl.String}
    here = pl.DataFrame(ours, schema={"_remote_id": pl.Int64, **fields}, orient="row").with_row_index("_n")
    there = pl.DataFrame(theirs, schema={"device_id": pl.Int64, **fields}, orient="row")
    pairs = side_by_side(here, there, remote_id="device_id")
    found = differences_between(here, there, fields, remote_id="device_id", clear=clear)
    assert found.equals(differences(pairs, fields, clear=clear))


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=6))
def test_records_that_are_open_are_copied_only_where_some_are_not(rows: list[tuple[bool, bool]]) -> None:
    frame = pl.DataFrame(rows, schema={"_here": pl.Boolean, "asked": pl.Boolean}, orient="row").with_row_index("_n")
    draft = Draft(DEVICE, frame.with_columns(pl.lit(None, dtype=pl.String).alias("_verdict")))
    asked = [at for at, (here, is_asked) in enumerate(rows) if here and is_asked]
    assert draft.open(pl.col("asked"), columns=("_n",)).to_dict(as_series=False) == {"_n": asked}
    assert draft.count(pl.col("asked")) == len(asked)
    assert (draft.open(pl.col("asked")) is draft.frame) is (len(asked) == len(rows))


@given(st.lists(VALUE, max_size=6), st.sampled_from(FIELDS))
def test_a_form_for_comparing_is_its_own_form(values: list[str | None], field: str) -> None:
    once = comparable(pl.Series("x", values, dtype=pl.String), field)
    assert comparable(once, field).to_list() == once.to_list()


@given(st.integers(1, 999), st.sampled_from(["{}", "0{}", "{}.0", "Z{}", "Zone {}"]))
def test_a_zone_is_one_zone_in_any_spelling(zone: int, spelling: str) -> None:
    spelled = zones(pl.Series([spelling.format(zone)]), pl.Series([None], dtype=pl.String))
    assert spelled.to_list() == [[f"{zone:03d}"]]


@given(st.lists(IDS, max_size=6), st.lists(IDS, max_size=6))
def test_a_record_is_matched_where_just_one_of_theirs_has_its_very_id(ours: list[str], theirs: list[str]) -> None:
    frame = pl.DataFrame({"id": ours}, schema={"id": pl.String})
    there = pl.DataFrame({"id": theirs, "number": range(len(theirs))}, schema={"id": pl.String, "number": pl.Int64})
    found = with_remote_ids(frame, there, on=["id"], remote_id="number")
    assert found["id"].to_list() == ours
    for key, remote_id, several in found.select("id", "_remote_id", "_several").rows():
        numbers = [at for at, other in enumerate(theirs) if other == key]
        assert remote_id == (numbers[0] if len(numbers) == 1 else None)
        assert several == (numbers if len(numbers) > 1 else None)


@given(st.lists(IDS, max_size=6), st.lists(IDS, max_size=6))
def test_a_near_id_is_found_once_for_each_record(ours: list[str], theirs: list[str]) -> None:
    frame = pl.DataFrame({"id": ours, "at": range(len(ours))}, schema={"id": pl.String, "at": pl.Int64})
    found = near_ids(frame, pl.DataFrame({"id": theirs}, schema={"id": pl.String}), on="id")
    assert all(before < after for before, after in pairwise(found["at"]))
    assert set(found["_near"]) <= set(theirs)
    assert {key for key in ours if key in theirs} <= set(found["id"])


@given(st.lists(st.tuples(st.integers(0, 3), VALUE, VALUE), max_size=8))
def test_changes_tell_all_that_differs_as_json(rows: list[tuple[int, str | None, str | None]]) -> None:
    found = pl.DataFrame(
        [(number, "name", before, after) for number, before, after in rows], schema=DIFFERENCES_SCHEMA, orient="row"
    )
    told = {number: json.loads(changes) for number, changes in as_changes(found, SITE).rows()}
    for number in {row[0] for row in rows}:
        assert told[number] == [["name", before, after] for at, before, after in rows if at == number]


@given(
    st.lists(st.integers(0, 4), unique=True, max_size=5),
    st.lists(st.one_of(st.none(), st.integers(0, 4)), max_size=5),
)
def test_no_two_devices_that_stay_open_hold_one_zone(held: list[int], wanted: list[int | None]) -> None:
    """Records are the dealer's devices 0, 1, ... wanting another zone; None wants nothing and keeps its own."""
    wanted = wanted[: len(held)]
    movers = [at for at, zone in enumerate(wanted) if zone is not None and zone != held[at]]
    frame = pl.DataFrame(
        {
            "_n": range(len(wanted)),
            "_remote_id": range(len(wanted)),
            "external_device_id": [str(at) for at in range(len(wanted))],
        },
        schema={"_n": pl.UInt32, "_remote_id": pl.Int64, "external_device_id": pl.String},
    ).with_columns(
        pl.lit(value=True).alias("_here"),
        *(pl.lit(None, dtype=pl.String).alias(name) for name in ("_verdict", "_code", "_message")),
    )
    draft = Draft(DEVICE, frame)
    claims = frame.with_columns(pl.Series("zone", wanted, dtype=pl.Int64)).filter(
        pl.col("_n").is_in(pl.Series(movers, dtype=pl.UInt32).implode())
    )
    holders = pl.DataFrame(
        {"_holder": range(len(held)), "_by": ["x"] * len(held), "zone": held},
        schema={"_holder": pl.Int64, "_by": pl.String, "zone": pl.Int64},
    )
    settle_clashes(
        draft,
        claims=claims,
        held=holders,
        on=["zone"],
        moved=pl.Series(movers, dtype=pl.UInt32),
        reject=lambda hits: draft.settle(hits, "invalid", code="clash", message="clash"),
    )
    moved = set(draft.open()["_n"]) & set(movers)
    after = [wanted[at] if at in moved else zone for at, zone in enumerate(held)]
    assert len(set(after)) == len(after)


@given(st.dictionaries(TEXT, st.sampled_from(["a", "b", ABSENT])), st.dictionaries(TEXT, st.sampled_from(["a", "b"])))
def test_a_line_is_told_for_each_print_that_is_not_the_same(before: dict[str, str], after: dict[str, str]) -> None:
    assert stale(before, before) == []
    assert len(stale(before, after)) == sum(after.get(name, ABSENT) != old for name, old in before.items())
