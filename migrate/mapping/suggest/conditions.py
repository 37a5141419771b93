"""Conditions: which rows make no record, as their status or their type says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from migrate.mapping.blanks import clean
from migrate.mapping.keys import matches_any
from migrate.mapping.rows import filled_down
from migrate.mapping.suggest.draft import WhereDraft
from migrate.mapping.suggest.phrases import meanings
from migrate.mapping.suggest.profile import Profile, whole_rows
from migrate.mapping.suggest.sheets import Sheet
from migrate.mapping.suggest.value_words import Standing, device_kind, model_key, says_connection, standing
from migrate.model.text import excerpt

_VALUES_SHOWN = 12
_MOST_CLOSED, _MOST_LEFT_OUT = 0.25, 0.5
"""Above these shares of the rows what says so is no longer believed: few accounts are closed, but in a list of a
panel's points a third are often no cameras.
"""
_YES_OR_NO_SHARE = 0.8
_OF_ACCOUNTS = frozenset({"site", "account", "contract", "monitoring", "company"})
"""Words of a header whose column says how an account stands, also in a sheet of devices."""


def conditions(sheet: Sheet, record: str) -> tuple[WhereDraft, ...]:
    """Return the conditions for the table of a record."""
    found = [*_judged(sheet, [*_standing(sheet, record)], _MOST_CLOSED)]
    if record == "device":
        found = [*_judged(sheet, [*found, *_other_devices(sheet)], _MOST_LEFT_OUT)]
    return tuple(found)


def _judged(sheet: Sheet, found: Sequence[WhereDraft], most: float) -> Iterator[WhereDraft]:
    """Yield the conditions, as comments if those that are active leave out too many rows together."""
    active = [condition for condition in found if condition.active]
    share = _left_out(sheet, active) if active else 0.0
    for condition in found:
        if condition.active and share > most:
            note = f"decide: {_all(active)} would leave out {share:.0%} of the rows; if so, take the # away"
            yield replace(condition, notes=(*condition.notes, note.replace("%", " %")), active=False)
        else:
            yield condition


def _all(active: Sequence[WhereDraft]) -> str:
    return "that" if len(active) == 1 else f"these {len(active)} conditions together"


def _left_out(sheet: Sheet, active: Sequence[WhereDraft]) -> float:
    """Return the share of rows that any of the conditions leaves out."""
    rows = filled_down(whole_rows(sheet.source.table), sheet.filled_down)
    out = [matches_any(clean(pl.col(condition.column)), condition.values) for condition in active]
    return rows.filter(pl.any_horizontal(out)).height / rows.height if rows.height else 0.0


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
        found = {value: standing(value, is_switch=is_switch) for value in profile.values["value"]}
        notes = [f"values: {counted(profile)}"]
        if is_switch and record != "device":
            notes.append("no may mean closed, or not yet activated: if closed, take the # away")
            yield WhereDraft(column, _closed(found) or ("no",), tuple(notes), active=False)
            continue
        today = [value for value in found if says_connection(value)] if _is_of_devices(sheet, column) else []
        unsure = {value for value, said in found.items() if said is None or value in today}
        unsure |= {value for value, said in found.items() if said == "closed" and "*" in value}  # it takes others too
        closed = _closed({value: said for value, said in found.items() if value not in unsure})
        unclear = [value for value in found if value in unsure]
        if record == "device" and column in sheet.down and closed:
            notes += _once_a_group(column)
            yield WhereDraft(column, closed, tuple(notes), active=False)
        elif closed:
            if unclear:
                notes.append(f"decide: {_quoted_list(unclear)} may not be in use either; such rows come along")
            yield WhereDraft(column, closed, tuple(notes))
        elif profile.distinct > 1:
            notes.append("decide: does one of these mean that the row makes no record? then take the # away")
            plain = [value for value in found if "*" not in value]
            yield WhereDraft(column, tuple(plain[-1:]), tuple(notes), active=False)


def _once_a_group(column: str) -> tuple[str, ...]:
    """Return what to do about devices, whose rows don't say it: filled down, an open site's empty cell would too."""
    return (
        f'decide: only the first row of each group has "{excerpt(column, length=40)}"; check tells devices of sites',
        "  that are left out; to leave them out as well, fill its cells in the sheet and take the # away",
    )


def _closed(found: Mapping[str, Standing | None]) -> tuple[str, ...]:
    return _different(value for value, said in found.items() if said == "closed")


def _is_of_devices(sheet: Sheet, column: str) -> bool:
    """Tell whether a status is that of devices: what they say of their connection today closes no account."""
    return "device" in sheet.records and _OF_ACCOUNTS.isdisjoint(meanings(column)[0])


def _other_devices(sheet: Sheet) -> Iterator[WhereDraft]:
    column = sheet.column("device_type")
    if column is None:
        return
    kinds = [value for value in sheet.profiles[column].values["value"] if device_kind(value) == "other"]
    others = [model_key(value) or value for value in kinds if model_key(value) or "*" not in value]
    starred = [value for value in kinds if not model_key(value) and "*" in value]
    notes = ["neither cameras nor bridges, which are all that the API takes"]
    if starred:
        notes.append(
            f"decide: so may be {_quoted_list(starred)}, but a * stands for any text here; such rows come along"
        )
    if others:
        yield WhereDraft(column, _different(others), tuple(notes))
    elif starred:
        yield WhereDraft(column, (), tuple(notes), active=False)


def _different(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values that differ by more than case, as keys are compared."""
    return tuple({value.lower(): value for value in values}.values())


def _quoted_list(values: list[str]) -> str:
    shown = ", ".join(f'"{excerpt(value, length=30)}"' for value in values[:_VALUES_SHOWN])
    return shown + (" ..." if len(values) > _VALUES_SHOWN else "")
