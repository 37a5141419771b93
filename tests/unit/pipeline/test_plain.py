"""A plain answer is taken as a whole; one that is odd in any way is left to those who look at each result."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from migrate.api.answers import read_bulk
from migrate.pipeline.plain import plainly_made

IDS = ["a", "b"]
SENT = [{"external_device_id": name, "zone_number": f"00{zone}"} for zone, name in enumerate(IDS)]
Bend = Callable[[dict[str, Any]], object]


def answer() -> dict[str, Any]:
    results = [
        {
            "is_successful": True,
            "req": {"external_device_id": body["external_device_id"]},
            "res": {**body, "device_id": n},
        }
        for n, body in enumerate(SENT, start=7)
    ]
    return {"success_count": 2, "failure_count": 0, "results": results}


def judged(told: dict[str, Any]) -> list[int] | None:
    return plainly_made(IDS, orjson.dumps(SENT), read_bulk(told))


def first(told: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = told["results"][0]
    return made


def test_an_answer_that_names_each_device_as_it_was_sent_tells_their_ids() -> None:
    assert judged(answer()) == [7, 8]


def test_fields_that_the_answer_does_not_tell_count_as_kept() -> None:
    told = answer()
    first(told)["res"].pop("zone_number")
    assert judged(told) == [7, 8]


@pytest.mark.parametrize(
    "bend",
    [
        lambda told: told["results"].reverse(),
        lambda told: told["results"].pop(),
        lambda told: told.update(success_count=1),
        lambda told: told.update(failure_count=1),
        lambda told: first(told).update(is_successful=False, error_message="no"),
        lambda told: first(told).update(res=None),
        lambda told: first(told).update(res=[1]),
        lambda told: first(told).update(req="a"),
        lambda told: first(told)["req"].update(external_device_id="b"),
        lambda told: first(told)["res"].update(external_device_id="b"),
        lambda told: first(told)["res"].update(device_id="7"),
        lambda told: first(told)["res"].update(device_id=True),
        lambda told: first(told)["res"].update(device_id=2**63),
        lambda told: first(told)["res"].pop("device_id"),
        lambda told: first(told)["res"].update(zone_number="999"),
    ],
)
def test_whatever_is_odd_about_an_answer_makes_it_no_plain_one(bend: Bend) -> None:
    told = answer()
    bend(told)
    assert judged(told) is None
