"""What headers tell about limits and waiting."""

import time
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from migrate.api.told import LONGEST_WAIT_S, NOTHING, Told, told

NOON = 1_735_732_800.0


def headers(**values: str) -> CIMultiDict[str]:
    return CIMultiDict({name.replace("_", "-"): value for name, value in values.items()})


def test_no_headers_tell_nothing() -> None:
    assert told(headers(Date=formatdate(NOON, usegmt=True))) is NOTHING


def test_limits_are_read_in_any_case_and_against_the_servers_own_clock() -> None:
    read = told(
        headers(
            x_ratelimit_limit="600",
            X_RATELIMIT_REMAINING="12",
            X_RateLimit_Reset=str(int(NOON) + 30),
            Date=formatdate(NOON, usegmt=True),
        )
    )
    assert read == Told(limit=600, remaining=12, reset_s=30.0)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        ("1.5", 1.5),
        ("0", 0.0),
        (formatdate(NOON + 90, usegmt=True), 90.0),
        (formatdate(NOON - 90, usegmt=True), 0.0),
        (formatdate(NOON + 86_400, usegmt=True), LONGEST_WAIT_S),
        ("1000000000", LONGEST_WAIT_S),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("nan", None),
        ("inf", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_within_reason(text: str, seconds: float | None) -> None:
    assert told(headers(Retry_After=text, Date=formatdate(NOON, usegmt=True))).retry_after_s == seconds


def test_without_a_date_this_machines_clock_counts() -> None:
    wait_s = told(headers(Retry_After=formatdate(time.time() + 60, usegmt=True))).retry_after_s
    assert wait_s == pytest.approx(60, abs=5)


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1e99", ""])
def test_a_limit_that_makes_no_sense_tells_nothing(limit: str) -> None:
    assert told(headers(X_RateLimit_Limit=limit)).limit is None


def test_parameters_behind_a_limit_are_left_aside() -> None:
    assert told(headers(X_RateLimit_Limit="100, 100;w=60")).limit == 100


@given(st.text(), st.text(), st.text(), st.text(), st.text())
def test_no_header_is_an_error(limit: str, remaining: str, reset: str, retry_after: str, date: str) -> None:
    read = told(
        {
            "X-RateLimit-Limit": limit,
            "X-RateLimit-Remaining": remaining,
            "X-RateLimit-Reset": reset,
            "Retry-After": retry_after,
            "Date": date,
        }
    )
    assert read.limit is None or read.limit >= 1
    for seconds in (read.retry_after_s, read.reset_s):
        assert seconds is None or 0 <= seconds <= LONGEST_WAIT_S
