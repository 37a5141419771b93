"""Profiles: what a column of a table holds, by its values alone; whole columns at a time, of long ones a sample."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from migrate.mapping.blanks import clean
from migrate.mapping.rows import usable
from migrate.mapping.suggest.kinds import DEVICE_KINDS, KINDS, NAMED, TIMEZONES, is_timezone
from migrate.mapping.suggest.phrases import is_secret
from migrate.mapping.suggest.value_words import device_kind
from migrate.model.sources import Table

SAMPLE_ROWS = 20_000
"""Of a longer table so many rows, evenly spread, say what kind of values a column of many different ones holds."""

_MOST_ZONES, _MOST_KINDS = 300, 12
_MOSTLY, _HALF = 0.8, 0.5
_EXAMPLES = 3
_FEW = 1_000
"""A column of so few different values is counted whole."""


@dataclass(frozen=True)
class Profile:
    """One column: how many of its `rows` are `filled`, how many `distinct` values there are, and what they look like.

    `values` has the trimmed values of the sample (`value`, `count`), the commonest first, then in sheet order; `shares`
    says which share of the sample's filled cells is of a kind (see `kinds`).
    """

    column: str
    letter: str
    rows: int
    filled: int
    distinct: int
    values: pl.DataFrame
    shares: Mapping[str, float]
    examples: tuple[str, ...]

    @property
    def filled_share(self) -> float:
        """The share of rows that have a value."""
        return self.filled / self.rows if self.rows else 0.0

    @property
    def is_unique(self) -> bool:
        """Whether no value stands twice."""
        return 0 < self.filled == self.distinct

    @cached_property
    def kind(self) -> str:
        """What nearly all values are, in a word or two; `text` if they are of no kind, `empty` if there are none."""
        if not self.filled:
            return "empty"
        found = [(self.shares[name], -at, name) for at, name in enumerate(NAMED) if self.shares.get(name, 0) >= _MOSTLY]
        if not found:
            return "text"
        name = max(found, key=lambda item: (round(item[0], 2), item[1]))[2]
        if name == "numbers" and self.has_zeros:
            return "codes with leading zeros"
        return name

    @cached_property
    def has_zeros(self) -> bool:
        """Whether numbers among the values begin with a zero, as codes do."""
        return bool(self.values["value"].str.contains(r"^0[0-9]+$").any())

    @cached_property
    def width(self) -> int | None:
        """The length that nearly all values have, if there is one."""
        lengths = self.values.group_by(pl.col("value").str.len_chars().alias("length")).agg(pl.col("count").sum())
        if lengths.is_empty():
            return None
        length, count = lengths.sort("count", descending=True).row(0)
        return int(length) if count >= _MOSTLY * self.sampled else None

    @property
    def sampled(self) -> int:
        """The number of filled cells in the sample."""
        return count_rows(self.values)

    def share_where(self, test: pl.Series) -> float:
        """Return the share of the sample's filled cells whose value, of `values`, passes a test."""
        return count_rows(self.values.filter(test)) / self.sampled if self.sampled else 0.0

    def share_among(self, known: Collection[str]) -> float:
        """Return the share of the sample's filled cells whose value is known."""
        return self.share_where(pl.Series([value in known for value in self.values["value"]], dtype=pl.Boolean))

    def share(self, *kinds: str) -> float:
        """Return the share of filled cells that are of any of the `kinds`."""
        return min(1.0, sum(self.shares.get(kind, 0.0) for kind in kinds))


def count_rows(values: pl.DataFrame) -> int:
    """Return the sum of the `count` of values."""
    return int(values["count"].sum())


def profiles(table: Table) -> dict[str, Profile]:
    """Return the profile of each column, over the rows that can make records."""
    rows = whole_rows(table)
    step = max(1, rows.height // SAMPLE_ROWS)
    sample = rows if step == 1 else rows.gather_every(step)
    found = {}
    for column in table.columns:
        cells = cleaned_cells(rows[column])
        part = cells if step == 1 else cleaned_cells(sample[column])
        found[column] = _profile(column, table.letters[column], cells, part)
    return found


def cleaned_cells(cells: pl.Series) -> pl.Series:
    """Return the cells of a column trimmed, null where empty."""
    return cells.to_frame("cell").select(clean(pl.col("cell"))).to_series()


def whole_rows(table: Table) -> pl.DataFrame:
    """Return the rows that can make records, but for torn ones, whose cells may stand under the wrong name."""
    rows = usable(table)
    torn = table.findings.filter(pl.col("column").is_null(), severity="error")["_row"].drop_nulls()
    return rows if torn.is_empty() else rows.filter(~pl.col("_row").is_in(torn.implode()))


def is_sampled(table: Table) -> bool:
    """Tell whether kinds of values are told from a sample of the rows."""
    return table.frame.height // SAMPLE_ROWS > 1


def _profile(column: str, letter: str, cells: pl.Series, sample: pl.Series) -> Profile:
    filled, distinct = cells.len() - cells.null_count(), cells.drop_nulls().n_unique()
    counted_of = (cells if distinct <= _FEW else sample).drop_nulls().rename("value")
    counted = counted_of.value_counts(sort=False)
    order = counted_of.unique(maintain_order=True).to_frame().with_row_index("_at")
    values = order.join(counted, on="value", how="left").sort(["count", "_at"], descending=[True, False])
    return Profile(
        column=column,
        letter=letter,
        rows=cells.len(),
        filled=filled,
        distinct=distinct,
        values=values.select("value", "count"),
        shares=_shares(values),
        examples=("***",) if filled and is_secret(column) else _first(cells),
    )


def _first(cells: pl.Series) -> tuple[str, ...]:
    """Return the first different values of a column."""
    return tuple(cells.head(SAMPLE_ROWS).drop_nulls().unique(maintain_order=True).head(_EXAMPLES))


def _shares(values: pl.DataFrame) -> dict[str, float]:
    total = count_rows(values)
    if not total:
        return {}
    tests = {name: pl.col("value").str.contains(pattern) for name, pattern in KINDS.items()}
    sums = values.select(pl.col("count").filter(test).sum().alias(name) for name, test in tests.items()).row(0)
    shares = {name: count / total for name, count in zip(tests, sums, strict=True)}
    if shares["twelve digits"] > _HALF * shares["MAC addresses"]:
        shares["MAC addresses"] = 0.0  # a MAC has letters too; these are serial numbers
    states = values["value"].filter(values["value"].str.contains(KINDS["US states"]))
    if states.str.to_uppercase().eq("OK").all():
        shares["US states"] = 0.0  # Oklahoma alone is more often all right
    if 1 < values.height <= _MOST_KINDS:
        shares[DEVICE_KINDS] = _device_kinds(values) / total
    if values.height <= _MOST_ZONES:
        known = values.filter(pl.Series([is_timezone(value) for value in values["value"]], dtype=pl.Boolean))
        shares[TIMEZONES] = count_rows(known) / total
    return shares


def _device_kinds(values: pl.DataFrame) -> int:
    """Count the rows that say what kind of device they are; 0 where all say the same, or none is a camera."""
    kinds = [device_kind(value) for value in values["value"]]
    if not {"camera"} < {*kinds} - {None}:
        return 0
    return count_rows(values.filter(pl.Series([kind is not None for kind in kinds], dtype=pl.Boolean)))
