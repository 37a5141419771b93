"""Signals: the first SIGINT or SIGTERM drains and saves, the second leaves at once; both can be resumed."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from types import FrameType

from migrate.app.interrupted import SHELLS_ADD, Interrupted
from migrate.pipeline.stop import Stop

_HANDLED = ("SIGINT", "SIGTERM", "SIGHUP")


def _nobody(_: str) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Interrupt:
    """The signal that ended a run, if one did; `following` goes on with it, from when something is sent to its end.

    `tell` is given the sentence for the person who is waiting.
    """

    stop: Stop = field(default_factory=Stop)
    number: int | None = None
    following: str | None = None
    watched: bool = False
    tell: Callable[[str], object] = _nobody

    @property
    def exit_code(self) -> int | None:
        """The exit code that shells expect after the signal; None: there was none."""
        return None if self.number is None else SHELLS_ADD + self.number


@contextlib.contextmanager
def interruptible(interrupt: Interrupt) -> Iterator[None]:
    """Within it, the first signal asks a run that is sending to stop and ends any other; the second ends it.

    What the task computes without waiting ends with Interrupted: at once while nothing was sent, else at the second
    signal, for then the reports are being written. Inside of another `interruptible` it does nothing more.
    """
    if interrupt.watched:
        yield
        return
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def act(*, again: bool) -> None:
        if interrupt.following is not None and not again:
            interrupt.stop.request()
            interrupt.tell("stopping once what is under way is answered; press Ctrl-C again to leave at once")
        elif task is not None:
            task.cancel()

    def on_signal(number: int, _: FrameType | None) -> None:
        again = interrupt.number is not None
        interrupt.number = interrupt.number or number
        if asyncio.current_task(loop) is task and (again or interrupt.following is None):
            raise Interrupted(interrupt.number, following=interrupt.following)
        loop.call_soon_threadsafe(partial(act, again=again))

    with contextlib.ExitStack() as stack:
        for name in _HANDLED:
            with contextlib.suppress(AttributeError, ValueError):  # Windows lacks one; a thread gets none
                number = getattr(signal, name)
                stack.callback(signal.signal, number, signal.signal(number, on_signal))
        stack.callback(setattr, interrupt, "watched", False)
        interrupt.watched = True
        yield
