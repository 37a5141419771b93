"""What a recorder or a switch has is not the camera's: beside its own it goes nowhere, and alone it is asked for."""

import tomllib
from typing import Any

import pytest
from mapping_sources import source

from migrate.mapping.suggest.phrases import is_of_another
from migrate.mapping.suggest.suggest import suggest

OWN = [f"AA:BB:CC:00:00:{number:02X}" for number in range(1, 5)]
OTHERS = [f"AA:BB:CC:00:01:{number:02X}" for number in range(1, 5)]
OTHER_HEADERS = ("NVR MAC", "Recorder MAC", "DVR MAC", "Switch MAC", "NVR MAC Address", "PanelMac", "녹화기 MAC")


def device(other: str, **columns: list[str]) -> tuple[dict[str, Any], str]:
    """Return the fields of devices in a list that has such a column in front, and the mapping's text."""
    cameras = {"Site ID": ["S1", "S1", "S2", "S2"], "Camera": ["A", "B", "A", "B"], "Zone": ["1", "2", "1", "2"]}
    text = suggest([source({other: OTHERS, **cameras, **columns})]).text()
    return tomllib.loads(text)["table"][0]["fields"], text


@pytest.mark.parametrize("other", OTHER_HEADERS)
@pytest.mark.parametrize("own", ["Cam MAC", "Camera MAC", "MAC Address", "MAC", "Hardware"])
def test_beside_a_mac_of_the_camera_that_of_another_device_is_never_taken(other: str, own: str) -> None:
    fields, _ = device(other, **{own: OWN})
    assert fields["mac"] == own


@pytest.mark.parametrize("other", OTHER_HEADERS)
def test_alone_the_mac_of_another_device_is_doubtful_and_a_person_decides(other: str) -> None:
    _, text = device(other)
    lines = text.splitlines()
    [at] = [at for at, line in enumerate(lines) if line.startswith("mac = ")]
    assert "# doubtful: " in lines[at]
    assert lines[at - 1].startswith(f'# decide: is "{other}" the camera\'s own')


def test_so_it_is_with_serial_numbers_and_models() -> None:
    fields, _ = device("NVR MAC", **{"NVR Serial": ["N1"] * 4, "Serial": ["C1", "C2", "C3", "C4"], "Model": ["P1"] * 4})
    assert (fields["serial_number"], fields["model"]) == ("Serial", "Model")


def test_a_camera_s_column_is_its_own_whatever_it_hangs_on() -> None:
    assert not is_of_another("NVR camera MAC")
    assert not is_of_another("Device MAC")
