"""How a verb begins and ends: log lines set up, errors told in a line or two, the right exit code, no traceback."""

import functools
import inspect
import logging
import re
import signal
import threading
import traceback
from collections.abc import Callable
from typing import Any

import typer

from migrate.app.interrupted import INTERRUPTED, Interrupted
from migrate.cli import options as o
from migrate.cli.log import LogFormat, say, set_up, speaks_json
from migrate.errors import ApiUnusable, Defect, MappingError, MigrateError, Refused, Unasked, UnreadableFiles
from migrate.model.commands import COMMAND, command

logger = logging.getLogger("migrate.cli")
_CREDENTIALS = re.compile(r"//[^/]*@")
_ADDED = [
    inspect.Parameter("typed", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context),
    inspect.Parameter("verbose", inspect.Parameter.KEYWORD_ONLY, default=0, annotation=o.Verbose),
    inspect.Parameter("log_format", inspect.Parameter.KEYWORD_ONLY, default=LogFormat.text, annotation=o.Lines),
]
"""What every verb is given beside its own: how it was called, and the options about log lines."""


def told(verb: Callable[..., int]) -> Callable[..., None]:
    """Return the verb as a command: with the options about log lines; it ends with the number that `verb` returns.

    A verb with a parameter `typed` is handed how it was called.
    """
    hears = {"typed"} & inspect.signature(verb).parameters.keys()

    @functools.wraps(verb)
    def command(*, typed: typer.Context, verbose: int, log_format: LogFormat, **given: Any) -> None:  # noqa: ANN401 - what typer parsed, by name
        set_up(verbose, log_format)
        given |= dict.fromkeys(hears, typed)
        raise typer.Exit(_called(verb, given, again=_again(typed)))

    parameters = [parameter for parameter in _parameters(verb) if parameter.name not in hears]
    own = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in parameters]
    command.__signature__ = inspect.Signature([*own, *_ADDED])  # type: ignore[attr-defined]  # read by typer
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in [*own, *_ADDED]}
    return command


def say_error(error: MigrateError, *, again: str | None = None) -> None:
    """Write an error to stderr, its lines escaped; with `again`, the command to run next if the error names none."""
    text = str(error) or type(error).__name__
    following = _following(error, again)
    if "\n" in text and not isinstance(
        error, MappingError | UnreadableFiles
    ):  # an error is one line or two, but for lists of mistakes
        following = None
    facts = {"error": type(error).__name__, "exit_code": error.exit_code}
    _say_last(text, prefix="error: ", following=following, **facts)


def _following(error: MigrateError, again: str | None) -> str | None:
    """Return the command to run after an error, if there is one that would not end in the same way."""
    match error:
        case _ if again is None:
            return None
        case Refused():
            return None
        case ApiUnusable():
            return f"{COMMAND} doctor"
        case Unasked():
            return f"{again} --yes"
    return again


def _say_last(sentence: str, *, prefix: str = "", following: str | None, **facts: object) -> None:
    """Tell what ended a command, and what to run next unless the sentence names a command itself."""
    if f"{COMMAND} " in sentence:
        following = None
    if speaks_json():
        say(sentence, level=logging.ERROR, **facts, **({} if following is None else {"next": following}))
    else:
        say(prefix + sentence + ("" if following is None else f"\nNext: {following}"))


def _again(typed: typer.Context) -> str | None:
    """Return the command as it was typed; None where it has credentials, which are not to be seen once more."""
    words: list[str] = typed.obj or []
    return None if any(map(_CREDENTIALS.search, words)) else command(*words)


def _parameters(verb: Callable[..., int]) -> list[inspect.Parameter]:
    return list(inspect.signature(verb).parameters.values())


def _called(verb: Callable[..., int], given: dict[str, Any], *, again: str | None) -> int:
    """Call the verb; return its exit code, or that of what ended it, which is told."""
    _take_back_interrupts()
    try:
        return verb(**given)
    except MigrateError as error:
        say_error(error, again=again)
        return error.exit_code
    except KeyboardInterrupt as error:
        code = error.exit_code if isinstance(error, Interrupted) else INTERRUPTED
        _say_last(str(error) or "stopped; nothing was sent", following=again, exit_code=code)
        return code
    except (typer.Exit, BrokenPipeError):
        raise
    except Exception as error:  # noqa: BLE001 - the last line of defence: told as a defect, not as a traceback
        _say_defect(error)
        return Defect.exit_code
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # that of polars, which is no Exception
            raise
        _say_defect(error)
        return Defect.exit_code


def _take_back_interrupts() -> None:
    """Let Python hear of Ctrl-C itself, as polars, once imported, hears of it first.

    A shell's background job, for which SIGINT is ignored, hears of one that is sent to it, as a run that sends does.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if is_main and signal.getsignal(signal.SIGINT) in {signal.default_int_handler, signal.SIG_IGN}:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _say_defect(error: BaseException) -> None:
    sentence = (
        f"a mistake of the tool itself ({type(error).__name__}); what was done is in the run's journal, and "
        "`resume` or `report` go on from it\nplease report it, with what -v prints"
    )
    _say_last(sentence, prefix="error: ", following=None, exit_code=Defect.exit_code)
    frames = traceback.extract_tb(error.__traceback__)
    logger.info("%s at %s", type(error).__name__, " < ".join(f"{f.filename}:{f.lineno}" for f in reversed(frames)))
