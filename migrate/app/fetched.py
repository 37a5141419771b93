"""Fetched: the sources of a large run, whose rows are in its journal and come from there where they are asked for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import polars as pl

from migrate.app.parts import rows_at
from migrate.app.spool import compacted
from migrate.checks.validate import count_normalized
from migrate.mapping.apply import map_sources
from migrate.mapping.locate import locate
from migrate.mapping.mapping import Mapping
from migrate.mapping.select import Reading
from migrate.model.sources import Source

Fetch = Callable[[int, int], pl.DataFrame]
"""Returns the rows that were kept of a source: its index, the number of the part in it."""


class Place(Protocol):
    """Where rows of a source are: the part `number` of it, up to row `last`."""

    @property
    def src(self) -> int:
        """The source's index."""

    @property
    def number(self) -> int:
        """Which part of the source it is."""

    @property
    def last(self) -> int:
        """The last row of the part."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """`sources` are without their rows, `parts` say where these are."""

    sources: tuple[Source, ...]
    readings: tuple[Reading, ...]
    parts: Sequence[Place]
    fetch: Fetch

    def at(self, places: pl.DataFrame) -> tuple[Source, ...]:
        """Return the sources with these rows (`_src`, `_row`) of them; all rows of one that is filled down."""
        frames: dict[int, list[pl.DataFrame]] = {}
        for part, rows in self._parts_of(places.select("_src", "_row").drop_nulls().unique()):
            frame = self.fetch(part.src, part.number)
            # as a copy: few rows would hold all texts of their part
            told = frame if self._is_filled(part.src) else compacted(rows_at(frame, rows))
            frames.setdefault(part.src, []).append(told)
        return tuple(
            replace(
                source,
                table=replace(source.table, frame=pl.concat([source.table.frame, *frames.get(src, [])], rechunk=True)),
            )
            for src, source in enumerate(self.sources)
        )

    def locate(self, findings: pl.DataFrame) -> pl.DataFrame:
        """Return findings with file, sheet and row, and with cell, column and value where they name a field."""
        return locate(findings, sources=self.at(findings), readings=self.readings)

    def normalized_in(self, rows: pl.DataFrame, mapping: Mapping) -> dict[str, tuple[int, str]]:
        """Return `record.field` → how many of the rows (`_src`, `_row`) are written anew, and an example."""
        mapped = map_sources(self.at(rows), mapping, readings=self.readings)
        own = {kind: frame.join(rows, on=["_src", "_row"], how="semi") for kind, frame in mapped.frames.items()}
        return count_normalized(own)

    def _parts_of(self, places: pl.DataFrame) -> Iterator[tuple[Place, pl.Series]]:
        first: dict[int, int] = {}
        for part in self.parts:
            here = (pl.col("_src") == part.src) & (pl.col("_row") > first.get(part.src, 0))
            rows = places.filter(here, pl.col("_row") <= part.last)["_row"]
            first[part.src] = part.last
            if rows.len():
                yield part, rows

    def _is_filled(self, src: int) -> bool:
        return any(reading.filled for reading in self.readings if reading.src == src)
