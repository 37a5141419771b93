"""Columns put together to one text."""

import pytest
from mapping_sources import values

from migrate.mapping.templates import parse_template


@pytest.mark.parametrize(
    ("template", "cells", "expected"),
    [
        ("{A}, {B}", ("Smith", "Jo"), "Smith, Jo"),
        ("{A}, {B}", ("Smith", ""), "Smith"),
        ("{A}, {B}", ("", "Jo"), "Jo"),
        ("{A}, {B}", ("", ""), None),
        ("{A}, {B} {C} {D}", ("12 Main St", "", "NY", "10001"), "12 Main St, NY 10001"),
        ("{A}, {B} {C} {D}", ("12 Main St", "", "", "10001"), "12 Main St, 10001"),
        ("{A}, {B} {C} {D}", ("", "", "NY", "10001"), "NY 10001"),
        ("{A}, {B} {C} {D}", ("12 Main St", "", "", ""), "12 Main St"),
        ("{A} {B}, {C}", ("Jo", "", "Acme"), "Jo, Acme"),
        ("{A} {B}. {C}", ("Jo", "", "Smith"), "Jo Smith"),
        ("{A} Apt #{B}, {C}", ("12 Main", "", "Troy"), "12 Main, Troy"),
        ("{A} Apt #{B}, {C}", ("12 Main", "4", ""), "12 Main Apt #4"),
        ("{A} ({B})", ("Front", ""), "Front"),
        ("({A}) {B}", ("", "Front"), "Front"),
        ("Cam {A}", ("",), None),
        ("Cam {A} - {B}", ("4", ""), "Cam 4"),
        ("{A}{B} {C}", ("a", "", "c"), "a c"),
        ("{A}x{B}", ("4", ""), "4"),
        ("({A})({B})", ("", "4"), "(4)"),
    ],
)
def test_empty_parts_leave_no_stray_separators(template: str, cells: tuple[str, ...], expected: str | None) -> None:
    columns = {name: [cell] for name, cell in zip("ABCD", cells, strict=False)}
    assert values(f"{{ template = '{template}' }}", name="address1", **columns) == [expected]


def test_each_part_of_a_template_is_trimmed() -> None:
    assert values("{ template = '{A}, {B}' }", A=[" Smith "], B=["\u00a0Jo\u200b"]) == ["Smith, Jo"]


def test_in_the_template_of_an_id_an_empty_part_makes_the_id_empty() -> None:
    spec = "{ template = 'X-{A}-{B}' }"
    given: dict[str, list[str | None]] = {"A": ["1", "1", " "], "B": ["2", None, "2"]}
    assert values(spec, name="external_monitoring_station_id", **given) == ["X-1-2", None, None]
    assert values(spec, name="account_number", **given) == ["X-1-2", "X-1", "2"]


def test_doubled_braces_stand_for_themselves() -> None:
    assert values("{ template = '{{{A}}}' }", A=["x"]) == ["{x}"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{A", "lone {"),
        ("A}", "lone }"),
        ("{A} {}", "empty braces"),
        ("plain", "names no column"),
        ("{A}" * 21, "more than 20"),
    ],
)
def test_a_template_that_is_none_says_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_template(text)
