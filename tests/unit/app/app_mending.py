"""A list of sites and cameras that is checked, mended as a person mends it, and retried, all in one folder."""

import csv
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from pathlib import Path

from migrate.app.check_files import check_files
from migrate.app.finish import Run
from migrate.app.only_sites import OnlySites
from migrate.app.retry import retry_check
from migrate.app.runs import known_runs
from migrate.mapping.mapping import Mapping

SITES = """
name = "A list"
[[table]]
record = "site"
[table.fields]
external_site_id = "site"
name = "name"
timezone = "tz"
account_number = "account"
external_monitoring_station_id = "station"
"""
CAMERAS = """
[[table]]
record = "device"
[table.fields]
external_site_id = "site"
external_device_id = "id"
device_type = { value = "camera" }
zone_number = "zone"
"""
HEADER = "site,name,tz,account,station,id,zone"
Mend = Dict[int, Dict[str, str]]
"""Row → column → what is typed there."""
Told = tuple[int, str, str, str, str | None]
"""Row, record, external id, outcome, codes."""


@dataclass(slots=True)
class Desk:
    """Where a list lies beside the runs about it."""

    folder: Path
    mapping: str = SITES + CAMERAS
    runs: list[Run] = field(default_factory=list)

    def check(self, *lines: str, header: str = HEADER, only: str | None = None) -> Run:
        path = self.folder / "list.csv"
        path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
        (self.folder / "mapping.toml").write_text(self.mapping, encoding="utf-8")
        mapping = Mapping.load(self.folder / "mapping.toml")
        chosen = None if only is None else OnlySites.parse(only)
        self.runs.append(check_files([path], mapping, out=self.folder, only=chosen))
        return self.runs[-1]

    def retry(self, mend: Mend | None = None, *, without: frozenset[int] = frozenset()) -> Run:
        """Retry the last run with the cells of its attention file that a person mends, and the rows that he removes."""
        (known,) = (run for run in known_runs(self.folder) if run.run_id == self.runs[-1].run_id)
        mended = None if mend is None else self._mended(mend, without)
        self.runs.append(retry_check(known, out=self.folder, mended=mended))
        return self.runs[-1]

    def attention(self) -> dict[int, dict[str, str]]:
        """Return the rows of the last run's attention file, by their number."""
        path = self.runs[-1].folder / "attention.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            return {int(row["_row"]): row for row in csv.DictReader(file)}

    def _mended(self, mend: Mend, without: frozenset[int]) -> Path:
        rows = self.attention()
        assert mend.keys() | without <= rows.keys()
        lines = [{**row, **mend.get(number, {})} for number, row in rows.items() if number not in without]
        path = self.folder / "mended.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(lines[0]))
            writer.writeheader()
            writer.writerows(lines)
        return path


def outcomes(run: Run) -> list[Told]:
    return run.report.outcomes.select("row", "record", "external_id", "outcome", "code").rows()


def errors(run: Run) -> list[tuple[int, str, str]]:
    """Return row, code and message of what keeps records of a run from being sent."""
    found = run.report.findings
    return found.filter(found["severity"] == "error").select("row", "code", "message").rows()
