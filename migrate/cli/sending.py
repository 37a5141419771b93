"""What the verbs that talk to the API have in common: settings, options, the question before writing, the result."""

import asyncio
import errno
import logging
import sys
from collections.abc import Callable, Coroutine

from migrate.app.driving import Driving
from migrate.app.finish import Run
from migrate.app.planned import Planned
from migrate.app.signals import Interrupt, interruptible
from migrate.cli.log import say
from migrate.cli.options import is_terminal
from migrate.cli.progress import TICK_S, ProgressBar
from migrate.cli.show import show_run, show_to_agree
from migrate.cli.streams import leave_streams
from migrate.errors import Unasked
from migrate.model.text import escape_controls, shell_quoted
from migrate.settings import Settings

if sys.platform != "win32":
    import uvloop


def load_settings(*, dealer: str | None, base_url: str | None) -> Settings:
    """Return the settings of the process and of `.env`, with what was typed instead."""
    return Settings(dealer_id=dealer, base_url=base_url)


def refuse_unasked(*, yes: bool) -> None:
    """Raise Unasked where nobody can be asked before writing."""
    if not yes and not is_terminal():
        raise Unasked("nobody can be asked here before writing; say --yes to write without being asked")


def name_target(settings: Settings) -> None:
    """Say where a run is about to write, which .env file it took, and whether others can read that."""
    shown = escape_controls(str(settings.env_file))
    env_file = "no .env file" if settings.env_file is None else f"settings from {shown}"
    dealer = settings.require_dealer()
    say(f"API {settings.origin}, dealer {dealer}, {env_file}", base_url=settings.origin, dealer_id=dealer)
    if settings.env_file_is_exposed:
        keep = f"chmod 600 {shell_quoted(str(settings.env_file))}"
        say(f"warning: others on this machine can read {shown}; keep it to yourself: {keep}", level=logging.WARNING)


def question(settings: Settings, *, yes: bool) -> Callable[[Planned], bool] | None:
    """Return what asks a person before anything is written; None if they have said yes already."""

    def ask(planned: Planned) -> bool:
        if planned.plan.estimate.total == 0:
            return True
        show_to_agree(planned.plan)
        sys.stderr.write(f"Write this to dealer {settings.require_dealer()} at {settings.origin}? [y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in {"y", "yes"}

    return None if yes else ask


def drive(use_case: Callable[[Driving], Coroutine[None, None, Run]], *, quiet: bool, as_json: bool) -> int:
    """Run a use case with a progress bar, show its result, return its exit code."""
    with ProgressBar(quiet=quiet) as bar:
        driving = Driving(watch=bar.watch, interrupt=Interrupt(tell=bar.watch.wait))
        run = run_async(_watched(use_case(driving), driving.interrupt, bar))
    try:
        return show_run(run, as_json=as_json)
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        leave_streams()  # the terminal was closed; what there is to tell is in the run's folder
        return run.exit_code


async def _watched(use_case: Coroutine[None, None, Run], interrupt: Interrupt, bar: ProgressBar) -> Run:
    """Run a use case that signals may end, and bring the bar up to date beside it."""
    ticking = asyncio.create_task(_tick(bar))
    try:
        with interruptible(interrupt):
            return await use_case
    finally:
        ticking.cancel()


async def _tick(bar: ProgressBar) -> None:
    while True:
        bar.tick()
        await asyncio.sleep(TICK_S)


def run_async(coroutine: Coroutine[None, None, Run]) -> Run:
    """Run a coroutine on uvloop where the platform has it."""
    factory = None if sys.platform == "win32" else uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(coroutine)
