"""A terminal and a clock for what tests show on it."""

import fcntl
import os
import pty
import struct
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TextIO

import pytest


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


class Screen:
    """A terminal of so many columns, and what was written to it."""

    def __init__(self, columns: int) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.set_blocking(self.master, False)
        self.stream: TextIO = os.fdopen(slave, "w", encoding="utf-8")

    def text(self) -> str:
        self.stream.flush()
        told = b""
        with suppress(BlockingIOError):
            while True:
                told += os.read(self.master, 65536)
        return told.decode()

    def lines(self) -> list[str]:
        """Return what stands on the terminal in the end: of what was written over, the last."""
        told: list[str] = []
        for line in self.text().replace("\r\n", "\n").split("\n"):
            shown = ""
            for part in line.split("\r"):
                shown = part + shown[len(part) :]
            told.append(shown.rstrip())
        return told


def screens(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], Screen]]:
    """Yield what makes stderr a terminal."""
    monkeypatch.setenv("TERM", "xterm")
    made = []

    def make(columns: int) -> Screen:
        made.append(Screen(columns))
        monkeypatch.setattr(sys, "stderr", made[-1].stream)
        return made[-1]

    yield make
    for one in made:
        one.stream.close()
        os.close(one.master)
