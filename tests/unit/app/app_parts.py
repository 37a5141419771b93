"""Made-up inventories with sins, and what a check says of them: all rows at once, and in parts of a few."""

import random
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from migrate.app import check as whole
from migrate.app.check import Checked
from migrate.app.check_parts import check_parts
from migrate.app.kept import keep_part, keep_read, kept_part
from migrate.app.read_back import checking_kept
from migrate.app.spool import Spool
from migrate.journal.journal import Journal
from migrate.mapping.mapping import Mapping
from migrate.model.findings import FINDING_COLUMNS, as_findings
from migrate.model.outcomes import OUTCOME_COLUMNS
from migrate.outcomes.resolve import resolve
from migrate.outcomes.summary import count_outcomes
from migrate.report.attention import attention_frame, find_attention

SITES = """
[[table]]
record = "station"
[table.fields]
external_monitoring_station_id = "CS"
name = { template = "Station {CS}" }
prefix = { column = "Prefix" }
[[table]]
record = "site"
where = { column = "Status", not_in = ["closed"] }
[table.fields]
external_site_id = "Customer"
name = "Name"
timezone = { column = "TZ", default = "Central" }
account_number = { column = "Acct", pad = 4 }
external_monitoring_station_id = "CS"
security_type = { column = "Security", default = "3" }
"""
DEVICES = """
[[table]]
record = "device"
[table.fields]
external_site_id = "Customer"
external_device_id = { template = "{Customer}-{Id}" }
device_type = { column = "Type", map = { cam = "camera", bridge = "bridge" }, default = "camera", strict = true }
zone_number = { column = "Zone", extract = "([0-9/.]+)" }
additional_zone_numbers = "More"
name = "Camera"
mac = "MAC"
model = "Model"
serial_number = "Serial"
"""
COLUMNS = [
    *("Customer", "Name", "TZ", "Acct", "CS", "Prefix", "Security", "Status"),
    *("Id", "Type", "Zone", "More", "Camera", "MAC", "Model", "Serial"),
]


def inventory(seed: int, rows: int) -> list[list[str]]:
    """Return rows under COLUMNS, most of them as they should be; sites stand together, or not."""
    of = random.Random(seed)  # noqa: S311 - no secret
    numbers = [row // of.choice((3, 5)) for row in range(rows)]
    if of.random() < 0.4:
        of.shuffle(numbers)
    sins, made = of.random() * 0.12, [_row(of, number, at) for at, number in enumerate(numbers)]
    for row in made:
        for at in range(len(row)):
            if of.random() < sins:
                row[at] = of.choice(_SINS.get(COLUMNS[at], ["", " ", "#N/A", "x" * 300, "Ã©", '="1"']))
    if of.random() < 0.3:
        made.insert(of.randrange(rows), [*COLUMNS])
    if of.random() < 0.2:
        made.append(["Total", *[""] * 7, str(rows), *[""] * 7])
    return made


def _row(of: random.Random, site: int, at: int) -> list[str]:
    zone = at % 7 + 1
    return [
        *(f"{100 + site}", f"Customer {site}", of.choice(("Central",) * 9 + ("",)), f"{site}", f"CS{site % 3}", "P"),
        *("", "open", str(at), "cam", str(at % 90 + 1), "", f"Camera {zone}", f"0011223344{at % 90 + 10}"),
        *("P3265", f"SN{1000 + at}"),
    ]


_SINS = {
    "Customer": ["", "100", "0100", "999", "101 "],
    "TZ": ["CT", "Estern", "Eastern", "", "EST", "TX", "Central"],
    "Acct": ["", "1", "0001", "P12", "12345"],
    "CS": ["", "CS9", "CS0", "cs0"],
    "Prefix": ["Q", ""],
    "Security": ["", "1", "9", "CHeKT Video Security System", "3"],
    "Status": ["closed", "closed", ""],
    "Id": ["", "1", "2", "01"],
    "Type": ["", "bridge", "bridge", "lamp"],
    "Zone": ["", "1", "Zone 4", "1/2/2024", "none", "1000"],
    "More": ["2,3", "2, 2", "1,234", "5", "x"],
    "MAC": ["", "001122334455", "00-11-22-33-44-55", "FFFFFFFFFFFF", "1234567", "=1+2"],
    "Model": ["CKB-304", "CKB308", "NVR 16", ""],
    "Serial": ["", "12345678901234560000", "1.0", "123", "0123", "0456", "12 \u2013 3"],
}


def write_csv(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """Write rows under COLUMNS; cells with a comma or a quote are quoted."""

    def cell(text: str) -> str:
        return f'"{text.replace(chr(34), chr(34) * 2)}"' if set(text) & set(',"\n') else text

    lines = [",".join(map(cell, row)) for row in (COLUMNS, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def told(checked: Checked) -> dict[str, Any]:
    """Return all that a check comes to, but for the records' numbers."""
    outcomes = resolve(checked.records, checked.sources, stage="check")
    checked.balance(outcomes)
    parts = [outcomes] if checked.rest is None else [*checked.rest.told(outcomes, checked.sources)]
    attention = find_attention(outcomes, checked.findings)
    sources = checked.sources if checked.rows_of is None else checked.rows_of(attention.rows)
    frames = {
        "outcomes": pl.concat(parts).select(list(OUTCOME_COLUMNS)),
        "findings": checked.findings.select(list(FINDING_COLUMNS)),
        "left out": checked.left_out,
        "attention": pl.DataFrame() if attention.rows.is_empty() else attention_frame(attention, sources),
    }
    return {
        **{name: frame.write_csv() for name, frame in frames.items()},
        "counts": count_outcomes(outcomes, checked.rest),
        "inputs": checked.inputs,
        "normalized": checked.normalized,
    }


def records(checked: Checked) -> dict[str, Any]:
    """Return the records, their numbers, and those of the findings; and where a finding about any of them is placed."""
    asked = checked.findings.select("_src", "_row", "_n").head(0)
    rows = [frame.select("_src", "_row", "_n") for frame in checked.records.values()]
    fields = pl.lit("external_site_id").alias("field")
    about = as_findings(pl.concat([asked, *rows]).with_columns(fields), record="device", code="asked")
    return {
        **{name: frame.write_csv() for name, frame in checked.records.items()},
        "numbers": checked.findings["_n"].to_list(),
        "places": checked.locate(about).write_csv(),
    }


def at_once(paths: Sequence[Path], mapping: Mapping, *, is_whole: bool = False) -> dict[str, Any]:
    """Return what a check of all rows together says."""
    checked = whole.check(paths, mapping)
    return told(checked) | (records(checked) if is_whole else {})


def in_parts(
    paths: Sequence[Path], mapping: Mapping, *, folder: Path, batch_bytes: int, is_whole: bool = False
) -> dict[str, Any]:
    """Return what a check says that reads so many bytes at a time; `is_whole`: all of its records too."""
    kept: dict[tuple[int, int], pl.DataFrame] = {}

    def keep(src: int, number: int, frame: pl.DataFrame) -> None:
        kept[src, number] = frame

    with Spool(folder) as spool:
        checked = check_parts(
            paths,
            mapping,
            spool=spool,
            keep=keep,
            fetch=lambda *place: kept[place],
            batch_bytes=batch_bytes,
            is_whole=is_whole,
        )
        return told(checked) | (records(checked) if is_whole else {})


def read_back(
    paths: Sequence[Path], mapping: Mapping, *, folder: Path, batch_bytes: int, is_whole: bool = False
) -> dict[str, Any]:
    """Return what a check says of the rows that another one has kept so many bytes at a time."""
    facts = {"mapping": {"path": mapping.path, "text": mapping.text}, "only_sites": None}
    with Journal.create(folder) as journal, Spool(folder) as spool:
        keep, fetch = partial(keep_part, journal), partial(kept_part, journal)
        first = check_parts(paths, mapping, spool=spool, keep=keep, fetch=fetch, batch_bytes=batch_bytes)
        journal.put_facts(facts)
        keep_read(journal, first)
        with checking_kept(journal, is_whole=is_whole) as checked:
            return told(checked) | (records(checked) if is_whole else {})
