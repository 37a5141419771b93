"""What bars on stderr have in common: where they are shown, and that log lines stand above them."""

import logging
import os
import sys
from typing import Any

from tqdm import tqdm

from migrate.cli.log import speaks_json

LINE_EVERY_S = 30.0
"""How often a line is told where there is no terminal."""


def shows_bars() -> bool:
    """Return whether stderr is a terminal on which a line can be written anew, for a person."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not speaks_json()


def log_above() -> None:
    """From now on, write log lines above a bar that may stand on the terminal."""
    for handler in _log_handlers():
        handler.setStream(_Above())


def log_below() -> None:
    """From now on, write log lines where the cursor is."""
    for handler in _log_handlers():
        handler.setStream(sys.stderr)


class _Above:
    """Where log lines go while a bar may stand on the terminal."""

    def write(self, text: str) -> None:
        if line := text.rstrip("\n"):
            tqdm.write(line, file=sys.stderr)

    def flush(self) -> None:
        sys.stderr.flush()


def _log_handlers() -> list["logging.StreamHandler[Any]"]:
    """Return what writes the tool's log lines to stderr."""
    handlers = logging.getLogger("migrate").handlers
    return [handler for handler in handlers if isinstance(handler, logging.StreamHandler)]
