"""`python -m migrate`: the same command as `chekt-migrate`."""

import gc
import os
import sys
from importlib import import_module

INTERRUPTED = 130


def main() -> None:
    """Run the command; what it is made of is imported here, where an interruption is no traceback."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # we have none, and to look for them takes a while
    # polars' memory: fewer pools keep less of what was given back, and what is given back goes at once when it is old
    os.environ.setdefault("_RJEM_MALLOC_CONF", "narenas:2,muzzy_decay_ms:0")
    gc.disable()  # what is imported stays; the verbs turn it on again once they are there
    try:
        import_module("migrate.cli.main").main()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
