"""The rows that need attention go out as a file, are mended by a person, and come back in."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from called import outcomes_of, rows_of, run_json
from e2e_inventory import DEVICES, SITES, device_rows, site_rows, station_rows, write_mapping, write_workbook
from e2e_tool import QUICK, Tool
from openpyxl import load_workbook

from migrate.sandbox.server import Sandbox

SEND = ("--yes", *QUICK)
Row = dict[str, str | None]


@pytest.fixture
async def applied(tmp_path: Path, sandbox: Sandbox) -> tuple[Tool, Path]:
    """A run of workbooks with a bad time zone (of a site with two devices), a zone twice, and a device of no site."""
    sites = site_rows("A", 3, active="")
    sites[1][2] = "Estern"
    devices = device_rows("A", 3, devices=2, password="pa55word")
    devices[1][2] = devices[0][2]
    devices[5][0] = "A-9"
    devices[5][3] = "@home"
    write_workbook(tmp_path / "stations.xlsx", ["id", "name"], station_rows("A"))
    write_workbook(tmp_path / "sites.xlsx", SITES, sites, sheet="Customers")
    write_workbook(tmp_path / "devices.xlsx", DEVICES, devices, sheet="Cameras")
    write_mapping(tmp_path)
    tool = Tool(tmp_path, sandbox.environment)
    words = ["stations.xlsx", "sites.xlsx", "devices.xlsx", "-m", "mapping.toml"]
    assert (await tool.run("apply", *words, *SEND)).exit_code == 1
    (run,) = tool.runs()
    assert outcomes_of(run) == {"created": 5, "invalid": 3, "blocked": 2}
    return tool, run


def mend(row: Row) -> Row:
    """Do to a row what a person would."""
    if row["tz"]:
        return {**row, "tz": "America/Chicago"}
    if row["site"] == "A-9":
        return {**row, "site": "A-3"}
    return {**row, "zone": "0" + str(row["id"])[-1] + "1"}


def mended_csv(run: Path, folder: Path, *, change: Callable[[list[Row]], list[Row]], columns: list[str]) -> Path:
    path = folder / "mended.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(change([dict(row) for row in rows_of(run / "attention.csv")]))
    return path


async def assert_all_are_in(tool: Tool, sandbox: Sandbox, parent: Path) -> None:
    run = tool.runs()[-1]
    assert run_json(run)["parent"] == parent.name
    assert run_json(run)["counts"].keys() == {"site", "device"}
    assert set(outcomes_of(run)) == {"created"}
    assert {site["external_site_id"]: site["timezone"] for site in sandbox.state()["sites"]} == {
        "A-1": "America/New_York",
        "A-2": "America/Chicago",
        "A-3": "America/New_York",
    }
    devices = sandbox.state()["devices"]
    assert sorted(device["external_device_id"] for device in devices) == [
        f"A-{site}-{zone}" for site in (1, 2, 3) for zone in (1, 2)
    ]
    assert {device["name"] for device in devices} == {"Camera 1", "Camera 2", "@home"}


async def test_a_mended_csv_whose_rows_were_sorted_and_columns_moved_is_taken(
    applied: tuple[Tool, Path], sandbox: Sandbox, tmp_path: Path
) -> None:
    tool, run = applied
    names = list(rows_of(run / "attention.csv")[0])
    path = mended_csv(
        run,
        tmp_path,
        change=lambda rows: [mend(row) for row in sorted(rows, key=lambda row: str(row["name"]), reverse=True)],
        columns=sorted(set(names) - {"_message"}, reverse=True),
    )
    retried = await tool.run("retry", run.name, "--from", path, *SEND)
    assert retried.exit_code == 0, retried.stdout
    await assert_all_are_in(tool, sandbox, run)
    again = await tool.run("retry", "last", *SEND)
    assert again.exit_code == 2
    assert "nothing to retry" in again.stderr


async def test_a_mended_workbook_is_taken(applied: tuple[Tool, Path], sandbox: Sandbox, tmp_path: Path) -> None:
    tool, run = applied
    book = load_workbook(run / "attention.xlsx")
    assert book.sheetnames == ["Customers", "Cameras"]
    for page in book.worksheets:
        header = {str(cell.value): cell.column for cell in page[1]}
        assert "password" not in header
        for number in range(2, page.max_row + 1):
            row: Row = {"tz": None, "site": None}
            row |= {name: page.cell(number, column).value for name, column in header.items()}
            for name, value in mend(row).items():
                if value != row[name]:
                    page.cell(number, header[name]).value = value
    book.save(tmp_path / "mended.xlsx")
    retried = await tool.run("retry", "last", "--from", "mended.xlsx", *SEND)
    assert retried.exit_code == 0, retried.stdout
    await assert_all_are_in(tool, sandbox, run)


async def test_a_row_that_was_removed_is_left_out_of_the_retry(
    applied: tuple[Tool, Path], sandbox: Sandbox, tmp_path: Path
) -> None:
    tool, run = applied
    names = list(rows_of(run / "attention.csv")[0])
    path = mended_csv(run, tmp_path, change=lambda rows: [mend(row) for row in rows if row["tz"]], columns=names)
    assert (await tool.run("retry", "last", "--from", path, *SEND)).exit_code == 0
    assert outcomes_of(tool.runs()[-1]) == {"created": 1}
    assert len(sandbox.state()["sites"]) == 3
    assert len(sandbox.state()["devices"]) == 2


async def test_a_row_that_does_not_say_which_it_is_is_exit_code_2(
    applied: tuple[Tool, Path], sandbox: Sandbox, tmp_path: Path
) -> None:
    tool, run = applied
    names = list(rows_of(run / "attention.csv")[0])
    before = len(sandbox.history)
    for change, columns, said in (
        (lambda rows: [*rows[:2], {**rows[2], "_row": ""}, *rows[3:]], names, "mended.csv: row 4"),
        (lambda rows: [*rows, rows[0]], names, "more than once"),
        (lambda rows: rows, [name for name in names if name != "_row"], "no _row"),
        (lambda _: [], names, "nothing to retry"),
    ):
        path = mended_csv(run, tmp_path, change=change, columns=columns)
        refused = await tool.run("retry", "last", "--from", path, *SEND)
        assert refused.exit_code == 2, refused.stderr
        assert said in refused.stderr
        assert len(refused.stderr.splitlines()) <= 3
    assert tool.runs() == [run]
    assert len(sandbox.history) == before


async def test_what_is_still_wrong_needs_attention_again(applied: tuple[Tool, Path], sandbox: Sandbox) -> None:
    tool, run = applied
    retried = await tool.run("retry", "last", "--from", run / "attention.csv", *SEND)
    assert retried.exit_code == 1
    assert outcomes_of(tool.runs()[-1]) == {"invalid": 3, "blocked": 2}
    assert len(sandbox.state()["sites"]) == 2
