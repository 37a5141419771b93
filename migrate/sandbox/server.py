"""The sandbox: starts and stops the Partner API on this machine."""

import asyncio
import shlex
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from migrate.errors import UsageError
from migrate.sandbox.faults import Faults
from migrate.sandbox.front import Clock, Front, Sleep
from migrate.sandbox.history import History
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.store import Row, Store

_HOST: Final = "127.0.0.1"
_SHUTDOWN_S: Final = 1.0


class Sandbox:
    """The Partner API at `url` for as long as the context lasts."""

    def __init__(
        self, options: SandboxOptions | None = None, *, clock: Clock = time.time, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._options = options or SandboxOptions()
        self._store = Store(self._options.store)
        skew_s = self._options.skew_s
        self._front = Front(self._options, self._store, clock=lambda: clock() + skew_s, sleep=sleep)
        self._runner = web.AppRunner(self._front.app(), access_log=None, shutdown_timeout=_SHUTDOWN_S)
        self.url = ""

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, _HOST, self._options.port)
        try:
            await site.start()
        except OSError as error:
            await self._close()
            raise UsageError(
                f"port {self._options.port} can't be had: {error.strerror}; choose another port"
            ) from error
        self.url = f"http://{_HOST}:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables with which the tool uses this sandbox."""
        return {
            "CHEKT_BASE_URL": self.url,
            "CHEKT_CLIENT_ID": self._options.client_id,
            "CHEKT_CLIENT_SECRET": self._options.client_secret,
            "CHEKT_DEALER_ID": self._options.dealers[0],
        }

    @property
    def history(self) -> History:
        """What was asked so far."""
        return self._front.history

    def state(self) -> dict[str, list[Row]]:
        """Return all `stations`, `sites`, `devices`, `contacts` there are, each with its dealer's or site's id."""
        return self._store.everything()

    def play(self, faults: Faults) -> None:
        """Let other faults happen from now on."""
        self._front.play(faults)

    async def _close(self) -> None:
        for site in tuple(self._runner.sites):
            await site.stop()
        await self._front.stop()
        await self._runner.cleanup()
        self._store.close()


async def serve(options: SandboxOptions, *, announce: Callable[[str], None], stop: asyncio.Event) -> None:
    """Run a sandbox until `stop`; `announce` gets lines for a shell to read: comments and exports."""
    async with Sandbox(options) as sandbox:
        announce(f"# The Partner API on this machine, at {sandbox.url}, for dealer {', '.join(options.dealers)}")
        for name, value in sandbox.environment.items():
            announce(f"export {name}={shlex.quote(value)}")
        announce("# On Windows: `set NAME=VALUE` instead of `export NAME=VALUE`; in PowerShell `$env:NAME = 'VALUE'`")
        await stop.wait()
