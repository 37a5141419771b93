"""Any number format shows any number, and never fails."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from migrate.readers.addresses import column_index, column_letters
from migrate.readers.numberformat import NumberFormat
from migrate.readers.numberformat_digits import general

PIECES = [
    "0",
    "#",
    "?",
    ".",
    ",",
    "%",
    "/",
    "E+",
    "E-",
    "@",
    ";",
    "y",
    "mm",
    "d",
    "h",
    "ss",
    "[h]",
    "[>5]",
    "AM/PM",
    "General",
]
PIECES += ['"a"', "\\b", "_)", "* ", "[$€-407]", "-", " ", "(", ")", "2"]
CODES = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=20)


@given(CODES, st.floats(allow_nan=False))
def test_any_number_in_any_format_shows_something_printable_or_nothing(code: str, value: float) -> None:
    format_ = NumberFormat.parse(code)
    assert "####" not in format_.show(value) or "####" in code
    assert isinstance(format_.show_text("a"), str)


@given(st.integers(0, 10**15 - 1), st.integers(1, 20))
def test_a_format_of_zeros_puts_zeros_in_front(number: int, width: int) -> None:
    assert NumberFormat.parse("0" * width).show(number) == str(number).zfill(width)


@given(st.decimals(-(10**9), 10**9, places=4), st.integers(0, 4))
def test_decimals_are_rounded_half_away_from_zero(number: Decimal, places: int) -> None:
    code = "0." + "0" * places if places else "0"
    rounded = abs(number).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    assert NumberFormat.parse(code).show(float(number)) == f"{'-' if number < 0 else ''}{rounded}"


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_a_general_whole_number_of_up_to_15_digits_is_given_in_full(number: int) -> None:
    assert general(float(number)) == str(number)


@given(st.floats(-1e300, 1e300))
def test_a_general_number_keeps_15_digits(value: float) -> None:
    assert abs(float(general(value)) - value) <= abs(value) * 5.1e-15 or abs(value) < 1e-300


@given(st.dates(date(1900, 3, 1), date(9999, 12, 31)), st.integers(0, 86_399))
def test_a_day_and_its_time_are_those_of_the_calendar(day: date, seconds: int) -> None:
    serial = (day - date(1899, 12, 30)).days + seconds / 86_400
    shown = NumberFormat.parse("yyyy-mm-dd hh:mm:ss dddd").show(serial)
    assert shown == f"{day.isoformat()} {timedelta(seconds=seconds)!s:0>8} {day:%A}"


@given(st.integers(0, 20_000))
def test_letters_and_index_of_a_column_tell_each_other(index: int) -> None:
    assert column_index(column_letters(index)) == index
