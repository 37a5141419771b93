"""Whatever a bulk answer looks like, a result is never taken for another device's."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from migrate.model.answers import BulkResult
from migrate.pipeline.match import match

IDS = st.lists(st.text(alphabet="abcX01-", min_size=1, max_size=4), min_size=1, max_size=6, unique=True)


def result(identity: str | None, *, req: bool = True, res: bool = True) -> BulkResult:
    half: dict[str, Any] | None = None if identity is None else {"external_device_id": identity}
    return BulkResult(is_successful=True, req=half if req else None, res=half if res else None)


@st.composite
def answers(draw: st.DrawFn) -> tuple[list[str], list[BulkResult]]:
    sent = draw(IDS)
    about = draw(st.lists(st.one_of(st.none(), st.sampled_from([*sent, "stranger"])), max_size=8))
    return sent, [result(identity, req=draw(st.booleans()), res=draw(st.booleans())) for identity in about]


@given(IDS, st.randoms(use_true_random=False))
def test_results_in_any_order_are_matched_by_id(sent: list[str], random: Any) -> None:
    shuffled = list(sent)
    random.shuffle(shuffled)
    matched = match(sent, [result(identity) for identity in shuffled], id_field="external_device_id")
    assert matched.left == ()
    assert [(found.res or {})["external_device_id"] for _, found in sorted(matched.results.items())] == sent


@given(answers())
def test_a_matched_result_never_names_another_device(case: tuple[list[str], list[BulkResult]]) -> None:
    sent, results = case
    matched = match(sent, results, id_field="external_device_id")
    for position, found in matched.results.items():
        named = {half["external_device_id"] for half in (found.req, found.res) if half}
        assert named <= {sent[position]}
    assert sorted([*matched.results, *matched.left]) == list(range(len(sent)))


@given(answers())
def test_a_result_is_used_once(case: tuple[list[str], list[BulkResult]]) -> None:
    sent, results = case
    used = match(sent, results, id_field="external_device_id").results.values()
    assert len({id(found) for found in used}) == len(used)


@given(IDS, st.data())
def test_an_id_that_is_told_twice_is_left_open(sent: list[str], data: st.DataObject) -> None:
    twice = data.draw(st.sampled_from(sent))
    matched = match(sent, [*map(result, sent), result(twice)], id_field="external_device_id")
    assert matched.left == (sent.index(twice),)


@given(IDS)
def test_without_ids_the_order_counts_only_where_lengths_agree(sent: list[str]) -> None:
    bare = [result(None) for _ in sent]
    assert match(sent, bare, id_field="external_device_id").left == ()
    assert match(sent, [*bare, result(None)], id_field="external_device_id").left == tuple(range(len(sent)))


def test_a_result_whose_halves_disagree_is_about_nobody() -> None:
    torn = BulkResult(is_successful=True, req={"external_device_id": "a"}, res={"external_device_id": "b"})
    matched = match(["a", "b"], [torn], id_field="external_device_id")
    assert matched.left == (0, 1)
    assert matched.extra == 1
