"""Oddities: what is strange about answers to batches and loses nothing; counted, and told once a kind after the run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from migrate.model.answers import BulkAnswer
from migrate.model.findings import findings_frame
from migrate.pipeline.match import Matched

FACT = "oddities"
"""The journal's key for what `Oddities.facts` returns."""


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


@dataclass(slots=True)
class _Kind:
    answers: int
    example: str


class Oddities:
    """Counts answers by kind of oddity, each with the site that was the first to get one."""

    def __init__(self) -> None:
        self._kinds: dict[str, _Kind] = {}

    def look_at(self, answer: BulkAnswer, matched: Matched, *, external_site_id: str) -> None:
        """Count what is odd about one answer."""
        good = sum(result.is_successful for result in answer.results)
        counts = (good, len(answer.results) - good)
        told = (answer.success_count, answer.failure_count)
        odd = {
            EXTRA: matched.extra > 0,
            TWICE: matched.twice > 0,
            COUNTS: any(said not in {None, count} for said, count in zip(told, counts, strict=True)),
        }
        for oddity in (oddity for oddity, is_so in odd.items() if is_so):
            kind = self._kinds.setdefault(oddity.code, _Kind(0, external_site_id))
            kind.answers += 1

    def facts(self, before: Mapping[str, Sequence[Any]] | None = None) -> dict[str, list[Any]]:
        """Return code → number and example, those of an earlier part of the run included."""
        kinds = {code: list(told) for code, told in (before or {}).items()}
        for code, kind in self._kinds.items():
            number, example = kinds.get(code, (0, kind.example))
            kinds[code] = [number + kind.answers, example]
        return kinds


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
