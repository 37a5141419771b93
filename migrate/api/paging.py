"""Paging: reads a list to its end and says whether it can be shown to be whole."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from migrate.api.query import ListQuery
from migrate.errors import Rejected
from migrate.model.answers import Listing

PAGE_LIMIT: Final = 500
_SMALLER_LIMIT: Final = 100
_MOST_PAGES: Final = 10_000
_BAD_REQUEST: Final = 400

T = TypeVar("T")
Fetch = Callable[[ListQuery | None], Awaitable[Sequence[T]]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A list endpoint: its name, the id of its rows, and whether its query parameters are documented."""

    name: str
    id_field: str
    documented: bool = False


def first_page(endpoint: Endpoint) -> ListQuery:
    """Return what a list's first page is asked for with, as long as nothing else is known of the endpoint."""
    return _page_query(endpoint, PAGE_LIMIT, 0)


class Pager:
    """Reads whole lists; one per client, since a list that was read shows what to make of the next one.

    Nothing in an answer says whether more rows follow. A page that is shorter than another one of its endpoint is the
    last; else an empty one is. A page that comes twice in a row means that the offset is ignored.
    """

    def __init__(self) -> None:
        self._longest: dict[str, int] = {}
        self._caps: set[int] = set()
        self._limits: dict[str, int | None] = {}

    async def read_all(self, endpoint: Endpoint, fetch: Fetch[T]) -> Listing[T]:
        """Read all pages, without repeats; a list that moved while it was read is read once more."""
        rows, complete, moved = await self._read(endpoint, fetch)
        if moved:
            rows, complete, moved = await self._read(endpoint, fetch)
        return Listing(rows, complete and not moved)

    async def _read(self, endpoint: Endpoint, fetch: Fetch[T]) -> tuple[tuple[T, ...], bool, bool]:
        """Return the rows, whether they can be shown to be all, and whether rows moved from one page to another."""
        rows: dict[object, T] = {}
        before: list[object] = []
        received, moved = 0, False
        for _ in range(_MOST_PAGES):
            page, limit = await self._page(endpoint, fetch, received)
            ids = [getattr(row, endpoint.id_field) for row in page]
            complete = self._ends(endpoint, ids, before, limit)
            moved = moved or (ids != before and any(key in rows for key in ids))
            known = len(rows)
            rows.update(zip(ids, page, strict=True))
            if complete is None and len(rows) == known:
                complete = False  # nothing new comes any more
            if complete is not None:
                return tuple(rows.values()), complete, moved
            received, before = received + len(page), ids
        return tuple(rows.values()), False, moved

    def _ends(self, endpoint: Endpoint, ids: list[object], before: list[object], limit: int | None) -> bool | None:
        """Return whether the list is complete with this page, or None if it goes on."""
        if limit is None:
            return len(ids) not in self._caps
        if not ids:
            return True
        if ids == before:
            return len(ids) != limit and len(ids) not in self._caps
        if before:
            self._caps.add(len(before))
        longest = self._longest.get(endpoint.name, 0)
        self._longest[endpoint.name] = max(longest, len(ids))
        return True if len(ids) < longest else None

    async def _page(self, endpoint: Endpoint, fetch: Fetch[T], offset: int) -> tuple[Sequence[T], int | None]:
        """Return a page and the limit that was asked for, None where the endpoint takes no parameters."""
        while True:
            limit = self._limits.get(endpoint.name, PAGE_LIMIT)
            query = None if limit is None else _page_query(endpoint, limit, offset)
            try:
                return await fetch(query), limit
            except Rejected as error:
                if error.status_code != _BAD_REQUEST or limit is None or offset:
                    raise
            smaller = endpoint.documented and limit > _SMALLER_LIMIT
            self._limits[endpoint.name] = _SMALLER_LIMIT if smaller else None


def _page_query(endpoint: Endpoint, limit: int, offset: int) -> ListQuery:
    return ListQuery(sort=endpoint.id_field, limit=limit, offset=offset)
