"""Balance: every source row and every record is accounted for exactly once, or the run says that it isn't."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from migrate.errors import Defect
from migrate.model.sources import Source


def balance(
    outcomes: pl.DataFrame,
    records: Mapping[str, pl.DataFrame],
    *,
    sources: Sequence[Source],
    used: Iterable[int],
    left_out: pl.DataFrame,
    contributing: pl.DataFrame,
) -> None:
    """Check that records = outcomes, and source rows = rows with a record + rows left out.

    `used` are the indices of the sources that the mapping reads; `contributing` (`_src`, `_row`) names the rows that
    went into a record, each any number of times.

    Raises:
        Defect: a sum doesn't come out.
    """
    balance_records(outcomes, records)
    rows = {index: sources[index].table.rows for index in used}
    made, left = _rows(contributing), _rows(left_out)
    told = {index: made.get(index, 0) + left.get(index, 0) for index in {*rows, *made, *left}}
    for index in sorted(told):
        if told[index] != rows.get(index, 0):
            raise Defect(
                f"the counts don't balance: {_name(sources[index])} has {rows.get(index, 0)} source rows, but "
                f"{made.get(index, 0)} with a record and {left.get(index, 0)} left out"
            )
    both = contributing.join(left_out, on=["_src", "_row"], how="semi").unique()
    if not both.is_empty():
        raise Defect(f"the counts don't balance: {both.height} rows are left out and yet made a record")


def balance_records(outcomes: pl.DataFrame, records: Mapping[str, pl.DataFrame], *, counted: int = 0) -> None:
    """Check that records = outcomes, of which some are only `counted`.

    Raises:
        Defect: the sum doesn't come out.
    """
    numbers = sum(frame.height for frame in records.values()) - counted
    if not outcomes.height == outcomes["_n"].n_unique() == outcomes["outcome"].count() == numbers:
        raise Defect(f"the counts don't balance: {numbers} records, but {outcomes['outcome'].count()} outcomes")


def count_different(rows: pl.Series) -> int:
    """Return how many different ones there are among numbers of rows; marking each is quicker than a set of them."""
    if rows.is_empty():
        return 0
    first, last = (int(str(row)) for row in (rows.min(), rows.max()))
    seen = pl.repeat(value=False, n=last - first + 1, eager=True)
    return int(seen.scatter(rows - first, values=True).sum())


def _rows(places: pl.DataFrame) -> dict[int, int]:
    """Return source index → number of different rows."""
    return {src: count_different(rows["_row"]) for (src,), rows in places.partition_by("_src", as_dict=True).items()}


def _name(source: Source) -> str:
    return source.file if source.table.sheet is None else f"{source.file}, sheet {source.table.sheet}"
