"""Numbers as dates and times: the serial day, the letters of a date format, elapsed times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from migrate.readers.numberformat_tokens import Token

DAYS_1904 = 1462
"""How many days later the serial numbers of a workbook with the 1904 date system start."""

_DAY_S = 86_400
_END = 2_958_466  # the serial number of 1 January 10000
_LEAP_BUG = 60  # Excel has a 29 February 1900
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
_NOON = 12


@dataclass(frozen=True, slots=True)
class _Moment:
    """A serial number taken apart; `seconds` is the whole of it, `part` what is below a second, as digits."""

    year: int
    month: int
    day: int
    weekday: int
    seconds: int
    part: str

    @property
    def hour(self) -> int:
        return self.seconds // 3600 % 24


def show_date(tokens: Sequence[Token], serial: float, *, date1904: bool) -> str | None:
    """Return the date or time that a format's section shows; None where a spreadsheet program shows `####`."""
    tokens = _with_parts(tokens)
    digits = max((len(token.text) - 1 for token in tokens if token.kind == "part"), default=0)
    sign = "-" if serial < 0 and not any(token.kind == "date" for token in tokens) else ""
    moment = _moment(abs(serial) if sign else serial + DAYS_1904 * date1904, digits=digits)
    if moment is None:
        return None
    half_day = any(token.kind == "ampm" for token in tokens)
    minutes = _minutes(tokens)
    return (
        sign
        + "".join(
            _show(token, moment, half_day=half_day, minute=at in minutes) for at, token in enumerate(tokens)
        ).strip()
    )


def is_misplaced(tokens: Sequence[Token]) -> bool:
    """Tell whether a time goes on with a unit in brackets, such as `hh[mm]`, which Excel does not take for a format."""
    units = [token for token in tokens if token.kind in {"date", "elapsed"}]
    return any(token.kind == "elapsed" and before.text[0].lower() in "hms" for before, token in pairwise(units))


def _with_parts(tokens: Sequence[Token]) -> list[Token]:
    """Put `.000` behind seconds together as one token."""
    joined: list[Token] = []
    for token in tokens:
        last = joined[-1] if joined else None
        if token.kind == "point" and last is not None and last.text[:1].lower() == "s":
            joined.append(Token("part", "."))
        elif token.kind == "digit" and last is not None and last.kind == "part":
            joined[-1] = Token("part", last.text + token.text)
        else:
            joined.append(token)
    return joined


def _moment(serial: float, *, digits: int) -> _Moment | None:
    if not 0 <= serial < _END:
        return None
    units = 10**digits
    seconds, part = divmod(int(serial * _DAY_S * units + 0.5), units)
    days = seconds // _DAY_S
    if days >= _END:
        return None
    weekday = (days + 6) % 7
    shown = str(part).zfill(digits) if digits else ""
    if days in {0, _LEAP_BUG}:
        return _Moment(1900, 1 if days == 0 else 2, 0 if days == 0 else 29, weekday, seconds, shown)
    when = date(1899, 12, 31) + timedelta(days=days - (days > _LEAP_BUG))
    return _Moment(when.year, when.month, when.day, weekday, seconds, shown)


def _minutes(tokens: Sequence[Token]) -> set[int]:
    """Return where `m` and `mm` are minutes: after hours, or before seconds."""
    units = [(at, token.text[0].lower()) for at, token in enumerate(tokens) if token.kind in {"date", "elapsed"}]
    found = set()
    for nth, (at, unit) in enumerate(units):
        before = units[nth - 1][1] if nth else ""
        after = units[nth + 1][1] if nth + 1 < len(units) else ""
        if unit == "m" and len(tokens[at].text) <= len("mm") and (before == "h" or after == "s"):
            found.add(at)
    return found


def _show(token: Token, moment: _Moment, *, half_day: bool, minute: bool) -> str:
    if token.kind == "elapsed":
        unit_s = {"h": 3600, "m": 60, "s": 1}[token.text[0].lower()]
        return str(moment.seconds // unit_s).zfill(len(token.text))
    if token.kind == "part":
        return "." + moment.part
    if token.kind == "ampm":
        before, _, after = token.text.partition("/")
        return after if moment.hour >= _NOON else before
    if token.kind != "date":
        return token.shown
    letter, width = token.text[0].lower(), len(token.text)
    clock = {"h": (moment.hour % _NOON or _NOON) if half_day else moment.hour, "s": moment.seconds % 60}
    if minute:
        clock = {"m": moment.seconds // 60 % 60}
    return str(clock[letter]).zfill(min(width, 2)) if letter in clock else _calendar(letter, width, moment)


def _calendar(letter: str, width: int, moment: _Moment) -> str:
    names = {"m": _MONTHS[moment.month - 1], "d": _DAYS[moment.weekday], "a": _DAYS[moment.weekday]}
    if letter in "ye":
        return f"{moment.year:04}" if width > len("yy") or letter == "e" else f"{moment.year % 100:02}"
    if letter == "b":
        return f"{moment.year + 543:04}" if width > len("bb") else f"{(moment.year + 543) % 100:02}"
    name = names[letter]
    number = moment.month if letter == "m" else moment.day
    if width <= len("mm"):
        return str(number).zfill(width)
    if letter == "m" and width == len("mmmmm"):
        return name[0]
    return name[:3] if width == len("mmm") else name
