"""Numbered columns: which headers name a site's cameras side by side."""

from mapping_sources import source

from migrate.mapping.suggest.numbered import numbered_columns
from migrate.mapping.suggest.profile import profiles


def numbers(*headers: str) -> list[int]:
    found = profiles(source({header: ["AA:BB:CC:00:00:01"] for header in headers}).table)
    return [cell.number for cell in numbered_columns(found)]


def test_cameras_side_by_side_are_told_by_their_numbers() -> None:
    assert numbers("Camera 1 MAC", "Camera_02_MAC", "MAC") == [1, 2]


def test_a_header_without_end_is_no_number() -> None:
    assert numbers(f"a{'_' * 30_000}b1x", f"camera{' ' * 30_000}2", "Camera 3 MAC") == []
