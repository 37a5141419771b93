"""What each step of a field does, and their order."""

import polars as pl
import pytest
from mapping_sources import map_field, values

from migrate.mapping.grammar import FieldSpec
from migrate.mapping.steps import compile_field


def test_a_column_is_trimmed_of_every_white_space_and_of_invisible_characters() -> None:
    assert values('"A"', A=[" x y ", "\u00a0x\u3000", "\ufeffx\u200b", "\u200b ", "", None]) == [
        "x y",
        "x",
        "x",
        None,
        None,
        None,
    ]


def test_extract_takes_the_first_group_and_the_whole_match_where_there_is_none() -> None:
    assert values('{ column = "A", extract = "Zone (\\\\d+)" }', A=["Zone 12 b"]) == ["12"]
    assert values('{ column = "A", extract = "\\\\d+" }', A=["Zone 12 b"]) == ["12"]


def test_extract_without_a_match_gives_an_empty_value_and_a_warning() -> None:
    mapped = map_field("{ column = 'A', extract = '(\\d+)' }", A=["Zone 12", "door", None])
    assert mapped.frames["site"]["address1"].to_list() == ["12", None, None]
    finding = mapped.findings.row(0, named=True)
    assert mapped.findings.height == 1
    assert (finding["severity"], finding["code"], finding["_row"], finding["cell"]) == ("warning", "extract", 3, "D3")
    assert (finding["record"], finding["field"], finding["value"]) == ("site", "address1", "door")
    assert "door" in finding["message"]
    assert "table.fields.address1.extract" in finding["hint"]


def test_replace_goes_through_its_patterns_in_order_with_groups() -> None:
    spec = "{ column = 'A', replace = { 'Str\\.?$' = 'Street', '(\\w+) Street' = '$1 St', 'x' = '$$' } }"
    assert values(spec, A=["Main Str.", "xMain", None]) == ["Main St", "$Main", None]


def test_replace_leaves_no_white_space_at_the_ends() -> None:
    assert values("{ column = 'A', replace = { 'Inc' = '' } }", A=["Acme Inc", "Inc"]) == ["Acme", None]


def test_split_lets_each_part_go_through_the_rest_and_joins_them_by_commas() -> None:
    spec = "{ column = 'A', split = '[;/, ]+', case = 'upper', map = { 'A*' = '1' }, pad = 3 }"
    assert values(spec, A=["a1; 22/b", "7", " , ;", None]) == ["001,022,B", "007", None, None]


def test_the_default_of_a_split_field_stands_for_the_whole() -> None:
    assert values("{ column = 'A', split = ',', default = 'none' }", A=[" , ", "a,,b"]) == ["none", "a,b"]


@pytest.mark.parametrize(("case", "expected"), [("upper", "JOE'S 1ST"), ("lower", "joe's 1st"), ("title", "Joe's 1st")])
def test_case_writes_letters_anew(case: str, expected: str) -> None:
    assert values(f"{{ column = 'A', case = '{case}' }}", A=["jOE'S 1sT"]) == [expected]


def test_title_case_knows_names_with_an_apostrophe() -> None:
    spec = "{ column = 'A', case = 'title' }"
    assert values(spec, A=["SHANE O'NEIL-\u00c9T\u00c9", "we'll", None]) == [
        "Shane O'Neil-\u00c9t\u00e9",
        "We'll",
        None,
    ]


def test_a_map_key_matches_whole_values_in_any_case() -> None:
    spec = "{ column = 'A', map = { Eastern = 'NY' } }"
    assert values(spec, A=["EASTERN ", "Eastern Time", None]) == ["NY", "Eastern Time", None]


def test_a_star_in_a_map_key_stands_for_anything() -> None:
    spec = "{ column = 'A', map = { 'IP Cam*' = 'camera', '*bridge*' = 'bridge', 'a.b*c' = 'dot' } }"
    given = ["ip cam", "IP Camera\n2", "My Bridge 4", "bridges", "a.bxc", "axbc"]
    assert values(spec, A=given) == ["camera", "camera", "bridge", "bridge", "dot", "axbc"]


def test_an_exact_key_wins_over_a_star_and_then_the_first_in_order() -> None:
    spec = "{ column = 'A', map = { 'c*' = 'first', 'ce*' = 'second', 'central' = 'exact' } }"
    assert values(spec, A=["central", "center"]) == ["exact", "first"]


def test_a_value_that_no_key_matches_stays_as_it_is() -> None:
    mapped = map_field("{ column = 'A', map = { x = 'y' } }", A=["other"])
    assert mapped.frames["site"]["address1"].to_list() == ["other"]
    assert mapped.findings.is_empty()


def test_a_map_to_the_empty_text_empties_the_field() -> None:
    assert values("{ column = 'A', map = { 'n/a' = '' }, default = 'none' }", A=["N/A", "x"]) == ["none", "x"]


def test_a_strict_map_makes_an_unknown_value_an_error_that_names_the_nearest_key() -> None:
    spec = "{ column = 'A', map = { Eastern = 'NY', Central = 'CH' }, strict = true }"
    mapped = map_field(spec, A=["Eastern", "Estern", "Mars", None, "Estern"])
    assert mapped.frames["site"]["address1"].to_list() == ["NY", "Estern", "Mars", None, "Estern"]
    rows = mapped.findings.select("_row", "severity", "code", "value", "message", "hint").rows()
    near = 'did you mean "Eastern"? add it under table.fields.address1.map'
    assert rows == [
        (3, "error", "not_in_map", "Estern", '"Estern" is not in the map', near),
        (4, "error", "not_in_map", "Mars", '"Mars" is not in the map', 'add "Mars" under table.fields.address1.map'),
        (6, "error", "not_in_map", "Estern", '"Estern" is not in the map', near),
    ]


def test_a_strict_map_looks_at_each_part_of_a_split_field() -> None:
    mapped = map_field("{ column = 'A', split = ';', map = { a = '1' }, strict = true }", A=["a;b;c", "a", "a;a"])
    assert mapped.findings.select("_row", "message").rows() == [(2, '"b" is not in the map')]


def test_pad_puts_zeros_in_front_of_digits_and_leaves_other_values() -> None:
    spec = "{ column = 'A', pad = 3 }"
    assert values(spec, A=["7", "1234", "A7", "-1", "1.0", "\u0661", None]) == [
        "007",
        "1234",
        "A7",
        "-1",
        "1.0",
        "\u0661",
        None,
    ]


def test_default_stands_where_the_result_is_empty() -> None:
    assert values("{ column = 'A', extract = '(\\d+)', default = '001' }", A=["x", None, "5"]) == ["001", "001", "5"]


@pytest.mark.parametrize(("given", "expected"), [("1", "1"), ("true", "true"), ("false", "false"), ("'CS-1'", "CS-1")])
def test_a_value_is_the_same_in_every_row_and_may_be_a_number_or_yes_or_no(given: str, expected: str) -> None:
    assert values(f"{{ value = {given} }}", A=["x", None]) == [expected, expected]


def test_of_several_columns_the_first_that_is_not_empty_is_taken() -> None:
    assert values("{ column = ['A', 'B'] }", A=["1", " ", None], B=["9", "2", None]) == ["1", "2", None]


def test_of_several_columns_some_may_be_absent() -> None:
    assert values("{ column = ['Gone', 'A'] }", A=["1"]) == ["1"]


def test_steps_apply_to_templates_and_values_too() -> None:
    assert values("{ template = '{A} {B}', case = 'upper', replace = { ' ' = '-' } }", A=["a"], B=["b"]) == ["A-B"]
    assert values("{ value = '7', pad = 3 }", A=["x"]) == ["007"]


def test_steps_are_applied_in_one_order_whatever_order_they_are_written_in() -> None:
    backwards = "default = 'D', pad = 4, map = { 'B' = '12' }, case = 'upper', split = ';'"
    spec = f"{{ {backwards}, replace = {{ '-' = ';' }}, extract = '<(.*)>', column = 'A' }}"
    assert values(spec, A=["x <a-b> y"]) == ["A,0012"]


def test_a_compiled_field_shows_every_step_in_order() -> None:
    spec = FieldSpec.model_validate(
        {
            "column": ["Acct", "No"],
            "extract": r"<(.*)>",
            "replace": {"-": ";"},
            "split": ";",
            "case": "upper",
            "map": {"B": "12"},
            "pad": 4,
            "default": "D",
        }
    )
    compiled = compile_field("account_number", spec, {"Acct": "ACCT ", "No": "no"})
    frame = pl.DataFrame({"ACCT ": [" ", None], "no": ["x <a-b> ", "y"]}, schema={"ACCT ": pl.String, "no": pl.String})
    shown = frame.select(step.expr.alias(step.name) for step in compiled.steps)
    assert compiled.columns == ("ACCT ", "no")
    assert shown.columns == ["column", "trim", "extract", "replace", "split", "case", "map", "pad", "default"]
    assert shown.row(0) == ("x <a-b>", "x <a-b>", "a-b", "a;b", "a,b", "A,B", "A,12", "A,0012", "A,0012")
    assert shown.row(1) == ("y", "y", None, None, None, None, None, None, "D")


def test_the_first_step_of_a_compiled_column_is_the_cell_as_it_stands() -> None:
    compiled = compile_field("name", FieldSpec.model_validate({"column": "A"}), {"A": "A"})
    assert pl.DataFrame({"A": [" x "]}).select(step.expr.alias(step.name) for step in compiled.steps).row(0) == (
        " x ",
        "x",
    )
    assert [step.name for step in compiled.steps] == ["column", "trim"]


def test_columns_of_few_values_give_what_each_row_would_give_alone() -> None:
    cells = ["a", "b", "7", None, "a"] * 500
    spec = "{ column = 'A', map = { a = '1' }, pad = 2, default = 'D' }"
    assert values(spec, A=cells) == ["01", "b", "07", "D", "01"] * 500
