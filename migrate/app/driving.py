"""What steers a run from outside: who watches it, and the signal that may end it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from migrate.app.signals import Interrupt


def nothing(*_: object) -> None:
    """Take no notice."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told how a run goes: `total` records to settle, `settled` of them, `wait` a sentence, `read` lists."""

    total: Callable[[int], None] = nothing
    settled: Callable[[int], None] = nothing
    wait: Callable[[str], None] = nothing
    read: Callable[[int, int], None] = nothing


@dataclass(slots=True)
class Driving:
    """What a use case is driven with."""

    watch: Watch = field(default_factory=Watch)
    interrupt: Interrupt = field(default_factory=Interrupt)
