"""Causes: findings and failures that are alike, told once, with their number and the fix."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from migrate.outcomes.summary import SEVERITIES

_FAILURES = ("failed", "unknown", "blocked")

PLACES = 3
"""How many places a cause names as examples."""
SAYINGS = 3
"""How many different messages a cause tells, those with the most rows."""
_ROW = pl.col("_src").fill_null(0).cast(pl.UInt64) * 2**32 + pl.col("_row")
_PLACE = pl.struct("file", "sheet", "row", "cell")


@dataclass(frozen=True, slots=True)
class Saying:
    """One of the messages of a cause, how many rows have it, and where the first of them is."""

    message: str
    rows: int
    place: str


@dataclass(frozen=True, slots=True)
class Cause:
    """What several rows have in common.

    `kind` is a severity, or the outcome of records that weren't mended by the file (`failed`, `unknown`, `blocked`).
    `message` is that of most rows; `alike` says that all rows have it, else `sayings` are the most frequent of the
    `different` messages. `rows` counts source rows, not cells; it is 0 for what is about a whole file or sheet.
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
    sayings: tuple[Saying, ...] = ()
    different: int = 1

    def __str__(self) -> str:
        """Return one line such as `212 rows: time zone "Estern" is not known; did you mean "Eastern"?`.

        Messages that differ are told with their numbers, and how many more there are.
        """
        if not self.rows:
            return "".join(f"{place}: " for place in self.places[:1] if place) + self._said
        number = "1 row" if self.rows == 1 else f"{self.rows:,} rows"
        if self.kind == "blocked" and self.different > 1:
            return f"{number} wait for what they belong to, such as {self.message}"
        places = (self.sayings[0].place,) if self.sayings else self.places
        is_obvious = self.alike and self.rows > 1 and self.kind != "failed"
        example = "" if is_obvious else "".join(places[:1])
        where = f" ({'such as ' if self.rows > 1 else ''}{example})" if example else ""
        return f"{number}{where}: {self._said}"

    @property
    def _said(self) -> str:
        if self.kind in {"failed", "unknown"}:
            return f"{self.message} ({self.code})" if self.code else self.message
        said = "; ".join(map(_counted, self.sayings)) if len(self.sayings) > 1 else self.message
        untold = self.different - len(self.sayings)
        more = f"; and {untold:,} more like these" if self.sayings and untold else ""
        return said + more + (f"; {self.hint}" if self.hint else "")


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
    said = (
        rows.with_columns(pl.col("message").fill_null(""))
        .group_by(*keys, "message", maintain_order=True)
        .agg(rows=_ROW.drop_nulls().n_unique(), place=_PLACE.first())
        .sort("rows", descending=True, maintain_order=True)
        .group_by(keys, maintain_order=True)
        .agg(different=pl.len(), sayings=pl.struct("message", "rows", "place").head(SAYINGS))
    )
    grouped = rows.group_by(keys, maintain_order=True).agg(
        pl.col([name for name in ("field", "hint") if name not in keys]).first(),
        places=_PLACE.head(PLACES).unique(maintain_order=True),
        rows=_ROW.drop_nulls().n_unique(),
    )
    joined = grouped.join(said, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return [_cause(row, kind=row[keys[0]]) for row in joined.iter_rows(named=True)]


def _cause(row: dict[str, Any], *, kind: str) -> Cause:
    sayings = tuple(Saying(**{**saying, "place": place_name(**saying["place"])}) for saying in row["sayings"])
    return Cause(
        kind=kind,
        code=row["code"] or "",
        record=row["record"],
        field=row["field"],
        message=sayings[0].message,
        hint=row["hint"],
        rows=row["rows"],
        alike=row["different"] == 1,
        places=tuple(place_name(**place) for place in row["places"]),
        sayings=sayings,
        different=row["different"],
    )


def _counted(saying: Saying) -> str:
    return saying.message + (f" ({saying.rows:,} rows)" if saying.rows > 1 else "")


def place_name(*, file: str | None, sheet: str | None, row: int | None, cell: str | None) -> str:
    """Return where something stands, such as `customers.xlsx, Cameras!F12` or `customers.csv, row 12`."""
    where = cell if cell is not None else f"row {row}" if row is not None else None
    if where is not None and sheet is not None:
        where = f"{sheet}!{where}" if cell is not None else f"{sheet}, {where}"
    return ", ".join(part for part in (file, where or sheet) if part)
