"""Profiles: what a column of a table holds, by its values alone; whole columns at a time, of long ones a sample."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

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

    `letter` is empty where it was looked up in a second file.
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
    columns = [cells.drop_nulls() for cells in _cleaned(rows)]
    counted = [_counted(cells, height=rows.height, step=step) for cells in columns]
    return {
        name: Profile(
            column=name,
            letter=table.letters[name] or "",
            rows=rows.height,
            filled=cells.len(),
            distinct=cells.n_unique(),
            values=values,
            shares=shares,
            examples=("***",) if cells.len() and is_secret(name) else _first(cells),
        )
        for name, cells, values, shares in zip(table.columns, columns, counted, _shares(counted), strict=True)
    }


def _cleaned(rows: pl.DataFrame) -> list[pl.Series]:
    """Return the columns behind `_row` trimmed, null where empty; by numbers, as polars reads `*` as any name."""
    numbered = pl.DataFrame([cells.alias(str(at)) for at, cells in enumerate(rows.get_columns()[1:])])
    return numbered.select(clean(pl.all())).get_columns()


def whole_rows(table: Table) -> pl.DataFrame:
    """Return the rows that can make records, but for torn ones, whose cells may stand under the wrong name."""
    rows = usable(table)
    torn = table.findings.filter(pl.col("column").is_null(), severity="error")["_row"].drop_nulls()
    return rows if torn.is_empty() else rows.filter(~pl.col("_row").is_in(torn.implode()))


def is_sampled(table: Table) -> bool:
    """Tell whether kinds of values are told from a sample of the rows."""
    return table.frame.height // SAMPLE_ROWS > 1


def _counted(cells: pl.Series, *, height: int, step: int) -> pl.DataFrame:
    """Return `value` and `count` of a column's filled cells, the commonest first; of many different ones a sample."""
    sample = cells
    if step > 1 and cells.n_unique() > _FEW:
        sample = cells.gather_every(max(1, cells.len() // min(cells.len(), height // step)))
    grouped = sample.to_frame("value").lazy().with_row_index("_at").group_by("value")
    counted = grouped.agg(pl.len().alias("count"), pl.col("_at").min())
    return counted.sort(["count", "_at"], descending=[True, False]).select("value", "count").collect()


def _first(cells: pl.Series) -> tuple[str, ...]:
    """Return the first different values of a column."""
    return tuple(islice(dict.fromkeys(cells.head(SAMPLE_ROWS)), _EXAMPLES))


def _shares(counted: Sequence[pl.DataFrame]) -> Iterator[dict[str, float]]:
    """Yield the share of each kind among the values of each column; the patterns go over all columns at once."""
    if not counted:
        return
    owners = [at for at, values in enumerate(counted) for _ in range(values.height)]
    whole = pl.concat(counted).with_columns(pl.Series("_of", owners, dtype=pl.UInt32))
    count = pl.col("count")
    sums = whole.group_by("_of").agg(
        count.sum(), *(count.filter(pl.col("value").str.contains(KINDS[kind])).sum().alias(kind) for kind in KINDS)
    )
    by_column = {row["_of"]: row for row in sums.iter_rows(named=True)}
    for at, values in enumerate(counted):
        row = by_column.get(at)
        yield {} if row is None else _judged({kind: row[kind] / row["count"] for kind in KINDS}, values)


def _judged(shares: dict[str, float], values: pl.DataFrame) -> dict[str, float]:
    """Return the shares without what only looks so, and with the kinds that no pattern tells."""
    if shares["twelve digits"] > _HALF * shares["MAC addresses"]:
        shares["MAC addresses"] = 0.0  # a MAC has letters too; these are serial numbers
    if shares["US states"]:
        states = values["value"].filter(values["value"].str.contains(KINDS["US states"]))
        if states.str.to_uppercase().eq("OK").all():
            shares["US states"] = 0.0  # Oklahoma alone is more often all right
    total = count_rows(values)
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
