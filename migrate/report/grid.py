"""Grid: a table of the page that filters and sorts; its first rows as markup, all of them as JSON for the script."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
import polars as pl
from markupsafe import Markup

from migrate.model.outcomes import NEEDS_ATTENTION
from migrate.model.phrase import phrase
from migrate.model.text import ACTING, escape_controls
from migrate.outcomes.summary import SEVERITIES, in_order

TEXT_MAX = 600
"""The most characters of one value that the page shows; the CSV files have all of them."""

FIRST_ROWS = 100

DETAILS = frozenset({"Action", "Retryable", "Remote id", "HTTP", "Attempts", "Trace id"})
"""Columns that a printed page has no room for."""

_PLACE = pl.concat_str(
    "file",
    pl.concat_str(pl.lit(" · "), "sheet").fill_null(""),
    pl.concat_str(pl.lit(" · "), pl.coalesce("cell", pl.concat_str(pl.lit("row "), "row"))).fill_null(""),
)
_OUTCOMES: Mapping[str, pl.Expr] = {
    "Outcome": pl.col("outcome"),
    "Record": pl.col("record"),
    "External id": pl.col("external_id"),
    "Site": pl.col("external_site_id"),
    "Where": _PLACE,
    "Message": pl.col("message"),
    "Code": pl.col("code"),
    "Action": pl.col("action"),
    "Retryable": pl.when("retryable").then(pl.lit("yes")).otherwise(pl.lit("no")),
    "Remote id": pl.col("remote_id"),
    "HTTP": pl.col("status_code").cast(pl.String),
    "Attempts": pl.col("attempts").cast(pl.String),
    "Trace id": pl.col("trace_id"),
}
_FINDINGS: Mapping[str, pl.Expr] = {
    "Severity": pl.col("severity"),
    "Record": pl.col("record"),
    "External id": pl.col("external_id"),
    "Where": _PLACE,
    "Message": pl.col("message"),
    "What to do": pl.col("hint"),
    "Column": pl.col("column"),
    "Value": pl.col("value"),
    "Code": pl.col("code"),
}


@dataclass(frozen=True, slots=True)
class Grid:
    """`words`, `records` and `codes` are what can be chosen; `data` is the JSON of all columns."""

    name: str
    title: str
    columns: tuple[str, ...]
    words: tuple[str, ...]
    records: tuple[str, ...]
    codes: tuple[str, ...]
    total: int
    details: tuple[str, ...]
    first: tuple[tuple[str | None, ...], ...]
    data: Markup


def outcome_grid(outcomes: pl.DataFrame) -> Grid:
    """Return the table of outcomes: those that need attention first, each part in source order."""
    rest = pl.col("outcome").is_in(NEEDS_ATTENTION).not_()
    rows = outcomes.sort(rest, maintain_order=True).with_columns(cell=pl.lit(None, dtype=pl.String)).select(**_OUTCOMES)
    return _grid("outcomes", "Outcomes", rows=rows, words=in_order(set(rows["Outcome"])))


def finding_grid(findings: pl.DataFrame) -> Grid:
    """Return the table of findings: errors first, each severity in source order."""
    rank = pl.col("severity").replace_strict(
        {word: rank for rank, word in enumerate(SEVERITIES)}, default=len(SEVERITIES)
    )
    rows = findings.sort(rank, maintain_order=True).select(**_FINDINGS)
    present = set(rows["Severity"])
    return _grid("findings", "Findings", rows=rows, words=[word for word in SEVERITIES if word in present])


def _grid(name: str, title: str, *, rows: pl.DataFrame, words: list[str]) -> Grid:
    plain = rows.with_columns(_plain(column) for column in rows)
    return Grid(
        name=name,
        title=title,
        columns=tuple(rows.columns),
        words=tuple(words),
        records=tuple(rows["Record"].drop_nulls().unique(maintain_order=True)),
        codes=tuple(rows["Code"].drop_nulls().unique().str.split(";").explode().unique().sort().drop_nulls()),
        total=rows.height,
        details=tuple(name for name in rows.columns if name in DETAILS),
        first=tuple(plain.head(FIRST_ROWS).iter_rows()),
        data=json_markup([column.to_list() for column in plain]),
    )


def _plain(column: pl.Series) -> pl.Series:
    """Return `column` bounded and without characters that act."""
    long = column.str.len_chars() > TEXT_MAX
    if long.any():
        number = pl.lit(column).str.len_chars()
        cut = phrase("{} … [cut: {} characters]", pl.lit(column).str.head(TEXT_MAX), number)
        column = pl.select(pl.when(long).then(cut).otherwise(pl.lit(column)).alias(column.name)).to_series()
    acting = column.str.contains(ACTING).fill_null(value=False)
    if not acting.any():
        return column
    return column.scatter(
        acting.arg_true(), column.filter(acting).map_elements(escape_controls, return_dtype=pl.String)
    )


def json_markup(value: object) -> Markup:
    """Return `value` as JSON that can stand inside a script element: nothing in it can end or begin one."""
    text = orjson.dumps(value).decode()
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)  # noqa: S704  # no markup can be left in it
