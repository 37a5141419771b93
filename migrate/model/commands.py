"""Commands of this tool as they are shown: quoted so that they can be pasted, with the --out that they need."""

from pathlib import Path

from migrate.model.text import shell_quoted

DEFAULT_OUT = Path("reports")
COMMAND = "chekt-migrate"
"""What the tool is called at a terminal."""


def command(*words: str, out: Path = DEFAULT_OUT) -> str:
    """Return the command of these words, for the runs under `out`."""
    elsewhere = [] if out == DEFAULT_OUT else ["--out", str(out)]
    return " ".join([COMMAND, *map(shell_quoted, [*words, *elsewhere])])


def file_word(path: Path) -> str:
    """Return a file as a word of a command that can't be taken for an option."""
    return f"./{path}" if str(path).startswith("-") else str(path)
