"""Who is told how far the reading of the inputs is."""

from collections.abc import Callable
from dataclasses import dataclass


def nothing(*_: object) -> None:
    """Take no notice."""


@dataclass(frozen=True, slots=True)
class ReadingWatch:
    """`rows` is given the rows read and looked at so far, and which share (0 to 1) of the inputs these are.

    `writing` is called before the reports are written.
    """

    rows: Callable[[int, float], None] = nothing
    writing: Callable[[], None] = nothing


UNWATCHED = ReadingWatch()
