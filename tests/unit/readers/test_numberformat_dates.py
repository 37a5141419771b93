"""Dates and times as Excel shows them by their number format."""

import pytest

from migrate.readers.numberformat import NumberFormat

NOON = 44000.5


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("m/d/yy", NOON, "6/18/20"),
        ("mm/dd/yyyy", NOON, "06/18/2020"),
        ("d-mmm-yy", NOON, "18-Jun-20"),
        ("ddd dddd mmmm mmmmm", NOON, "Thu Thursday June J"),
        ("aaa aaaa", NOON, "Thu Thursday"),
        ("e-b-bbbb", NOON, "2020-63-2563"),
        ("yyyy-mm-dd hh:mm:ss", NOON, "2020-06-18 12:00:00"),
        ("h:mm AM/PM", 0.0, "12:00 AM"),
        ("h:mm AM/PM", 0.75, "6:00 PM"),
        ("h:mm a/p", 0.25, "6:00 a"),
        ("mm:ss", 0.5 + 75 / 86400, "01:15"),
        ("mm:ss.0", 1.26 / 86400, "00:01.3"),
        ("ss.000", 1.2345 / 86400, "01.235"),
        ("s.", 1 / 86400, "1."),
        ("h:mm", 59.9 / 86400, "0:01"),
        ("h:mm", 0.9999999, "0:00"),
        ("[h]:mm:ss", 1.5, "36:00:00"),
        ("[mm]", 0.5, "720"),
        ("[ss]", 1 / 86400, "01"),
        ("[h]", -1.2, "-28"),
        ("d [h]:mm", 1.5, "1 36:00"),
        ('yyyy"年"m"月"', NOON, "2020年6月"),
        ("[$-409]d-mmm-yy;@", NOON, "18-Jun-20"),
        ("[$-F800]dddd, mmmm dd, yyyy", NOON, "Thursday, June 18, 2020"),
        ("[$-F400]h:mm:ss AM/PM", NOON, "12:00:00 PM"),
        ("[Red]yyyy", NOON, "2020"),
    ],
)
def test_a_date_shows_as_excel_shows_it(code: str, value: float, shown: str) -> None:
    format_ = NumberFormat.parse(code)
    assert format_.is_date
    assert format_.show(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "1900-01-00 Sat"), (1, "1900-01-01 Sun"), (60, "1900-02-29 Wed"), (61, "1900-03-01 Thu")]
)
def test_the_year_1900_has_the_leap_day_that_excel_gives_it(value: float, shown: str) -> None:
    assert NumberFormat.parse("yyyy-mm-dd ddd").show(value) == shown


@pytest.mark.parametrize("value", [-1, 2958466, 2958465.9999999999])
def test_a_date_out_of_bounds_gives_its_number_instead_of_hashes(value: float) -> None:
    assert "#" not in NumberFormat.parse("m/d/yy").show(value)


def test_the_1904_date_system_starts_later() -> None:
    assert NumberFormat.parse("yyyy-mm-dd").show(0, date1904=True) == "1904-01-01"


@pytest.mark.parametrize("code", ["General", "0.00", '"day"0', "[Red]0", "# ?/?", "0.00E+00", "[$USD-409] 0"])
def test_a_number_is_no_date(code: str) -> None:
    assert not NumberFormat.parse(code).is_date


@pytest.mark.parametrize("code", ["hh[m]", "HH[MM]", "[h]:[mm]", "h:mm:[ss]"])
def test_a_time_that_goes_on_with_a_unit_in_brackets_is_no_format(code: str) -> None:
    format_ = NumberFormat.parse(code)
    assert format_.show(12.3) == "12.3"
    assert not format_.is_date
