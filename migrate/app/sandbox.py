"""The embedded sandbox as a service of its own, until a signal ends it."""

import asyncio
from collections.abc import Callable

from migrate.app.signals import Interrupt, interruptible
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import serve


async def serve_sandbox(options: SandboxOptions, *, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `announce` gets the lines that a shell needs to use the sandbox."""
    interrupt = Interrupt()
    try:
        with interruptible(interrupt):
            await serve(options, announce=announce, stop=asyncio.Event())
    except asyncio.CancelledError:
        if interrupt.number is None:
            raise
