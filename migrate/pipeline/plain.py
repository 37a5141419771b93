"""A plain answer: each device that was sent was made, as it was sent, and the answer says so in the usual way."""

import orjson

from migrate.model.answers import BulkAnswer, GoodResults
from migrate.pipeline.columns import LARGEST_ID
from migrate.pipeline.stored import stored_differently

_ID = "external_device_id"


def plainly_made(ids: list[str], content: bytes, answer: BulkAnswer) -> list[int] | None:
    """Return the devices' ids at the dealer in the order in which they were sent; None if anything is odd.

    `content` is what was sent. Each result has to name the device at its position; whatever else an answer may say is
    left to those who look at each result.
    """
    results = answer.results
    counts = {None, len(ids)}, {None, 0}
    if (
        not isinstance(results, GoodResults)
        or len(results) != len(ids)
        or answer.success_count not in counts[0]
        or answer.failure_count not in counts[1]
    ):
        return None
    try:
        stored = [told["res"] for told in results.told]
        made = [device["device_id"] for device in stored]
        named = [device[_ID] for device in stored]
        echoed = [(told.get("req") or {_ID: name}).get(_ID, name) for told, name in zip(results.told, ids, strict=True)]
        bodies: list[dict[str, str]] = orjson.loads(content)
        differing = [pair for pair in zip(bodies, stored, strict=True) if not pair[0].items() <= pair[1].items()]
    except (KeyError, TypeError, AttributeError):
        return None  # not what it usually looks like
    is_plain = (
        named == ids
        and echoed == ids
        and {*map(type, made)} == {int}
        and 0 <= min(made) <= max(made) < LARGEST_ID
        and all(stored_differently(*pair) is None for pair in differing)
    )
    return made if is_plain else None
