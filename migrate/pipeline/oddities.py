"""Oddities: what is strange about answers to batches and loses nothing; counted while the run goes on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from migrate.model.answers import BulkAnswer
from migrate.pipeline.match import Matched
from migrate.pipeline.odd_findings import COUNTS, EXTRA, TWICE


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
