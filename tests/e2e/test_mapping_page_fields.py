"""The interface page on mappings: where a field comes from, and the steps that are applied to it."""

from pathlib import Path
from typing import Any

import pytest
from mapping_page import Page, codes, keys, table, told, values

NY = "America/New_York"


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page(tmp_path)


def made(page: Page, spec: str, *cells: str, name: str = "address1") -> list[Any]:
    """Return the values of a field that its spec makes of a column A, or of A, B, C where a cell has bars."""
    rows = (f"S{at}\tN\t{NY}\t{cell.replace('|', chr(9))}" for at, cell in enumerate(cells))
    page.text("a.csv", "Site\tName\tTZ\tA\tB\tC", *(f"{row}{chr(9) * (5 - row.count(chr(9)))}" for row in rows))
    return values(page.check(table("site", **{name: spec})), "site", name)


def test_a_field_by_a_columns_name_is_the_cell_trimmed(page: Page) -> None:
    assert made(page, '"A"', "  1 Elm\u00a0", "", " ") == ["1 Elm", None, None]


def test_a_template_puts_columns_together_and_empty_parts_leave_no_stray_separators(page: Page) -> None:
    spec = '{ template = "{A}, {B} ({C})" }'
    cells = ("Smith|Jo|Sr", "Smith||", "|Jo|", "Smith||Sr", "||")
    assert made(page, spec, *cells) == ["Smith, Jo (Sr)", "Smith", "Jo", "Smith, (Sr)", None]


def test_of_a_list_of_columns_the_first_that_is_not_empty_is_taken(page: Page) -> None:
    assert made(page, '{ column = ["A", "B", "Gone"], pad = 6 }', "12|34", "|34", " |", name="account_number") == [
        "000012",
        "000034",
        None,
    ]


def test_a_value_is_the_same_in_every_row_and_may_be_a_number(page: Page) -> None:
    assert made(page, "{ value = 1 }", "x", "", name="security_type") == [1, 1]


def test_steps_are_applied_in_one_order_whatever_order_they_are_written_in(page: Page) -> None:
    steps = [
        "extract = 'Cam (.*)'",
        "replace = { '-' = ';' }",
        "split = ';'",
        "case = 'upper'",
        "map = { 'A*' = '7', B = '' }",
        "pad = 3",
        "default = 'none'",
    ]
    cells = ("Cam a1-b-12", "Cam b", "door")
    expected = ["007,012", "none", "none"]
    assert made(page, f"{{ column = 'A', {', '.join(steps)} }}", *cells) == expected
    assert made(page, f"{{ {', '.join(reversed(steps))}, column = 'A' }}", *cells) == expected


def test_extract_takes_the_first_group(page: Page) -> None:
    assert made(page, "{ column = 'A', extract = '(\\d+) (\\w+)' }", "Zone 12 b") == ["12"]


def test_extract_without_a_match_gives_an_empty_value_and_a_warning(page: Page) -> None:
    page.text("a.csv", "Site,Cam,Zone", "S1,C1,Zone 7", "S1,C2,door")
    checked = page.check(table("device", zone_number="{ column = 'Zone', extract = '(\\d+)' }"))
    assert values(checked, "device", "zone_number") == ["007", None]
    (warning,) = told(checked, "extract")
    assert (warning["severity"], warning["cell"], warning["value"]) == ("warning", "C3", "door")


def test_replace_is_a_table_of_regular_expression_and_text(page: Page) -> None:
    spec = "{ column = 'A', replace = { '(?i)\\bst\\b\\.?' = 'Street', '\\s*#(\\d+)' = ', Unit $1' } }"
    assert made(page, spec, "1 Elm St. #4", "2 Oak") == ["1 Elm Street, Unit 4", "2 Oak"]


def test_split_lets_each_part_go_through_the_rest_and_joins_them_by_commas(page: Page) -> None:
    page.text("a.csv", "Site;Cam;Zone;More", "S1;C1;1;2, 3/x4 y", "S1;C2;9;")
    spec = "{ column = 'More', split = '[,/ ]+', map = { 'x*' = '5', y = '6' }, pad = 3 }"
    checked = page.check(table("device", 'delimiter = ";"', additional_zone_numbers=spec))
    assert values(checked, "device", "additional_zone_numbers") == ["002,003,005,006", None]


@pytest.mark.parametrize(
    ("case", "expected"), [("upper", "O'NEIL INC"), ("lower", "o'neil inc"), ("title", "O'Neil Inc")]
)
def test_case_is_upper_lower_or_title(page: Page, case: str, expected: str) -> None:
    assert made(page, f"{{ column = 'A', case = '{case}' }}", "o'NEIL inC") == [expected]


def test_map_keys_match_whole_values_in_any_case_and_a_star_stands_for_anything(page: Page) -> None:
    spec = "{ column = 'A', map = { Eastern = 'E', 'Cent*' = 'C', '*bridge*' = 'B' } }"
    cells = ("EASTERN", "Eastern Time", "central", "old Bridge 4", "")
    assert made(page, spec, *cells) == ["E", "Eastern Time", "C", "B", None]


def test_a_value_that_no_key_matches_is_an_error_where_the_map_is_strict(page: Page) -> None:
    page.text("a.csv", "Site,Name,TZ", "S1,Acme,Eastern", "S2,Bolt,Estern")
    lax = page.check(table("site", name="{ column = 'TZ', map = { Eastern = 'E' } }", timezone=f"{{ value = '{NY}' }}"))
    assert values(lax, "site", "name") == ["E", "Estern"]
    assert codes(lax) == []
    strict = page.check(table("site", timezone=f"{{ column = 'TZ', map = {{ Eastern = '{NY}' }}, strict = true }}"))
    (error,) = told(strict)
    assert (error["code"], error["severity"], error["cell"]) == ("not_in_map", "error", "C3")
    assert error["hint"] == 'did you mean "Eastern"? add it under table.fields.timezone.map'


def test_pad_puts_zeros_in_front_of_a_value_that_is_all_digits(page: Page) -> None:
    assert made(page, "{ column = 'A', pad = 4 }", "7", "12345", "A7", "") == ["0007", "12345", "A7", None]


def test_default_stands_where_the_result_is_empty(page: Page) -> None:
    assert made(page, "{ column = 'A', map = { 'n/a' = '' }, default = 'none' }", "N/A", "", "x") == [
        "none",
        "none",
        "x",
    ]


def test_in_an_ids_template_an_empty_part_makes_the_id_empty_and_the_finding_stands_at_it(page: Page) -> None:
    page.text("a.csv", "Site,Cam,Zone", "S1,C1,1", "S1,,2")
    checked = page.check(table("device", external_device_id='{ template = "{Site}-{Cam}" }'))
    assert values(checked, "device", "external_device_id") == ["S1-C1", None]
    (error,) = told(checked, "required")
    assert (error["cell"], error["column"], error["value"]) == ("B3", "Cam", None)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [("(?=x)", "look-around"), ("(a)\\1", "backreferences are not supported"), ("(", "unclosed group")],
)
def test_regular_expressions_are_polars_and_bad_ones_are_told_with_key_and_line(
    page: Page, pattern: str, reason: str
) -> None:
    page.text("a.csv", "Site,Name,TZ", f"S1,Acme,{NY}")
    specs = {
        "address1": f"{{ column = 'Name', extract = '{pattern}' }}",
        "address2": f"{{ column = 'Name', replace = {{ '{pattern}' = '' }} }}",
        "account_number": f"{{ column = 'Name', split = '{pattern}' }}",
    }
    mistakes = page.refused(table("site", f"where = {{ column = 'Name', matches = '{pattern}' }}", **specs))
    assert [mistake.split(": ")[0] for mistake in mistakes] == [f"acme.toml:{line}" for line in (3, 8, 9, 10)]
    assert all(reason in mistake for mistake in mistakes)
    assert keys(mistakes)[::3] == ["table[1].where.matches", "table[1].fields.account_number.split"]


def test_a_mapping_is_checked_as_a_whole_and_every_mistake_is_told_with_its_key_at_once(page: Page) -> None:
    page.text("a.csv", "Site,Name,TZ", f"S1,Acme,{NY}")
    wrong = table("site", "sheet = 3", name='{ colum = "Name" }', mac='"Mac"', address1='{ column = "A", pad = "6" }')
    assert keys(page.refused(wrong, '[[table]]\nrecord = "house"\n')) == [
        "table[1].sheet",
        "table[1].fields.name.colum",
        "table[1].fields.mac",
        "table[1].fields.address1.pad",
        "table[2].fields",
        "table[2].record",
    ]


def test_001_can_not_silently_become_a_number(page: Page) -> None:
    (mistake,) = page.refused(table("site", account_number="{ value = 001 }"))
    assert 'needs quotes, such as "001"' in mistake
