"""The whole job on a sample: check, plan, apply, mend, retry, against a sandbox that lives as long as the demo."""

import csv
from collections.abc import Callable
from pathlib import Path

from migrate.app.check_files import check_files
from migrate.app.driving import Driving
from migrate.app.finish import Run
from migrate.app.fresh import apply_files, plan_files
from migrate.app.options import Options
from migrate.app.rehearse import sandbox_settings
from migrate.app.retry import retry
from migrate.app.runs import known_runs
from migrate.mapping.mapping import Mapping
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox
from migrate.shipped import samples_folder

SAMPLE = "lighthouse"
MENDED = "attention-mended.csv"


async def demo(*, out: Path, tell: Callable[[str, Run | None], None], driving: Callable[[], Driving]) -> Run:
    """Do the whole job; `tell` is given each step's headline and, once it has run, its result. Returns the last run."""
    folder = samples_folder() / SAMPLE
    files, mapping = sorted(folder.glob("*.xlsx")), Mapping.load(SAMPLE)
    options = Options(settle=1.0)
    async with Sandbox(SandboxOptions()) as sandbox:
        settings = sandbox_settings(sandbox)
        tell(f"1. check: what is wrong with {files[0].name}, without any network", None)
        tell("", check_files(files, mapping, out=out))
        tell("2. plan: what would be sent, compared with what the dealer has", None)
        tell("", await plan_files(files, mapping, settings, out=out, options=options, driving=driving()))
        tell("3. apply: everything that can go is created; the rest is told", None)
        applied = await apply_files(files, mapping, settings, out=out, options=options, driving=driving())
        tell("", applied)
        corrections = folder / "corrections.csv"
        mended = mend_as_a_person_would(applied.folder, corrections)
        tell(f"4. retry: the rows of attention.csv, mended as in {corrections.name}, are sent", None)
        parent = next(run for run in known_runs(out) if run.run_id == applied.run_id)
        last = await retry(parent, settings, out=out, options=options, driving=driving(), mended=mended)
        tell("", last)
    return last


def mend_as_a_person_would(folder: Path, corrections: Path) -> Path:
    """Write the attention file of a run with the `corrections` (sheet, row, column, value) made; return its path.

    A correction without a column takes the row out: its record is not wanted.
    """
    with corrections.open(encoding="utf-8", newline="") as file:
        wanted = list(csv.DictReader(file))
    removed = {(line["sheet"], line["row"]) for line in wanted if not line["column"]}
    with (folder / "attention.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        names = list(reader.fieldnames or ())
        rows = [row for row in reader if (row["_sheet"], row["_row"]) not in removed]
    for row in rows:
        for line in wanted:
            if line["column"] and (line["sheet"], line["row"]) == (row["_sheet"], row["_row"]):
                row[line["column"]] = line["value"]
    path = folder / MENDED
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    return path
