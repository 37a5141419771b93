"""ISO dates of workbooks, as the days that spreadsheet programs count."""

from datetime import datetime, time

from migrate.readers.numberformat_date import DAYS_1904

_DAY_S = 86_400
_DAY_0 = datetime.fromisoformat("1899-12-30")


def serial(text: str, *, date1904: bool) -> float | None:
    """Return the number of days that stands for a date, a time or both; None where it is none of these."""
    try:
        if "-" not in text:
            clock = time.fromisoformat(text)
            return (clock.hour * 3600 + clock.minute * 60 + clock.second + clock.microsecond / 1e6) / _DAY_S
        days = (datetime.fromisoformat(text).replace(tzinfo=None) - _DAY_0).total_seconds() / _DAY_S
    except ValueError:
        return None
    return days - DAYS_1904 if date1904 else days
