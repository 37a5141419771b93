"""What records a sheet holds, and which of its columns says what about them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from migrate.mapping.blanks import clean
from migrate.mapping.merged_cells import merged_down
from migrate.mapping.rows import filled_down, usable
from migrate.mapping.suggest.assign import assign
from migrate.mapping.suggest.fits import BY_VALUE, fit, said_of_values
from migrate.mapping.suggest.numbered import NumberedColumn, numbered_columns
from migrate.mapping.suggest.phrases import asked, is_of_another, is_secret, meanings
from migrate.mapping.suggest.profile import SAMPLE_ROWS, Profile, profiles
from migrate.model.sources import Source
from migrate.model.text import excerpt

SITE_CONCEPTS = (
    *("site_id", "site_name", "account", "timezone", "street", "address2", "city", "state", "zip", "country"),
    *("security_type", "is_activated", "station_ref"),
)
DEVICE_CONCEPTS = (
    *("device_id", "zone", "other_zones", "device_name", "device_type", "make", "model", "mac", "serial", "ip"),
    *("channel", "recorder"),
)
STATION_CONCEPTS = ("station_id", "station_name", "prefix", "linecard")
CONTACT_CONCEPTS = ("first_name", "last_name", "phone", "email", "contact_name")
SURE, LIKELY, USED = 0.85, 0.65, 0.5
"""How sure a suggestion is, from 0 to 1: above the first it is `sure`, then `likely`, `doubtful`; below it is none."""

_DEVICE_SIGNS = {"mac": 1.0, "zone": 1.0, "serial": 1.0, "device_type": 0.8, "device_name": 0.6, "model": 0.6}
_DEVICE_SIGNS |= {"make": 0.4, "ip": 0.4, "other_zones": 0.6}
_SITE_SIGNS = {"timezone": 1.0, "account": 1.0, "street": 1.0, "site_name": 0.6, "city": 0.5, "zip": 0.5}
_SITE_SIGNS |= {"security_type": 0.5, "state": 0.3, "site_id": 0.4}
_OURS = frozenset({"mac", "zone", "other_zones", "ip", "device_type"})
"""Without one of these, devices may be of any kind: laptops have makes, models and serial numbers too."""
_STATION_SIGNS = {"linecard": 1.0, "prefix": 1.0, "station_name": 0.6, "station_id": 0.6}
_DEVICES_MIN, _NAMELESS_MIN, _SITES_MIN, _STATIONS_MIN = 1.2, 0.7, 1.4, 1.5
_SEVERAL, _NEARLY_ALL = 2, 0.9
_HALF, _OFTEN = 0.5, 0.8
_AGAINST, _STRANGE, _DOUBT = 0.5, 0.65, 0.8
_EACH_HAS_ONE = frozenset({"mac", "serial", "model", "make"})
"""What cameras have, and what they are connected to as well."""
_DOUBTFUL = 0.55
_REFERS, _IS_CODE = 0.2, 0.15
_STATUS_MIN = 0.65
_LEAVES_OUT = frozenset({"status", "site_class"})
"""A column that leaves rows out must be one whose header was understood whole."""
_CODES = frozenset({"codes", "codes with leading zeros", "numbers"})
_NAMES_SITE = frozenset({"site_id", "account", "site_name"})
_BESIDE_ID = frozenset({"account", "site_name"})
"""What the column of a site's id may be as well."""
_PLACES = frozenset({"timezone", "street", "city"})
_COLUMNS_MAX = 400


@dataclass(frozen=True, slots=True)
class Take:
    """What a column is taken for: `score` from 0 to 1, and `why`; `extract` where only a part of the text says it.

    `note` is what a person should decide about it.
    """

    concept: str
    column: str
    score: float
    why: str
    extract: str | None = None
    note: str | None = None

    @property
    def sureness(self) -> str:
        """The score in a word."""
        return "sure" if self.score >= SURE else "likely" if self.score >= LIKELY else "doubtful"


@dataclass(frozen=True)
class Sheet:
    """A source, the `records` that it holds, and what its columns are taken for, by concept.

    `down` are columns that are filled only in the first row of a group, `numbered` those of cameras side by side;
    columns that may hold `secrets` are in none of these.
    """

    src: int
    source: Source
    profiles: Mapping[str, Profile]
    records: frozenset[str]
    takes: Mapping[str, Take]
    down: tuple[str, ...] = ()
    numbered: tuple[NumberedColumn, ...] = ()
    secrets: Mapping[str, Profile] = field(default_factory=dict)

    @property
    def filled_down(self) -> tuple[str, ...]:
        """The column that a mapping must fill down: the site's id, and never one that leaves rows out."""
        named = (self.takes[concept].column for concept in ("site_id", "account", "site_name") if concept in self.takes)
        site = next(named, None)
        return tuple(column for column in self.down if column == site)

    @property
    def shape(self) -> str:
        """What a row is, in words."""
        if self.records == {"site", "device"}:
            where = "only in the first row of each group" if self.down else "repeated in each"
            return f"one row per device, its site's columns {where}"
        if self.numbered:
            return "one row per site, its cameras side by side"
        rows = {frozenset({name}): f"one row per {name}" for name in ("station", "site", "device")}
        return rows.get(self.records, "")

    @property
    def says_where(self) -> bool:
        """Whether it says where its sites are."""
        return not _PLACES.isdisjoint(self.takes)

    @property
    def is_used(self) -> bool:
        """Whether a table of the mapping reads it."""
        return bool(self.records or (self.numbered and "site_id" in self.takes))

    def column(self, concept: str) -> str | None:
        """Return the column taken for a concept; None where there is none."""
        take = self.takes.get(concept)
        return None if take is None else take.column

    def with_take(self, take: Take) -> "Sheet":
        """Return the sheet with a column taken for this; taken whole, it may be the name and the account beside."""
        others = {
            name: other
            for name, other in self.takes.items()
            if take.extract or other.column != take.column or name in _BESIDE_ID
        }
        return replace(self, takes={**others, take.concept: take})


def look(src: int, source: Source) -> Sheet:
    """Return what a source holds, seen alone."""
    every = profiles(source.table)
    secrets = {column: profile for column, profile in every.items() if is_secret(column)}
    found = {column: profile for column, profile in every.items() if column not in secrets}
    has_names = source.table.header_row > 0
    numbered = tuple(numbered_columns(found)) if has_names else ()
    free = [column for column in list(found)[:_COLUMNS_MAX] if column not in {cell.column for cell in numbered}]
    offers = _of_cameras(dict(_offers({column: found[column] for column in free}, has_names=has_names)))
    records = _records(offers, found, has_names=has_names)
    down = _grouped(source, found, offers) if "device" in records else ()
    takes = _assigned(source, found, offers, records=records, down=down) if records or numbered else {}
    return Sheet(src, source, found, records, takes, down, numbered, secrets)


def _offers(found: Mapping[str, Profile], *, has_names: bool) -> Iterator[tuple[tuple[str, str], Take]]:
    """Yield (concept, column) → what speaks for it."""
    for column, profile in found.items():
        header = asked(column) if has_names or not profile.letter else {}
        for concept, said in header.items():
            score = said.weight * fit(concept, profile)
            note = _contract_note(column) if concept in {"site_id", "account"} else None
            why = f"{said.why}; {said_of_values(concept, profile)}"
            yield (concept, column), Take(concept, column, score, why, note=note)
        for concept, (kind, score) in BY_VALUE.items():
            share = profile.share(kind)
            before = header[concept].weight * fit(concept, profile) if concept in header else 0.0
            is_chance = concept == "state" and (profile.distinct < _SEVERAL or profile.width != _SEVERAL)
            is_chance |= concept == "device_type" and any(said.weight >= _HALF for said in header.values())
            if profile.filled and share >= _NEARLY_ALL and score > before and not is_chance:
                yield (concept, column), Take(concept, column, score * share, said_of_values(concept, profile))


def _contract_note(column: str) -> str | None:
    """Return what to decide about a contract's number; None where the column is none."""
    if "contract" not in meanings(column)[0]:
        return None
    return f'decide: "{excerpt(column, length=40)}" is a contract\'s number; does it stand for the site or its account?'


def _of_cameras(offers: dict[tuple[str, str], Take]) -> dict[tuple[str, str], Take]:
    """Return the offers without those of a recorder's or a switch's columns, but where nothing else is the device's."""
    found = dict[tuple[str, str], Take]()
    for (concept, column), take in offers.items():
        if concept not in _EACH_HAS_ONE or not is_of_another(column):
            found[concept, column] = take
        elif not any(
            concept == name and other.score >= USED and not is_of_another(other.column)
            for (name, _), other in offers.items()
        ):
            note = f'decide: is "{excerpt(column, length=40)}" the camera\'s own, or that of what it is connected to?'
            found[concept, column] = replace(take, score=min(take.score, _DOUBTFUL), note=note)
    return found


def _records(
    offers: Mapping[tuple[str, str], Take], found: Mapping[str, Profile], *, has_names: bool
) -> frozenset[str]:
    """Return which records the sheet seems to hold."""
    if len(found) < _SEVERAL or not any(profile.rows for profile in found.values()):
        return frozenset()
    best: dict[str, float] = {}
    chosen = assign(
        {pair: take.score for pair, take in offers.items() if take.score >= _HALF and pair[0] not in STATION_CONCEPTS}
    )
    for concept, column in chosen.items():
        best[concept] = offers[concept, column].score
    devices, sites = _sum(best, _DEVICE_SIGNS), _sum(best, _SITE_SIGNS)
    loose = {
        concept: max((take.score for (name, _), take in offers.items() if name == concept), default=0.0)
        for concept in _STATION_SIGNS
    }
    named = loose["linecard"] >= _HALF or loose["prefix"] >= _HALF
    if named and devices < _DEVICES_MIN and best.keys().isdisjoint(_PLACES):
        return frozenset({"station"} if _sum(loose, _STATION_SIGNS) >= _STATIONS_MIN else ())
    enough = devices >= (_DEVICES_MIN if has_names else _NAMELESS_MIN)
    are_ours = not _OURS.isdisjoint(best) or any("camera" in meanings(column)[0] for column in found)
    records = {"device"} if enough and are_ours else set()
    return frozenset(records | ({"site"} if sites >= _SITES_MIN else set()))


def _sum(best: Mapping[str, float], signs: Mapping[str, float]) -> float:
    return sum(weight * best.get(concept, 0.0) for concept, weight in signs.items())


def _grouped(source: Source, found: Mapping[str, Profile], offers: Mapping[tuple[str, str], Take]) -> tuple[str, ...]:
    """Return the columns that stand only in the first row of each group, the key of the site among them.

    Where few groups have more than one row, the cells that are merged over several say it.
    """
    keys = sorted(
        (take.score, -at, take.column) for at, take in enumerate(offers.values()) if take.concept in _NAMES_SITE
    )
    signs = {take.column for (concept, _), take in offers.items() if concept in _DEVICE_SIGNS and take.score >= _OFTEN}
    rows = usable(source.table).head(SAMPLE_ROWS)
    for score, _, key in reversed(keys):
        profile = found[key]
        if score < _HALF or not 0 < profile.filled < _NEARLY_ALL * profile.rows or not profile.letter:
            continue  # what was looked up in vain is not to be filled down
        below = rows.filter(clean(pl.col(key)).is_null())
        own = [column for column in signs if column != key and below[column].count() >= _HALF * below.height]
        empty = [
            column
            for column in found
            if column not in own and below.height and below[column].count() <= (1 - _NEARLY_ALL) * below.height
        ]
        if own and (len(empty) > 1 or profile.is_unique) and rows[0, key] is not None:
            return tuple(empty)
    merged = merged_down(source.table.findings)
    return tuple(column for column in found if column in merged)


def _assigned(
    source: Source,
    found: Mapping[str, Profile],
    offers: Mapping[tuple[str, str], Take],
    *,
    records: Collection[str],
    down: Sequence[str],
) -> dict[str, Take]:
    allowed = {*CONTACT_CONCEPTS, "status", "site_class"}
    if "station" in records:
        allowed |= {*STATION_CONCEPTS}
    else:
        allowed |= {*SITE_CONCEPTS} | ({*DEVICE_CONCEPTS} if "device" in records else set())
    varying = _varying(source, found, offers, down) if records == {"site", "device"} else {}
    of_devices = {column for concept, column in offers if concept in DEVICE_CONCEPTS}
    scores: dict[tuple[str, str], float] = {}
    for at, ((concept, column), take) in enumerate(offers.items()):
        if concept in allowed:
            factor = _context(concept, found[column], records) * _by_level(
                concept, varies=varying.get(column), is_only_site=column not in of_devices
            )
            score = min(1.0, take.score * factor + (_bonus(take, found[column], records) if factor == 1 else 0.0))
            if score >= (_STATUS_MIN if concept in _LEAVES_OUT else USED):
                scores[concept, column] = score - at / 1e6  # of two alike the one further to the left
    chosen = assign(scores)
    return {
        concept: replace(offers[concept, column], score=scores[concept, column]) for concept, column in chosen.items()
    }


def _bonus(take: Take, profile: Profile, records: Collection[str]) -> float:
    """Return what speaks more for a site's id: that devices must name their site, that the values are unique codes."""
    if take.concept != "site_id" or take.score < USED or "contract" in meanings(take.column)[0]:
        return 0.0
    if records == {"device"}:
        return _REFERS
    return _IS_CODE if records == {"site"} and profile.is_unique and profile.kind in _CODES else 0.0


def _context(concept: str, profile: Profile, records: Collection[str]) -> float:
    """Return what counts against a concept in a sheet of such records."""
    distinct = profile.distinct / profile.filled if profile.filled else 0.0
    if concept == "device_id" or (concept == "site_id" and records == {"site"}) or concept == "station_id":
        return 1.0 if distinct >= _NEARLY_ALL else _AGAINST
    if concept == "account" and records == {"site"}:
        return 1.0 if distinct >= _OFTEN else _DOUBT
    if concept in SITE_CONCEPTS and concept != "site_id" and records == {"device"}:
        return _STRANGE
    return 1.0


def _by_level(concept: str, *, varies: bool | None, is_only_site: bool) -> float:
    """Return what counts against a concept of the site for a column that varies within one, and the other way round.

    What no device has is the site's all the same: where its rows disagree, check tells it.
    """
    if varies is None:
        return 1.0
    if concept in SITE_CONCEPTS:
        return (_STRANGE if is_only_site else _AGAINST) if varies else 1.0
    return 1.0 if varies or concept not in {"device_name", "device_id", "zone"} else _DOUBT


def _varying(
    source: Source, found: Mapping[str, Profile], offers: Mapping[tuple[str, str], Take], down: Sequence[str]
) -> dict[str, bool]:
    """Return column → whether it varies within sites; columns of which that can't be told are left out."""
    keys = [take for take in offers.values() if take.concept == "site_id" and take.column in found]
    if not keys:
        return {}
    key = max(keys, key=lambda take: take.score).column
    rows = filled_down(usable(source.table).head(SAMPLE_ROWS), down)
    rows = rows.filter(pl.col(key).is_not_null())
    groups = rows.group_by(key).agg(pl.len().alias("_len"), pl.exclude(key, "_row").drop_nulls().n_unique())
    several = groups.filter(pl.col("_len") > 1)
    if several.height < _SEVERAL:
        return {}
    shares = several.select((pl.exclude(key, "_len") > 1).mean()).row(0, named=True)
    return {column: share >= _HALF for column, share in shares.items() if not 1 - _OFTEN < share < _HALF}
