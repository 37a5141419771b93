"""Zones, channels and addresses among the devices of sites."""

import pytest
from checks_mapped import camera, check, codes, told, verdicts


def test_a_zone_that_an_earlier_device_of_the_site_has_is_an_error() -> None:
    checked = check(device=[camera("c1", zone="1"), camera("c2", "S2", zone="1"), camera("c3", zone="Z01")])
    (finding,) = told(checked, "duplicate_zone")
    assert (finding["row"], finding["field"]) == (4, "zone_number")
    assert finding["message"] == 'zone 001 of site "S1" is taken by "c1" in row 2'
    assert verdicts(checked, "device") == [None, None, "invalid"]


def test_additional_zones_are_zones_too() -> None:
    checked = check(
        device=[
            camera("c1", zone="1", additional_zone_numbers="2,3"),
            camera("c2", zone="3"),
            camera("c3", zone="4", additional_zone_numbers="1,2,5"),
        ]
    )
    found = [(finding["external_id"], finding["field"]) for finding in told(checked, "duplicate_zone")]
    assert found == [("c2", "zone_number"), ("c3", "additional_zone_numbers"), ("c3", "additional_zone_numbers")]


def test_bridges_have_zones_too() -> None:
    checked = check(device=[camera("b1", device_type="bridge"), camera("c1")])
    assert codes(checked) == ["duplicate_zone"]


def test_a_device_that_is_invalid_for_another_reason_holds_its_zone() -> None:
    checked = check(device=[camera("c1", device_type="Kamera"), camera("c2")])
    assert codes(checked) == ["device_type", "duplicate_zone"]


def test_devices_without_a_site_or_zone_do_not_clash() -> None:
    checked = check(
        device=[
            camera("c1", external_site_id=None),
            camera("c2", external_site_id=None),
            camera("c3", zone_number=None),
        ]
    )
    assert codes(checked) == ["required"] * 3


@pytest.mark.parametrize(
    ("models", "cameras", "short"),
    [
        (["CKB304"], 5, True),
        (["CKB-304v2"], 4, False),
        (["CKB304", "CKB308"], 13, True),
        (["CKB304", "CKB308"], 12, False),
        (["Bridge 12 ch"], 13, True),
        (["16-channel bridge"], 17, True),
        (["CKB304", "unknown"], 13, False),
        (["CKB304", None], 13, False),
        (["MB2004"], 13, False),
        ([], 13, False),
    ],
)
def test_more_cameras_than_the_bridges_have_channels_is_a_warning(
    models: list[str | None], cameras: int, short: bool
) -> None:
    bridges = [
        camera(f"b{at}", zone=str(100 + at), device_type="bridge", model=model) for at, model in enumerate(models)
    ]
    checked = check(device=[*bridges, *(camera(f"c{at}", zone=str(at + 1)) for at in range(cameras))])
    assert codes(checked) == (["bridge_channels"] if short else [])


def test_an_address_at_two_sites_is_a_warning_but_not_at_one() -> None:
    mac = "AA:BB:CC:DD:EE:FF"
    checked = check(
        device=[
            camera("c1", mac=mac),
            camera("c2", zone="2", mac="aa-bb-cc-dd-ee-ff"),
            camera("c3", "S2", mac=mac),
            camera("c4", "S2", zone="2", mac="n/a"),
            camera("c5", "S3", zone="2", mac="n/a"),
        ]
    )
    (finding,) = told(checked, "mac_at_two_sites")
    assert (finding["external_id"], finding["message"]) == ("c3", f'{mac} is at site "S1" too, in row 2')
