"""Mapped: what checks need of the sources once a mapping was applied to them."""

from collections.abc import Mapping
from typing import Protocol

import polars as pl

from migrate.model.sources import Source


class Mapped(Protocol):
    """Sources as mapped to fields; the mapping room makes it."""

    @property
    def sources(self) -> tuple[Source, ...]:
        """The tables; their index is `_src`."""

    @property
    def frames(self) -> Mapping[str, pl.DataFrame]:
        """Kind of record → `_src`, `_row`, `_table`, mapped fields as text; a line per row, in source order."""

    @property
    def filtered(self) -> Mapping[str, pl.DataFrame]:
        """Kind of record that others belong to → `_src`, `_row` and id of the rows that `where` leaves out."""

    @property
    def removed(self) -> Mapping[str, pl.DataFrame]:
        """Kind of record that others belong to → `_src`, `_row` and id of what a person removed in a retry."""

    @property
    def findings(self) -> pl.DataFrame:
        """What readers and the mapping found."""

    def template(self, table: int, field: str) -> str | None:
        """Return the template that a table of the mapping makes a field from."""

    def locate(self, findings: pl.DataFrame) -> pl.DataFrame:
        """Return the findings with file and sheet, and with cell, column and value where a field is named."""
