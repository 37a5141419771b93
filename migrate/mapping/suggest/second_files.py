"""Second files: a list of zones beside an export that has none, told by a column whose values both have."""

from collections.abc import Sequence

import polars as pl

from migrate.mapping.blanks import fold
from migrate.mapping.grammar import Lookup
from migrate.mapping.lookup import Asked
from migrate.mapping.suggest.fits import fit
from migrate.mapping.suggest.phrases import asked
from migrate.mapping.suggest.profile import Profile
from migrate.mapping.suggest.sheets import LIKELY, Sheet, Take
from migrate.model.sources import LOOKED_UP_IN

_GIVEN = ("site_id", "zone", "other_zones", "device_name")
"""What a second file is asked for, where the export doesn't have it."""
_ALONE = ("site_id", "zone")
_NEARLY_ALL, _MOST = 0.9, 0.8
_SEVERAL = 3


def second_files(sheets: Sequence[Sheet]) -> list[Asked]:
    """Return the exports that don't say sites or zones, of which another sheet says them, each with the first such."""
    found = list[Asked]()
    for own in sheets:
        if own.records <= {"device"} and "zone" not in own.takes:
            others = (other for other in sheets if other is not own and other.records <= {"device"})
            found += next(([asked] for other in others if (asked := _asked(own, other)) is not None), [])
    givers = {src for asked in found for src in asked.givers}
    return [asked for asked in found if asked.src not in givers]


def _asked(own: Sheet, giver: Sheet) -> Asked | None:
    there = {fold(column) for column in own.source.table.columns}
    given = _given(giver)
    wanted = {concept: take.column for concept, take in given.items() if take.score > _score(own, concept)}
    columns = [column for column in wanted.values() if fold(column) not in {*there, LOOKED_UP_IN}]
    key = _key(own, giver, given=columns)
    if (
        LOOKED_UP_IN in there
        or key is None
        or not {"zone", "site_id"} & {*wanted}
        or len(giver.profiles) >= len(own.profiles) + len(columns)
    ):
        return None
    return Asked(own.src, Lookup.model_validate({"key": key, "columns": columns}), (giver.src,)) if columns else None


def _given(giver: Sheet) -> dict[str, Take]:
    """Return what a sheet says of cameras; one that says no more than zone and site is taken for nothing by itself."""
    found = {concept: take for concept, take in giver.takes.items() if concept in _GIVEN}
    for column, profile in giver.profiles.items():
        for concept, said in asked(column).items():
            score = said.weight * fit(concept, profile)
            if concept in _ALONE and concept not in found and score >= LIKELY:
                found[concept] = Take(concept, column, score, said.why)
    return found


def _score(own: Sheet, concept: str) -> float:
    return own.takes[concept].score if concept in own.takes else 0.0


def _key(own: Sheet, giver: Sheet, *, given: Sequence[str]) -> dict[str, str] | None:
    """Return own column → the giver's, whose values are those of the own one and tell its rows apart; None: none."""
    best: tuple[float, bool, dict[str, str]] | None = None
    for theirs, profile in giver.profiles.items():
        if theirs in given or not _tells_apart(profile):
            continue
        for column, ours in own.profiles.items():
            share = profile.share_where(_lower(profile).is_in(_lower(ours).implode()))
            rated = (share, fold(column) == fold(theirs), {column: theirs})
            if share >= _MOST and (best is None or rated[:2] > best[:2]):
                best = rated
    return None if best is None else best[2]


def _tells_apart(profile: Profile) -> bool:
    is_filled = profile.filled >= _NEARLY_ALL * profile.rows
    alike = profile.filled - profile.distinct
    return is_filled and profile.distinct >= _SEVERAL and alike <= max(1, (1 - _MOST) * profile.filled)


def _lower(profile: Profile) -> pl.Series:
    return profile.values["value"].str.to_lowercase()
