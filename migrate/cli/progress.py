"""Progress on stderr: a bar at a terminal, a line every 30 s elsewhere, nothing with --quiet."""

import os
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Self

from tqdm import tqdm

from migrate.app.driving import Traffic, Watch, Work
from migrate.cli.bars import LINE_EVERY_S, log_above, log_below, shows_bars
from migrate.cli.log import say
from migrate.cli.phase import Phase
from migrate.cli.reading_bar import ReadingBar
from migrate.model.text import escape_controls

_READING, _WRITING = "reading what the dealer has", "writing the reports"
TICK_S = 0.5
"""How often the bar is brought up to date, by whoever drives it."""
_MEASURED_S, _SHORTEST_MEASURED_S = 60.0, 3.0
_USUAL_COLUMNS = 60
_FORMS: Sequence[tuple[str, int]] = (
    ("{percentage:3.0f}% {bar:10} {desc}", 16),
    ("{percentage:3.0f}% {desc}", 5),
    ("{desc}", 0),
)
"""How a bar may look, and how many columns of it are not the sentence; the last one is for what has no percentage."""


class ProgressBar:
    """Shows how far a run is; `watch` is what the run is given, `tick` is to be called now and then."""

    def __init__(self, *, quiet: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._quiet = quiet
        self._clock = clock
        self._at_terminal = shows_bars()
        self._reading = ReadingBar(quiet=quiet, clock=clock)
        self._bar: tqdm | None = None
        self._phase: Phase | None = None
        self._traffic: Callable[[], Traffic] | None = None
        self._sent: deque[tuple[float, int]] = deque()
        self._last_line = self._ticked = clock()
        self.watch = Watch(
            rows=self._reading.watch.rows,
            work=self._work,
            settled=self._settled,
            done=self._done,
            wait=self._wait,
            read=self._read,
            traffic=self._ask,
            writing=self._writing,
        )

    def __enter__(self) -> Self:
        log_above()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        log_below()

    def tick(self) -> None:
        """Bring what is shown up to date."""
        phase = self._phase
        if phase is None or self._quiet:
            return
        now = self._ticked = self._clock()
        traffic = self._measure(now)
        if traffic is not None:
            phase.look(now, traffic)
        per_minute = None if traffic is None else self._per_minute(traffic.allowed_per_minute)
        if self._bar is not None:
            self._bar.n = 0 if traffic is None else phase.answered(traffic)
            told, forms = phase.told(traffic, per_minute), _FORMS
            if not phase.total:
                told, forms = [phase.what, *told], _FORMS[-1:]
            self._bar.bar_format, sentence = _fitting(told, forms, _columns() - 1)  # where the cursor stands
            self._bar.set_description_str(sentence, refresh=False)
            self._bar.refresh()
        elif now - self._last_line >= LINE_EVERY_S:
            self._last_line = now
            say(f"{phase.what}: {', '.join(phase.told(traffic, per_minute))}", **phase.facts(traffic, per_minute))

    def _work(self, work: Work) -> None:
        if work.records:
            self._begin(Phase.sending(work))

    def _settled(self, number: int) -> None:
        if self._phase is not None:
            self._phase.done += number
            self._tick_line()

    def _done(self, requests: float) -> None:
        if self._phase is not None:
            self._phase.advance(requests, now=self._clock())

    def _read(self, done: int, total: int) -> None:
        if done >= total:
            self._end()  # a question may come next, on a line of its own
            return
        phase = self._phase
        if phase is None or phase.total != total:
            phase = self._begin(Phase(_READING, "sites' lists", total, total))
        phase.advance(done - phase.done, now=self._clock())
        phase.done = done
        self._tick_line()

    def _wait(self, sentence: str) -> None:
        if self._bar is not None or self._reading.stands:
            with suppress(OSError):  # a terminal that was closed ends no run
                tqdm.write(escape_controls(sentence), file=sys.stderr)
        elif not self._quiet:
            say(sentence)

    def _ask(self, traffic: Callable[[], Traffic]) -> None:
        self._traffic = traffic
        self._sent.clear()
        self._begin(Phase(_READING, "sites' lists"))

    def _writing(self) -> None:
        self._begin(Phase(_WRITING, ""))  # nothing ticks meanwhile: where there is no terminal, nothing is told

    def _begin(self, phase: Phase) -> Phase:
        self._end()
        self._phase = phase
        if self._traffic is not None:
            phase.look(self._clock(), self._traffic())
        if self._at_terminal and not self._quiet:
            self._bar = tqdm(
                total=phase.requests or None,
                desc=", ".join(phase.told(None, None)) if phase.total else phase.what,
                file=sys.stderr,
                dynamic_ncols=True,
                leave=False,
                bar_format=_FORMS[1 if phase.total else -1][0],
            )
        return phase

    def _tick_line(self) -> None:
        """Let time pass where nobody else does it often enough."""
        if self._bar is None and self._clock() - self._ticked >= TICK_S:
            self.tick()

    def _end(self) -> None:
        self._reading.close()
        self._phase = None
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _measure(self, now: float) -> Traffic | None:
        """Ask for the traffic, and remember it for as long as the rate is measured."""
        if self._traffic is None:
            return None
        traffic = self._traffic()
        self._sent.append((now, traffic.sent))
        while now - self._sent[0][0] > _MEASURED_S:
            self._sent.popleft()
        return traffic

    def _per_minute(self, allowed: float) -> float | None:
        """Return the rate of the last minute; None if it was watched too shortly."""
        if not self._sent or (span_s := self._sent[-1][0] - self._sent[0][0]) < _SHORTEST_MEASURED_S:
            return None
        return min(allowed, 60 * (self._sent[-1][1] - self._sent[0][1]) / span_s)  # a burst is within what is allowed


def _fitting(told: list[str], forms: Sequence[tuple[str, int]], columns: int) -> tuple[str, str]:
    """Return how a bar looks, and the sentence for which it leaves room.

    Where that is scarce, the bar goes first, then the requests, which are told before the rate, then all at the end.
    """
    *others, (narrow, taken) = forms[:2]
    for form, of_it in others:
        if len(", ".join(told)) <= columns - of_it:
            return form, ", ".join(told)
    shorter = [told[:-2] + told[-1:], *(told[:number] for number in range(len(told) - 2, 1, -1))]
    fitting = (", ".join(parts) for parts in (told, *shorter) if len(", ".join(parts)) <= columns - taken)
    return narrow, next(fitting, told[0])


def _columns() -> int:
    with suppress(OSError, ValueError):
        return os.get_terminal_size(sys.stderr.fileno()).columns
    return _USUAL_COLUMNS
