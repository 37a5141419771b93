"""Drafts: a mapping's tables and fields as they will be written, each with its reason and what is left to a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from migrate.mapping.grammar import Lookup

Setting = str | int | bool | list[str] | Mapping[str, str]
"""What stands behind a key of a field."""

EMPTY: Mapping[str, Setting] = {"value": ""}
"""The source of a required field that nothing gives: it loads, and check tells each row that the field is empty."""


@dataclass(frozen=True, slots=True)
class FieldDraft:
    """A field's source and steps; `notes` are comments above its line, `why` stands behind it."""

    name: str
    settings: Mapping[str, Setting]
    why: str = ""
    notes: tuple[str, ...] = ()
    score: float = 1.0

    @property
    def is_open(self) -> bool:
        """Whether a person must say where the field comes from."""
        return self.settings == EMPTY

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that stand alone as its source."""
        column = self.settings.get("column", [])
        return (column,) if isinstance(column, str) else tuple(column) if isinstance(column, list) else ()


@dataclass(frozen=True, slots=True)
class WhereDraft:
    """A condition that leaves out the rows with `values`; one that isn't `active` is a comment for a person.

    Without values there are only its `notes`.
    """

    column: str
    values: tuple[str, ...]
    notes: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class TableDraft:
    """One table of the mapping: what it reads (`layout`, by its index), which rows it takes, its fields."""

    record: str
    layout: int
    fields: tuple[FieldDraft, ...]
    file: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    encoding: str | None = None
    fill_down: tuple[str, ...] = ()
    where: tuple[WhereDraft, ...] = ()
    lookup: Lookup | None = None
    notes: tuple[str, ...] = ()
    ends: tuple[str, ...] = field(default=())
    """Comments under the fields."""

    @property
    def open_fields(self) -> tuple[str, ...]:
        """The required fields that a person must say a source for."""
        return tuple(draft.name for draft in self.fields if draft.is_open)
