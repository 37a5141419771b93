"""Lookup: the sites that have an external id, by filter where that works and in the whole list where not."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from migrate.api.query import ListQuery
from migrate.errors import Rejected, UsageError
from migrate.model.answers import Listing, Site

_MOST: Final = 100
_BAD_REQUEST: Final = 400


class SharedList:
    """The whole site list, read once for all who wait at the same time; never one that began before they asked."""

    def __init__(self, read: Callable[[], Awaitable[Listing[Site]]]) -> None:
        self._read = read
        self._reading = asyncio.Lock()
        self._begun = 0
        self._ended = 0
        self._listing: Listing[Site] = Listing((), complete=False)

    async def read(self) -> Listing[Site]:
        """Return a list that was read from now on."""
        asked_after = self._begun
        async with self._reading:
            if self._ended <= asked_after:
                self._begun += 1
                self._listing = await self._read()
                self._ended = self._begun
            return self._listing


class SiteLookup:
    """Finds sites by their external id; the filter is a shortcut, and every answer is checked."""

    def __init__(self, fetch: Callable[[ListQuery], Awaitable[Sequence[Site]]], everything: SharedList) -> None:
        self._fetch = fetch
        self._everything = everything
        self._filter_works = True

    async def find(self, external_site_id: str) -> Listing[Site]:
        """Return the sites with exactly this id; complete if there can be no others."""
        listing = await self.look(external_site_id)
        return Listing(
            tuple(site for site in listing.items if site.external_site_id == external_site_id), listing.complete
        )

    async def look(self, external_site_id: str) -> Listing[Site]:
        """Return the sites with exactly this id, or all sites where the filter finds none of it."""
        found = await self._filtered(external_site_id)
        return Listing(found, complete=True) if found else await self._everything.read()

    async def _filtered(self, external_site_id: str) -> tuple[Site, ...]:
        """Return what the filter finds; nothing where it can't be relied on."""
        if not self._filter_works:
            return ()
        try:
            query = ListQuery(filters=(("external_site_id", external_site_id, "eq"),), limit=_MOST)
        except UsageError:
            return ()
        try:
            sites = await self._fetch(query)
        except Rejected as error:
            if error.status_code != _BAD_REQUEST:
                raise
            self._filter_works = False
            return ()
        if len(sites) >= _MOST or any(_folded(site.external_site_id) != _folded(external_site_id) for site in sites):
            self._filter_works = False
            return ()
        return tuple({site.site_id: site for site in sites if site.external_site_id == external_site_id}.values())


def _folded(identity: str | None) -> str:
    """Return an id as a database may compare it."""
    return (identity or "").strip().casefold()
