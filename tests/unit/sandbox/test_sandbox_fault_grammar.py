"""The grammar of faults: what can be written, and that the rest is refused in one way."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.errors import UsageError
from migrate.sandbox.endpoints import ENDPOINTS
from migrate.sandbox.fault_sets import FAULT_SETS, fault_set
from migrate.sandbox.faults import KINDS, METHODS, Fault, Faults, Script
from migrate.sandbox.options import Rate


@pytest.mark.parametrize(
    ("text", "times", "skip"),
    [
        ("devices:reset-after-commit", 1, 0),
        ("devices:reset-after-commit:3", 3, 0),
        ("devices:reset-after-commit:*", inf, 0),
        ("devices:reset-after-commit@2", 1, 2),
        ("sites.create:500-before:1@2", 1, 2),
        ("any:delay:0.5", 1, 0),
        ("any:delay:5:*@7", inf, 7),
        ("any:429-before:retry-after=7:2", 2, 0),
        ("devices/cam@home:poison:*", inf, 0),
    ],
)
def test_times_and_skip_are_read(text: str, times: float, skip: int) -> None:
    fault = Fault.parse(text)
    assert (fault.times, fault.skip, fault.text) == (times, skip, text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            ":",
            "sites",
            "sites:",
            "sites:nonsense",
            "cities:500-before",
            "sites.paint:500-before",
            "any.paint:empty",
        ),
        *("sites:500", "sites:100-before", "sites:600-after", "sites:500-before:x", "sites:500-before:-1"),
        *("sites:500-before:1:1", "any:delay", "any:delay:soon", "any:delay:1:2:3", "devices:partial-commit:1.5"),
        *("devices:partial-commit:0", "sites:5٣٣-before"),
        *("any:delay:٣", "sites/:empty", "token.list:empty", "Sites:empty", "sites:empty:²"),
    ],
)
def test_what_can_not_be_read_is_refused_with_the_grammar(text: str) -> None:
    with pytest.raises(UsageError, match="can't be read: write TARGET:FAULT") as refused:
        Faults.parse([text])
    assert "\n" not in str(refused.value)


@given(st.text(max_size=60) | st.from_regex(r"(sites|any)(\.list)?:[a-z-]+(:[0-9*.]+){0,3}(@[0-9]+)?"))
def test_any_text_is_a_fault_or_a_usage_error(text: str) -> None:
    try:
        fault = Fault.parse(text)
    except UsageError:
        return
    assert fault.text == text
    assert fault.group == "any" or fault.group in METHODS
    assert fault.times >= 0
    assert fault.status or fault.kind in KINDS


@given(times=st.integers(0, 5), skip=st.integers(0, 5), requests=st.integers(0, 15))
def test_a_fault_happens_as_often_as_it_says_and_not_before(times: int, skip: int, requests: int) -> None:
    script = Script(Faults.parse([f"sites:empty:{times}@{skip}"]))
    happened = [bool(script.due("sites.create", list)) for _ in range(requests)]
    assert happened == [skip <= number < skip + times for number in range(requests)]


def test_other_requests_do_not_count() -> None:
    script = Script(Faults.parse(["sites.create:empty@1"]))
    for endpoint in ("sites.list", "devices.create", "token.create"):
        assert not script.due(endpoint, list)
    assert [bool(script.due("sites.create", list)) for _ in range(3)] == [False, True, False]


def test_the_targets_are_those_of_the_endpoints() -> None:
    targets = {(group, method) for group, methods in METHODS.items() for method in methods}
    assert targets == {(*endpoint.name.split("."),) for endpoint in ENDPOINTS} | {("token", "create")}


def test_each_set_of_faults_has_a_meaning_and_can_be_had_by_name() -> None:
    assert {"flaky", "slow", "strict"} <= set(FAULT_SETS)
    for name, found in FAULT_SETS.items():
        assert found.meaning
        assert fault_set(name) is found.options


def test_an_unknown_set_of_faults_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no set of faults named 'flakey'.*\n  flaky: "):
        fault_set("flakey")


@pytest.mark.parametrize(("text", "per_minute"), [("600/min", 600), ("10/s", 600), ("none", None)])
def test_a_rate_is_read(text: str, per_minute: int | None) -> None:
    rate = Rate.parse(text, burst=5)
    assert rate == (None if per_minute is None else Rate(per_minute, 5))


@pytest.mark.parametrize(("text", "burst"), [("0/min", 1), ("10/h", 1), ("fast", 1), ("10/s", 0)])
def test_a_rate_that_is_none_is_refused(text: str, burst: int) -> None:
    with pytest.raises(UsageError, match="write 600/min, 10/s or none"):
        Rate.parse(text, burst=burst)
