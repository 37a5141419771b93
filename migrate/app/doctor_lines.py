"""What doctor found: one line for each thing that was looked at."""

from dataclasses import dataclass
from typing import Literal

from migrate.errors import ApiUnusable, UsageError

State = Literal["ok", "warning", "wrong", "skipped"]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing: whether it works (`skipped`: it couldn't be tried), what was seen, and what to do about it.

    `exit_code` is what a command that needs the thing would end with.
    """

    check: str
    state: State
    told: str
    remedy: str = ""
    exit_code: int = 0


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All lines, in the order in which they were looked at."""

    lines: tuple[Line, ...]

    @property
    def exit_code(self) -> int:
        """2 where a setting is wrong or missing, else 3 where the API can't be used, else 0; warnings don't count."""
        codes = {line.exit_code for line in self.lines}
        return next((code for code in (UsageError.exit_code, ApiUnusable.exit_code) if code in codes), 0)

    def number(self, state: State) -> int:
        """Return how many lines are in a state."""
        return sum(line.state == state for line in self.lines)
