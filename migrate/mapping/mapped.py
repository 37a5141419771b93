"""Mapped: the sources as the mapping names their cells."""

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field

import polars as pl

from migrate.mapping import locate
from migrate.mapping.mapping import Mapping
from migrate.mapping.select import Reading
from migrate.model.sources import Source


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a mapping made of the sources.

    `frames`: record → `_src`, `_row`, `_table` (index of the mapping's table), then each field that a table maps, as
    text, null where empty; a line per source row that makes such a record, sorted by the three. `left_out`: `_src`,
    `_row`, `why` of the rows of used sources that make none. `filtered`: site or station → `_src`, `_row` and id of
    its rows that `where` leaves out. `removed`: the same of the rows that a person took out of a corrected file.
    `used`: the indices of the sources that a table reads or looks up.
    """

    sources: tuple[Source, ...]
    mapping: Mapping
    readings: tuple[Reading, ...]
    frames: Dict[str, pl.DataFrame]
    findings: pl.DataFrame
    left_out: pl.DataFrame
    filtered: Dict[str, pl.DataFrame]
    removed: Dict[str, pl.DataFrame] = field(default_factory=dict)
    defaults: Dict[str, pl.DataFrame] = field(default_factory=dict)
    """Record → its id, its fields with a default and where that stands; told of what is a part of the sources alone."""

    @property
    def used(self) -> tuple[int, ...]:
        """The indices of the sources that a table reads or looks up."""
        looked_up = (src for src, source in enumerate(self.sources) if source.looked_up)
        return tuple(dict.fromkeys((*(reading.src for reading in self.readings), *looked_up)))

    def template(self, table: int, field: str) -> str | None:
        """Return the template that a table of the mapping makes a field from; None where it is made in another way."""
        spec = self.mapping.tables[table].fields.get(field)
        return None if spec is None else spec.template

    def locate(self, findings: pl.DataFrame) -> pl.DataFrame:
        """Return `findings` with file, sheet and row, and with cell, column and value where they name a field."""
        return locate.locate(findings, sources=self.sources, readings=self.readings)
