"""How far the reading of the inputs is, on stderr: a bar at a terminal, a line every 30 s elsewhere."""

import sys
import time
from collections.abc import Callable
from typing import Self

from tqdm import tqdm

from migrate.app.watch import ReadingWatch
from migrate.cli.bars import LINE_EVERY_S, log_above, log_below, shows_bars
from migrate.cli.log import say
from migrate.cli.screen import time_left

_READING = "reading the inputs"
_FORM = "{percentage:3.0f}% {bar:10} {desc}"
_ENOUGH = 0.1
"""Such a share of the inputs shows how long the rest takes."""


class ReadingBar:
    """Shows how many rows are read; `watch` is what a check is given. Nothing is shown with `quiet`."""

    def __init__(self, *, quiet: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._quiet = quiet
        self._clock = clock
        self._last_line = clock()
        self._first = 0.0, 1.0
        self._share = 1.0
        self._bar: tqdm | None = None
        self.watch = ReadingWatch(rows=self._rows, writing=self._writing)

    def __enter__(self) -> Self:
        log_above()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        log_below()

    @property
    def stands(self) -> bool:
        """Whether the bar is on the terminal, so that other lines belong above it."""
        return self._bar is not None

    def close(self) -> None:
        """Take the bar off the terminal."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _rows(self, rows: int, share: float) -> None:
        if self._quiet:
            return
        now = self._clock()
        if not share:
            self._show(_READING, "{desc}", 0)
            return
        left_s = self._left_s(now, share)
        told = [f"{rows:,} rows"]
        if share >= 1:
            told.append("comparing them")
        elif left_s is not None:
            told.append(f"{time_left(left_s)} of reading left")
        self._show(", ".join(told), _FORM, share)
        if self._bar is None and now - self._last_line >= LINE_EVERY_S:
            self._last_line = now
            rounded_s = None if left_s is None else round(left_s, 1)
            say(f"{_READING}: {share:.0%}, {', '.join(told)}", rows=rows, share=round(share, 3), left_s=rounded_s)

    def _left_s(self, now: float, share: float) -> float | None:
        """Return how long the rest takes, by what was read since the first part: before it, files are opened.

        A file that has to be read as a whole after all begins anew.
        """
        if share < self._share:
            self._first = now, share
        self._share = share
        began, before = self._first
        return (now - began) * (1 - share) / (share - before) if share - before >= _ENOUGH else None

    def _writing(self) -> None:
        self._show("writing the reports", "{desc}", 0)

    def _show(self, sentence: str, form: str, share: float) -> None:
        if self._quiet or not shows_bars():
            return
        if self._bar is None:
            self._bar = tqdm(total=1.0, file=sys.stderr, dynamic_ncols=True, leave=False, bar_format="{desc}")
        self._bar.n, self._bar.bar_format = share, form
        self._bar.set_description_str(sentence, refresh=False)
        self._bar.refresh()
