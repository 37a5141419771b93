"""From sheets that were understood to the tables of a mapping."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from migrate.mapping.grammar import Lookup
from migrate.mapping.suggest.conditions import conditions
from migrate.mapping.suggest.device_fields import device_fields
from migrate.mapping.suggest.draft import FieldDraft, TableDraft, WhereDraft
from migrate.mapping.suggest.layouts import Layout, places
from migrate.mapping.suggest.matrix import matrix_tables
from migrate.mapping.suggest.second_header import second_header_notes
from migrate.mapping.suggest.sheets import Sheet
from migrate.mapping.suggest.site_fields import site_fields, site_remarks, station_fields
from migrate.model.sources import Source

_HIDDEN = "decide: the sheet is hidden in the workbook; take this table out if it is not meant to be read"
_ORDER = ("station", "site", "device")


@dataclass(frozen=True, slots=True)
class Found:
    """A sheet, or several with the same columns, and what was understood of them."""

    layout: Layout
    sheet: Sheet


def table_drafts(
    found: Sequence[Found], sources: Sequence[Source], lookups: Mapping[int, Lookup]
) -> tuple[TableDraft, ...]:
    """Return the tables that read the sheets, stations before sites before devices; `lookups` by their source."""
    drafts = [
        replace(draft, lookup=lookups.get(one.layout.members[0])) for one in found for draft in _tables(one, sources)
    ]
    return tuple(sorted(drafts, key=lambda draft: _ORDER.index(draft.record)))


def _tables(found: Found, sources: Sequence[Source]) -> Iterator[TableDraft]:
    sheet = found.sheet
    for record in _ORDER:
        if record not in sheet.records:
            continue
        where = () if record == "station" else conditions(sheet, record)
        fields, ends = _fields(sheet, record, where)
        yield from _placed(found, record, fields, where=where, ends=ends, sources=sources)
    for fields in matrix_tables(sheet):
        yield from _placed(found, "device", fields, where=conditions(sheet, "site"), ends=(), sources=sources)


def _fields(sheet: Sheet, record: str, where: tuple[WhereDraft, ...]) -> tuple[tuple[FieldDraft, ...], tuple[str, ...]]:
    if record == "station":
        return tuple(station_fields(sheet)), ()
    if record == "site":
        return tuple(site_fields(sheet)), tuple(site_remarks(sheet))
    return tuple(device_fields(sheet, where)), ()


def _placed(
    found: Found,
    record: str,
    fields: tuple[FieldDraft, ...],
    *,
    where: tuple[WhereDraft, ...],
    ends: tuple[str, ...],
    sources: Sequence[Source],
) -> Iterator[TableDraft]:
    """Yield the same table for each place that the sheet's columns are in."""
    table = found.layout.source.table
    members = [sources[src].table for src in found.layout.members]
    guessed = any((member.findings["code"] == "encoding_guessed").any() for member in members)
    encodings = list(dict.fromkeys(member.encoding for member in members))
    notes: tuple[str, ...] = (_HIDDEN,) if any(member.hidden for member in members) else ()
    if guessed and len(encodings) > 1:  # one for all would read some of the files wrong
        said = ", ".join(encoding or "none" for encoding in encodings)
        notes += (f"the files' encodings differ ({said}) and are found as each is read, some by a guess",)
    second = tuple(second_header_notes(sources[found.layout.members[0]].table))
    for place in places(found.layout, sources):
        yield TableDraft(
            record=record,
            layout=found.sheet.src,
            fields=fields,
            file=place.file,
            sheet=place.sheet,
            header_row=0 if table.header_row == 0 else None,
            encoding=table.encoding if guessed and len(encodings) == 1 else None,
            fill_down=found.sheet.filled_down,
            where=where,
            notes=(*notes, *second),
            ends=ends,
        )
