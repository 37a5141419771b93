"""Progress on stderr: a bar at a terminal, a line now and then elsewhere, nothing with --quiet."""

import sys
import time
from collections.abc import Callable
from typing import Self

from tqdm import tqdm

from migrate.app.driving import Watch
from migrate.model.text import escape_controls

_LINE_EVERY_S = 30.0


class ProgressBar:
    """Shows records being settled; `watch` is what the run is given."""

    def __init__(self, *, quiet: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._quiet = quiet
        self._clock = clock
        self._at_terminal = sys.stderr.isatty()
        self._bar: tqdm | None = None
        self._total = self._done = 0
        self._last_line = clock()
        self.watch = Watch(total=self._start, settled=self._settled, wait=self._wait, read=self._read)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _start(self, total: int) -> None:
        self._end()
        self._total, self._done = total, 0
        self._open("sending", total)

    def _settled(self, number: int) -> None:
        self._done += number
        if self._bar is not None:
            self._bar.update(number)
        elif not self._quiet:
            self._line(f"{self._done:,} of {self._total:,} records are settled")

    def _read(self, done: int, total: int) -> None:
        if self._bar is None and self._total != total:
            self._total = total
            self._open("reading what the dealer has", total)
        if self._bar is not None:
            self._bar.update(done - self._bar.n)
        elif not self._quiet:
            self._line(f"{done:,} of {total:,} sites' lists are read")

    def _wait(self, sentence: str) -> None:
        if not self._quiet:
            tqdm.write(escape_controls(sentence), file=sys.stderr)

    def _open(self, what: str, total: int) -> None:
        if self._at_terminal and not self._quiet and total:
            self._bar = tqdm(total=total, desc=what, unit=" records", file=sys.stderr, dynamic_ncols=True, leave=False)

    def _line(self, sentence: str) -> None:
        now = self._clock()
        if now - self._last_line >= _LINE_EVERY_S:
            self._last_line = now
            sys.stderr.write(f"{sentence}\n")

    def _end(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
