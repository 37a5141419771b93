"""Which rows a suggested mapping leaves out: what is surely no record; all else is a comment for a person."""

import tomllib
from collections.abc import Sequence
from typing import Any

import pytest
from mapping_sources import source

from migrate.mapping.suggest.suggest import suggest
from migrate.mapping.suggest.value_words import device_kind, standing

ROWS = 20


def suggested(**columns: Sequence[str]) -> tuple[dict[str, Any], str]:
    """Return the table that is suggested for cameras with more columns, and its text."""
    numbers = [str(at) for at in range(1, ROWS + 1)]
    cameras = {
        "Site ID": [f"S{at}" for at in numbers],
        "Camera Name": [f"Cam {at}" for at in numbers],
        "Zone": numbers,
        "MAC": [f"00:11:22:33:44:{int(at):02X}" for at in numbers],
    }
    text = suggest([source({**cameras, **{name.replace("_", " "): values for name, values in columns.items()}})]).text()
    [table] = tomllib.loads(text)["table"]
    return table, text


def of(**counts: int) -> list[str]:
    """Return a column with so many of each value, and Active in the other rows."""
    values = [value for value, count in counts.items() for _ in range(count)]
    return [*values, *["Active"] * (ROWS - len(values))]


@pytest.mark.parametrize("word", ["Disconnected", "Lost", "Offline", "inactive", "Inaktiv"])
@pytest.mark.parametrize("header", ["Status", "Camera_Status"])
def test_a_device_that_can_not_be_reached_today_is_not_left_out(header: str, word: str) -> None:
    table, text = suggested(**{header: of(**{word: 2})})
    assert "where" not in table
    assert f"{word} (2)" in text


def test_what_is_gone_is_left_out_and_what_only_is_offline_told_beside() -> None:
    table, text = suggested(Status=of(Decommissioned=2, Lost=2))
    assert table["where"] == {"column": "Status", "not_in": ["Decommissioned"]}
    assert '"Lost" may not be in use either; such rows come along' in text


def test_an_account_that_is_inactive_is_left_out_in_a_sheet_of_cameras_too() -> None:
    table, _ = suggested(Account_Status=of(Inactive=2))
    assert table["where"] == {"column": "Account Status", "not_in": ["Inactive"]}


@pytest.mark.parametrize(
    "text",
    [
        "Multi-Sensor",
        "Multi Sensor",
        "multisensor",
        "Fisheye",
        "PTZ",
        "Dome",
        "Bullet",
        "Turret",
        "Panoramic",
        "Thermal",
    ],
)
def test_kinds_of_cameras_are_cameras(text: str) -> None:
    assert device_kind(text) == "camera"


@pytest.mark.parametrize("text", ["Thermal detector", "Heat sensor", "Sensor"])
def test_a_sensor_is_no_camera(text: str) -> None:
    assert device_kind(text) == "other"


def test_a_suspended_account_is_not_told_as_open() -> None:
    assert standing("정지", is_switch=False) is None


def test_conditions_that_leave_out_too_many_rows_together_are_all_comments() -> None:
    closed = of(Closed=4)
    kinds = ["Dome"] * 10 + ["Microphone"] * 10
    table, _ = suggested(Status=closed, Device_Type=["Dome"] * 12 + ["Microphone"] * 8)
    assert "where" not in table
    table, text = suggested(Status=closed, Device_Type=kinds)
    assert "where" not in table
    assert "# decide: these 2 conditions together would leave out 70 % of the rows; if so, take the # away" in text
    meant = [
        line.removeprefix("# ") if line.startswith(("# where", "#     {", "# ]")) else line
        for line in text.splitlines()
    ]
    [table] = tomllib.loads("\n".join(meant))["table"]
    assert [where["not_in"] for where in table["where"]] == [["Closed"], ["Microphone"]]


def test_more_than_a_quarter_of_closed_accounts_is_not_believed() -> None:
    assert "where" in suggested(Status=of(Closed=5))[0]
    table, text = suggested(Status=of(Closed=4, Cancelled=2))
    assert "where" not in table
    assert "# decide: that would leave out 30 % of the rows; if so, take the # away" in text


def test_a_value_with_a_star_leaves_out_no_other_value() -> None:
    kinds = ["Camera Front Door", "Dome camera", "* Door", "Siren"] * 5
    table, text = suggested(Device_Type=kinds)
    assert table["where"] == {"column": "Device Type", "not_in": ["Siren"]}
    assert '# decide: so may be "* Door", but a * stands for any text here; such rows come along' in text
    table, text = suggested(Device_Type=["Dome camera", "* Door"] * 10)
    assert "where" not in text
    assert '# decide: so may be "* Door"' in text
    table, text = suggested(Status=of(**{"Closed": 1, "Dummy *": 1}))
    assert table["where"] == {"column": "Status", "not_in": ["Closed"]}
    assert '# decide: "Dummy *" may not be in use either; such rows come along' in text
