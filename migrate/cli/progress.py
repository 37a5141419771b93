"""Progress on stderr: a bar at a terminal, a line every 30 s elsewhere, nothing with --quiet."""

import logging
import os
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Self

from tqdm import tqdm

from migrate.app.driving import Traffic, Watch
from migrate.cli.log import say, speaks_json
from migrate.cli.screen import duration
from migrate.model.text import escape_controls

TICK_S = 0.5
"""How often the bar is brought up to date, by whoever drives it."""
_LINE_EVERY_S = 30.0
_MEASURED_S, _SHORTEST_MEASURED_S = 60.0, 3.0
_WORTH_TELLING_S = 2.0
_NARROW = 60
_BAR, _BAR_NARROW = "{percentage:3.0f}% {bar:10} {desc}", "{percentage:3.0f}% {desc}"


@dataclass(slots=True)
class _Phase:
    """What is being done: `done` of `total` of something, which takes `requests` in all."""

    what: str
    units: str
    total: int
    requests: int
    done: int = 0


class ProgressBar:
    """Shows how far a run is; `watch` is what the run is given, `tick` is to be called now and then."""

    def __init__(self, *, quiet: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._quiet = quiet
        self._clock = clock
        self._at_terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not speaks_json()
        self._bar: tqdm | None = None
        self._phase: _Phase | None = None
        self._traffic: Callable[[], Traffic] | None = None
        self._sent: deque[tuple[float, int]] = deque()
        self._last_line = clock()
        self.watch = Watch(
            total=self._total, settled=self._settled, wait=self._wait, read=self._read, traffic=self._ask
        )

    def __enter__(self) -> Self:
        for handler in _log_handlers():
            handler.setStream(_Above())
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        for handler in _log_handlers():
            handler.setStream(sys.stderr)

    def tick(self) -> None:
        """Bring what is shown up to date."""
        phase = self._phase
        if phase is None or self._quiet:
            return
        now = self._clock()
        traffic = self._measure(now)
        if self._bar is not None:
            self._bar.bar_format = _BAR if _columns() >= _NARROW else _BAR_NARROW
            self._bar.set_description_str(self._sentence(phase, traffic), refresh=False)
            self._bar.refresh()
        elif now - self._last_line >= _LINE_EVERY_S:
            self._last_line = now
            facts = {"done": phase.done, "total": phase.total, **({} if traffic is None else asdict(traffic))}
            say(f"{phase.what}: {self._sentence(phase, traffic)}", **facts)

    def _total(self, records: int, requests: int) -> None:
        self._begin(_Phase("sending", "records", records, requests))

    def _settled(self, number: int) -> None:
        if self._phase is not None:
            self._advance(self._phase, self._phase.done + number)

    def _read(self, done: int, total: int) -> None:
        if self._phase is None or self._phase.total != total:
            self._begin(_Phase("reading what the dealer has", "sites' lists", total, total))
        if self._phase is not None:
            self._advance(self._phase, done)
        if done >= total:
            self._end()  # a question may come next, on a line of its own

    def _wait(self, sentence: str) -> None:
        if self._bar is not None:
            with suppress(OSError):  # a terminal that was closed ends no run
                tqdm.write(escape_controls(sentence), file=sys.stderr)
        elif not self._quiet:
            say(sentence)

    def _ask(self, traffic: Callable[[], Traffic]) -> None:
        self._traffic = traffic
        self._sent.clear()

    def _begin(self, phase: _Phase) -> None:
        self._end()
        self._phase = phase
        if self._at_terminal and not self._quiet and phase.total:
            self._bar = tqdm(
                total=phase.total,
                desc=self._sentence(phase, None),
                file=sys.stderr,
                dynamic_ncols=True,
                leave=False,
                bar_format=_BAR_NARROW,
            )

    def _advance(self, phase: _Phase, done: int) -> None:
        if self._bar is not None:
            self._bar.n = done
        phase.done = done
        if self._bar is None:
            self.tick()

    def _end(self) -> None:
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

    def _sentence(self, phase: _Phase, traffic: Traffic | None) -> str:
        told = [f"{phase.done:,} of {phase.total:,} {phase.units}"]
        if traffic is None:
            return told[0]
        allowed = traffic.allowed_per_minute
        now = self._per_minute(allowed)
        waits = traffic.limit_wait_s >= _WORTH_TELLING_S
        if waits:
            told.append(f"waiting for the API's limit ({duration(traffic.limit_wait_s)})")
        if left := phase.requests * (1 - phase.done / phase.total if phase.total else 0):
            left_s = 60 * left / (now or allowed) + (traffic.limit_wait_s if waits else 0)
            told.append(f"{duration(left_s)} left")
        rate = f"{allowed:,.0f}/min allowed" if now is None else f"{now:,.0f} of {allowed:,.0f}/min"
        return ", ".join([*told, f"{traffic.sent:,} requests", rate])


class _Above:
    """Where log lines go while a bar may stand on the terminal: above it."""

    def write(self, text: str) -> None:
        if line := text.rstrip("\n"):
            tqdm.write(line, file=sys.stderr)

    def flush(self) -> None:
        sys.stderr.flush()


def _log_handlers() -> list["logging.StreamHandler[Any]"]:
    """Return what writes the tool's log lines to stderr."""
    handlers = logging.getLogger("migrate").handlers
    return [handler for handler in handlers if isinstance(handler, logging.StreamHandler)]


def _columns() -> int:
    with suppress(OSError, ValueError):
        return os.get_terminal_size(sys.stderr.fileno()).columns
    return _NARROW
