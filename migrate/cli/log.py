"""What goes to stderr line by line, log lines and sentences for whoever waits: as text, or one JSON object each."""

import logging
import sys
from datetime import UTC, datetime
from enum import StrEnum

from migrate.cli.streams import json_for
from migrate.model.text import escape_controls

_LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every log record has; anything else was given by who logs."""


class LogFormat(StrEnum):
    """How lines on stderr are written."""

    text = "text"
    json = "json"


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object: `time` (UTC), `level`, `logger`, `message`, and what was given beside."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        told = {"time": time, "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
        given = {name: value for name, value in vars(record).items() if name not in _OWN}
        return json_for(sys.stderr, told | given)


class TextLines(logging.Formatter):
    """Writes a record as a line with its time (UTC), escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        return escape_controls(f"{time} {record.levelname} {record.name}: {record.getMessage()}")


def set_up(verbose: int, log_format: LogFormat = LogFormat.text) -> None:
    """Send the tool's log lines to stderr; `verbose` counts -v."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if log_format is LogFormat.json else TextLines())
    logger = logging.getLogger("migrate")
    logger.handlers[:] = [handler]
    logger.propagate = False
    logger.setLevel(_LEVELS[min(verbose, len(_LEVELS) - 1)])


def speaks_json() -> bool:
    """Return whether stderr is read by a machine."""
    return any(isinstance(handler.formatter, JsonLines) for handler in logging.getLogger("migrate").handlers)


def say(sentence: str, *, level: int = logging.INFO, **facts: object) -> None:
    """Tell whoever waits: the sentence, a line each; or where a machine reads, one object with the `facts` too."""
    lines = [escape_controls(line) for line in sentence.splitlines()]
    if speaks_json():
        logger = logging.getLogger("migrate.cli")
        logger.handle(logger.makeRecord(logger.name, level, "", 0, "\n".join(lines), (), None, extra=facts))
    else:
        sys.stderr.write("".join(f"{line}\n" for line in lines))
        sys.stderr.flush()
