"""A mapping for tables that nobody has seen before, with what speaks for it and what it leaves to a person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from migrate.mapping.lookup import Asked, take_columns
from migrate.mapping.suggest.draft import TableDraft
from migrate.mapping.suggest.joins import joined
from migrate.mapping.suggest.layouts import layouts
from migrate.mapping.suggest.profile import Profile, profiles
from migrate.mapping.suggest.second_files import second_files
from migrate.mapping.suggest.sheets import CONTACT_CONCEPTS, Sheet, look
from migrate.mapping.suggest.tables import Found, table_drafts
from migrate.mapping.suggest.toml_text import comment, table_lines, toml_string
from migrate.model.sources import Source
from migrate.model.text import excerpt

_NAMES_MAX = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What was understood of the sources (`found`), and the `tables` of the mapping that follows from it.

    `second`: which sources take columns from which others, that are only looked up.
    """

    sources: tuple[Source, ...]
    found: tuple[Found, ...]
    tables: tuple[TableDraft, ...]
    second: tuple[Asked, ...] = ()

    @property
    def unread_files(self) -> list[str]:
        """The files of which no table reads anything."""
        used = {self.sources[src].file for one in self.found if one.sheet.is_used for src in one.layout.members}
        used |= {self.sources[src].file for asked in self.second for src in asked.givers}
        return [file for file in dict.fromkeys(source.file for source in self.sources) if file not in used]

    @property
    def open_fields(self) -> list[tuple[str, str]]:
        """Record and name of the required fields that a person must say a source for."""
        return list(dict.fromkeys((table.record, name) for table in self.tables for name in table.open_fields))

    @property
    def to_decide(self) -> int:
        """How many comments ask a person to decide something."""
        notes = [note for table in self.tables for note in (*table.notes, *table.ends)]
        notes += [note for table in self.tables for field in table.fields for note in field.notes]
        notes += [note for table in self.tables for condition in table.where for note in condition.notes]
        return sum(note.startswith("decide") for note in notes)

    def sheet_of(self, src: int) -> Sheet | None:
        """Return what was understood of a source; None where it has no rows."""
        return next((one.sheet for one in self.found if src in one.layout.members), None)

    def profiles_of(self, src: int) -> Mapping[str, Profile]:
        """Return the profiles of a source's own columns."""
        alone = next((one.sheet for one in self.found if one.layout.members == (src,)), None)
        table = self.sources[src].table
        if alone is None:
            return profiles(table)
        every = {**alone.profiles, **alone.secrets}
        return {column: every[column] for column in table.columns}

    def text(self) -> str:
        """Return the mapping as TOML."""
        return "\n".join(_lines(self)) + "\n"


def suggest(sources: Sequence[Source]) -> Suggestion:
    """Return what the sources hold and a mapping for them."""
    second = second_files(joined([look(src, source) for src, source in enumerate(sources)])) if len(sources) > 1 else []
    whole, used = take_columns(sources, second)
    every = layouts(whole, leave_out=used.keys())
    sheets = joined([look(at, layout.source) for at, layout in enumerate(every)])
    found = tuple(Found(layout, sheet) for layout, sheet in zip(every, sheets, strict=True))
    lookups = {asked.src: asked.lookup for asked in second}
    return Suggestion(tuple(sources), found, table_drafts(found, sources, lookups), tuple(second))


def _lines(suggestion: Suggestion) -> Iterator[str]:
    files = list(dict.fromkeys(source.file for source in suggestion.sources))
    more = f" and {len(files) - _NAMES_MAX} more" if len(files) > _NAMES_MAX else ""
    yield comment(
        f"Suggested by chekt-migrate inspect for {', '.join(files[:_NAMES_MAX])}{more}. Read it before you use it:"
    )
    yield comment("behind each field stands how sure it is and why; TODO and decide mark what only a person can say.")
    yield f"name = {toml_string(excerpt(', '.join(files[:_NAMES_MAX]) + more, length=100))}"
    for table in suggestion.tables:
        yield ""
        yield from table_lines(table)
    rest = list(_rest(suggestion))
    if rest:
        yield ""
        yield from map(comment, rest)


def _rest(suggestion: Suggestion) -> Iterator[str]:
    """Yield what no table reads."""
    for one in suggestion.found:
        place = _place(suggestion, one.layout.members[0])
        if not one.sheet.is_used:
            yield f"Not read: {place}; it seems to hold no stations, sites or devices"
            continue
        columns = unmapped(one.sheet, suggestion.tables)
        people = [take.column for concept, take in one.sheet.takes.items() if concept in CONTACT_CONCEPTS]
        if people := [column for column in people if column in columns]:
            yield f"People, who are not migrated by this mapping ({place}): {_listed(people)}"
        if others := [column for column in columns if column not in people]:
            yield f"Not mapped ({place}): {_listed(others)}"


def unmapped(sheet: Sheet, tables: Sequence[TableDraft]) -> list[str]:
    """Return the columns of a sheet that no field reads, those that may hold secrets among them."""
    tables = [table for table in tables if table.layout == sheet.src]
    fields = [field for table in tables for field in table.fields]
    texts = " ".join(str(field.settings["template"]) for field in fields if "template" in field.settings)
    used = {column for field in fields for column in field.columns}
    used |= {condition.column for table in tables for condition in table.where if condition.active}
    columns = [column for column in sheet.source.table.columns if column in sheet.profiles or column in sheet.secrets]
    return [column for column in columns if column not in used and f"{{{column}}}" not in texts]


def _place(suggestion: Suggestion, src: int) -> str:
    source = suggestion.sources[src]
    return source.file if source.table.sheet is None else f"{source.file}, sheet {source.table.sheet}"


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f'"{excerpt(column, length=40)}"' for column in columns)
