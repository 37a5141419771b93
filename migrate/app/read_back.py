"""Read back: what a large run read, from its journal part by part, so that memory hardly grows with rows."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import polars as pl

from migrate.app.check import Checked
from migrate.app.check_parts import check_streams
from migrate.app.fetched import Fetched
from migrate.app.kept import (
    keep_part,
    keep_read,
    kept_checked,
    kept_heads,
    kept_inputs,
    kept_mapping,
    kept_part,
    kept_pieces,
    kept_told,
)
from migrate.app.spool import Spool
from migrate.app.streams import Stream, cut
from migrate.app.watch import UNWATCHED, ReadingWatch, nothing
from migrate.journal.journal import Journal
from migrate.mapping.choose import choose
from migrate.mapping.mapping import Mapping
from migrate.mapping.select import Reading
from migrate.model.sources import Input, Source, Table
from migrate.planning.plan import Plan


@contextmanager
def checking_kept(journal: Journal, *, is_whole: bool = False, watch: ReadingWatch = UNWATCHED) -> Iterator[Checked]:
    """Check again what the run's files come to; where it read them in parts, in the same.

    With `is_whole`, `records` hold all, which else are counted where nothing is wrong with them.

    Raises:
        UsageError: the run ended before it had read them.
    """
    watch.rows(0, 0.0)
    if not journal.fact("read") or not kept_pieces(journal):
        yield kept_checked(journal)
        return
    with Spool(journal.path.parent) as spool:
        yield check_streams(
            partial(_opened, journal),
            kept_mapping(journal),
            spool=spool,
            keep=nothing,  # the rows come from where they would go to
            fetch=partial(kept_part, journal),
            is_whole=is_whole,
            watch=watch.rows,
        )


@contextmanager
def going_on_with(journal: Journal, plan: Plan | None, *, is_whole: bool) -> Iterator[Checked]:
    """Return what the run's files came to, for its reports: with the plan's records, if it has a plan.

    `is_whole` as in `checking_kept`: where a run is about a dealer, what is right is not done with.
    """
    told = None if plan is None else as_planned(journal, plan)
    if told is not None:
        yield told
        return
    with checking_kept(journal, is_whole=is_whole) as checked:
        yield checked


def keep_again(own: Journal, journal: Journal, checked: Checked) -> None:
    """Keep in the journal of a run what another one read, which it goes on with."""
    for src, pieces in checked.pieces.items():
        for number in range(pieces):
            keep_part(own, src, number, kept_part(journal, src, number))
    keep_read(own, checked)


def as_planned(journal: Journal, plan: Plan) -> Checked | None:
    """Return what the files of a large run came to when `plan` was made of it; None where it is to be checked again."""
    told = kept_told(journal)
    if told is None:
        return None
    kept = _Kept(journal, kept_mapping(journal), kept_heads(journal))
    return Checked(
        inputs=kept_inputs(journal),
        mapping=kept.mapping,
        sources=kept.rowless,
        records=plan.records,
        findings=plan.findings,
        locate=kept.locate,
        normalized_in=kept.normalized_in,
        pieces=kept_pieces(journal),
        rows_of=kept.at,
        **told,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    src: int
    number: int
    last: int


@dataclass(frozen=True)
class _Kept:
    """The sources of a large run; where their rows are is looked for when somebody asks for some."""

    journal: Journal
    mapping: Mapping
    heads: tuple[Source, ...]

    @cached_property
    def rowless(self) -> tuple[Source, ...]:
        """The sources without their rows."""
        return tuple(replace(head, table=replace(head.table, frame=head.table.frame.clear())) for head in self.heads)

    def at(self, places: pl.DataFrame) -> tuple[Source, ...]:
        """Return the sources with these rows of them."""
        return self._fetched.at(places)

    def locate(self, findings: pl.DataFrame) -> pl.DataFrame:
        """Return findings with their places."""
        return self._fetched.locate(findings)

    def normalized_in(self, rows: pl.DataFrame) -> dict[str, tuple[int, str]]:
        """Return what is written anew in these rows."""
        return self._fetched.normalized_in(rows, self.mapping)

    @cached_property
    def _fetched(self) -> Fetched:
        readings = choose(self.heads, self.mapping)
        return Fetched(self.rowless, readings, [*self._places()], partial(kept_part, self.journal))

    def _places(self) -> Iterator[_Place]:
        for src, pieces in kept_pieces(self.journal).items():
            for number in range(pieces):
                yield _Place(src, number, int(str(kept_part(self.journal, src, number)["_row"].max() or 0)))


@dataclass(slots=True, kw_only=True)
class _KeptStream(Stream):
    """One input as it was read: its tables are the sources from `first` on, in the parts that the journal has."""

    journal: Journal
    first: int

    def __post_init__(self) -> None:
        """Count by parts: the file itself may be gone."""
        self.size_bytes = sum(kept_pieces(self.journal)[self.first + at] for at in range(len(self.tables)))

    def looked_at(self, part: Table) -> None:
        """Take note of a part that was looked at."""
        del part
        self.done_bytes += 1

    def parts(self, table: Table, readings: Sequence[Reading]) -> Iterator[Table]:
        """Yield the rows of a table in the parts in which they were looked at."""
        del readings
        src, self.first = self.first, self.first + 1
        pieces = kept_pieces(self.journal)[src]
        more = (kept_part(self.journal, src, number) for number in range(1, pieces))
        self.is_parted = pieces > 1
        yield from cut(table, _chained(table.frame, more))

    def told(self) -> Input:
        """Return the input as it was."""
        return Input(self.path, self.name, self.sha256, self.rows)


def _chained(first: pl.DataFrame, more: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    yield first
    yield from more


def _opened(journal: Journal, _: Collection[Path]) -> Sequence[Stream]:
    heads = kept_heads(journal)
    streams: list[Stream] = []
    first = 0
    for item in kept_inputs(journal):
        tables = [head.table for head in heads if head.file == item.file]
        streams.append(
            _KeptStream(
                item.path,
                item.file,
                item.sha256,
                tables,
                iter(()),
                is_parted=False,
                part_bytes=1,
                journal=journal,
                first=first,
            )
        )
        first += len(tables)
    return streams
