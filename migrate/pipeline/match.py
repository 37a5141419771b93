"""Which result of a bulk answer is about which of the devices that were sent."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from migrate.model.answers import BulkResult


@dataclass(frozen=True, slots=True)
class Matched:
    """Results by the position of what was sent; positions in `left` have none that can be relied on."""

    results: dict[int, BulkResult]
    left: tuple[int, ...]
    extra: int
    """How many results are about nothing that was sent."""
    twice: int
    """How many of those that were sent have several results."""


def match(sent: Sequence[str], results: Sequence[BulkResult], *, id_field: str) -> Matched:
    """Match `results` to the ids `sent` (unique), whose name in the echo is `id_field`.

    By id first; by position only where the lengths agree and no id contradicts the order. Two results about one id
    leave it open.
    """
    named = [_named(result, id_field) for result in results]
    positions = {identity: position for position, identity in enumerate(sent)}
    by_id: dict[str, list[BulkResult]] = defaultdict(list)
    for identity, result in zip(named, results, strict=True):
        if identity is not None:
            by_id[identity].append(result)
    found = {
        positions[identity]: group[0] for identity, group in by_id.items() if identity in positions and len(group) == 1
    }
    if len(results) == len(sent) and all(
        identity is None or identity == asked for identity, asked in zip(named, sent, strict=True)
    ):
        found.update((position, results[position]) for position, identity in enumerate(named) if identity is None)
    left = tuple(position for position in range(len(sent)) if position not in found)
    extra = sum(len(group) for identity, group in by_id.items() if identity not in positions)
    twice = sum(identity in positions and len(group) > 1 for identity, group in by_id.items())
    return Matched(found, left, extra, twice)


def _named(result: BulkResult, id_field: str) -> str | None:
    """Return the id that a result is about: None if it names none; an id that nobody sent if its two halves differ."""
    ids = {
        str(half[id_field]) for half in (result.res, result.req) if half is not None and half.get(id_field) is not None
    }
    if len(ids) > 1:
        return "\0".join(sorted(ids))
    return next(iter(ids), None)
