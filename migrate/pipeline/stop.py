"""Stopping a run: asked for once by a signal, a failure or the disk; tasks end what is under way and take no more."""

import asyncio

from migrate.errors import MigrateError, TooManyFailures


class Drained(Exception):
    """The run was asked to stop; the task leaves what is not yet sent pending."""


class Stop:
    """A request to stop, with the error behind it (None: a person's signal).

    The first one counts; too many failures give way to any other, as they alone may be withdrawn.
    """

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.error: MigrateError | None = None

    @property
    def requested(self) -> bool:
        """Whether the run is to stop."""
        return self._event.is_set()

    def request(self, error: MigrateError | None = None) -> None:
        """Ask the run to stop."""
        if not self._event.is_set() or isinstance(self.error, TooManyFailures):
            self.error = error
            self._event.set()

    def withdraw(self) -> bool:
        """Go on after too many failures; returns whether they alone were the reason to stop."""
        if not isinstance(self.error, TooManyFailures):
            return False
        self.error = None
        self._event.clear()
        return True

    async def wait(self) -> None:
        """Return once the run is to stop."""
        await self._event.wait()

    def check(self) -> None:
        """Raise Drained if the run is to stop."""
        if self._event.is_set():
            raise Drained

    async def pause(self, seconds: float) -> None:
        """Sleep; a stop ends the sleep with Drained."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return
        raise Drained
