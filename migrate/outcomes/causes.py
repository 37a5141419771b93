"""Causes: findings and failures that are alike, told once, with their number and the fix."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from migrate.model.codes import CODES
from migrate.outcomes.summary import SEVERITIES

_FAILURES = ("failed", "unknown", "blocked")
_KINDS = ("failed", "unknown", "error", "blocked", "warning", "note")
_KEYS = ("severity", "code", "record", "field", "hint")
_SEE = "see what the message says; mend the row by it, then retry"

PLACES = 3
"""How many places a cause names as examples."""
SAYINGS = 3
"""How many different messages a cause tells, those with the most rows."""
_ROW = pl.col("_src").fill_null(0).cast(pl.UInt64) * 2**32 + pl.col("_row")
_PLACE = ("file", "sheet", "row", "cell")


@dataclass(frozen=True, slots=True)
class Saying:
    """One of the messages of a cause, how many rows have it, and where the first of them is."""

    message: str
    rows: int
    place: str


@dataclass(frozen=True, slots=True)
class Cause:
    """What several rows have in common, and how it is mended (`hint`).

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
        number = "1 row" if self.rows == 1 else f"{self.rows:,} rows"
        if self.kind == "blocked" and not self.alike:
            return f"{number} wait for what they belong to, such as {self.said}"
        said = self.said + (f" ({self.code})" if self.kind in {"failed", "unknown"} and self.code else "")
        said += f"; {self.hint}" if self.hint and self.kind != "blocked" else ""
        if not self.rows:
            return "".join(f"{place}: " for place in self.places[:1] if place) + said
        places = (self.sayings[0].place,) if self.sayings else self.places
        is_obvious = self.alike and self.rows > 1 and self.kind != "failed"
        example = "" if is_obvious else "".join(places[:1])
        where = f" ({'such as ' if self.rows > 1 else ''}{example})" if example else ""
        return f"{number}{where}: {said}"

    @property
    def is_urgent(self) -> bool:
        """Whether it keeps records out."""
        return self.kind not in {"warning", "note"}

    @property
    def said(self) -> str:
        """The messages, with their numbers where they differ, and how many more there are; one of what is blocked."""
        if self.kind == "blocked":
            return self.message
        said = "; ".join(map(_counted, self.sayings)) if len(self.sayings) > 1 else self.message
        untold = self.different - len(self.sayings)
        return said + (f"; and {untold:,} more like these" if self.sayings and untold else "")


def run_causes(outcomes: pl.DataFrame, findings: pl.DataFrame) -> tuple[Cause, ...]:
    """Return all causes of a run: what failed, what the files have wrong, what waits for it, then doubts and notes.

    What needs attention has a fix: the hint of its findings, else what cures its code.
    """
    found = _gravest_first([*causes(findings), *_outcome_causes(outcomes, findings)])
    return tuple(replace(cause, hint=cause.hint or _cure(cause.code)) if cause.is_urgent else cause for cause in found)


def causes(findings: pl.DataFrame) -> list[Cause]:
    """Return the causes of `findings` (FINDINGS_SCHEMA): errors first, then those with the most rows.

    A cell that goes into several fields may have the same finding for each; the gravest of them is told.
    """
    needed = findings.select(*_KEYS, "message", *_PLACE, "_src", "_row").with_row_index("_at")
    groups = needed.partition_by(_KEYS, maintain_order=True)
    number_of = Counter(group["code"][0] for group in groups)
    several = [group for group in groups if number_of[group["code"][0]] > 1]
    if several:  # only these can be about one cell twice
        told = _once_a_cell(pl.concat(several)).partition_by(_KEYS, maintain_order=True)
        groups = [*told, *(group for group in groups if number_of[group["code"][0]] == 1)]
    in_order = sorted(groups, key=lambda group: int(group["_at"][0]))
    return _gravest_first([_cause(group, **group.select(_KEYS).row(0, named=True)) for group in in_order])


def _gravest_first(found: list[Cause]) -> list[Cause]:
    return sorted(found, key=lambda cause: (_KINDS.index(cause.kind), -cause.rows))


def _outcome_causes(outcomes: pl.DataFrame, findings: pl.DataFrame) -> list[Cause]:
    """Return the causes of what is `failed`, `unknown`, `blocked`, where no error of the same record tells it."""
    errors = findings.filter(pl.col("severity") == "error").select("_n")
    own = outcomes.filter(pl.col("outcome").is_in(_FAILURES)).join(errors, on="_n", how="anti", maintain_order="left")
    placed = own.with_columns(pl.lit(None, dtype=pl.String).alias("cell"), pl.col("row").alias("_row"))
    groups = placed.partition_by("outcome", "code", "record", maintain_order=True)
    return [
        _cause(group, severity=group["outcome"][0], **group.select("code", "record").row(0, named=True))
        for group in groups
    ]


def _once_a_cell(findings: pl.DataFrame) -> pl.DataFrame:
    """Return `findings` in order, of those that say the same of one cell the gravest."""
    twice = pl.col("cell").is_not_null() & pl.struct("_src", "_row", "cell").is_duplicated()
    gravity = pl.col("severity").replace_strict(SEVERITIES, range(len(SEVERITIES)), return_dtype=pl.Int8)
    told = (
        findings.filter(twice)
        .sort(gravity, "_at")
        .unique(["_src", "_row", "cell", "code", "message"], keep="first", maintain_order=True)
    )
    return pl.concat([told, findings.filter(~twice)]).sort("_at")


def _cause(
    alike: pl.DataFrame,
    *,
    severity: str,
    code: str | None,
    record: str | None,
    field: str | None = None,
    hint: str | None = None,
) -> Cause:
    """Return the cause of rows that are `alike` in all that is given beside."""
    said = alike.with_columns(pl.col("message").fill_null(""), _at_row=_ROW)
    different = said["message"].n_unique()
    sayings = tuple(_sayings(said, each_its_own=different == said.height))
    return Cause(
        kind=severity,
        code=code or "",
        record=record,
        field=field,
        message=sayings[0].message,
        hint=hint,
        rows=said["_at_row"].drop_nulls().n_unique(),
        alike=different == 1,
        places=tuple(
            dict.fromkeys(place_name(**place) for place in said.select(_PLACE).head(PLACES).iter_rows(named=True))
        ),
        sayings=sayings,
        different=different,
    )


def _sayings(said: pl.DataFrame, *, each_its_own: bool) -> Iterator[Saying]:
    """Yield the messages of most rows; where each row has its own there is nothing to count."""
    if each_its_own:
        told = said.head(SAYINGS).with_columns(rows=pl.col("_at_row").is_not_null().cast(pl.UInt32))
    else:
        told = (
            said.group_by("message", maintain_order=True)
            .agg(pl.col(_PLACE).first(), rows=pl.col("_at_row").drop_nulls().n_unique())
            .sort("rows", descending=True, maintain_order=True)
            .head(SAYINGS)
        )
    for message, rows, *place in told.select("message", "rows", *_PLACE).iter_rows():
        yield Saying(message, rows, place_name(**dict(zip(_PLACE, place, strict=True))))


def _cure(code: str) -> str:
    """Return what cures the first of the codes that are joined by `;`."""
    known = [CODES[one].cure for one in code.split(";") if one in CODES]
    return known[0] if known else _SEE


def _counted(saying: Saying) -> str:
    return saying.message + (f" ({saying.rows:,} rows)" if saying.rows > 1 else "")


def place_name(*, file: str | None, sheet: str | None, row: int | None, cell: str | None) -> str:
    """Return where something stands, such as `customers.xlsx, Cameras!F12` or `customers.csv, row 12`."""
    where = cell if cell is not None else f"row {row}" if row is not None else None
    if where is not None and sheet is not None:
        where = f"{sheet}!{where}" if cell is not None else f"{sheet}, {where}"
    return ", ".join(part for part in (file, where or sheet) if part)
