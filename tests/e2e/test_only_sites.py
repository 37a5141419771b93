"""--only-sites: one wave of a cutover after the other, each of them whole, none of them touching the others."""

from collections import Counter
from pathlib import Path

import pytest
from called import outcomes_of, rows_of
from e2e_inventory import (
    DEVICES,
    MAPPING,
    SITES,
    STATIONS,
    device_rows,
    site_rows,
    station_rows,
    write_csv,
    write_inventory,
    write_mapping,
    write_workbook,
)
from e2e_tool import QUICK, Tool, ended, until

from migrate.sandbox.faults import Faults
from migrate.sandbox.server import Sandbox

FILES = ["stations.csv", "sites.csv", "devices.csv", "-m", "mapping.toml"]
SEND = ("--yes", *QUICK)


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    return write_inventory(tmp_path, sites=4, devices=2, active="")


def left_out(run: Path) -> Counter[tuple[str, str]]:
    return Counter((row["file"], row["why"]) for row in rows_of(run / "left_out.csv"))


def site_ids(run: Path) -> set[str]:
    return {row["external_site_id"] for row in rows_of(run / "outcomes.csv") if row["record"] != "station"}


async def test_a_file_of_ids_takes_these_sites_and_what_belongs_to_them(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "wave.txt").write_text("A-1\nA-3\n\n", encoding="utf-8")
    tool = Tool(tmp_path)
    checked = await tool.run("check", *words, "--only-sites", "wave.txt")
    assert checked.exit_code == 0
    (run,) = tool.runs()
    assert outcomes_of(run) == {"valid": 1 + 2 + 4}
    assert site_ids(run) == {"A-1", "A-3"}
    assert left_out(run) == {("sites.csv", "not in --only-sites"): 2, ("devices.csv", "not in --only-sites"): 4}
    assert "Next: chekt-migrate plan" in checked.stdout
    assert "--only-sites wave.txt" in checked.stdout


@pytest.mark.parametrize(("glob", "sites"), [("A-[12]", {"A-1", "A-2"}), ("*-4", {"A-4"}), ("A-1", {"A-1"})])
async def test_a_glob_takes_the_sites_that_match(tmp_path: Path, words: list[str], glob: str, sites: set[str]) -> None:
    tool = Tool(tmp_path)
    assert (await tool.run("check", *words, "--only-sites", glob)).exit_code == 0
    assert site_ids(tool.runs()[0]) == sites


async def test_ids_may_stand_in_a_workbook_under_their_name(tmp_path: Path) -> None:
    write_mapping(tmp_path)
    sites = [[row[0].replace("A-", "00"), *row[1:]] for row in site_rows("A", 3)]
    write_csv(tmp_path / "stations.csv", STATIONS, station_rows("A"))
    write_csv(tmp_path / "sites.csv", SITES, sites)
    write_csv(tmp_path / "devices.csv", DEVICES, [])
    write_workbook(tmp_path / "wave.xlsx", ["name", "external_site_id"], [["Shop", "002"]])
    tool = Tool(tmp_path)
    assert (await tool.run("check", *FILES, "--only-sites", "wave.xlsx")).exit_code == 0
    assert site_ids(tool.runs()[0]) == {"002"}


async def test_an_id_that_no_input_has_is_told_with_the_nearest(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "wave.txt").write_text("A-1\na-2\nA-3\nB-9\n", encoding="utf-8")
    write_mapping(
        tmp_path, MAPPING.replace('file = "sites.*"', 'file = "sites.*"\nwhere = { column = "id", not_in = ["A-3"] }')
    )
    write_csv(tmp_path / "devices.csv", DEVICES, device_rows("A", 2, devices=1))
    tool = Tool(tmp_path)
    checked = await tool.run("check", *words, "--only-sites", "wave.txt")
    assert checked.exit_code == 0
    named = "A-3 (left out by where), B-9, a-2 (there is A-2)"
    told = f"3 of the 4 ids in --only-sites are not among the sites: {named}; mend them in wave.txt"
    assert told in checked.stdout
    (finding,) = [row for row in rows_of(tool.runs()[0] / "findings.csv") if row["code"] == "only_sites"]
    assert (finding["severity"], finding["record"]) == ("warning", "site")


async def test_a_station_that_no_site_of_the_wave_names_is_left_out(tmp_path: Path) -> None:
    write_mapping(tmp_path)
    write_csv(tmp_path / "stations.csv", STATIONS, [*station_rows("A"), *station_rows("B")])
    write_csv(tmp_path / "sites.csv", SITES, [*site_rows("A", 1), *site_rows("B", 1)])
    write_csv(tmp_path / "devices.csv", DEVICES, device_rows("A", 1, devices=1))
    tool = Tool(tmp_path)
    assert (await tool.run("check", *FILES, "--only-sites", "B-*")).exit_code == 0
    (run,) = tool.runs()
    assert [row["external_id"] for row in rows_of(run / "outcomes.csv")] == ["B-CS", "B-1"]
    assert left_out(run)["stations.csv", "not in --only-sites"] == 1


async def test_a_wave_meets_the_clash_with_a_site_of_another_wave(tmp_path: Path, words: list[str]) -> None:
    rows = site_rows("A", 4)
    rows[3][4] = rows[0][4]  # one account number, at one station
    write_csv(tmp_path / "sites.csv", SITES, rows)
    tool = Tool(tmp_path)
    checked = await tool.run("check", *words, "--only-sites", "A-4")
    assert checked.exit_code == 1
    (site,) = [row for row in rows_of(tool.runs()[0] / "outcomes.csv") if row["record"] == "site"]
    assert (site["outcome"], site["code"]) == ("invalid", "duplicate_account")
    assert 'site "A-1" in row 2' in site["message"]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("wave9.txt", "--only-sites wave9.txt: there is no such file, and as a pattern it fits none of the 4 sites"),
        ("others.txt", "--only-sites others.txt: its ids are those of none of the 4 sites"),
        ("empty.txt", "holds no rows"),
        ("two.csv", "--only-sites two.csv: has 2 columns; write one external site id a line, or head their column"),
    ],
)
async def test_a_wave_that_can_not_be_told_is_exit_code_2_and_leaves_no_run(
    tmp_path: Path, words: list[str], option: str, said: str
) -> None:
    (tmp_path / "others.txt").write_text("B-1\nB-2\n", encoding="utf-8")
    (tmp_path / "empty.txt").write_text("\n", encoding="utf-8")
    (tmp_path / "two.csv").write_text("A-1,Shop\nA-2,Mall\n", encoding="utf-8")
    tool = Tool(tmp_path)
    refused = await tool.run("check", *words, "--only-sites", option)
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert not tool.runs()


async def test_waves_bring_in_the_whole_and_nothing_twice(tmp_path: Path, words: list[str]) -> None:
    async with Sandbox() as sandbox:
        tool = Tool(tmp_path, sandbox.environment)
        assert (await tool.run("apply", *words, "--only-sites", "A-[12]", *SEND)).exit_code == 0
        assert {site["external_site_id"] for site in sandbox.state()["sites"]} == {"A-1", "A-2"}
        assert (await tool.run("plan", *words, "--only-sites", "A-[34]")).exit_code == 0
        applied = await tool.run("apply", "last", *SEND)
        assert applied.exit_code == 0
        assert site_ids(tool.runs()[-1]) == {"A-3", "A-4"}
        assert (await tool.run("apply", *words, *SEND)).exit_code == 0
        assert outcomes_of(tool.runs()[-1]) == {"unchanged": 1 + 4 + 8}
        assert len(sandbox.state()["sites"]) == 4
        refused = await tool.run("apply", tool.runs()[1].name, "--only-sites", "A-1", *SEND)
        assert refused.exit_code == 2
        assert "a saved plan is carried out as it is" in refused.stderr


async def test_resume_and_retry_stay_within_the_wave_though_its_file_is_gone(tmp_path: Path, words: list[str]) -> None:
    wave = tmp_path / "wave.txt"
    wave.write_text("A-1\nA-2\n", encoding="utf-8")
    async with Sandbox() as sandbox:
        tool = Tool(tmp_path, sandbox.environment)
        sandbox.play(Faults.parse(["devices.create/A-1-1:poison:*", "devices.create/A-2-1:delay:2"]))
        process = await tool.start("apply", *words, "--only-sites", "wave.txt", *SEND, "--concurrency", "1")
        begun = await until(lambda: any(r.endpoint == "devices.create" for r in sandbox.history), process)
        assert begun
        process.kill()
        await process.wait()
        wave.unlink()
        resumed = await tool.run("resume", "last")
        assert resumed.exit_code == 1, resumed.stderr
        (run,) = tool.runs()
        assert outcomes_of(run) == {"failed": 1, "created": 1 + 2 + 3}
        sandbox.play(Faults())
        assert (await tool.run("retry", "last", *SEND)).exit_code == 0
        assert {site["external_site_id"] for site in sandbox.state()["sites"]} == {"A-1", "A-2"}


async def test_a_rehearsal_takes_the_same_sites(tmp_path: Path, words: list[str]) -> None:
    tool = Tool(tmp_path)
    rehearsed = await ended(await tool.start("rehearse", *words, "--only-sites", "A-2"))
    assert rehearsed.exit_code == 0
    assert outcomes_of(tool.runs()[0]) == {"created": 1 + 1 + 2}


async def test_rows_that_name_no_site_are_told_because_no_wave_takes_them(tmp_path: Path, words: list[str]) -> None:
    rows = site_rows("A", 4)
    rows[1][0] = ""
    write_csv(tmp_path / "sites.csv", SITES, rows)
    checked = await Tool(tmp_path).run("check", *words, "--only-sites", "A-1")
    assert checked.exit_code == 0
    assert "1 row names no site, so no wave takes it: sites.csv, row 3; fill the external site id" in checked.stdout


async def test_what_fills_down_into_a_site_of_the_wave_is_told(tmp_path: Path) -> None:
    mapping = """
[[table]]
record = "site"
fill_down = ["Site", "Panel"]
[table.fields]
external_site_id = "Site"
name = "Name"
timezone = { value = "America/New_York" }
account_number = "Panel"
"""
    write_mapping(tmp_path, mapping)
    write_csv(
        tmp_path / "sites.csv", ["Site", "Name", "Panel"], [["S-1", "A", "P1"], ["S-2", "B", ""], ["S-3", "C", ""]]
    )
    tool = Tool(tmp_path)
    await tool.run("check", "sites.csv", "-m", "mapping.toml", "--only-sites", "S-3")
    assert "filled_across" in {row["code"] for row in rows_of(tool.runs()[0] / "findings.csv")}
