"""Causes: findings and failures that are alike, told once, with their number and the fix."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from migrate.outcomes.summary import SEVERITIES

_FAILURES = ("failed", "unknown", "blocked")

PLACES = 3
"""How many places a cause names as examples."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What several rows have in common.

    `kind` is a severity, or the outcome of records that weren't mended by the file (`failed`, `unknown`, `blocked`).
    `message` is the first row's; `alike` says that all rows have the same one. `rows` counts source rows, not cells; it
    is 0 for what is about a whole file or sheet.
    """

    kind: str
    code: str
    record: str | None
    field: str | None
    message: str
    hint: str | None
    rows: int
    alike: bool
    places: tuple[str, ...]

    def __str__(self) -> str:
        """Return one line such as `212 rows: time zone "Estern" is not known; did you mean "Eastern"?`."""
        if not self.rows:
            return "".join(f"{place}: " for place in self.places[:1] if place) + self._said
        number = "1 row" if self.rows == 1 else f"{self.rows:,} rows"
        example = "" if self.alike and self.rows > 1 else "".join(self.places[:1])
        where = f" ({'such as ' if self.rows > 1 else ''}{example})" if example else ""
        return f"{number}{where}: {self._said}"

    @property
    def _said(self) -> str:
        return self.message + (f"; {self.hint}" if self.hint else "")


def causes(findings: pl.DataFrame) -> list[Cause]:
    """Return the causes of `findings` (FINDINGS_SCHEMA): errors first, then those with the most rows.

    A cell that goes into several fields may have the same finding for each; the gravest of them is told.
    """
    told = _group(_once_a_cell(findings), ["severity", "code", "record", "field", "hint"])
    return sorted(told, key=lambda cause: (SEVERITIES.index(cause.kind), -cause.rows))


def outcome_causes(outcomes: pl.DataFrame) -> list[Cause]:
    """Return the causes of outcomes that no finding tells: `failed`, `unknown`, last `blocked`, one a record kind."""
    own = outcomes.filter(pl.col("outcome").is_in(_FAILURES)).with_columns(
        *(pl.lit(None, dtype=pl.String).alias(name) for name in ("cell", "field", "hint")),
        pl.col("row").alias("_row"),
        pl.when(pl.col("outcome") != "blocked").then("message").alias("_said"),
    )
    told = _group(own, ["outcome", "code", "record", "_said"])
    return sorted(told, key=lambda cause: (_FAILURES.index(cause.kind), -cause.rows))


def _once_a_cell(findings: pl.DataFrame) -> pl.DataFrame:
    gravity = pl.col("severity").replace_strict(SEVERITIES, range(len(SEVERITIES)), return_dtype=pl.Int8)
    placed = findings.with_row_index("_at").with_columns(gravity.alias("_gravity"))
    of_cells = placed.filter(pl.col("cell").is_not_null()).sort("_gravity", "_at")
    told = of_cells.unique(["_src", "_row", "cell", "code", "message"], keep="first", maintain_order=True)
    return pl.concat([told, placed.filter(pl.col("cell").is_null())]).sort("_at").drop("_at", "_gravity")


def _group(rows: pl.DataFrame, keys: list[str]) -> list[Cause]:
    """Return a cause for each combination of `keys`, the first of which is its kind."""
    grouped = rows.group_by(keys, maintain_order=True).agg(
        pl.col([name for name in ("message", "field", "hint") if name not in keys]).first(),
        places=pl.struct("file", "sheet", "row", "cell").head(PLACES).unique(maintain_order=True),
        rows=(pl.col("_src").fill_null(0).cast(pl.UInt64) * 2**32 + pl.col("_row")).drop_nulls().n_unique(),
        alike=pl.col("message").n_unique() == 1,
    )
    return [_cause(row, kind=row[keys[0]]) for row in grouped.iter_rows(named=True)]


def _cause(row: dict[str, Any], *, kind: str) -> Cause:
    return Cause(
        kind=kind,
        code=row["code"] or "",
        record=row["record"],
        field=row["field"],
        message=row["message"] or "",
        hint=row["hint"],
        rows=row["rows"],
        alike=row["alike"],
        places=tuple(place_name(**place) for place in row["places"]),
    )


def place_name(*, file: str | None, sheet: str | None, row: int | None, cell: str | None) -> str:
    """Return where something stands, such as `customers.xlsx, Cameras!F12` or `customers.csv, row 12`."""
    where = cell if cell is not None else f"row {row}" if row is not None else None
    if where is not None and sheet is not None:
        where = f"{sheet}!{where}" if cell is not None else f"{sheet}, {where}"
    return ", ".join(part for part in (file, where or sheet) if part)
