"""Records: what is asked of whole records and of records among each other."""

from collections.abc import Callable, Collection, Mapping

import polars as pl

from migrate.checks.accounts import doubtful_accounts, duplicate_accounts
from migrate.checks.doubts import Complaint, doubts, no_doubts
from migrate.checks.keys import duplicate_ids, near_ids, repeated_ids
from migrate.checks.links import PARENTS, unknown_parents
from migrate.checks.mapped import Mapped
from migrate.checks.rules import Rule, broken
from migrate.checks.widths import Column, lost_digits, lost_zeros
from migrate.checks.zones import duplicate_zones, macs_at_two_sites, short_bridges
from migrate.model.findings import as_findings
from migrate.model.records import DEVICE, MERGED, RECORDS, SITE, STATION, RecordType

TOLD_ONCE = frozenset(
    {f"{what}_{parent.name}" for what in ("unknown", "filtered") for parent in PARENTS.values()}
    | {"shorter_than_others", "maybe_rounded", "near_id"}
    | {"duplicate_account", "no_account", "two_stations", "prefix_repeated"}
)
"""Codes of what is told of a merged record as a whole, at its first row: its other rows have nothing to do with it."""


def missing_fields(records: pl.DataFrame, record: str, mapped: Collection[str]) -> pl.DataFrame:
    """Return an error for each required field that a record is without; `mapped` names the fields the mapping gives."""
    kind = RECORDS[record]
    rules = []
    for name in kind.required:
        if name not in mapped:
            message, hint = f"{name} is missing: the mapping does not give it", f"map it under table.fields.{name}"
        elif name.startswith("external_"):
            message, hint = f"{name} is empty", _id_hint(name, kind)
        else:
            message, hint = f"{name} is empty", f"fill the cell, or give a default under table.fields.{name}"
        rules.append(Rule(pl.col(name).is_not_null(), Complaint("error", "required", name, message, hint)))
    return broken(records, record, rules)


def _id_hint(name: str, kind: RecordType) -> str:
    """Return what to do about an empty id; one that stands once for several rows can be filled down."""
    down = "; in grouped rows table.fill_down fills it" if name != kind.id_field or kind.name in MERGED else ""
    return f"fill the cell, or leave the row out by table.where if it is no {kind.name}{down}"


def about_records(
    records: Mapping[str, pl.DataFrame], mapped: Mapped, columns: Mapping[tuple[str, str], Column]
) -> pl.DataFrame:
    """Return the doubts about keys, links, accounts and zones; `columns` is as in `validate`."""
    found = [no_doubts()]
    for kind, frame in records.items():
        found.append(unknown_parents(records, kind, mapped))
        for field in numbers_of(kind, records):
            whole = columns.get((kind, field))
            found += [judge(frame, kind, field, whole=whole) for judge in (lost_zeros, lost_digits)]
        if kind in MERGED:
            found.append(near_ids(frame, RECORDS[kind], sources=mapped.sources))
        else:
            found += _about_unmerged(frame, kind, mapped)
    if SITE.name in records:
        found.append(duplicate_accounts(records[SITE.name], sources=mapped.sources))
        found.append(doubtful_accounts(records[SITE.name], records.get(STATION.name)))
    return pl.concat(found)


def numbers_of(kind: str, records: Collection[str]) -> list[str]:
    """Return the fields in which each digit counts; a site that is named is judged where the sites are."""
    names = [RECORDS[kind].id_field]
    if kind == SITE.name:
        names.append("account_number")
    if kind == DEVICE.name:
        names.append("serial_number")
    if kind != SITE.name and SITE.id_field in RECORDS[kind].field_names and SITE.name not in records:
        names.append(SITE.id_field)
    return names


def _about_unmerged(frame: pl.DataFrame, kind: str, mapped: Mapped) -> list[pl.DataFrame]:
    repeated = repeated_ids(frame, RECORDS[kind])
    written = _written(kind, mapped)
    found = [duplicate_ids(repeated, RECORDS[kind], sources=mapped.sources, written=written)]
    if kind == DEVICE.name:
        single = frame.join(repeated, on="_n", how="anti", maintain_order="left") if repeated.height else frame
        found += [
            duplicate_zones(single, sources=mapped.sources),
            macs_at_two_sites(single, sources=mapped.sources),
            short_bridges(single),
        ]
    return found


def _written(kind: str, mapped: Mapped) -> Callable[[pl.DataFrame, str], list[str]]:
    def written(rows: pl.DataFrame, field: str) -> list[str]:
        asked = doubts(rows, kind, Complaint("note", "asked", field, "", ""))
        columns = mapped.locate(as_findings(asked).with_columns(asked["_table"]))["column"]
        templates = (mapped.template(table, field) for table in rows["_table"])
        return [
            template or (f"{{{column}}}" if column else "") for template, column in zip(templates, columns, strict=True)
        ]

    return written
