"""A retry is a new run of the rows that need attention, checked with all that is around them."""

import asyncio
import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from called import outcomes_of, rows_of, run_json
from e2e_dealer import make_device, talking_to
from e2e_inventory import DEVICES, SITES, device_rows, site_rows, write_csv, write_inventory
from e2e_tool import QUICK, Tool

from migrate.sandbox.faults import Faults
from migrate.sandbox.server import Sandbox

SEND = ("--yes", *QUICK)
Row = dict[str, str]


@pytest.fixture
def tool(tmp_path: Path, sandbox: Sandbox) -> Tool:
    return Tool(tmp_path, sandbox.environment)


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    """Two sites with two devices each; the devices A-1-2 and A-2-2 have zones that other rows have."""
    words = write_inventory(tmp_path, sites=2, devices=2, active="")
    rows = [[*row[:2], "001", *row[3:]] for row in device_rows("A", 2, devices=2)]
    write_csv(tmp_path / "devices.csv", DEVICES, rows)
    return words


def mended(run: Path, folder: Path, change: Callable[[Row], Row]) -> Path:
    """Write the rows of attention.csv as a person mends them, the last first and with a column of their own."""
    rows = [{"my notes": "done", **change(row)} for row in rows_of(run / "attention.csv")]
    path = folder / "mended.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(reversed(rows))
    return path


async def test_mended_rows_are_checked_with_the_other_rows_of_the_parent_and_with_the_dealers_records(
    tool: Tool, sandbox: Sandbox, words: list[str], tmp_path: Path
) -> None:
    assert (await tool.run("apply", *words, *SEND)).exit_code == 1
    (parent,) = tool.runs()
    assert outcomes_of(parent) == {"created": 5, "invalid": 2}
    async with talking_to(sandbox) as client:
        ids = {site["external_site_id"]: site["site_id"] for site in sandbox.state()["sites"]}
        await make_device(client, ids["A-2"], external_device_id="X-1", zone_number="050")
    for name in ("stations.csv", "sites.csv", "devices.csv"):
        (tmp_path / name).unlink()  # a mended file needs them no more
    still = mended(
        parent, tmp_path, lambda row: {**row, "zone": "050", **({"id": "A-1-1"} if row["site"] == "A-1" else {})}
    )
    retried = await tool.run("retry", parent.name, "--from", still, *SEND)
    assert retried.exit_code == 1, retried.stderr
    run = tool.runs()[-1]
    assert run_json(run)["parent"] == parent.name
    rows = {row["external_id"]: row for row in rows_of(run / "outcomes.csv")}
    assert {key: (row["outcome"], row["code"], row["row"]) for key, row in rows.items()} == {
        "A-1-1": ("invalid", "duplicate_id", "3"),
        "A-2-2": ("invalid", "duplicate_zone", "5"),
    }
    assert "belongs to device X-1 at the dealer" in rows["A-2-2"]["message"]

    right = mended(run, tmp_path, lambda row: {**row, "zone": "002", "id": f"{row['site']}-2"})
    again = await tool.run("retry", "last", "--from", right, *SEND)
    assert again.exit_code == 0, again.stdout
    child = tool.runs()[-1]
    assert run_json(child)["parent"] == run.name
    assert {row["external_id"]: row["outcome"] for row in rows_of(child / "outcomes.csv")} == {
        "A-1-2": "created",
        "A-2-2": "created",
    }
    devices = {device["external_device_id"]: device["zone_number"] for device in sandbox.state()["devices"]}
    assert devices == {"A-1-1": "001", "A-1-2": "002", "A-2-1": "001", "A-2-2": "002", "X-1": "050"}


async def test_a_retry_of_a_retry_takes_the_mapping_as_it_is_now_and_the_rows_as_they_were_mended(
    tool: Tool, sandbox: Sandbox, words: list[str], tmp_path: Path
) -> None:
    sandbox.play(Faults.parse(["devices.create/A-1-2:poison:*"]))
    assert (await tool.run("apply", *words, *SEND)).exit_code == 1
    right = mended(tool.runs()[0], tmp_path, lambda row: {**row, "zone": "002"})
    assert (await tool.run("retry", "last", "--from", right, *SEND)).exit_code == 1
    assert {row["external_id"]: row["outcome"] for row in rows_of(tool.runs()[-1] / "outcomes.csv")} == {
        "A-1-2": "failed",
        "A-2-2": "created",
    }
    sandbox.play(Faults())
    path = tmp_path / "mapping.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('{ value = "camera" }', '{ value = "bridge" }'), encoding="utf-8"
    )
    last = await tool.run("retry", "last", *SEND)
    assert last.exit_code == 0, last.stderr
    assert "mapping.toml has changed since" in last.stderr
    assert run_json(tool.runs()[-1])["parent"] == tool.runs()[1].name
    (device,) = [device for device in sandbox.state()["devices"] if device["external_device_id"] == "A-1-2"]
    assert (device["zone_number"], device["device_type"]) == ("002", "bridge")


async def test_a_rehearsal_is_told_as_one_whatever_is_asked_of_it_and_without_any_settings(
    tool: Tool, words: list[str], tmp_path: Path
) -> None:
    write_csv(tmp_path / "devices.csv", DEVICES, device_rows("A", 2, devices=2))
    bare = Tool(tmp_path)
    assert (await bare.run("rehearse", *words)).exit_code == 0
    (run,) = tool.runs()
    verbs = ("resume", "retry", "apply")
    by_id = await asyncio.gather(*(bare.run(verb, run.name) for verb in verbs))
    for verb, refused in zip(verbs, by_id, strict=True):
        assert refused.exit_code == 2
        assert f"{run.name} was a rehearsal, and its sandbox is gone: {verb} can't act on it" in refused.stderr
    newest = await asyncio.gather(*(bare.run(verb, "last") for verb in verbs))
    for verb, none in zip(verbs, newest, strict=True):
        assert none.exit_code == 2
        assert f"there is no run that {verb} can act on" in none.stderr
    assert tool.runs() == [run]


async def test_resume_goes_on_with_mapping_and_options_as_they_were_and_says_so(
    tool: Tool, sandbox: Sandbox, words: list[str], tmp_path: Path
) -> None:
    run = await cut_off(tool, sandbox, tmp_path, words)
    path = tmp_path / "mapping.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"camera"', '"bridge"'), encoding="utf-8")
    resumed = await tool.run("resume", "last")
    assert resumed.exit_code == 0, resumed.stderr
    assert f"mapping.toml: has changed since {run.name} read it, which goes on with it as it was" in resumed.stderr
    assert ".csv" not in resumed.stderr
    assert {device["device_type"] for device in sandbox.state()["devices"]} == {"camera"}
    assert {len(request.body) for request in sandbox.history.of("devices.create")} == {1}  # the batch size of the run


async def test_resume_is_refused_with_what_changed_when_an_input_is_not_as_the_run_read_it(
    tool: Tool, sandbox: Sandbox, words: list[str], tmp_path: Path
) -> None:
    """F66: a row that is put in on top must not shift rows onto each other's outcomes."""
    run = await cut_off(tool, sandbox, tmp_path, words)
    before, told, asked = (tmp_path / "sites.csv").read_bytes(), run_json(run), len(sandbox.history)
    write_csv(tmp_path / "sites.csv", SITES, [["A-0", *site_rows("A", 1)[0][1:]], *site_rows("A", 2)])
    devices = (tmp_path / "devices.csv").rename(tmp_path / "elsewhere.csv")
    refused = await tool.run("resume", "last")
    assert refused.exit_code == 5
    assert f"the files of {run.name} are not as they were" in refused.stderr
    assert f"{tmp_path / 'sites.csv'}: has changed" in refused.stderr
    assert f"{tmp_path / 'devices.csv'}: can't be read any more" in refused.stderr
    assert "stations.csv" not in refused.stderr
    assert (run_json(run), len(sandbox.history)) == (told, asked)

    (tmp_path / "sites.csv").write_bytes(before)
    devices.rename(tmp_path / "devices.csv")
    resumed = await tool.run("resume", "last")
    assert resumed.exit_code == 0, resumed.stderr
    assert {site["external_site_id"] for site in sandbox.state()["sites"]} == {"A-1", "A-2"}
    assert len(sandbox.state()["devices"]) == 4


@pytest.mark.parametrize("mends", [False, True])
async def test_a_retry_whose_originals_changed_is_resumed_only_where_its_rows_are_those_of_a_mended_file(
    tool: Tool, sandbox: Sandbox, words: list[str], tmp_path: Path, *, mends: bool
) -> None:
    sandbox.play(Faults.parse(["devices.create/A-1-2:poison:*"]))
    assert (await tool.run("apply", *words, *SEND)).exit_code == 1
    fix = mended(tool.runs()[0], tmp_path, lambda row: {**row, "zone": "050"})
    sandbox.play(Faults.parse(["any:401-before:*"]))
    taken = ["--from", str(fix)] if mends else []
    assert (await tool.run("retry", "last", *taken, *SEND)).exit_code == 3
    run = tool.runs()[-1]
    sandbox.play(Faults())
    write_csv(tmp_path / "sites.csv", SITES, site_rows("B", 2))

    resumed = await tool.run("resume", "last")
    assert resumed.exit_code == (0 if mends else 5), resumed.stderr
    if mends:
        assert f"sites.csv: has changed since {run.name} read it" in resumed.stderr
    else:
        assert f"the files of {run.name} are not as they were" in resumed.stderr
    assert ("A-1-2" in {device["external_device_id"] for device in sandbox.state()["devices"]}) is mends


async def cut_off(tool: Tool, sandbox: Sandbox, folder: Path, words: list[str]) -> Path:
    """Return a run that sent one device at a time until the API went away."""
    write_csv(folder / "devices.csv", DEVICES, device_rows("A", 2, devices=2))
    sandbox.play(Faults.parse(["any:html-before:*@6"]))
    quick = (*SEND, "--patience", "0.3", "--concurrency", "1", "--batch-size", "1")
    assert (await tool.run("apply", *words, *quick)).exit_code == 4
    sandbox.play(Faults())
    (run,) = tool.runs()
    return run


async def test_a_dry_retry_that_was_cut_off_stays_dry_whatever_goes_on_with_it(
    tool: Tool, sandbox: Sandbox, words: list[str], tmp_path: Path
) -> None:
    assert (await tool.run("apply", *words, *SEND)).exit_code == 1  # the sites are there, so that devices could go
    assert (await tool.run("plan", *words)).exit_code == 1
    before, sent = sandbox.state(), len(sandbox.history)
    fix = mended(tool.runs()[-1], tmp_path, lambda row: {**row, "zone": "050"})
    sandbox.play(Faults.parse(["any:401-before:*"]))
    assert (await tool.run("retry", "last", "--from", fix, *SEND)).exit_code == 3
    dry = tool.runs()[-1]
    assert run_json(dry)["state"] == "interrupted"
    sandbox.play(Faults())

    resumed = await tool.run("resume", "last")  # nobody has to be asked: it only reads
    assert resumed.exit_code == 0, resumed.stderr
    assert (run_json(dry)["state"], outcomes_of(dry)) == ("planned", {"planned": 2})
    assert (await tool.run("report", "last")).exit_code == 0
    assert outcomes_of(dry) == {"planned": 2}
    assert sandbox.state() == before
    assert {request.method for request in list(sandbox.history)[sent:] if request.endpoint != "token.create"} == {"GET"}


async def test_a_retry_of_a_check_is_not_what_resume_last_means(
    tool: Tool, sandbox: Sandbox, words: list[str], tmp_path: Path
) -> None:
    assert (await tool.run("apply", *words, *SEND)).exit_code == 1
    (applied,) = tool.runs()
    assert (await tool.run("check", *words)).exit_code == 1
    fix = mended(tool.runs()[-1], tmp_path, lambda row: {**row, "zone": "050"})
    assert (await tool.run("retry", "last", "--from", fix)).exit_code == 0
    checked = tool.runs()[-1]
    refused = await tool.run("resume", checked.name)
    assert (refused.exit_code, sandbox.url in refused.stderr) == (2, False)
    assert f"{checked.name} is a retry of a check, which sends nothing" in refused.stderr
    resumed = await tool.run("resume", "last")
    assert resumed.exit_code == 1
    assert f"apply {applied.name}" in resumed.stdout
