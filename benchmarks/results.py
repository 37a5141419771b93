"""Results: a goal's figure beside its baseline, printed for people, and with `--json` as a last line for the driver."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from benchmarks.measure import ROUNDS

LARGE = 13
"""The number under which stands what is promised of a million devices beside the goals."""


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table.

    `goal` is its number in the table of goals, `ratio` what is judged: at most `most`, or at least `least`. A ratio
    without either is shown beside a goal, and judges nothing. `unit` is that of the ratio. `facts` are the numbers
    that README tells.
    """

    goal: int
    what: str
    figure: str
    baseline: str
    ratio: float | None = None
    shown: str = ""
    most: float | None = None
    least: float | None = None
    unit: str = "x"
    facts: Mapping[str, float] = field(default_factory=dict)

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None where nothing is judged."""
        if self.ratio is None or (self.most is None and self.least is None):
            return None
        return (self.most is None or self.ratio <= self.most) and (self.least is None or self.ratio >= self.least)

    @property
    def wanted(self) -> str:
        """The goal, as it stands in the table."""
        bound, sign = (self.least, "≥") if self.most is None else (self.most, "≤")
        if bound is None:
            return ""
        return f"{sign} {bound:.0%}" if self.unit == "%" else f"{sign} {bound:g} {self.unit}"

    @property
    def verdict(self) -> str:
        """Return `reached`, or by how much it isn't."""
        if self.reached is None:
            return ""
        if self.reached:
            return "reached"
        bound = self.most if self.most is not None else self.least
        if self.ratio is None or not bound:
            return "not reached"
        return f"not reached, by {abs(self.ratio / bound - 1):.0%}"


def parser(doc: str | None, *, rounds: int = ROUNDS) -> argparse.ArgumentParser:
    """Return the options that every script has."""
    made = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--rounds", type=int, default=rounds, help=f"interleaved rounds ({rounds})")
    made.add_argument("--json", action="store_true", help="print the results once more, as a last line of JSON")
    return made


def show(results: Sequence[Result], *, setting: str, as_json: bool) -> None:
    """Print the results; `setting` says what was measured: sizes, rounds."""
    print(setting)
    for result in results:
        judged = f"   goal {result.wanted}: {result.verdict}" if result.verdict else ""
        shown = result.shown or (f"{result.ratio:.2f}" if result.ratio is not None else "")
        print(f"[{result.goal}] {result.what}: {result.figure}; {result.baseline}; {shown}{judged}")
    if as_json:
        print(json.dumps({"setting": setting, "results": [asdict(result) for result in results]}))
