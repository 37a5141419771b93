"""A command that is not typed as it should be: told in a line, with the help that says how."""

import difflib
import itertools
import logging
import re
import sys
from collections.abc import Iterable

from migrate.cli.log import LogFormat, say, set_up
from migrate.errors import UsageError

MISTYPED = UsageError.exit_code
_NO_VERB = re.compile(r"No such command '(.*)'\.")


def say_mistyped(error: Exception, *, verbs: Iterable[str]) -> None:
    """Tell what the parser found wrong; where nothing was typed at all, that is the whole help."""
    message, context = str(error.format_message()), getattr(error, "ctx", None)  # type: ignore[attr-defined]  # the parser's errors have it
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(f"{message}\n")
        return
    words = " ".join(message.replace("Value error, ", "").split()).removesuffix(".")
    if unknown := _NO_VERB.fullmatch(message):
        near = difflib.get_close_matches(unknown[1], list(verbs), n=1)
        words = f"there is no verb {unknown[1]}" + (f"; did you mean {near[0]}?" if near else "")
    command = "chekt-migrate" if context is None else context.command_path
    if _wants_json(sys.argv):
        set_up(0, LogFormat.json)
        say(words, level=logging.ERROR, exit_code=MISTYPED)
    else:
        say(f"error: {words[0].lower()}{words[1:]}; see: {command} --help")


def _wants_json(typed: list[str]) -> bool:
    """Return whether --log-format json was typed, which the parser has not come to."""
    return "--log-format=json" in typed or ("--log-format", "json") in itertools.pairwise(typed)
