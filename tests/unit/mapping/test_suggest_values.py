"""What values are known to say, and what is left to a person because they say more than that."""

import tomllib
from collections.abc import Sequence
from typing import Any

import pytest
from mapping_sources import source

from migrate.mapping.suggest.suggest import suggest
from migrate.mapping.suggest.value_words import device_kind, standing

MACS = [f"AA:BB:CC:00:00:{number:02X}" for number in range(1, 9)]


def devices(types: Sequence[str]) -> tuple[dict[str, Any], str]:
    """Return the field of the device type that is suggested for a list with such types, and the mapping's text."""
    columns = {
        "Device ID": [f"d{at}" for at in range(len(types))],
        "Type": types,
        "Zone": [str(at + 1) for at in range(len(types))],
        "MAC": MACS[: len(types)],
    }
    text = suggest([source(columns)]).text()
    return tomllib.loads(text)["table"][0]["fields"]["device_type"], text


@pytest.mark.parametrize(
    "text",
    [
        *("No camera", "Non-camera", "Camera (removed)", "IP camera - spare", "Camera power supply", "Dummy camera"),
        *(
            "Camera not installed",
            "Camera housing",
            "Camera mount",
            "Camera licence",
            "Video door station",
            "Ex-camera",
        ),
        *(
            "Keine Kamera",
            "Ersatzkamera",
            "Kameragehäuse",
            "Caméra factice",
            "Cámara retirada",
            "예비 카메라",
            "카메라 없음",
        ),
        *("No bridge", "Bridge (removed)", "DS-2CD2042 removed"),
    ],
)
def test_what_stands_beside_a_camera_or_says_that_there_is_none_is_no_known_kind(text: str) -> None:
    assert device_kind(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Camera",
        "IP Cam",
        "CAM",
        "Camera No. 1",
        "Wall mounted dome",
        "PoE camera",
        "video encoder",
        "DS-2CD2042-I",
        "카메라",
    ],
)
def test_what_only_describes_a_camera_is_one(text: str) -> None:
    assert device_kind(text) == "camera"


def test_a_type_that_may_be_no_camera_is_asked_and_not_mapped_or_counted() -> None:
    field, text = devices(["IP Cam", "No camera", "IP camera - spare", "IP Cam"])
    assert field == {"column": "Type", "map": {"IP Cam": "camera"}}
    assert '# decide: "No camera" (1 row) = "camera" or "bridge"?' in text
    assert "header means type; 50 % are known kinds of devices" in text


def test_a_key_for_models_takes_in_none_that_may_be_no_camera() -> None:
    field, text = devices(["DS-2CD2042", "DS-2CD2143", "DS-2CD2042 (removed)", "DS-2DE4225"])
    assert field["map"] == {"DS-2CD2042": "camera", "DS-2CD2143": "camera", "DS-2DE*": "camera"}
    assert '# decide: "DS-2CD2042 (removed)" (1 row)' in text


@pytest.mark.parametrize(
    ("zones", "zone"),
    [
        (["MEZ", "Europe/Berlin", None, "MEZ"], "Europe/Berlin"),
        (["KST", "KST", "한국", None], "Asia/Seoul"),
        (["Eastern", "Eastern", "Eastern", None], "America/New_York"),
    ],
)
def test_no_site_is_put_into_a_zone_that_its_cell_does_not_say_unless_a_person_says_so(
    zones: list[str | None], zone: str
) -> None:
    sites = {"Site ID": ["S1", "S2", "S3", "S4"], "Site Name": ["A", "B", "C", "D"], "Street": ["1", "2", "3", "4"]}
    text = suggest([source({**sites, "Zeitzone": zones})]).text()
    assert "default" not in tomllib.loads(text)["table"][0]["fields"]["timezone"]
    assert f'# decide: where the cell is empty, a default would stand in: default = "{zone}"' in text


def test_without_a_column_of_time_zones_the_field_stays_open() -> None:
    sites = {"Kunden-Nr": ["K1", "K2", "K3"], "Firma": ["A", "B", "C"], "Straße": ["Weg 1", "Weg 2", "Weg 3"]}
    sites |= {"PLZ": ["50667", "50668", "50669"], "Ort": ["Köln", "Köln", "Köln"]}
    found = suggest([source(sites)])
    assert tomllib.loads(found.text())["table"][0]["fields"]["timezone"] == {"value": ""}
    assert ("site", "timezone") in found.open_fields


def test_what_is_in_use_in_any_language_is_open_and_not_asked() -> None:
    texts = ("사용중", "사용 중", "운영중", "in use", "In Betrieb", "en servicio", "Active")
    assert {standing(text, is_switch=False) for text in texts} == {"open"}
    sites = {"고객번호": [f"S{at}" for at in range(8)], "상호": list("ABCDEFGH"), "시간대": ["KST"] * 8}
    text = suggest([source({**sites, "상태": ["사용중", "해지", *["사용중"] * 6]})]).text()
    assert tomllib.loads(text)["table"][0]["where"] == {"column": "상태", "not_in": ["해지"]}
    assert "may not be in use" not in text


@pytest.mark.parametrize("header", ["Zone", "ZONE #", "구역"])
def test_a_column_called_zone_is_the_zone_where_half_of_its_values_are_odd(header: str) -> None:
    zones = ["1", "2", "1", "12-13", "1+2", "?", "TBD"]
    cameras = {"Site ID": ["S1", "S1", "S2", "S3", "S4", "S5", "S6"], "Camera": [f"c{at}" for at in range(7)]}
    text = suggest([source({**cameras, header: zones, "MAC": MACS[:7]})]).text()
    assert tomllib.loads(text)["table"][0]["fields"]["zone_number"] == header
    assert f'zone_number = "{header}"  # doubtful: header means zone' in text
    assert "no column gives it" not in text
