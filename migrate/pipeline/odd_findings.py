"""What was odd about answers to batches, told once a kind after the run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from migrate.model.findings import findings_frame

FACT = "oddities"
"""The journal's key for the kinds: code → number of answers and the site of the first."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """One kind: its code, and what the answers told."""

    code: str
    told: str


EXTRA = Oddity(code="extra_result", told="of devices that were not sent, which were ignored")
TWICE = Oddity(code="twice_in_answer", told="of one device twice, so it was looked for at the dealer")
COUNTS = Oddity(code="wrong_counts", told="counts that disagree with the results, which were followed")
_TOLD = {oddity.code: oddity.told for oddity in (EXTRA, TWICE, COUNTS)}
_HINT = "what is in outcomes.csv holds; tell the API's support"


def odd_findings(facts: Mapping[str, Sequence[Any]] | None) -> pl.DataFrame:
    """Return a warning (FINDINGS_SCHEMA) for each kind of oddity; they are about no row."""
    return findings_frame(
        {
            "severity": "warning",
            "record": "device",
            "code": code,
            "message": f"{_answers(number)} told {_TOLD[code]}; the first was about site {example}",
            "hint": _HINT,
        }
        for code, (number, example) in (facts or {}).items()
    )


def _answers(number: int) -> str:
    return "1 answer to a batch" if number == 1 else f"{number:,} answers to batches"
