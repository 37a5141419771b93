"""Joins: which column of one sheet names the records of another, told by the values that both have."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from migrate.mapping.suggest.phrases import asked
from migrate.mapping.suggest.profile import Profile
from migrate.mapping.suggest.sheets import LIKELY, USED, Sheet, Take
from migrate.model.text import excerpt

_MOST, _HALF, _NEARLY_ALL = 0.8, 0.5, 0.9
_SEVERAL = 3
_OWN_SHARE = 0.6
_KEYS_MAX = 1_000_000
_SAME_SHAPE = 0.9
_SHAPES_LOOKED_AT = 1_000
_SHORTEST_KEY = 4
_ABOUT_A_PLACE = frozenset(
    {"street", "address2", "city", "state", "zip", "country", "timezone", "phone", "email", "contact_name"}
    | {"first_name", "last_name", "site_name", "station_name"}
)
"""What is alike in files that have nothing to do with each other."""
_ODD_KINDS = (
    *("MAC addresses", "IP addresses", "dates", "time zones", "yes or no", "US states", "phone numbers"),
    "e-mail addresses",
)


@dataclass(frozen=True, slots=True)
class Key:
    """A column of a sheet whose values name its records, and these values."""

    sheet: Sheet
    concept: str
    column: str
    values: frozenset[str]

    @property
    def place(self) -> str:
        """The column's name and where it is, for a reason."""
        return f'"{excerpt(self.column, length=40)}" of {_place(self.sheet)}'


def joined(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return the sheets with the columns that name records of other sheets taken for that."""
    owners = [sheet for sheet in sheets if sheet.records == {"site"} and sheet.says_where]
    keyed = {sheet.src: _with_key(sheet, [other for other in sheets if other is not sheet]) for sheet in owners}
    for sheet in sheets:
        if sheet.src not in keyed and (sheet.records or sheet.numbered):
            keyed |= {other.src: other for other in _as_named(list(keyed.values()), sheet)}
    sites = [key for sheet in keyed.values() for key in _keys(sheet, ("site_id",))]
    return [keyed[sheet.src] if sheet.src in keyed else _belonging(sheet, sites) for sheet in sheets]


def _as_named(owners: Sequence[Sheet], sheet: Sheet) -> Iterator[Sheet]:
    """Yield the owners whose sites a sheet names by another column than the one that looks like the id."""
    for owner in owners:
        if any(_best(sheet, [key]) for key in _keys(owner, ("site_id",))):
            continue
        for key in _other_keys(owner):
            if _best(sheet, [key]):
                why = f"{_place(sheet)} names the sites so"
                yield owner.with_take(Take("site_id", key.column, LIKELY, why))
                break


def _other_keys(owner: Sheet) -> Iterator[Key]:
    """Yield the columns that may be the id of sites all the same: codes by their header first, then the name."""
    for column, profile in owner.profiles.items():
        if asked(column).keys() & {"site_id", "account"} and profile.distinct >= _MOST * max(profile.filled, 1):
            yield _key(owner, "site_id", column)
    yield from _keys(owner, ("site_name",))


def _belonging(sheet: Sheet, sites: Sequence[Key]) -> Sheet:
    """Return a sheet that belongs to sites of another: it holds none itself."""
    may_refer = "device" in sheet.records or (sheet.numbered and not sheet.records)
    if sheet.records == {"site"} and not sheet.says_where and _best(sheet, sites):
        return replace(sheet, records=frozenset())
    take = (_best(sheet, sites) or _but_for_zeros(sheet, sites) or _within(sheet, sites)) if may_refer else None
    if take is None or take.score < LIKELY:
        return sheet
    return replace(sheet.with_take(take), records=sheet.records & {"device"})


def _with_key(sheet: Sheet, others: Sequence[Sheet]) -> Sheet:
    """Return the sheet with a key: the column that looks like one, else the one whose values another sheet shares."""
    if "site_id" in sheet.takes:
        return sheet
    keys = [
        profile
        for profile in sheet.profiles.values()
        if profile.kind not in _ODD_KINDS and _is_key(profile) and not _is_said_of_a_place(profile)
    ]
    referring = [profile for other in others for profile in other.profiles.values() if _may_refer(profile)]
    shared = _shared(keys, referring)
    best = max(range(len(keys)), key=shared.__getitem__, default=None)
    if best is None or shared[best] < _HALF:
        return sheet
    why = "its values are unique, and another sheet has them too"
    return sheet.with_take(Take("site_id", keys[best].column, LIKELY, why))


def _shared(keys: Sequence[Profile], referring: Iterable[Profile]) -> list[float]:
    """Return of each key the largest share of another column's cells that hold one of its values.

    Each column is gone through once for all keys, as sheets of hundreds of columns have too many pairs.
    """
    owners: dict[str, list[int]] = {}
    for at, key in enumerate(keys):
        for value in key.values["value"]:
            owners.setdefault(value, []).append(at)
    best = [0.0] * len(keys)
    for profile in referring if owners else ():
        cells = Counter[int]()
        for value, count in profile.values.iter_rows():
            for at in owners.get(value, ()):
                cells[at] += count
        for at, count in cells.items():
            best[at] = max(best[at], count / profile.sampled)
    return best


def _is_key(profile: Profile) -> bool:
    return profile.filled >= _NEARLY_ALL * profile.rows and profile.distinct >= _NEARLY_ALL * profile.filled


def _is_said_of_a_place(profile: Profile) -> bool:
    """Tell whether a column is a street, a city, a name, a phone number, by its header or by texts of several words."""
    header = asked(profile.column)
    place = max((said.weight for concept, said in header.items() if concept in _ABOUT_A_PLACE), default=0.0)
    number = max((header[concept].weight for concept in ("site_id", "account") if concept in header), default=0.0)
    words = profile.share_where(profile.values["value"].str.contains(r"\S\s+\S"))
    return place > number or words >= _HALF


def _may_refer(profile: Profile) -> bool:
    return profile.kind not in _ODD_KINDS and profile.distinct >= _SEVERAL


def _keys(sheet: Sheet, concepts: Collection[str]) -> Iterator[Key]:
    for concept in concepts:
        column = sheet.column(concept)
        if column is not None:
            yield _key(sheet, concept, column)


def _key(sheet: Sheet, concept: str, column: str) -> Key:
    cells = sheet.source.table.frame[column].head(_KEYS_MAX)
    return Key(sheet, concept, column, frozenset(text.strip() for text in cells.drop_nulls().unique()))


def _place(sheet: Sheet) -> str:
    table = sheet.source.table
    return sheet.source.file if table.sheet is None else f"sheet {excerpt(table.sheet, length=40)}"


def _best(sheet: Sheet, keys: Sequence[Key]) -> Take | None:
    """Return the column of a sheet whose values are mostly those of a key."""
    found: list[tuple[float, float, Take]] = []
    every = frozenset[str]().union(*(key.values for key in keys))
    for column, profile in sheet.profiles.items():
        share = profile.share_among(every) if profile.filled and profile.kind not in _ODD_KINDS else 0.0
        header = asked(column)
        said = max((header[concept].weight for concept in ("site_id", "site_name") if concept in header), default=0.0)
        others = max(
            (header[concept].weight for concept in ("zone", "channel", "model") if concept in header), default=0
        )
        is_chance = share < _NEARLY_ALL or not _may_refer(profile) or not _ABOUT_A_PLACE.isdisjoint(header)
        if share < _HALF or others > said or (not said and is_chance):
            continue
        key = max(keys, key=lambda key: profile.share_among(key.values))
        why = f"{share:.0%} of its values are in {key.place}".replace("%", " %")
        found.append((share + said, share, Take("site_id", column, min(0.99, _OWN_SHARE + share * 0.4), why)))
    return max(found, key=lambda item: item[0])[2] if found else None


def _but_for_zeros(sheet: Sheet, keys: Sequence[Key]) -> Take | None:
    """Return the column whose values are those of a key without the zeros in front, which a spreadsheet took off."""
    before = sheet.takes.get("site_id")
    for key in keys if before is not None else ():
        widths = {len(value) for value in key.values}
        if before is None or len(widths) != 1 or not all(value.isdecimal() for value in key.values):
            continue
        profile, [width] = sheet.profiles[before.column], widths
        padded = pl.Series([value.zfill(width) in key.values for value in profile.values["value"]], dtype=pl.Boolean)
        share = profile.share_where(padded)
        if share >= _MOST:
            why = f"{share:.0%} of its values are in {key.place} but for zeros in front".replace("%", " %")
            note = f"decide: pad = {width} would give its values the zeros that they have in {key.place}"
            return Take("site_id", before.column, LIKELY, why, note=note)
    return None


def _within(sheet: Sheet, keys: Sequence[Key]) -> Take | None:
    """Return the column in whose texts a key's values stand among others, and the pattern that takes them out."""
    if sheet.takes.get("site_id") is not None and sheet.takes["site_id"].score >= LIKELY:
        return None
    found: list[tuple[float, Take]] = []
    for key in keys:
        shape = _shape(key.values)
        for column, profile in sheet.profiles.items() if shape else ():
            parts = profile.values["value"].str.extract(f"({shape})", 1)
            share = profile.share_where(pl.Series([part in key.values for part in parts], dtype=pl.Boolean))
            if share >= _MOST and parts.n_unique() >= _SEVERAL:
                why = f"{share:.0%} of its texts hold a value of {key.place}".replace("%", " %")
                found.append((share, Take("site_id", column, max(USED, _NEARLY_ALL * share), why, f"({shape})")))
    return max(found, key=lambda item: item[0])[1] if found else None


def _shape(values: Collection[str]) -> str | None:
    """Return the pattern that nearly all of the values have: letters, digits and what stands between; None: none."""
    head = sorted(values)[:_SHAPES_LOOKED_AT]
    shapes: dict[str, int] = {}
    for value in head:
        pieces = re.findall(r"[A-Z]+|[0-9]+|[^A-Z0-9]", value)
        shape = "".join(
            "[A-Z]+" if p.isupper() else "[0-9]+" if p.isdecimal() else p if p in "-_/" else re.escape(p)
            for p in pieces
        )
        shapes[shape] = shapes.get(shape, 0) + 1
    if not shapes or min(map(len, head)) < _SHORTEST_KEY:
        return None
    shape = max(shapes, key=lambda name: shapes[name])
    mixed = "[A-Z]+" in shape and "[0-9]+" in shape
    return shape if mixed and shapes[shape] >= _SAME_SHAPE * len(head) else None
