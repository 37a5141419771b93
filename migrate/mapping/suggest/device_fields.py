"""The fields of devices, from the columns that a sheet has for them."""

from collections.abc import Iterator

from migrate.mapping.suggest.device_ids import device_id
from migrate.mapping.suggest.draft import EMPTY, FieldDraft, Setting, WhereDraft
from migrate.mapping.suggest.phrases import asked, meanings
from migrate.mapping.suggest.profile import Profile
from migrate.mapping.suggest.sheets import LIKELY, Sheet
from migrate.mapping.suggest.site_fields import from_take, missing
from migrate.mapping.suggest.value_maps import device_type_map, list_steps, zone_steps

_PLAIN = {"mac": "mac", "manufacturer": "make", "model": "model", "serial_number": "serial"}
_ZONE_IN_NAME = r"^(?:[Zz]one|ZONE|[Zz]n|[Zz])[ ._#-]*([0-9]{1,3})\b"
_ZONE_OF_NAME = r"^(?:[Zz]one|ZONE|[Zz]n|[Zz])[ ._#-]*[0-9]{1,3}\b[ ._:-]*"
_ADDRESS_BEHIND = r" *\([0-9]+(?:\.[0-9]+){3}\)$"
_OFTEN = 0.6
_CAMERA_SIGNS = ("mac", "ip", "model", "make")
_NETWORKED = frozenset({"mac", "ip"})


def device_fields(sheet: Sheet, where: tuple[WhereDraft, ...]) -> Iterator[FieldDraft]:
    """Yield the fields of a device, in the API's order."""
    site = _site(sheet)
    zone = _zone(sheet)
    yield site
    yield device_id(sheet, where, site=site, zone=zone)
    yield _type(sheet)
    yield zone
    if "other_zones" in sheet.takes:
        take = sheet.takes["other_zones"]
        yield from_take("additional_zone_numbers", take, **list_steps(sheet.profiles[take.column]))
    if (name := _name(sheet, zone)) is not None:
        yield name
    for field, concept in _PLAIN.items():
        if concept in sheet.takes:
            take = sheet.takes[concept]
            has_address = _share(sheet.profiles[take.column], _ADDRESS_BEHIND) >= _OFTEN
            yield from_take(field, take, **({"replace": {_ADDRESS_BEHIND: ""}} if has_address else {}))


def _site(sheet: Sheet) -> FieldDraft:
    take = sheet.takes.get("site_id")
    if take is not None:
        return from_take("external_site_id", take, **({"extract": take.extract} if take.extract else {}))
    for concept in ("account", "site_name"):
        if concept in sheet.takes and "site" in sheet.records:
            note = "the same column as in the table of sites"
            take = sheet.takes[concept]
            why = "doubtful" if take.sureness == "doubtful" else "likely"
            return FieldDraft("external_site_id", {"column": take.column}, why=why, notes=(note,))
    more = "give a second file with the sites, or write the column that names the site; until then no row is sent"
    return missing(sheet, "external_site_id", ("site_id", "site_name", "recorder"), more)


def _type(sheet: Sheet) -> FieldDraft:
    if "device_type" in sheet.takes:
        take = sheet.takes["device_type"]
        found = device_type_map(sheet.profiles[take.column])
        field = from_take("device_type", take, **found.settings)
        return FieldDraft(field.name, field.settings, why=field.why, notes=found.notes, score=field.score)
    why = _camera_sign(sheet)
    if why:
        return FieldDraft("device_type", {"value": "camera"}, why=f"likely: {why}", score=LIKELY)
    return FieldDraft(
        "device_type",
        EMPTY,
        notes=('TODO device_type: nothing says whether these are cameras: { value = "camera" } or "bridge"',),
        score=0.0,
    )


def _camera_sign(sheet: Sheet) -> str | None:
    """Return what says that all rows are cameras; None where nothing does."""
    for column in sheet.profiles:
        if "camera" in meanings(column)[0]:
            return f'"{column}" speaks of cameras, and no column of other devices'
    table = sheet.source.table
    for name in (table.sheet or "", table.path.stem):
        if "camera" in meanings(name)[0]:
            return f'"{name}" speaks of cameras'
    has_type = any("device_type" in asked(column) and "model" not in asked(column) for column in sheet.profiles)
    is_networked = not _NETWORKED.isdisjoint(sheet.takes)
    if is_networked and not has_type and sum(concept in sheet.takes for concept in _CAMERA_SIGNS) > 1:
        return "each row has what a network camera has: " + ", ".join(c for c in _CAMERA_SIGNS if c in sheet.takes)
    return None


def _zone(sheet: Sheet) -> FieldDraft:
    if "zone" in sheet.takes:
        take = sheet.takes["zone"]
        return from_take("zone_number", take, **zone_steps(sheet.profiles[take.column]))
    named = _numbered_name(sheet)
    if named is not None:
        why = "likely: the texts begin with a zone"
        return FieldDraft("zone_number", {"column": named, "extract": _ZONE_IN_NAME}, why=why, score=LIKELY)
    more = "write the column's name here; where zones count up within a site, add such a column to the sheet"
    return missing(sheet, "zone_number", ("channel", "zone"), more)


def _numbered_name(sheet: Sheet) -> str | None:
    """Return the column whose texts begin with a zone, such as `Z01 Entrance`."""
    columns = [sheet.takes["device_name"].column] if "device_name" in sheet.takes else []
    for column in [*columns, *sheet.profiles]:
        if _share(sheet.profiles[column], _ZONE_IN_NAME) >= _OFTEN:
            return column
    return None


def _share(profile: Profile, pattern: str) -> float:
    return profile.share_where(profile.values["value"].str.contains(pattern))


def _name(sheet: Sheet, zone: FieldDraft) -> FieldDraft | None:
    take = sheet.takes.get("device_name")
    if take is None:
        return None
    steps: dict[str, Setting] = {}
    if zone.columns == (take.column,):
        steps = {"replace": {_ZONE_OF_NAME: ""}}
    return from_take("name", take, **steps)
