"""What was asked for: how to treat what the dealer already has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from migrate.model.records import RecordType

OnExisting = Literal["skip", "update", "fail"]

STEPS = ("security_type", "is_activated")
"""Fields of a site that are brought about by requests of their own, after the site is there."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How a plan treats records that the dealer already has.

    `clear` names, per record, the fields whose empty value is to clear the dealer's. `own` are external ids of sites
    that a parent run created: their arming and activation are done whatever `on_existing` says. `adopt` gives sites
    that are there under another id ours.
    """

    on_existing: OnExisting = "skip"
    clear: Mapping[str, frozenset[str]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    adopt: bool = False

    def cleared(self, record: RecordType) -> frozenset[str]:
        """Return the fields of `record` whose empty value clears the dealer's, required ones aside."""
        return self.clear.get(record.name, frozenset()) & {*record.updatable} - {*record.required}

    def on_difference(self, found: pl.DataFrame) -> pl.DataFrame:
        """Return differences with what to `do` about each: `update`, `skip` or `fail`."""
        return found.with_columns(do=pl.lit(self.on_existing, dtype=pl.String))
