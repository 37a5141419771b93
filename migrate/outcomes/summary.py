"""Summary: how many records came to which outcome, what needs attention first, and the exit code that follows."""

import polars as pl

from migrate.model.outcomes import NEEDS_ATTENTION, OUTCOMES
from migrate.model.records import RECORDS
from migrate.outcomes.rest import Rest

SEVERITIES = ("error", "warning", "note")


def count_outcomes(outcomes: pl.DataFrame, rest: Rest | None = None) -> dict[str, dict[str, int]]:
    """Return record → outcome → number: what needs attention first, then `skipped`, then the rest."""
    counted = outcomes.group_by("record", "outcome").len()
    numbers = {(record, outcome): number for record, outcome, number in counted.iter_rows()}
    for key, number in ({} if rest is None else rest.counts).items():
        numbers[key] = numbers.get(key, 0) + number
    records = sorted({record for record, _ in numbers}, key=list(RECORDS).index)
    ranked = in_order({outcome for _, outcome in numbers})
    return {
        record: {outcome: numbers[record, outcome] for outcome in ranked if (record, outcome) in numbers}
        for record in records
    }


def count_findings(findings: pl.DataFrame) -> dict[str, int]:
    """Return severity → number, worst first; a severity without findings is 0."""
    numbers = dict(findings.group_by("severity").len().iter_rows())
    return {severity: numbers.get(severity, 0) for severity in SEVERITIES}


def count_left_out(left_out: pl.DataFrame) -> dict[str, int]:
    """Return why → number of source rows that made no record, most first."""
    return dict(left_out.group_by("why").len().sort("len", "why", descending=[True, False]).iter_rows())


def in_order(words: set[str]) -> list[str]:
    """Return outcome words in the order in which they are told."""
    known = list(OUTCOMES)

    def rank(word: str) -> tuple[bool, bool, int, str]:
        place = known.index(word) if word in OUTCOMES else len(known)
        return word not in NEEDS_ATTENTION, word != "skipped", place, word

    return sorted(words, key=rank)


def exit_code(outcomes: pl.DataFrame) -> int:
    """Return 1 if any record needs attention, else 0."""
    return int(needing_attention(outcomes).height > 0)


def needing_attention(outcomes: pl.DataFrame) -> pl.DataFrame:
    """Return the outcomes that a person has to look at."""
    return outcomes.filter(pl.col("outcome").is_in(NEEDS_ATTENTION))
