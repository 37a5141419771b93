"""Failures: how many rows may fail before a run stops, because something is wrong with more than these rows."""

import re
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Self

from migrate.errors import TooManyFailures, UsageError

_LIMIT = re.compile(r"(?P<number>[0-9]+)|(?P<percent>[0-9]+(?:\.[0-9]+)?) ?%")


@dataclass(frozen=True, slots=True)
class MaxFailures:
    """As it was typed: a number of rows, or a share of those that are to be sent."""

    told: str
    number: int | None = None
    share: Fraction | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what `text`, such as `20` or `5%`, means.

        Raises:
            UsageError: it is neither, or is nothing.
        """
        found = _LIMIT.fullmatch(text.strip())
        number = int(found["number"]) if found and found["number"] else None
        share = Fraction(found["percent"]) / 100 if found and found["percent"] else None
        if not number and not (share and share <= 1):
            raise UsageError(f"--max-failures {text}: write a number of rows from 1 on, or a percentage such as 5%")
        return cls(text.strip(), number, share)

    def of(self, planned: int) -> int:
        """Return how many of `planned` records may fail at the most; the run stops with the last of them."""
        return self.number if self.number is not None else max(1, ceil((self.share or 0) * planned))

    def stopped(self, failed: int) -> TooManyFailures:
        """Return what ends the run."""
        rows = "1 row has" if failed == 1 else f"{failed:,} rows have"
        return TooManyFailures(
            f"{rows} failed, and --max-failures is {self.told}: nothing more is sent; what was done is saved"
        )
