"""Sources built by hand, and mappings from a few lines of TOML."""

from collections.abc import Mapping as Dict
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from migrate.mapping.apply import map_sources
from migrate.mapping.mapped import Mapped
from migrate.mapping.mapping import Mapping
from migrate.model.findings import findings_frame, no_findings
from migrate.model.sources import Source, Table

SITE_ID = 'external_site_id = "Site"\nname = "Name"\ntimezone = "TZ"\n'
"""The fields that a site must have, from columns of short names."""

DEVICE_ID = 'external_site_id = "Site"\nexternal_device_id = "Cam"\ndevice_type = "Type"\nzone_number = "Zone"\n'
"""The fields that a device must have."""


def source(
    columns: Dict[str, Sequence[str | None]],
    *,
    file: str = "acme.csv",
    sheet: str | None = None,
    header_row: int = 1,
    hidden: bool = False,
    left_out: Dict[int, str] | None = None,
    findings: Sequence[Dict[str, object]] = (),
) -> Source:
    """Return a source whose rows stand right under its header; `blank` rows of `left_out` must not be among them."""
    out = left_out or {}
    height = len(next(iter(columns.values()), ()))
    blank = {row for row, why in out.items() if why == "blank"}
    numbers = [row for row in range(header_row + 1, header_row + 1 + height + len(blank)) if row not in blank]
    frame = pl.DataFrame({"_row": numbers, **columns}, schema={"_row": pl.UInt32, **dict.fromkeys(columns, pl.String)})
    table = Table(
        path=Path(file),
        sheet=sheet,
        header_row=header_row,
        frame=frame,
        letters={name: chr(ord("A") + index) for index, name in enumerate(columns)},
        findings=findings_frame(findings) if findings else no_findings(),
        left_out=pl.DataFrame(
            {"_row": list(out), "why": list(out.values())}, schema={"_row": pl.UInt32, "why": pl.String}
        ),
        format="csv" if sheet is None else "xlsx",
        hidden=hidden,
    )
    return Source(file=file, table=table)


def mapping(text: str) -> Mapping:
    """Return the mapping that `text` writes, called acme.toml."""
    return Mapping.parse(text, path="acme.toml")


def one_field(spec: str, *, name: str = "address1") -> Mapping:
    """Return a mapping of sites with one field beside what a site must have."""
    return mapping(f'[[table]]\nrecord = "site"\n[table.fields]\n{SITE_ID}{name} = {spec}\n')


def map_field(spec: str, *, name: str = "address1", **columns: Sequence[str | None]) -> Mapped:
    """Return what a field's spec makes of some columns."""
    height = len(next(iter(columns.values()), ("x",)))
    whole = {
        "Site": [f"S{row}" for row in range(height)],
        "Name": ["N"] * height,
        "TZ": ["Eastern"] * height,
        **columns,
    }
    return map_sources([source(whole)], one_field(spec, name=name))


def values(spec: str, *, name: str = "address1", **columns: Sequence[str | None]) -> list[str | None]:
    """Return the values of a field that its spec makes of some columns."""
    made: list[str | None] = map_field(spec, name=name, **columns).frames["site"][name].to_list()
    return made
