"""Lines on a screen: a label and a sentence, wrapped under itself at a terminal, one line each where they are piped."""

import shutil

from rich.console import Console, ConsoleDimensions
from rich.table import Table
from rich.text import Text

from migrate.model.text import escape_controls

LABEL_WIDTH = 10
_PIPED_WIDTH = 100_000
_MINUTE_S, _HOUR_S = 60, 3600
_FINE_S, _ROUGH_S = 5, 600


def open_console(*, stderr: bool = False) -> Console:
    """Return where results go; it takes text as it is, and breaks no line where nobody looks at a terminal."""
    console = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _PIPED_WIDTH
    elif console.is_dumb_terminal:  # which rich takes to be 80 wide
        console.size = ConsoleDimensions(*shutil.get_terminal_size())
    return console


def say(console: Console, line: str, *, style: str = "") -> None:
    """Print a line that can be copied: the terminal wraps it, no break is put in."""
    console.print(Text(escape_controls(line), style=style), soft_wrap=True)


def say_labelled(console: Console, label: str, sentence: str, *, style: str = "") -> None:
    """Print a label, then a sentence whose further lines stand under its first."""
    first, told = Text(f"  {label:{LABEL_WIDTH}}  ", style=style), Text(escape_controls(sentence))
    if not console.is_terminal:
        console.print(first + told, soft_wrap=True)
        return
    lines = Table.grid()
    lines.add_column(no_wrap=True)
    lines.add_column(overflow="fold")
    lines.add_row(first, told)
    console.print(lines)


def duration(seconds: float) -> str:
    """Return how long something takes, roughly: `40 s`, `3 min`, `2.1 h`."""
    if seconds < _MINUTE_S:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / _MINUTE_S):,} min" if seconds < 2 * _HOUR_S else f"{seconds / _HOUR_S:,.1f} h"


def time_left(seconds: float) -> str:
    """Return how much longer something takes, no rougher than a twentieth: `40 s`, `3 min 20 s`, `25 min`, `2.1 h`."""
    if round(seconds) < _MINUTE_S:
        return f"{max(1, round(seconds))} s"
    if seconds < _ROUGH_S:
        minutes, rest = divmod(_FINE_S * round(seconds / _FINE_S), _MINUTE_S)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return duration(seconds)
