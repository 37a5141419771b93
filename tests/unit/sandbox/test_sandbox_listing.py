"""Lists against a plain Python oracle: any parameters give rows or a refusal, never a crash."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.sandbox.bucket import Bucket
from migrate.sandbox.listing import read_params
from migrate.sandbox.options import Rate
from migrate.sandbox.problem import Problem
from migrate.sandbox.resources import CONTACTS, SITES, STATIONS
from migrate.sandbox.store import Store

COLUMNS = st.sampled_from((*STATIONS.columns, "nothing", "", "1; DROP TABLE stations"))
OPERATORS = st.sampled_from(["eq", "neq", "lt", "lte", "gt", "gte", "regex", "like"])
FILTERS = st.tuples(COLUMNS, st.text(max_size=4), OPERATORS).map(",".join) | st.text(max_size=9)
PARAMS = st.one_of(
    st.tuples(st.just("filter"), FILTERS),
    st.tuples(st.just("fields"), st.lists(COLUMNS, max_size=3).map(",".join)),
    st.tuples(st.just("sort"), COLUMNS),
    st.tuples(st.just("dir"), st.sampled_from(["asc", "desc", "sideways"])),
    st.tuples(st.sampled_from(["limit", "offset", "page"]), st.integers(-1, 10**20).map(str) | st.text(max_size=3)),
)


def store_of(names: list[str]) -> Store:
    store = Store(None)
    for name in names:
        values = {"dealer_id": "1", "external_monitoring_station_id": name, "name": name, "created_at": "2025"}
        store.insert(STATIONS, values)
    return store


@given(st.lists(PARAMS, max_size=4))
def test_any_parameters_give_rows_or_a_refusal(params: list[tuple[str, str]]) -> None:
    store = store_of(["a", "b"])
    try:
        rows = store.rows(STATIONS, "1", read_params(params, STATIONS.columns))
    except Problem:
        return
    finally:
        store.close()
    assert len(rows) <= 2


@given(
    names=st.lists(st.text("abcXYZ01", min_size=1, max_size=3), max_size=8),
    wanted=st.text("abcXYZ01", max_size=2),
    limit=st.integers(0, 9),
    offset=st.integers(0, 9),
    descending=st.booleans(),
)
def test_filter_sort_and_page_are_those_of_python(
    names: list[str], wanted: str, limit: int, offset: int, descending: bool
) -> None:
    store = store_of(names)
    params = [("filter", f"name,{wanted},gte"), ("sort", "name"), ("limit", str(limit)), ("offset", str(offset))]
    rows: list[dict[str, Any]] = store.rows(
        STATIONS, "1", read_params([*params, ("dir", "desc" if descending else "asc")], STATIONS.columns)
    )
    store.close()
    expected = sorted((name for name in names if name >= wanted), reverse=descending)
    assert [row["name"] for row in rows] == expected[offset : offset + limit]


def test_the_store_has_the_columns_that_answers_tell() -> None:
    store = store_of(["a"])
    for resource in (STATIONS, SITES, CONTACTS):
        assert store.rows(resource, "none", read_params([], resource.columns)) == []
    store.close()


@given(
    per_minute=st.integers(1, 600), burst=st.integers(1, 20), pauses=st.lists(st.floats(0, 30), min_size=1, max_size=60)
)
def test_a_bucket_never_grants_more_than_its_rate_and_burst(per_minute: int, burst: int, pauses: list[float]) -> None:
    now = 0.0
    bucket = Bucket(Rate(per_minute, burst), clock=lambda: now)
    granted = 0
    for pause in pauses:
        now += pause
        try:
            headers = bucket.take()
        except Problem:
            continue
        granted += 1
        assert 0 <= int(headers["X-RateLimit-Remaining"]) < burst
    assert granted <= burst + now * per_minute / 60 + 1e-6


def test_a_bucket_is_ready_again_when_it_said_so() -> None:
    now = 100.0
    bucket = Bucket(Rate(per_minute=10, burst=1), clock=lambda: now)
    bucket.take()
    with pytest.raises(Problem, match="too many requests") as refused:
        bucket.take()
    now += float(refused.value.headers["Retry-After"])
    assert bucket.take()["X-RateLimit-Remaining"] == "0"
