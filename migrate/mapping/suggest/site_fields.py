"""The fields of sites and stations, from the columns that a sheet has for them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from migrate.mapping.blanks import clean
from migrate.mapping.suggest.conditions import counted
from migrate.mapping.suggest.draft import EMPTY, FieldDraft, Setting
from migrate.mapping.suggest.phrases import asked
from migrate.mapping.suggest.profile import Profile
from migrate.mapping.suggest.sheets import LIKELY, Sheet, Take
from migrate.mapping.suggest.value_maps import timezone_map
from migrate.model.text import excerpt
from migrate.normalize.us_states import STATE_ZONES

_STATES_MOSTLY = 0.8
_CANDIDATES, _NEARLY_ALL = 3, 0.95
_EXAMPLE_ZONES = (
    ("[\uac00-\ud7a3]", "Asia/Seoul"),
    (r"(?i)\b(?:plz|stra(?:ss|ß)e|ort|zeitzone|objekt)\b", "Europe/Berlin"),
)


def site_fields(sheet: Sheet) -> Iterator[FieldDraft]:
    """Yield the fields of a site, in the API's order."""
    yield _site_id(sheet)
    yield _name(sheet)
    yield _timezone(sheet)
    if "station_ref" in sheet.takes:
        yield _plain(sheet, "external_monitoring_station_id", "station_ref")
    if "account" in sheet.takes:
        yield _account(sheet)
    yield from _address(sheet)
    if "security_type" in sheet.takes:
        yield _plain(sheet, "security_type", "security_type")
    if "is_activated" in sheet.takes and sheet.takes["is_activated"].column.strip().casefold() == "is_activated":
        yield _plain(sheet, "is_activated", "is_activated")


def station_fields(sheet: Sheet) -> Iterator[FieldDraft]:
    """Yield the fields of a monitoring station, in the API's order."""
    for name, concept in (("external_monitoring_station_id", "station_id"), ("name", "station_name")):
        yield _plain(sheet, name, concept) if concept in sheet.takes else missing(sheet, name, (concept,))
    for concept in ("prefix", "linecard"):
        if concept in sheet.takes:
            yield _plain(sheet, concept, concept)


def site_remarks(sheet: Sheet) -> Iterator[str]:
    """Yield what a person should decide about optional fields that were left out."""
    taken = {take.column for take in sheet.takes.values()}
    if "security_type" not in sheet.takes:
        near = [column for column in sheet.profiles if column not in taken and "security_type" in asked(column)]
        seen = f'; the values of "{excerpt(near[0])}" are {counted(sheet.profiles[near[0]])}' if near else ""
        yield f"decide: security_type, 1 to 4, is not told by a column{seen}"
        yield "  1 alarm panel with a primary bridge, 2 with individual bridges, 3 CHeKT video, 4 Alarm.com; for all:"
        yield "  security_type = { value = 1 }"
    if "is_activated" in sheet.takes and sheet.takes["is_activated"].column.strip().casefold() != "is_activated":
        column = sheet.takes["is_activated"].column
        yield f'decide: "{excerpt(column)}" may say which sites go live; is_activated starts CHeKT\'s billing'
    if "account" not in sheet.takes:
        yield "no column gives the account number; without it the station can't tell the site"


def missing(sheet: Sheet, name: str, concepts: Sequence[str], *more: str) -> FieldDraft:
    """Return a required field that no column gives: it stays open, with the nearest candidates."""
    near = list(_nearest(sheet, concepts))
    notes = [f"TODO {name}: no column gives it" + (f"; nearest: {', '.join(near)}" if near else "")]
    notes += more or (f"write the column's name here; until then check says of every row that {name} is empty",)
    return FieldDraft(name, EMPTY, notes=tuple(notes), score=0.0)


def from_take(name: str, take: Take, **steps: Setting) -> FieldDraft:
    """Return a field that comes from the column taken for it."""
    settings: Mapping[str, Setting] = {"column": take.column, **steps}
    notes = (take.note,) if take.note else ()
    return FieldDraft(name, settings, why=f"{take.sureness}: {take.why}", notes=notes, score=take.score)


def _plain(sheet: Sheet, name: str, concept: str) -> FieldDraft:
    return from_take(name, sheet.takes[concept])


def _nearest(sheet: Sheet, concepts: Sequence[str]) -> Iterator[str]:
    """Yield the columns that come nearest to a concept and are not taken for another."""
    taken = {take.column for concept, take in sheet.takes.items() if concept not in concepts}
    free = [column for column in sheet.profiles if column not in taken and sheet.profiles[column].filled]
    said = [column for column in free if set(concepts) & asked(column).keys()]
    if not said and "zone" in concepts:
        said = [column for column in free if _may_be_zone(sheet.profiles[column])]
    for column in said[:_CANDIDATES]:
        profile = sheet.profiles[column]
        yield f'"{excerpt(column, length=40)}" ({profile.kind})'


def _may_be_zone(profile: Profile) -> bool:
    return profile.share("zone numbers") >= _NEARLY_ALL and profile.distinct > 1


def _site_id(sheet: Sheet) -> FieldDraft:
    if "site_id" in sheet.takes:
        return _plain(sheet, "external_site_id", "site_id")
    if "account" in sheet.takes:
        take = sheet.takes["account"]
        note = "no column but the account number tells the sites apart"
        sureness = "doubtful" if take.sureness == "doubtful" else "likely"
        why = f"{sureness}: {take.why}"
        return FieldDraft("external_site_id", {"column": take.column}, why=why, notes=(note,))
    if "site_name" in sheet.takes and sheet.profiles[sheet.takes["site_name"].column].filled:
        take = sheet.takes["site_name"]
        note = "decide: no column has a number of the site; its name serves as long as no two are alike"
        return FieldDraft(
            "external_site_id", {"column": take.column}, why="doubtful", notes=(note,), score=LIKELY - 0.1
        )
    return missing(sheet, "external_site_id", ("site_id",))


def _name(sheet: Sheet) -> FieldDraft:
    if "site_name" in sheet.takes:
        return _plain(sheet, "name", "site_name")
    first, last = sheet.column("first_name"), sheet.column("last_name")
    if first and last and in_template(first, last):
        return FieldDraft(
            "name", {"template": f"{{{last}}}, {{{first}}}"}, why="likely: no other column names the site"
        )
    if "contact_name" in sheet.takes:
        return from_take("name", sheet.takes["contact_name"])
    return missing(sheet, "name", ("site_name",))


def _timezone(sheet: Sheet) -> FieldDraft:
    state = _state(sheet)
    if "timezone" not in sheet.takes:
        if state is None:
            return missing(sheet, "timezone", ("timezone",), *_zone_todo(sheet))
        notes = ["a state tells the time zone where it has only one; check tells the sites in the others"]
        return FieldDraft("timezone", {"column": state}, why="likely: the state", notes=tuple(notes), score=LIKELY)
    take = sheet.takes["timezone"]
    found = timezone_map(sheet.profiles[take.column])
    columns, notes = [take.column], list(found.notes)
    if _has_gaps(sheet, take.column):
        fallback = state if state is not None and _helps(sheet, take.column, state) else None
        columns += [fallback] if fallback else []
        notes += _gap_notes(sheet, take.column, fallback, zone=found.zone)
    column: Setting = columns if len(columns) > 1 else take.column
    why = f"{take.sureness}: {take.why}"
    return FieldDraft("timezone", {"column": column, **found.settings}, why=why, notes=tuple(notes), score=take.score)


def _zone_todo(sheet: Sheet) -> tuple[str, ...]:
    return (
        f'if all sites are in one, write it: timezone = {{ value = "{_example_zone(sheet)}" }}',
        "until then check says of every site that its time zone is empty, and none of them is sent",
    )


def _example_zone(sheet: Sheet) -> str:
    """Return a zone for an example: one of the country whose language the headers are in."""
    headers = " ".join(sheet.profiles)
    return next((zone for pattern, zone in _EXAMPLE_ZONES if re.search(pattern, headers)), "America/New_York")


def _has_gaps(sheet: Sheet, column: str) -> bool:
    """Tell whether a site may have an empty cell; in grouped rows that can't be seen."""
    profile = sheet.profiles[column]
    return profile.filled < profile.rows


def _helps(sheet: Sheet, column: str, state: str) -> bool:
    """Tell whether a state has only one time zone in any of the rows that don't say theirs, and none may mislead."""
    rows = sheet.source.table.frame
    lacking = rows.filter(clean(pl.col(column)).is_null())[state].drop_nulls().unique()
    one = any(len(STATE_ZONES.get(text.strip(), ())) == 1 for text in lacking)
    return one and not _says_ct(sheet, state)


def _says_ct(sheet: Sheet, column: str) -> bool:
    """Tell whether a column says `CT`, which is Central Time or Connecticut."""
    return bool(sheet.profiles[column].values["value"].str.to_uppercase().eq("CT").any())


def _gap_notes(sheet: Sheet, column: str, fallback: str | None, *, zone: str | None) -> Iterator[str]:
    if fallback is None:
        if not sheet.down:
            zone = zone or _example_zone(sheet)
            yield f'decide: where the cell is empty, a default would stand in: default = "{zone}"'
        return
    yield "where the time zone is empty, the state tells it if it has only one"
    if _says_ct(sheet, column):
        yield '"CT" is Central Time here; no site without a time zone may be in Connecticut'


def _state(sheet: Sheet) -> str | None:
    column = sheet.column("state")
    return column if column and sheet.profiles[column].share("US states") >= _STATES_MOSTLY else None


def _account(sheet: Sheet) -> FieldDraft:
    """Return the account number, with advice where some seem to have lost the zeros in front of them."""
    take = sheet.takes["account"]
    profile = sheet.profiles[take.column]
    numbers = profile.values["value"].filter(profile.values["value"].str.contains(r"^[0-9]+$"))
    width = profile.width
    shorter = [] if width is None else numbers.filter(numbers.str.len_chars() < width).to_list()
    if not shorter or not numbers.str.starts_with("0").any():
        return from_take("account_number", take)
    note = (
        f'decide: "{shorter[0]}" is shorter than the others; pad = {width} would put back zeros that it may have lost'
    )
    return from_take("account_number", replace(take, note=note))


def _address(sheet: Sheet) -> Iterator[FieldDraft]:
    if "street" in sheet.takes:
        take = sheet.takes["street"]
        has_lines = sheet.profiles[take.column].values["value"].str.contains("\n", literal=True).any()
        yield from_take("address1", take, **({"replace": {r"\s*\n\s*": ", "}} if has_lines else {}))
    second, place = sheet.column("address2"), _place(sheet)
    if second and not (place and in_template(second)):
        yield _plain(sheet, "address2", "address2")
    elif place:
        template = f"{{{second}}}, {place}" if second else place
        is_column = template.count("{") == 1 and template.startswith("{") and template.endswith("}")
        settings: dict[str, Setting] = {"column": template[1:-1]} if is_column else {"template": template}
        yield FieldDraft("address2", settings, why="the API has no city, state or zip of its own")


def _place(sheet: Sheet) -> str | None:
    """Return the template of city, state and zip; where the zip stands in front of the city, so it does here."""
    city, state, zip_code = (sheet.column(concept) for concept in ("city", "state", "zip"))
    columns = list(sheet.profiles)
    there = [column for column in (city, state, zip_code) if column]
    if not there or not in_template(*there):
        return None
    if zip_code and city and columns.index(zip_code) < columns.index(city):
        return f"{{{zip_code}}} {{{city}}}" + (f", {{{state}}}" if state else "")
    behind = " ".join(f"{{{column}}}" for column in (state, zip_code) if column)
    return ", ".join(part for part in (f"{{{city}}}" if city else "", behind) if part)


def in_template(*columns: str) -> bool:
    """Tell whether columns can stand in a template: their names hold no braces."""
    return not any({"{", "}"} & {*column} for column in columns)
