"""A handful of the corpus's workbooks is read as Excel shows them; `make corpus` compares them all."""

import pytest
from compared import Kind, compare
from corpus import run

FEW = ("LONumbers-2010.xlsx", "NumberFormatCondition.xls", "number_format.xlsb", "AutoFilter.ods", "ErrorTypes.csv")


def test_real_workbooks_of_each_kind_are_read_as_excel_shows_them() -> None:
    result = run(FEW)
    assert result.reaches_goal, result.differing
    assert set(result.cells) == {"xlsx", "xls", "xlsb", "ods", "csv"}
    assert result.all_cells["equal text"] > 2_000
    assert result.zeros[True] > 20


@pytest.mark.parametrize(
    ("got", "want", "kind"),
    [
        ("0042", "0042", "equal text"),
        ("42", "0042", "differing"),
        ("1", "001", "differing"),
        ("Müller", "M_ller", "equal text"),
        ("Muller", "M_lller", "differing"),
        ("12.3456789", "12.35", "equal value"),
        ("12.36", "12.35", "differing"),
        ("12", "12.35", "differing"),
        ("0.12", "12%", "equal value"),
        ("-1.2", "($1.20)", "equal value"),
        ("1.2", "($1.20)", "differing"),
        ("1234567", "1,234,567", "equal value"),
        ("1234", "1,2,34", "differing"),
        ("6/9/2013", "6/9/13", "equal value"),
        ("9/6/2013", "6/9/13", "differing"),
        ("1:36:29 PM", "13:36:29", "equal value"),
        ("44000", "6/18/20", "equal value"),
        ("44001", "6/18/20", "differing"),
        ("", "x", "differing"),
        ("anything", "###", "####"),
    ],
)
def test_cells_agree_only_where_text_or_value_is_the_same(got: str, want: str, kind: Kind) -> None:
    assert compare(got, want) == kind
