"""Conditions: which rows make no record, as their status or their type says."""

from collections.abc import Iterable, Iterator

from migrate.mapping.suggest.draft import WhereDraft
from migrate.mapping.suggest.profile import Profile
from migrate.mapping.suggest.sheets import Sheet
from migrate.mapping.suggest.value_words import device_kind, model_key, standing
from migrate.model.text import excerpt

_VALUES_SHOWN = 12
_MOST_LEFT_OUT = 0.5
_YES_OR_NO_SHARE = 0.8


def conditions(sheet: Sheet, record: str) -> tuple[WhereDraft, ...]:
    """Return the conditions for the table of a record."""
    found = [*_standing(sheet, record)]
    if record == "device":
        found += _other_devices(sheet)
    return tuple(found)


def counted(profile: Profile) -> str:
    """Return a column's commonest values with their numbers, such as `Active (12), Closed (3)`."""
    head = profile.values.head(_VALUES_SHOWN)
    said = ", ".join(f"{excerpt(value, length=30)} ({count:,})" for value, count in head.iter_rows())
    more = profile.values.height - head.height
    return said + (f" and {more:,} more" if more else "")


def _standing(sheet: Sheet, record: str) -> Iterator[WhereDraft]:
    for concept in ("status", "site_class"):
        column = sheet.column(concept)
        if column is None:
            continue
        profile = sheet.profiles[column]
        is_switch = profile.share("yes or no") >= _YES_OR_NO_SHARE
        closed = _different(
            value for value in profile.values["value"] if standing(value, is_switch=is_switch) == "closed"
        )
        unclear = [value for value in profile.values["value"] if standing(value, is_switch=is_switch) is None]
        notes = [f"values: {counted(profile)}"]
        if is_switch and record != "device":
            notes.append("no may mean closed, or not yet activated: if closed, take the # away")
            yield WhereDraft(column, closed or ("no",), tuple(notes), active=False)
            continue
        if record == "device" and column in sheet.down and closed:
            notes += _once_a_group(column)
            yield WhereDraft(column, closed, tuple(notes), active=False)
        elif closed and _share(profile, closed) > _MOST_LEFT_OUT:
            notes.append("decide: that would leave out most of the rows; if it should, take the # away")
            yield WhereDraft(column, closed, tuple(notes), active=False)
        elif closed:
            if unclear:
                notes.append(f"decide: {_quoted_list(unclear)} may not be in use either; such rows come along")
            yield WhereDraft(column, closed, tuple(notes))
        elif profile.distinct > 1:
            notes.append("decide: does one of these mean that the row makes no record? then take the # away")
            yield WhereDraft(column, (profile.values["value"][-1],), tuple(notes), active=False)


def _once_a_group(column: str) -> tuple[str, ...]:
    """Return what to do about devices, whose rows don't say it: filled down, an open site's empty cell would too."""
    return (
        f'decide: only the first row of each group has "{excerpt(column, length=40)}"; check tells devices of sites',
        "  that are left out; to leave them out as well, fill its cells in the sheet and take the # away",
    )


def _share(profile: Profile, values: tuple[str, ...]) -> float:
    return profile.share_among(values) * profile.filled_share


def _other_devices(sheet: Sheet) -> Iterator[WhereDraft]:
    column = sheet.column("device_type")
    if column is None:
        return
    values = sheet.profiles[column].values["value"]
    others = [model_key(value) or value for value in values if device_kind(value) == "other"]
    if others:
        notes = ("neither cameras nor bridges, which are all that the API takes",)
        yield WhereDraft(column, _different(others), notes)


def _different(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values that differ by more than case, as keys are compared."""
    return tuple({value.lower(): value for value in values}.values())


def _quoted_list(values: list[str]) -> str:
    shown = ", ".join(f'"{excerpt(value, length=30)}"' for value in values[:_VALUES_SHOWN])
    return shown + (" ..." if len(values) > _VALUES_SHOWN else "")
