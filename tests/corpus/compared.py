"""Comparing: in which way a cell that was read is the one that Excel shows."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

Kind = Literal["equal text", "equal value", "####", "differing"]

_NUMBER = re.compile(
    r"(?P<sign>[-+]?)[^\w(#@.,]*(?P<open>\(?)[^\w#@.,]*(?P<minus>-?)"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)(?:E(?P<exponent>[-+]?\d{1,3}))?"
    r"[^\w#@.,%)]*(?P<close>\)?)[^\w#@.,%]*(?P<percent>%?)",
    re.IGNORECASE,
)
_WORDS_OF_MONEY = re.compile(r"\b(?:ANG|USD|EUR)\b")
_LEADING_ZEROS = re.compile(r"-?0\d[\d-]*")
_DAY_NAMES = re.compile(r"(?:Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)day, ")
_DATES = ("%m/%d/%y", "%m/%d/%Y", "%B %d, %Y", "%d-%b-%y", "%d-%b-%Y", "%Y-%m-%d")
_TIMES = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p")
_DATES_AND_TIMES = tuple(f"{day} {time}" for day in ("%m/%d/%y", "%m/%d/%Y") for time in _TIMES)
_MOMENTS = (*_DATES, *_TIMES, *_DATES_AND_TIMES)
_DAY_0 = date(1899, 12, 31)
_LEAP_BUG = date(1900, 2, 28)
_CENTURY = 100


def clean(text: str) -> str:
    """Return a text without what formats pad it with, and with one kind of line end."""
    return re.sub(r"\r\n?", "\n", text).strip()


def has_leading_zeros(text: str) -> bool:
    """Tell whether a cell shows a number with zeros in front, which must be read as they stand."""
    return _LEADING_ZEROS.fullmatch(text) is not None


def compare(got: str, want: str) -> Kind:
    """Return how a cell that was read agrees with what Excel shows of it, both cleaned."""
    if not want.strip("#"):
        return "####"
    if _same_text(got, want):
        return "equal text"
    if has_leading_zeros(want):
        return "differing"
    same: tuple[Callable[[str, str], bool], ...] = (_same_number, _same_moment, _same_serial)
    return "equal value" if any(test(got, want) for test in same) else "differing"


def _same_text(got: str, want: str) -> bool:
    """Tell whether two texts are the same; `_` may stand for a letter that the truth lost, an emoji being two."""
    if "_" not in want:
        return got == want
    return re.fullmatch("".join("(?s:.?)" if char == "_" else re.escape(char) for char in want), got) is not None


def _same_number(got: str, want: str) -> bool:
    """Tell whether two texts are one number, of which more digits may be read than Excel has room to show."""
    ours, shown = _number(got), _number(want)
    if ours is None or shown is None:
        return False
    (value, unit), (rounded, shown_unit) = ours, shown
    return value == rounded or (unit <= shown_unit and abs(value - rounded) <= shown_unit / 2)


def _number(text: str) -> tuple[Decimal, Decimal] | None:
    """Return a number, an amount or a share, and what its last digit counts."""
    match = _NUMBER.fullmatch(_WORDS_OF_MONEY.sub("", text).replace("_", ""))
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    digits = Decimal(match["digits"].replace(",", ""))
    power = int(match["exponent"] or 0) - 2 * bool(match["percent"])
    negative = "-" in {match["sign"], match["minus"]} or bool(match["open"])
    unit = Decimal(1).scaleb(int(digits.as_tuple().exponent) + power)
    return (-digits if negative else digits).scaleb(power), unit


def _same_moment(got: str, want: str) -> bool:
    return bool(_moments(got, _MOMENTS) & _moments(want, _MOMENTS))


def _moments(text: str, patterns: Iterable[str]) -> set[datetime]:
    """Return what a text may mean as a date or a time; a year of two digits may be of any century."""
    found = set[datetime]()
    for pattern in patterns:
        try:
            moment = datetime.strptime(_DAY_NAMES.sub("", text), pattern)  # noqa: DTZ007 - sheets know no zones
        except ValueError:
            continue
        found.add(moment)
        if "%y" in pattern and moment.year >= 2000:
            found.add(moment.replace(year=moment.year - _CENTURY))
    return found


def _same_serial(got: str, want: str) -> bool:
    """Tell whether a number is the day that Excel shows as a date, by the 1900 date system."""
    number = _number(got)
    days = {moment.date() for moment in _moments(want, (*_DATES, *_DATES_AND_TIMES))}
    return number is not None and bool(days) and _day(int(number[0])) in days


def _day(serial: int) -> date | None:
    day = _DAY_0 + timedelta(days=serial) if 0 < serial < 200_000 else None
    return day - timedelta(days=1) if day and day > _LEAP_BUG else day
