"""A list of zones beside an export: what it gives is checked, sent, mended in the report and tried again."""

import csv
from pathlib import Path

import pytest
from called import call, newest_run, outcomes_of, rows_of

MAPPING = """
[[table]]
record = "site"
[table.fields]
external_site_id = "Site"
name = "Name"
timezone = "TZ"
[[table]]
record = "device"
lookup = { key = "Serial", columns = ["Site", "Zone"] }
[table.fields]
external_site_id = "Site"
external_device_id = "Serial"
device_type = { value = "camera" }
zone_number = "Zone"
name = "Name"
"""
FILES = {
    "sites.csv": "Site,Name,TZ\nA1,Acme,America/Chicago\n",
    "export.csv": "Serial,Name\nS1,Door\nS2,Hall\nS3,Yard\n",
    "zones.csv": "Serial,Site,Zone\nS1,A1,001\ns2,A1,1\nS9,A1,9\n",
    "mapping.toml": MAPPING,
}
_MADE = ("external_id", "external_site_id", "outcome")
WORDS = ("sites.csv", "export.csv", "zones.csv", "-m", "mapping.toml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


async def test_what_was_looked_up_is_mended_in_the_report_and_tried_again(folder: Path) -> None:
    called = await call("rehearse", *WORDS, folder=folder)
    run = newest_run(folder)
    assert called.exit_code == 1, called.stderr
    assert outcomes_of(run) == {"created": 2, "invalid": 2}
    assert [(row["file"], row["row"], row["why"]) for row in rows_of(run / "left_out.csv")] == [
        ("zones.csv", "2", "looked up"),
        ("zones.csv", "3", "looked up"),
        ("zones.csv", "4", "looked up by no row"),
    ]
    (clash,) = [row for row in rows_of(run / "findings.csv") if row["code"] == "duplicate_zone"]
    assert (clash["file"], clash["row"], clash["cell"]) == ("export.csv", "3", "zones.csv, row 3")

    assert (await call("check", *WORDS, folder=folder)).exit_code == 1
    parent = newest_run(folder)
    rows = [dict(row) for row in rows_of(parent / "attention.csv")]
    assert [(row["Serial"], row["Zone"], row["looked up in"]) for row in rows] == [
        ("S2", "1", "zones.csv, row 3"),
        ("S3", "", ""),
    ]
    rows[0]["Zone"] = "2"
    rows[1] |= {"Site": "A1", "Zone": "3"}
    with (folder / "mended.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    called = await call("retry", parent, "--from", "mended.csv", folder=folder)
    assert called.exit_code == 0, called.stdout + called.stderr
    assert outcomes_of(newest_run(folder)) == {"valid": 2}


async def test_without_the_second_file_what_it_must_have_is_told(folder: Path) -> None:
    called = await call("check", "sites.csv", "export.csv", "-m", "mapping.toml", folder=folder)
    assert called.exit_code == 2
    assert 'give a second file with the columns "Serial", "Site", "Zone" too (table.lookup)' in called.stderr


async def test_a_key_that_is_mended_in_the_report_is_looked_up_again(folder: Path) -> None:
    assert (await call("check", *WORDS, folder=folder)).exit_code == 1
    parent = newest_run(folder)
    text = (parent / "attention.csv").read_text(encoding="utf-8")
    (folder / "mended.csv").write_text(text.replace('"S3"', '"S9"').replace('"A1","1"', '"A1","2"'), encoding="utf-8")
    called = await call("retry", parent, "--from", "mended.csv", folder=folder)
    assert called.exit_code == 0, called.stdout + called.stderr
    run = newest_run(folder)
    made = [tuple(row[name] for name in _MADE) for row in rows_of(run / "outcomes.csv")]
    assert made == [("S2", "A1", "valid"), ("S9", "A1", "valid")]
    assert not rows_of(run / "findings.csv")


@pytest.mark.parametrize("file", ["", 'file = "export*"\n'])
async def test_a_column_that_is_looked_up_is_read_though_it_is_called_like_a_credential(
    file: str, folder: Path
) -> None:
    text = MAPPING.replace('lookup = { key = "Serial"', f'{file}lookup = {{ key = {{ Serial = "PIN" }}')
    text = text.replace('columns = ["Site", "Zone"]', 'columns = ["Site", "Gate code"]').replace(
        '"Zone"', '"Gate code"'
    )
    (folder / "mapping.toml").write_text(text, encoding="utf-8")
    zones = "PIN,Site,Gate code,Password\nS1,A1,001,x\nS2,A1,002,x\nS3,A1,003,x\n"
    (folder / "zones.csv").write_text(zones, encoding="utf-8")
    called = await call("check", *WORDS, folder=folder)
    assert called.exit_code == 0, called.stdout + called.stderr
    run = newest_run(folder)
    assert outcomes_of(run) == {"valid": 4}
    told = [row["message"] for row in rows_of(run / "findings.csv") if row["code"] == "credentials_dropped"]
    assert ["Password" in message for message in told] == [True]
    assert not [message for message in told if "PIN" in message or "Gate code" in message]
