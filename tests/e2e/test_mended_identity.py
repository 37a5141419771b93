"""A mended row never writes over the record of another row, whatever is done with records that the dealer has."""

import csv
from pathlib import Path

import pytest
from called import outcomes_of, rows_of
from e2e_inventory import DEVICES, device_rows, write_csv, write_inventory
from e2e_tool import QUICK, Tool

from migrate.sandbox.server import Sandbox


@pytest.mark.parametrize("on_existing", ["update", "skip"])
async def test_a_mended_row_with_the_id_of_a_camera_that_was_made_is_an_error_and_the_camera_stays_as_it_is(
    tmp_path: Path, sandbox: Sandbox, on_existing: str
) -> None:
    words = write_inventory(tmp_path, sites=1, devices=2, active="")
    first, second = device_rows("A", 1, devices=2)
    write_csv(tmp_path / "devices.csv", DEVICES, [[first[0], "", "007", *first[3:]], second])
    tool = Tool(tmp_path, sandbox.environment)
    assert (await tool.run("apply", *words, "--yes", *QUICK)).exit_code == 1
    before = sandbox.state()["devices"]
    (row,) = rows_of(tool.runs()[0] / "attention.csv")
    with (tmp_path / "mended.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow({**row, "id": "A-1-2"})
    retried = await tool.run("retry", "last", "--from", "mended.csv", "--on-existing", on_existing, "--yes", *QUICK)
    assert retried.exit_code == 1, retried.stdout
    run = tool.runs()[-1]
    assert outcomes_of(run) == {"invalid": 1}
    assert rows_of(run / "outcomes.csv")[0]["code"] == "duplicate_id"
    assert sandbox.state()["devices"] == before
