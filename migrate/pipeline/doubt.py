"""Doubt: a record that may have been made is looked for, and once more after a while, before it is sent again."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from migrate.errors import ApiError
from migrate.model.answers import Listing
from migrate.normalize.keys import near_keys
from migrate.pipeline.running import Running

T = TypeVar("T")


class Seen(StrEnum):
    """What looking for one record showed."""

    ONCE = "once"
    TWICE = "twice"
    ABSENT = "absent"
    CANT_TELL = "can't tell"


@dataclass(frozen=True, slots=True)
class Look(Generic[T]):
    """What was seen of one record; `found` are the dealer's records with its id."""

    seen: Seen
    found: tuple[T, ...] = ()
    why: str | None = None


async def look(
    running: Running,
    identities: Sequence[str],
    *,
    listing: Callable[[], Awaitable[Listing[T]]],
    identity: Callable[[T], str | None],
    lists_may_lag: bool = True,
) -> dict[str, Look[T]]:
    """Look for `identities` in a list, and for the absent ones once more after the settle time if lists may lag.

    A list that fails, or whose completeness can't be shown, leaves what is not in it as `CANT_TELL`; so does a record
    whose id is the same but for zeros, case, spaces or Unicode form: the API may keep ids in a way of its own.
    """
    looks = await _look_once(running, identities, listing=listing, identity=identity)
    absent = [name for name in identities if looks[name].seen is Seen.ABSENT]
    if absent and lists_may_lag:
        await running.stop.pause(running.options.settle_s)
        looks |= await _look_once(running, absent, listing=listing, identity=identity)
    return looks


async def _look_once(
    running: Running,
    identities: Sequence[str],
    *,
    listing: Callable[[], Awaitable[Listing[T]]],
    identity: Callable[[T], str | None],
) -> dict[str, Look[T]]:
    try:
        answer = await running.read(listing)
    except ApiError as error:
        return {name: Look(Seen.CANT_TELL, why=f"reading back failed: {error.message}") for name in identities}
    wanted = set(identities)
    found: dict[str, list[T]] = {name: [] for name in identities}
    for item in answer.items:
        name = identity(item)
        if name in wanted:
            found[name].append(item)
    looks = {name: _judge(tuple(items), complete=answer.complete) for name, items in found.items()}
    absent = [name for name in identities if looks[name].seen is Seen.ABSENT]
    return looks | _nearly_there(absent, [name for item in answer.items if (name := identity(item)) is not None])


def _nearly_there(absent: Sequence[str], there: Sequence[str]) -> dict[str, Look[T]]:
    """Return a look that can't tell for each absent id that is nearly one of those that are there."""
    if not absent:
        return {}
    near = dict(zip(near_keys(there), there, strict=True))
    keys = zip(absent, near_keys(absent), strict=True)
    return {
        name: Look(Seen.CANT_TELL, why=f"the dealer has {near[key]}, which is nearly {name}")
        for name, key in keys
        if key in near
    }


def _judge(items: tuple[T, ...], *, complete: bool) -> Look[T]:
    if len(items) > 1:
        return Look(Seen.TWICE, items)
    if items:
        return Look(Seen.ONCE, items)
    if complete:
        return Look(Seen.ABSENT)
    return Look(Seen.CANT_TELL, why="the API's list may be cut short, so absence can't be shown")
