"""The id of a device: the column or the template that leaves the fewest rows without an id of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from migrate.mapping.blanks import clean
from migrate.mapping.keys import matches_any
from migrate.mapping.rows import filled_down, usable
from migrate.mapping.suggest.draft import FieldDraft, Setting, WhereDraft
from migrate.mapping.suggest.profile import SAMPLE_ROWS
from migrate.mapping.suggest.sheets import LIKELY, SURE, Sheet
from migrate.mapping.suggest.site_fields import in_template, missing

_TOLERATED, _TOLERATED_ROWS = 0.05, 1
_USABLE = 0.5
_LINK_PARTS = {"https?://([^@/]*@)?": "", "/": ""}


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to make the id: columns put together; `bad` rows would have none or that of another row."""

    columns: tuple[str, ...]
    why: str
    bad: int


def device_id(sheet: Sheet, where: Sequence[WhereDraft], *, site: FieldDraft, zone: FieldDraft) -> FieldDraft:
    """Return the field of the device's id."""
    rows = _rows(sheet, where)
    ways = [_Way(columns, why, _bad(rows, columns)) for columns, why in _ways(sheet, site, zone)]
    ways = [way for way in ways if way.bad <= _USABLE * max(rows.height, 1)]
    if not ways:
        more = "write the column's name here, or a template of columns that tell the devices apart"
        return missing(sheet, "external_device_id", ("device_id", "serial", "channel"), more)
    tolerated = max(_TOLERATED_ROWS, _TOLERATED * rows.height)
    fewest = min(way.bad for way in ways)
    best = next(way for way in ways if way.bad <= fewest + tolerated)
    odd = f"; {best.bad:,} of {rows.height:,} rows have none or that of another row" if best.bad else ""
    sureness, score = ("sure", SURE) if not best.bad else ("likely", LIKELY)
    return FieldDraft("external_device_id", _settings(sheet, best), why=f"{sureness}: {best.why}{odd}", score=score)


def _settings(sheet: Sheet, way: _Way) -> dict[str, Setting]:
    if len(way.columns) == 1:
        return {"column": way.columns[0]}
    settings: dict[str, Setting] = {"template": "-".join(f"{{{column}}}" for column in way.columns)}
    if any(sheet.profiles[column].share("links") for column in way.columns):
        settings["replace"] = _LINK_PARTS
    return settings


def _rows(sheet: Sheet, where: Sequence[WhereDraft]) -> pl.DataFrame:
    """Return the rows that the table takes, trimmed, of a long table the first ones."""
    rows = filled_down(usable(sheet.source.table), sheet.down)
    for condition in where:
        if condition.active:
            rows = rows.filter(~matches_any(clean(pl.col(condition.column)), condition.values))
    return rows.head(SAMPLE_ROWS)


def _bad(rows: pl.DataFrame, columns: Sequence[str]) -> int:
    """Count the rows whose id would be empty, or that of an earlier row."""
    ids = rows.select(id=pl.concat_str([clean(pl.col(column)) for column in columns], separator="-"))["id"]
    return rows.height - ids.drop_nulls().n_unique()


def _ways(sheet: Sheet, site: FieldDraft, zone: FieldDraft) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield columns that may tell devices apart, those that say so before those that only happen to."""
    own, serial = sheet.column("device_id"), sheet.column("serial")
    if own:
        yield (own,), "the header says so, and its values tell the devices apart"
    lead = site.columns if len(site.columns) == 1 and "extract" not in site.settings else ()
    recorder = (sheet.column("recorder") or "",) if sheet.column("recorder") else ()
    if serial:
        yield (*lead, serial) if in_template(*lead, serial) else (serial,), "site and serial number tell devices apart"
    zones = zone.columns if "extract" not in zone.settings else ()
    names = {"ip": "address", "channel": "channel", "device_name": "name", "mac": "MAC"}
    at = {concept: sheet.column(concept) for concept in names}
    ip, channel = at["ip"], at["channel"]
    groups: list[tuple[tuple[str | None, ...], str]] = [
        ((*recorder, ip, channel), "recorder, address and channel tell devices apart") if recorder else ((None,), ""),
        ((*lead, channel), "site and number tell devices apart"),
        ((*lead, *zones), "site and zone tell devices apart") if zones else ((None,), ""),
        ((*lead, at["device_name"]), "site and name tell devices apart"),
        ((*lead, at["mac"]) if lead else (None,), "site and MAC tell devices apart"),
        ((*recorder, ip), "recorder and address tell devices apart") if recorder else ((None,), ""),
        ((ip, channel), "address and channel tell devices apart"),
        ((at["mac"],), "the MAC tells devices apart"),
    ]
    for columns, why in groups:
        there = tuple(column for column in columns if column)
        if len(there) == len(columns) and (len(there) > 1 or columns == (at["mac"],)) and in_template(*there):
            yield there, why
