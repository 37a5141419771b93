"""Mapped sources made by hand, as the mapping room delivers them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from migrate.checks.validate import Validated, validate
from migrate.model.findings import findings_frame, no_findings
from migrate.model.records import RECORDS
from migrate.model.sources import LEFT_OUT_SCHEMA, Source, Table

Row = Mapping[str, Any]

COLUMNS = {"external_site_id": "Site #", "external_device_id": "Cam", "zone_number": "Zone"}


def source(file: str, sheet: str | None = None) -> Source:
    """Return a source without rows; checks look at its name only."""
    left_out = pl.DataFrame(schema=LEFT_OUT_SCHEMA)
    return Source(file, Table(Path(file), sheet, 1, pl.DataFrame(), {}, no_findings(), left_out, "csv"))


SOURCES = (source("a.csv"), source("b.xlsx", "Cameras"))


@dataclass(frozen=True, slots=True)
class Given:
    """What a test gives to checks; `locate` names the column that a field came from."""

    frames: dict[str, pl.DataFrame]
    findings: pl.DataFrame = field(default_factory=no_findings)
    columns: Mapping[str, str] = field(default_factory=lambda: COLUMNS)
    sources: tuple[Source, ...] = SOURCES
    templates: Mapping[str, str] = field(default_factory=dict)
    filtered: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    removed: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    def template(self, table: int, field: str) -> str | None:
        return self.templates.get(field)

    def locate(self, findings: pl.DataFrame) -> pl.DataFrame:
        """Fill in file and sheet, and the column by the field."""
        files = [(at, source.file, source.table.sheet) for at, source in enumerate(self.sources)]
        names = pl.DataFrame(files, schema={"_src": pl.UInt32, "_f": pl.String, "_s": pl.String}, orient="row")
        column = pl.col("field").replace_strict(self.columns, default=None, return_dtype=pl.String)
        named = findings.join(names, on="_src", how="left", maintain_order="left")
        return named.with_columns(
            pl.col("_f").alias("file"), pl.col("_s").alias("sheet"), pl.coalesce("column", column).alias("column")
        ).drop("_f", "_s")


def frames(**rows: Sequence[Row]) -> dict[str, pl.DataFrame]:
    """Return the frames of the records' rows, which stand in row 2 and on of the first source unless they say else."""
    return {kind: _frame(list(RECORDS).index(kind), given) for kind, given in rows.items()}


def check(*, findings: Sequence[Row] = (), **rows: Sequence[Row]) -> Validated:
    """Validate the rows given as `site=[...]`, `device=[...]`."""
    return validate(Given(frames(**rows), findings_frame(findings)))


def site(number: str, **fields: Any) -> dict[str, Any]:
    """Return a good site, but for `fields`."""
    return {"external_site_id": number, "name": f"Customer {number}", "timezone": "America/Chicago", **fields}


def camera(number: str, site: str = "S1", *, zone: str | None = None, **fields: Any) -> dict[str, Any]:
    """Return a good camera, but for `fields`."""
    ids = {"external_site_id": site, "external_device_id": number}
    return {**ids, "device_type": "camera", "zone_number": zone or "1", **fields}


def codes(checked: Validated, severity: str | None = None) -> list[str]:
    """Return the codes of the findings, in order."""
    found = checked.findings
    return (found if severity is None else found.filter(pl.col("severity") == severity))["code"].to_list()


def told(checked: Validated, code: str) -> list[dict[str, Any]]:
    """Return the findings with a code."""
    return checked.findings.filter(pl.col("code") == code).to_dicts()


def verdicts(checked: Validated, kind: str) -> list[str | None]:
    """Return the verdict on each record of a kind."""
    return checked.records[kind]["_verdict"].to_list()


def _frame(table: int, rows: Sequence[Row]) -> pl.DataFrame:
    names = list(dict.fromkeys(name for row in rows for name in row if not name.startswith("_")))
    schema = {"_src": pl.UInt32, "_row": pl.UInt32, "_table": pl.UInt32, **dict.fromkeys(names, pl.String)}
    filled = [{"_src": 0, "_row": at + 2, "_table": table, **row} for at, row in enumerate(rows)]
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in filled], schema=schema)
