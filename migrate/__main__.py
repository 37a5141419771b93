"""`python -m migrate`: the same command as `chekt-migrate`."""

import sys
from importlib import import_module

INTERRUPTED = 130


def main() -> None:
    """Run the command; what it is made of is imported here, where an interruption is no traceback."""
    try:
        import_module("migrate.cli.main").main()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
