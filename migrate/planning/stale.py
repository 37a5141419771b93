"""Staleness: whether what a plan touches at the dealer is still as it was when the plan was made."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import polars as pl

from migrate.planning.dealer import Dealer

ABSENT = "absent"
_DEVICES = "devices of site"
_CHANGES_TOLD = 5
_LINKS = {
    "station": ("external_monitoring_station_id", "_remote_id"),
    "site": ("external_site_id", "_remote_id", "external_monitoring_station_id", "_station_id"),
    "device": ("external_site_id", "_site_id"),
}
"""Kind of record → what says where one stands."""


def touched(dealer: Dealer, records: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Return a fingerprint of each record of the dealer that the planned `records` touch, by what people call it.

    These are the stations and sites to be sent, those that others to be sent belong to, and the device lists of
    existing sites that get devices. What is not there is `absent`.
    """
    prints: dict[str, str] = {}
    for held in _touched(dealer, records):
        prints |= _prints(held)
    return prints


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Return what people call the touched records whose fingerprint is no longer as it was."""
    return [name for name, old in before.items() if after.get(name, ABSENT) != old]


def changes(
    before: Dealer, after: Dealer, records: Mapping[str, pl.DataFrame], names: Collection[str]
) -> dict[str, str]:
    """Return what differs in each touched record of `names` that both have (`name: A → B; ...`)."""
    told: dict[str, str] = {}
    if not names:
        return told
    for old, new in zip(_touched(before, records), _touched(after, records), strict=True):
        olds, news = old.by_key(names), new.by_key(names)
        told |= {
            f"{old.label} {key}": _told(rows, news[key], several=old.label == _DEVICES)
            for key, rows in olds.items()
            if news.get(key, rows) != rows
        }
    return told


def stale(before: Mapping[str, str], after: Mapping[str, str], told: Mapping[str, str] | None = None) -> list[str]:
    """Return a line for each touched record that is no longer as it was; none: the plan still holds.

    `told` says what differs, where that is known.
    """
    lines = []
    for name in changed(before, after):
        old, new = before[name], after.get(name, ABSENT)
        was, has, none = ("were", "have", "are") if name.startswith(_DEVICES) else ("was", "has", "is")
        if old == ABSENT:
            lines.append(f"{name}: {was} not there when the plan was made, and {none} now")
        elif new == ABSENT:
            lines.append(f"{name}: {none} gone since the plan was made")
        else:
            how = f" ({told[name]})" if told and name in told else ""
            lines.append(f"{name}: {has} changed since the plan was made{how}")
    return lines


@dataclass(frozen=True, slots=True)
class _Held:
    """The dealer's rows (`_key`, `remote_id`, fields) that stand for `keys`; people call one by `label` and key."""

    label: str
    remote_id: str
    keys: pl.DataFrame
    rows: pl.DataFrame

    def by_key(self, names: Collection[str]) -> dict[str, dict[int, dict[str, Any]]]:
        """Return key → remote id → the row's fields, of what people call by one of `names`."""
        found: dict[str, dict[int, dict[str, Any]]] = {}
        named = pl.concat_str(pl.lit(f"{self.label} "), "_key").is_in(list(names))
        for row in self.rows.filter(named).iter_rows(named=True):
            found.setdefault(row.pop("_key"), {})[row.pop(self.remote_id)] = row
        return found


def _touched(dealer: Dealer, records: Mapping[str, pl.DataFrame]) -> Iterator[_Held]:
    planned = {name: _planned(name, frame) for name, frame in records.items()}
    for label, keys, theirs, remote_id in (
        ("station", _stations(planned), dealer.stations, "monitoring_station_id"),
        ("site", _sites(planned), dealer.sites.join(dealer.arming, on="site_id", how="left"), "site_id"),
    ):
        yield _Held(label, remote_id, keys, _held(keys, theirs, remote_id=remote_id))
    if "device" in planned:
        named = planned["device"].select(_key="external_site_id", _remote_id="_site_id")
        keys = named.drop_nulls().unique("_key").sort("_key")
        held = keys.join(
            dealer.devices.sort("device_id"), left_on="_remote_id", right_on="site_id", maintain_order="left_right"
        )
        yield _Held(_DEVICES, "device_id", keys, held.drop("_remote_id"))


def _planned(record: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return where the planned records stand, once each, and no more: the whole would be a copy of the plan."""
    links = pl.col(_LINKS[record])
    there = frame.select(links.filter(pl.col("_planned") == "planned"))
    # devices of a site mostly stand together: without those that say the same as the one before few are left to compare
    other = pl.any_horizontal(links.ne_missing(links.shift(1)), pl.int_range(pl.len()) == 0)
    return there.filter(other).unique(maintain_order=True)


def _told(old: Mapping[int, dict[str, Any]], new: Mapping[int, dict[str, Any]], *, several: bool) -> str:
    parts = []
    for number in sorted(old.keys() | new.keys()):
        row = new.get(number) or old[number]
        name = f"{row.get('external_device_id') or row.get('name') or number} "
        if number not in old or number not in new:
            parts.append(f"{name}is {'gone' if number in old else 'new'}")
            continue
        fields = [
            f"{field}: {_shown(value)} → {_shown(row[field])}"
            for field, value in old[number].items()
            if value != row[field]
        ]
        parts += [f"{name}{field}" for field in fields] if several else fields
    more = f"; and {len(parts) - _CHANGES_TOLD:,} more" if len(parts) > _CHANGES_TOLD else ""
    return "; ".join(parts[:_CHANGES_TOLD]) + more


def _shown(value: object) -> str:
    return "(empty)" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _stations(planned: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    keys = [
        planned[name].select(_key="external_monitoring_station_id", _remote_id=remote_id)
        for name, remote_id in (("station", "_remote_id"), ("site", "_station_id"))
        if name in planned
    ]
    return _keys(keys)


def _sites(planned: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    keys = [
        planned[name].select(_key="external_site_id", _remote_id=remote_id)
        for name, remote_id in (("site", "_remote_id"), ("device", "_site_id"))
        if name in planned
    ]
    return _keys(keys)


def _keys(keys: list[pl.DataFrame]) -> pl.DataFrame:
    """Return the distinct keys, sorted; a record without a name is called by its number."""
    schema = {"_key": pl.String, "_remote_id": pl.Int64}
    named = pl.concat([pl.DataFrame(schema=schema), *keys])
    return (
        named.with_columns(pl.coalesce("_key", pl.col("_remote_id").cast(pl.String)).alias("_key"))
        .drop_nulls("_key")
        .group_by("_key")
        .agg(pl.col("_remote_id").drop_nulls().first())
        .sort("_key")
    )


def _held(keys: pl.DataFrame, theirs: pl.DataFrame, *, remote_id: str) -> pl.DataFrame:
    """Return the dealer's rows that have the external id of a key, or are the record it stands for; with `_key`."""
    by_name = keys.select("_key").join(theirs, left_on="_key", right_on=f"external_{remote_id}", how="inner")
    by_number = keys.join(theirs, left_on="_remote_id", right_on=remote_id, how="inner")
    pairs = pl.concat(
        [by_name.select("_key", remote_id), by_number.select("_key", pl.col("_remote_id").alias(remote_id))]
    )
    return pairs.unique().sort("_key", remote_id).join(theirs, on=remote_id, maintain_order="left")


def _prints(held: _Held) -> dict[str, str]:
    rows = held.rows.select("_key", _row=pl.struct(pl.exclude("_key")).struct.json_encode())
    texts = dict(rows.group_by("_key").agg(pl.col("_row").str.join("\n")).iter_rows())
    return {
        f"{held.label} {key}": sha256(texts[key].encode()).hexdigest()[:16] if key in texts else ABSENT
        for key in held.keys["_key"]
    }
