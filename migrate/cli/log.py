"""Log lines on stderr: warnings, more with -v."""

import logging
import sys

_LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)


def set_up(verbose: int) -> None:
    """Send the tool's log lines to stderr; `verbose` counts -v."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("migrate")
    logger.handlers[:] = [handler]
    logger.propagate = False
    logger.setLevel(_LEVELS[min(verbose, len(_LEVELS) - 1)])
