"""A plain answer: each device that was sent was made, as it was sent, and the answer says so in the usual way."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import orjson

from migrate.model.answers import BulkAnswer, GoodResults
from migrate.pipeline.columns import LARGEST_ID
from migrate.pipeline.stored import stored_differently

_ID = "external_device_id"
_NOTHING: Mapping[str, Any] = MappingProxyType({})


def plainly_made(ids: Sequence[str], content: bytes, answer: BulkAnswer) -> list[int] | None:
    """Return the devices' ids at the dealer in the order in which they were sent; None if anything is odd.

    `content` is what was sent. Each result has to name the device at its position; whatever else an answer may say is
    left to those who look at each result.
    """
    results = answer.results
    if not isinstance(results, GoodResults) or len(results) != len(ids):
        return None
    if answer.success_count not in {None, len(ids)} or answer.failure_count not in {None, 0}:
        return None
    made: list[int] = []
    for identity, body, told in zip(ids, orjson.loads(content), results.told, strict=True):
        stored, echo = told.get("res") or _NOTHING, told.get("req") or _NOTHING
        device_id = stored.get("device_id")
        if stored.get(_ID) != identity or echo.get(_ID, identity) != identity or type(device_id) is not int:
            return None
        if not body.items() <= stored.items() and stored_differently(body, stored) is not None:
            return None
        made.append(device_id)
    return made if 0 <= min(made) <= max(made) < LARGEST_ID else None
