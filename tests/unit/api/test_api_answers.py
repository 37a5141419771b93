"""Reading answers: tolerantly where they make sense, never trusting where they don't."""

import re
from contextlib import suppress
from typing import Any

import orjson
import pytest
from api_virtual import SITE, reply
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from migrate.api.answers import Unreadable, decode, read, read_bulk, read_list
from migrate.api.excerpt import said
from migrate.api.reply import Failure, FailureCode
from migrate.api.requests import Requests
from migrate.api.verdict import in_doubt, verdict
from migrate.errors import ApiError, ApiUnusable, Doubtful, Rejected
from migrate.model.answers import BulkResult, Device, Site
from migrate.model.exchange import Acted
from migrate.model.text import ACTING

BUILD = Requests("https://api.test", "12")
CREATE = BUILD.create("sites", body={"name": "A"})
READ = BUILD.get("sites", 1)
DELETE = BUILD.change("DELETE", "sites", 1)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": "\xc3\xa9"}',
        b'\xef\xbb\xbf{"a": "\xc3\xa9"}',
        '{"a": "é"}'.encode("utf-16"),
        '{"a": "é"}'.encode("utf-32"),
    ],
)
def test_json_is_read_in_any_unicode_encoding(body: bytes) -> None:
    assert decode(body) == {"a": "é"}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"<html>log in</html>", "web page"),
        (b'[{"site_id": 1}', "no whole JSON"),
        (b"\xff\xfe\xff", "no whole JSON"),
        (b"[" * 100_000, "no whole JSON"),
    ],
)
def test_what_is_not_whole_json_is_unreadable(body: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        decode(body)


@given(st.binary())
def test_any_bytes_decode_or_are_unreadable(body: bytes) -> None:
    with suppress(Unreadable):
        assert orjson.loads(orjson.dumps(decode(body))) == decode(body)


@given(JSON)
def test_json_cut_at_any_byte_is_not_trusted(value: Any) -> None:
    body = orjson.dumps([value])
    for end in range(len(body)):
        with pytest.raises(Unreadable):
            decode(body[:end])


def test_numbers_may_be_text_and_text_numbers() -> None:
    site = read(Site, {**SITE, "site_id": "7", "external_site_id": 42, "is_activated": "1", "new_field": [1]})
    assert (site.site_id, site.external_site_id, site.is_activated) == (7, "42", True)


def test_an_optional_field_that_makes_no_sense_counts_as_absent() -> None:
    site = read(Site, {**SITE, "is_activated": 7, "monitoring_station_id": "", "name": {"en": "One"}})
    assert (site.site_id, site.is_activated, site.monitoring_station_id, site.name) == (1, None, None, None)


@pytest.mark.parametrize("value", [None, [], "x", {}, {"site_id": None}, {"name": "A"}, {"site_id": "x"}])
def test_a_site_without_an_id_is_unreadable(value: Any) -> None:
    with pytest.raises(Unreadable, match="site"):
        read(Site, value)


def test_a_list_is_a_bare_array_or_null() -> None:
    assert read_list(Site, None) == []
    assert [site.site_id for site in read_list(Site, [SITE])] == [1]
    with pytest.raises(Unreadable, match="not a list"):
        read_list(Site, {"data": []})
    with pytest.raises(Unreadable, match="device"):
        read_list(Device, [{"device_id": 1}, {}])


def test_results_that_make_no_sense_are_left_out() -> None:
    answer = read_bulk(
        {
            "success_count": "many",
            "failure_count": 1,
            "results": [
                {"is_successful": True, "req": {"external_device_id": "a"}, "res": None},
                {"is_successful": False, "status_code": "400", "error_message": "bad \x1b[31m" + "x" * 5_000},
                "junk",
                {"req": {}},
                None,
            ],
        }
    )
    assert (answer.success_count, answer.failure_count, len(answer.results)) == (None, 1, 2)
    assert answer.results[1].status_code == 400
    assert len(answer.results[1].error_message or "") <= 300
    assert "\x1b" not in (answer.results[1].error_message or "")


def test_a_bulk_answer_without_results_has_none() -> None:
    assert read_bulk({"results": None}).results == []
    assert read_bulk({}).results == []
    with pytest.raises(Unreadable):
        read_bulk([])


def is_a_result(item: object) -> bool:
    """Return whether an item can be told as a result; what can't is passed over, so that its device is read back."""
    try:
        BulkResult.model_validate(item)
    except ValidationError:
        return False
    return True


@given(JSON)
def test_any_json_is_a_bulk_answer_or_unreadable(value: Any) -> None:
    for shape in (value, {"results": value}, {"results": [value]}):
        with suppress(Unreadable):
            answer = read_bulk(shape)
            told = shape.get("results", [])
            items = told if isinstance(told, list) else []
            assert len(answer.results) == sum(is_a_result(item) for item in items)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error_message": "no such zone"}, "no such zone"),
        (
            {"error": {"code": "E1", "message": "bad value", "request_id": "r", "field": "timezone"}},
            "timezone: bad value",
        ),
        ({"error": "invalid_client", "error_description": "unknown client"}, "unknown client"),
        ({"error": "invalid_client"}, "invalid_client"),
        ({"message": "Forbidden"}, "Forbidden"),
        ({"message": ["a is required", "b is required"]}, "a is required; b is required"),
        ({"errors": [{"message": "one"}, {"detail": "two"}, 3]}, "one; two"),
        ([{"message": "in a list"}], "in a list"),
        ({"title": "Bad Request", "detail": "the zone is taken"}, "the zone is taken"),
        ("just text", "just text"),
        ({}, ""),
        (None, ""),
        (b"", ""),
        (b"upstream timed out", "upstream timed out"),
        (b"<html><head><title>502 Bad Gateway</title></head><body>x</body></html>", "502 Bad Gateway"),
        (b"<p>No <b>title</b> &amp; all</p><script>evil()</script>", "No title & all"),
        (b"caf\xe9", "caf\ufffd"),
    ],
)
def test_an_error_body_says_the_same_in_every_shape(body: Any, words: str) -> None:
    assert said(reply(400, body).body) == words


@given(st.binary() | JSON.map(orjson.dumps))
def test_an_excerpt_is_one_short_line_without_controls(body: bytes) -> None:
    words = said(body)
    assert len(words) <= 300
    assert not re.search(ACTING, words)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413, 415, 429, 451])
def test_a_4xx_says_that_nothing_was_done(status: int) -> None:
    with pytest.raises(Rejected) as raised:
        verdict(CREATE, reply(status, {"message": "no"}), trace_id="t")
    error = raised.value
    assert (error.code, error.acted, error.status_code, error.trace_id) == (f"http_{status}", Acted.NO, status, "t")
    assert str(error) == "no"


@pytest.mark.parametrize("status", [408, 409, 422, 500, 502, 503, 504, 599, 100])
def test_other_errors_leave_open_what_a_write_did(status: int) -> None:
    with pytest.raises(Doubtful) as raised:
        verdict(CREATE, reply(status), trace_id="t")
    assert (raised.value.code, raised.value.acted) == (f"http_{status}", Acted.UNKNOWN)
    assert str(status) in str(raised.value)


@pytest.mark.parametrize("status", [409, 422])
def test_a_read_that_is_refused_is_refused(status: int) -> None:
    with pytest.raises(Rejected):
        verdict(READ, reply(status), trace_id="t")


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"site_id": 1'])
@pytest.mark.parametrize("status", [200, 201, 204])
def test_an_unreadable_success_leaves_open_what_happened(status: int, body: bytes) -> None:
    with pytest.raises(Doubtful) as raised:
        verdict(CREATE, reply(status, body), trace_id="t")
    assert raised.value.code == "unreadable_answer"


def test_a_delete_needs_no_answer() -> None:
    assert verdict(DELETE, reply(204), trace_id="t") is None
    assert verdict(DELETE, reply(200, {"deleted": True}), trace_id="t") == {"deleted": True}
    with pytest.raises(Doubtful):
        verdict(DELETE, reply(200, b"<html>"), trace_id="t")


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("https://evil.test/x?token=canary", "https://evil.test,"),
        ("/login", "another path"),
        ("https://[x", "can't be read"),
        ("", "another path"),
    ],
)
def test_a_redirect_names_both_ends_and_nothing_else(location: str, shown: str) -> None:
    with pytest.raises(Doubtful) as raised:
        verdict(CREATE, reply(307, Location=location), trace_id="t")
    assert raised.value.code == "redirect"
    assert "https://api.test" in str(raised.value)
    assert shown in str(raised.value)
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("unreachable", Rejected),
        ("untrusted", ApiUnusable),
        ("timeout", Doubtful),
        ("connection_lost", Doubtful),
        ("unreadable_answer", Doubtful),
    ],
)
def test_a_failure_says_whether_anything_was_sent(code: FailureCode, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=r"api\.test broke"):
        verdict(CREATE, Failure(code, "broke"), trace_id="t")


def test_doubt_about_an_earlier_sending_outlasts_a_clear_no() -> None:
    no = Rejected("no", code="http_400", acted=Acted.NO, status_code=400, trace_id="t")
    doubtful: ApiError = in_doubt(no)
    assert isinstance(doubtful, Doubtful)
    assert (doubtful.code, doubtful.acted, doubtful.status_code) == ("http_400", Acted.UNKNOWN, 400)
    assert in_doubt(doubtful) is doubtful
