"""Cells that identify something are read as they look where that is sure, and each is told; others stay as they are."""

import pytest
from mapping_sources import DEVICE_ID, SITE_ID, map_field, mapping, source

from migrate.mapping.apply import map_sources

Cells = list[str | None]


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("00\u200b42", "0042", "unseen_space"),
        ("\ufeff0042", "0042", "unseen_space"),
        ("0042\u00a0", "0042", "unseen_space"),
        ("CS\u00a042", "CS 42", "unseen_space"),
        ("\u202a0042\u202c", "0042", "unseen_space"),
        ("\uff10\uff10\uff14\uff12", "0042", "full_width"),
        ("\uff30\uff0d4\u30002", "P-4 2", "full_width"),
    ],
)
def test_a_cell_that_identifies_is_read_as_it_looks_and_told_with_what_it_was(cell: str, value: str, code: str) -> None:
    mapped = map_field("'A'", name="account_number", A=["1", cell, "서울-1"])
    assert mapped.frames["site"]["account_number"].to_list() == ["1", value, "서울-1"]
    (note,) = mapped.findings.to_dicts()
    assert (note["code"], note["severity"], note["cell"], note["value"]) == (code, "note", "D3", cell)
    assert (note["record"], note["field"], note["_row"]) == ("site", "account_number", 3)
    assert f'"{value}"' in note["message"]


@pytest.mark.parametrize("height", [4, 40])
def test_cells_that_are_all_in_the_second_half_of_a_table_are_told_as_well(height: int) -> None:
    cells = [f"A{n}" for n in range(height - 2)] + ["S\u00a01", "S\u00a02"]
    mapped = map_field("'A'", name="account_number", A=cells)
    assert mapped.findings["cell"].to_list() == [f"D{height}", f"D{height + 1}"]


def test_joiners_inside_of_words_and_plain_spaces_around_are_no_damage() -> None:
    mapped = map_field("'A'", name="account_number", A=["  1 ", "\u0646\u200c\u0645", "\u00e9"])
    assert mapped.frames["site"]["account_number"].to_list() == ["1", "\u0646\u200c\u0645", "\u00e9"]
    assert mapped.findings.is_empty()


def test_a_text_that_identifies_nothing_is_only_trimmed() -> None:
    mapped = map_field("'A'", A=["\uff11\u00a0Main\u200bSt\u00a0"])
    assert mapped.frames["site"]["address1"].to_list() == ["\uff11\u00a0Main\u200bSt"]
    assert mapped.findings.is_empty()


def test_a_cell_of_an_ids_template_is_read_as_it_looks() -> None:
    mapped = map_field("{ template = 'X-{A}' }", name="external_monitoring_station_id", A=["4\u200b2"])
    assert mapped.frames["site"]["external_monitoring_station_id"].to_list() == ["X-42"]
    assert mapped.findings["code"].to_list() == ["unseen_space"]


def test_ids_that_look_alike_are_one_site() -> None:
    cells: dict[str, Cells] = {"Site": ["S1", "S\u200b1"], "Name": ["A", "A"], "TZ": ["E", "E"]}
    text = f'[[table]]\nrecord = "site"\n[table.fields]\n{SITE_ID}'
    mapped = map_sources([source(cells)], mapping(text))
    assert mapped.frames["site"]["external_site_id"].to_list() == ["S1", "S1"]


def test_point_zero_goes_where_the_numbers_of_a_column_end_so_and_one_note_tells_it() -> None:
    mapped = map_field("'A'", name="account_number", A=[None, "1234.0", "42.0 ", "7.00"])
    assert mapped.frames["site"]["account_number"].to_list() == [None, "1234", "42", "7"]
    (note,) = mapped.findings.to_dicts()
    assert (note["code"], note["severity"], note["cell"], note["value"]) == ("point_zero", "note", "D3", "1234.0")
    assert note["message"].startswith("3 of the column's 3 numbers end in .0")
    assert "1234.0 → 1234" in note["message"]


@pytest.mark.parametrize(
    "cells", [["1234.0"], ["1234.0", "P2794"], ["1.0", "2.0", "12.5"], ["1.0", "2.0", "3", "4"], [None, None], []]
)
def test_point_zero_stays_where_the_column_does_not_show_it(cells: Cells) -> None:
    mapped = map_field("'A'", name="account_number", A=cells)
    assert mapped.frames["site"]["account_number"].to_list() == cells
    assert mapped.findings.is_empty()


def test_a_cell_typed_in_by_hand_or_a_code_among_the_numbers_changes_no_other_id() -> None:
    given: Cells = ["1234.0", "1235.0", "10.0", "0042", "P2794", "v1.0", None]
    mapped = map_field("'A'", name="external_monitoring_station_id", A=given)
    values = ["1234", "1235", "10", "0042", "P2794", "v1.0", None]
    assert mapped.frames["site"]["external_monitoring_station_id"].to_list() == values
    assert mapped.findings["code"].to_list() == ["point_zero"]


def test_point_zero_of_zones_is_left_to_those_who_read_zones_but_not_in_an_id() -> None:
    text = f'[[table]]\nrecord = "device"\n[table.fields]\n{DEVICE_ID}'
    cells: dict[str, Cells] = {"Site": ["S", "S"], "Type": ["x", "y"], "Cam": ["a", "b"], "Zone": ["1.0", "2.0"]}
    mapped = map_sources([source(cells)], mapping(text))
    assert mapped.frames["device"]["zone_number"].to_list() == ["1.0", "2.0"]
    of_zone = mapping(text.replace('"Cam"', '{ template = "{Cam}-{Zone}" }'))
    in_id = map_sources([source(cells)], of_zone).frames["device"]
    assert in_id["external_device_id"].to_list() == ["a-1", "b-2"]
    assert in_id["zone_number"].to_list() == ["1", "2"]


def test_point_zero_of_a_model_is_part_of_it() -> None:
    mapped = map_field("'A'", A=["5.0", "6.0"])
    assert mapped.frames["site"]["address1"].to_list() == ["5.0", "6.0"]


def test_several_zeros_behind_the_point_are_no_other() -> None:
    mapped = map_field("'A'", name="account_number", A=["5.00", "60.00"])
    assert mapped.frames["site"]["account_number"].to_list() == ["5", "60"]


def test_the_line_that_the_hint_of_a_check_gives_takes_point_zero_off() -> None:
    spec = "{ column = 'A', replace = { '\\.0+\\b' = \"\" } }"
    mapped = map_field(spec, name="account_number", A=["1234.0", "12.0-S1", "1.05", "P2"])
    assert mapped.frames["site"]["account_number"].to_list() == ["1234", "12-S1", "1.05", "P2"]
