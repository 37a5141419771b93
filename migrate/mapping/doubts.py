"""Doubts: what the mapping's steps could not do, as findings."""

from collections.abc import Sequence

import polars as pl
from rapidfuzz import fuzz, process

from migrate.mapping.mistakes import quoted
from migrate.mapping.select import Reading
from migrate.mapping.steps import TextSteps
from migrate.model.findings import as_findings
from migrate.model.phrase import phrase

_NEAR = 70
_MOST_GUESSES = 1000
"""A map that so many different values miss is the wrong map; to look for a near key of each would take minutes."""

_UNMATCHED, _UNKNOWN = "_unmatched ", "_unknown "


def doubts(field: str, steps: TextSteps) -> dict[str, pl.Expr]:
    """Return what `step_findings` needs beside the fields: column name → the text that a step could do nothing with."""
    texts = {_UNMATCHED + field: steps.unmatched, _UNKNOWN + field: steps.unknown}
    return {name: text for name, text in texts.items() if text is not None}


def step_findings(frame: pl.DataFrame, reading: Reading) -> list[pl.DataFrame]:
    """Return the findings about the rows of `frame`, which has the columns of `doubts`."""
    found = []
    for name in frame.columns:
        field = name.removeprefix(_UNMATCHED).removeprefix(_UNKNOWN)
        if field != name and frame[name].count():
            rows = frame.select("_row", _src=pl.lit(reading.src), text=name).drop_nulls("text")
            told = _unmatched(rows, field) if name.startswith(_UNMATCHED) else _unknown(rows, field, reading)
            found.append(as_findings(told, record=reading.spec.record, field=field))
    return found


def _unmatched(rows: pl.DataFrame, field: str) -> pl.DataFrame:
    return rows.with_columns(
        severity=pl.lit("warning"),
        code=pl.lit("extract"),
        message=phrase('the pattern of extract is not found in "{}"', "text"),
        hint=pl.lit(f"mend the cell, or the pattern under table.fields.{field}.extract"),
    )


def _unknown(rows: pl.DataFrame, field: str, reading: Reading) -> pl.DataFrame:
    place = f"table.fields.{field}.map"
    keys = list(reading.spec.fields[field].map)
    values = rows["text"].unique(maintain_order=True).to_list()
    hints = [_hint(value, keys if index < _MOST_GUESSES else [], place) for index, value in enumerate(values)]
    return rows.with_columns(
        severity=pl.lit("error"),
        code=pl.lit("not_in_map"),
        message=phrase('"{}" is not in the map', "text"),
        hint=pl.col("text").replace_strict(values, hints, return_dtype=pl.String),
    )


def _hint(value: str, keys: Sequence[str], place: str) -> str:
    match = process.extractOne(value, keys, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=_NEAR)
    return f"did you mean {quoted(match[0])}? add it under {place}" if match else f"add {quoted(value)} under {place}"
