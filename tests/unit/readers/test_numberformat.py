"""Numbers and texts as Excel shows them by their number format."""

import pytest

from migrate.readers.numberformat import BUILTIN_FORMATS, NumberFormat


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("000000", 42, "000042"),
        ("0000", 123456, "123456"),
        ("00-00", 1234567, "12345-67"),
        ("000-00-0000", 1234567, "001-23-4567"),
        ("(000) 000-0000", 2125551234, "(212) 555-1234"),
        ("[<=9999999]###-####;(###) ###-####", 5551234, "555-1234"),
        ("[<=9999999]###-####;(###) ###-####", 2125551234, "(212) 555-1234"),
        ("###-####", 12, "-12"),
        ("0.00", 1.5, "1.50"),
        ("0.00", 1.005, "1.01"),
        ("0.00", -0.5, "-0.50"),
        ("#.##", 0.5, ".5"),
        ("#.##", 3, "3."),
        ("0.???", 1.5, "1.5"),
        ("#,##0", 1234567, "1,234,567"),
        ("#,##0.00", -1234.5, "-1,234.50"),
        ("0,000", 5, "0,005"),
        ("??,???", 12, "12"),
        ("0.0,", 12345, "12.3"),
        ('0.0,,"M"', 12345678, "12.3M"),
        ("0%", 0.125, "13%"),
        ("0.0%", 0.1234, "12.3%"),
        ("$#,##0.00_);[Red]($#,##0.00)", -5, "($5.00)"),
        ("[$€-407] 0.00", 2, "€ 2.00"),
        ('"No. "0', 7, "No. 7"),
        ("\\A0", 7, "A7"),
        ("0.00E+00", 600, "6.00E+02"),
        ("0.00E+00", 0, "0.00E+00"),
        ("0.0E-0", 0.00012, "1.2E-4"),
        ("0E+0", 9.96, "1E+1"),
        ("##0.0E+0", 12345, "12.3E+3"),
        ("# ?/?", 3.5, "3 1/2"),
        ("# ?/?", 12.3, "12 1/3"),
        ("# ??/??", 12345.6789, "12345 55/81"),
        ("# ??/??", 5, "5"),
        ("?/?", 1.25, "5/4"),
        ("# ?/8", 0.3, "2/8"),
        ("# ?/2", 2.9, "3"),
        ("# ?/?", 0.25, "1/4"),
        ('"only text"', 5, "only text"),
        ('"only text"', -5, "-only text"),
        ('General "kg"', 0.1 + 0.2, "0.3 kg"),
        ("", 12.5, "12.5"),
        ("[Red]", 12.5, "12.5"),
        ("@", 12.5, "12.5"),
        ("General", 1e-7, "0.0000001"),
        ("General", 123456789012345678, "123456789012346000"),
        ("General", 1e22, "1E+22"),
        ("General", -1e-22, "-1E-22"),
        ("General", -0.0, "0"),
        ("0", float("inf"), "Infinity"),
    ],
)
def test_a_number_shows_as_excel_shows_it(code: str, value: float, shown: str) -> None:
    assert NumberFormat.parse(code).show(value) == shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("0;(0);-", ["5", "(5)", "-"]),
        ("0;-0", ["5", "-5", "0"]),
        ("0;;", ["5", "", ""]),
        (";;;", ["", "", ""]),
        ("[>100]0.0;[<0]\\(0\\);0", ["5", "(5)", "0"]),
        ("[=5]\\f\\i\\v\\e;0", ["five", "-5", "0"]),
        ("[<>0]0.0;\\z", ["5.0", "-5.0", "z"]),
        ("[<-1]0;[>1]0.0;0.00", ["5.0", "5", "0.00"]),
        ("[>1.2.3]0", ["5", "-5", "0"]),
        ("0;0;0;@", ["5", "5", "0"]),
        ('"x"0;@', ["x5", "-x5", "x0"]),
    ],
)
def test_a_section_is_chosen_by_sign_or_condition(code: str, shown: list[str]) -> None:
    format_ = NumberFormat.parse(code)
    assert [format_.show(value) for value in (5, -5, 0)] == shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("@", "Gate"),
        ("0", "Gate"),
        ('"Acct "@', "Acct Gate"),
        ('0;0;0;@" (old)"', "Gate (old)"),
        ("0;0;0;General", "Gate"),
        ("_(@_)", "Gate"),
        (";;;", ""),
        ('0;0;0;"hidden"', "hidden"),
    ],
)
def test_text_shows_by_the_text_section(code: str, shown: str) -> None:
    assert NumberFormat.parse(code).show_text("Gate") == shown


def test_only_formats_that_say_so_change_text_or_numbers() -> None:
    plain = [NumberFormat.parse(code) for code in ("General", "@", "general", "_(@_)", "")]
    assert [format_.numbers for format_ in plain] == [()] * 5
    assert [format_.text for format_ in plain] == [None] * 5


def test_formats_of_zeros_tell_their_width() -> None:
    assert [NumberFormat.parse(code).zeros for code in ("00000", "0", "#0", "00-00", "0;0", "General")] == [
        5,
        1,
        None,
        None,
        None,
        None,
    ]


def test_all_builtin_formats_can_be_shown() -> None:
    shown = {number: NumberFormat.parse(code).show(44000.75) for number, code in BUILTIN_FORMATS.items()}
    assert shown[14] == "6/18/20"
    assert shown[22] == "6/18/20 18:00"
    assert shown[44] == "$44,000.75"
    assert shown[48] == "44.0E+3"
    assert all(shown.values())
