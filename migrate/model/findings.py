"""Findings: what is wrong or doubtful about one cell or row, as rows of one frame."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

Severity = Literal["error", "warning", "note"]

FINDING_COLUMNS: dict[str, pl.DataType] = {
    "file": pl.String(),
    "sheet": pl.String(),
    "row": pl.UInt32(),
    "cell": pl.String(),
    "column": pl.String(),
    "record": pl.String(),
    "external_id": pl.String(),
    "field": pl.String(),
    "severity": pl.String(),
    "code": pl.String(),
    "value": pl.String(),
    "message": pl.String(),
    "hint": pl.String(),
}
"""The columns of `findings.csv`, in order; an empty value is null."""

PLACE_COLUMNS: dict[str, pl.DataType] = {"_src": pl.UInt32(), "_row": pl.UInt32(), "_n": pl.UInt32()}
"""What goes beside them in the tool: source index, row in it, number of the record (null: all records of the row)."""

FINDINGS_SCHEMA = pl.Schema({**FINDING_COLUMNS, **PLACE_COLUMNS})

_NONE = pl.DataFrame(schema=FINDINGS_SCHEMA)
"""Made once, as a check in parts needs it many times for each of them."""

DAMAGE = frozenset(
    {"e_notation", "excel_error", "rounded_digits", "formula_without_value", "hidden_by_format", "date_cell"}
)
"""What a spreadsheet program did to a value so that it is not known any more: an error on a key field."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a finding or of an outcome: what causes it and what cures it, for the docs."""

    code: str
    cause: str
    cure: str


def no_findings() -> pl.DataFrame:
    """Return an empty findings frame."""
    return _NONE.clone()


def findings_frame(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Return the findings frame of `rows`; columns that a row lacks are null."""
    return pl.DataFrame([{name: row.get(name) for name in FINDINGS_SCHEMA} for row in rows], schema=FINDINGS_SCHEMA)


def as_findings(frame: pl.DataFrame, **constants: str | None) -> pl.DataFrame:
    """Return `frame`, which has some of the finding columns, as a whole findings frame; `constants` fill columns."""
    if frame.is_empty():
        return no_findings()
    have = frame.with_columns(pl.lit(value, dtype=pl.String).alias(name) for name, value in constants.items())
    return have.select(
        (pl.col(name).cast(dtype) if name in have.columns else pl.lit(None, dtype=dtype).alias(name))
        for name, dtype in FINDINGS_SCHEMA.items()
    )
