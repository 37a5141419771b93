"""Requests and list queries, as values."""

from urllib.parse import parse_qsl, unquote, urlsplit

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.api.query import ListQuery
from migrate.api.requests import Requests
from migrate.errors import UsageError

BUILD = Requests("https://api.test", "12")
SENDABLE = st.text(st.characters(codec="utf-8"))


def test_a_path_is_under_the_dealer() -> None:
    assert BUILD.get("sites", 5, "arming-settings").url == (
        "https://api.test/partner/v1/dealers/12/sites/5/arming-settings"
    )


@pytest.mark.parametrize("part", ["", ".", ".."])
def test_a_segment_that_would_change_the_path_is_refused(part: str) -> None:
    with pytest.raises(UsageError):
        BUILD.get("sites", part)


@given(SENDABLE)
def test_any_id_stays_within_its_segment(part: str) -> None:
    try:
        path = urlsplit(BUILD.get("sites", part, "devices").url).path
    except UsageError:
        assert part in {"", ".", ".."}
        return
    *_, segment, last = path.split("/")
    assert unquote(segment) == part
    assert last == "devices"


def test_a_create_sends_filled_fields_only() -> None:
    body = {"name": "A", "address1": "", "account_number": None, "zero": 0, "no": False}
    assert orjson.loads(BUILD.create("sites", body=body).body or b"") == {"name": "A", "zero": 0, "no": False}
    assert orjson.loads(BUILD.create("sites", 1, "devices", body=[body]).body or b"") == [
        {"name": "A", "zero": 0, "no": False}
    ]


def test_an_update_can_clear_a_field() -> None:
    request = BUILD.change("PUT", "sites", 1, body={"address1": "", "address2": None})
    assert orjson.loads(request.body or b"") == {"address1": ""}


def test_bytes_are_sent_as_they_are() -> None:
    assert BUILD.create("sites", 1, "devices", body=b"[{}]").body == b"[{}]"


def test_the_same_create_has_the_same_key_and_another_one_another() -> None:
    one, same = BUILD.create("sites", body={"a": 1}), BUILD.create("sites", body={"a": 1, "b": None})
    other, elsewhere = BUILD.create("sites", body={"a": 2}), BUILD.create("monitoring-stations", body={"a": 1})
    assert one.idempotency_key == same.idempotency_key
    assert len({one.idempotency_key, other.idempotency_key, elsewhere.idempotency_key}) == 3


def test_a_change_there_and_back_has_keys_of_its_own() -> None:
    there, back = (BUILD.change("PUT", "sites", 1, body={"a": 1}) for _ in range(2))
    assert there.idempotency_key != back.idempotency_key


def test_what_is_sent_stands_in_no_repr() -> None:
    request = BUILD.create("sites", body={"name": "canary"})
    assert "canary" not in repr(request)


def test_a_query_says_what_the_overview_says() -> None:
    query = ListQuery(
        fields=("col1", "col2"),
        filters=(("col1", "value1", "eq"), ("col2", "5", "gt")),
        sort="col1",
        dir="asc",
        limit=10,
        offset=0,
    )
    assert (
        query.encoded() == "fields=col1,col2&filter=col1,value1,eq&filter=col2,5,gt&sort=col1&dir=asc&limit=10&offset=0"
    )
    assert ListQuery().encoded() == ""


@pytest.mark.parametrize("query", [{"filters": (("a", "1,2", "eq"),)}, {"filters": (("a,b", "1", "eq"),)}])
def test_a_comma_can_not_be_asked_for(query: dict[str, tuple[tuple[str, str, str], ...]]) -> None:
    with pytest.raises(UsageError, match="comma"):
        ListQuery(**query)  # type: ignore[arg-type]


@given(SENDABLE.filter(lambda text: "," not in text))
def test_any_other_value_arrives_as_it_is(value: str) -> None:
    pairs = parse_qsl(ListQuery(filters=(("id", value, "eq"),)).encoded(), keep_blank_values=True)
    assert pairs == [("filter", f"id,{value},eq")]
