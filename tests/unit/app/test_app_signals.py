"""A second signal ends a run that sends at once, and says what goes on with it."""

import signal

import pytest

from migrate.app.interrupted import Interrupted
from migrate.app.signals import Interrupt, interruptible


def interrupt_twice() -> None:
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGINT)


async def test_the_second_signal_names_the_command_that_goes_on_with_this_run() -> None:
    following = "chekt-migrate resume 20260301-120000-000 --out 'my runs'"
    with pytest.raises(Interrupted, match=f"go on with: {following}$") as told:  # noqa: SIM117 - the error is raised inside
        with interruptible(Interrupt(following=following)):
            interrupt_twice()
    assert told.value.exit_code == 130


async def test_a_signal_before_anything_was_sent_says_so() -> None:
    with pytest.raises(Interrupted, match="stopped; nothing was sent"), interruptible(Interrupt()):
        signal.raise_signal(signal.SIGINT)
