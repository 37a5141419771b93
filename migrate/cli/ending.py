"""How a verb ends: every error told in a line or two on stderr, the right exit code, never a traceback."""

import functools
import logging
import sys
import traceback
from collections.abc import Callable
from typing import ParamSpec

import typer

from migrate.app.signals import INTERRUPTED, Interrupted
from migrate.errors import MigrateError
from migrate.model.text import escape_controls

P = ParamSpec("P")

DEFECT = 70

logger = logging.getLogger("migrate.cli")


def told(verb: Callable[P, int]) -> Callable[P, None]:
    """Return the verb as a command: it ends with the number that `verb` returns, or that of its error."""

    @functools.wraps(verb)
    def command(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            code = verb(*args, **kwargs)
        except MigrateError as error:
            say_error(error)
            code = error.exit_code
        except KeyboardInterrupt as error:
            sys.stderr.write(f"{str(error) or 'stopped; nothing was sent'}\n")
            code = error.exit_code if isinstance(error, Interrupted) else INTERRUPTED
        except typer.Exit:
            raise
        except BrokenPipeError:
            raise
        except Exception as error:  # noqa: BLE001 - the last line of defence: told as a defect, not as a traceback
            _say_defect(error)
            code = DEFECT
        raise typer.Exit(code)

    return command


def say_error(error: MigrateError) -> None:
    """Write an error to stderr, its lines escaped."""
    lines = [escape_controls(line) for line in str(error).splitlines()] or [type(error).__name__]
    sys.stderr.write("error: " + "\n".join(lines) + "\n")


def _say_defect(error: Exception) -> None:
    sys.stderr.write(
        f"error: a mistake of the tool itself ({type(error).__name__}); what was done is in the run's journal, and "
        "`resume` or `report` go on from it\nplease report it, with what -v prints\n"
    )
    frames = traceback.extract_tb(error.__traceback__)
    logger.info("%s at %s", type(error).__name__, " < ".join(f"{f.filename}:{f.lineno}" for f in reversed(frames)))
