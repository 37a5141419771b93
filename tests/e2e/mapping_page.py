"""Small files and mappings, checked through the public way; whatever a test is about, the sums balance."""

import csv
import re
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import Workbook

from migrate import Mapping, check
from migrate.app.check import Checked
from migrate.app.check_files import check_files
from migrate.errors import MappingError
from migrate.outcomes.resolve import resolve

Cells = Sequence[Sequence[object]]

_FIELDS = {
    "station": {"external_monitoring_station_id": '"Station"', "name": '"Station name"'},
    "site": {"external_site_id": '"Site"', "name": '"Name"', "timezone": '"TZ"'},
    "device": {
        "external_site_id": '"Site"',
        "external_device_id": '"Cam"',
        "device_type": '{ value = "camera" }',
        "zone_number": '"Zone"',
    },
}
"""What a record must have, from columns of short names."""


def table(record: str, *options: str, **fields: str) -> str:
    """Return a table of a mapping: the fields that the record must have and `fields`, both as TOML."""
    lines = ["[[table]]", f'record = "{record}"', *options, "[table.fields]"]
    return "\n".join([*lines, *(f"{name} = {spec}" for name, spec in {**_FIELDS[record], **fields}.items()), ""])


@dataclass(slots=True)
class Page:
    """Files in a folder, and what a mapping makes of all of them, in the order in which they were written."""

    folder: Path
    files: list[Path] = field(default_factory=list)

    def text(self, name: str, *lines: str, encoding: str = "utf-8") -> Path:
        """Write a text file of these lines."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
        return self._given(path)

    def book(self, name: str, sheets: Dict[str, Cells]) -> Path:
        """Write a workbook of these sheets."""
        book = Workbook()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        book.save(self.folder / name)
        return self._given(self.folder / name)

    def mapping(self, *tables: str) -> Mapping:
        path = self.folder / "acme.toml"
        path.write_text("".join(tables), encoding="utf-8")
        return Mapping.load(path)

    def check(self, *tables: str) -> Checked:
        """Check the files with a mapping of these tables."""
        checked = check(self.files, self.mapping(*tables))
        outcomes = resolve(checked.records, checked.sources, stage="check")
        checked.balance(outcomes)
        return checked

    def run(self, *tables: str) -> Path:
        """Check the files in a run, and return its folder."""
        return check_files(self.files, self.mapping(*tables), out=self.folder / "reports").folder

    def refused(self, *tables: str) -> list[str]:
        """Return the mistakes that checking the files with such a mapping tells, without the mapping's folder."""
        with pytest.raises(MappingError) as refused:
            check(self.files, self.mapping(*tables))
        return [mistake.replace(f"{self.folder}/", "") for mistake in refused.value.mistakes]

    def _given(self, path: Path) -> Path:
        self.files = [*(given for given in self.files if given != path), path]
        return path


def values(checked: Checked, record: str, *fields: str) -> list[Any]:
    """Return the values of a field in source order; tuples of several."""
    frame = checked.records[record].sort("_n").select(fields)
    return frame.to_series().to_list() if len(fields) == 1 else frame.rows()


def verdicts(checked: Checked, record: str) -> list[str | None]:
    return checked.records[record].sort("_n")["_verdict"].to_list()


def left_out(checked: Checked) -> list[tuple[int, str]]:
    """Return row and why of what makes no record."""
    rows: list[tuple[int, str]] = checked.left_out.select("_row", "why").rows()
    return rows


def told(checked: Checked, code: str | None = None) -> list[dict[str, Any]]:
    """Return the findings, those with a code."""
    found = checked.findings
    return (found if code is None else found.filter(pl.col("code") == code)).to_dicts()


def codes(checked: Checked, *severities: str) -> list[str]:
    """Return the codes of the findings, of errors and warnings unless it says else."""
    wanted = severities or ("error", "warning")
    return checked.findings.filter(pl.col("severity").is_in(wanted))["code"].to_list()


def lines_of(path: Path) -> list[list[str]]:
    """Return the cells of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def keys(mistakes: Sequence[str]) -> list[str]:
    """Return the key that each mistake names."""
    return [re.sub(r"^acme\.toml:\d+: ([^:]+):.*", r"\1", mistake) for mistake in mistakes]
