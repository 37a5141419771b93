"""Suspects: texts that are more likely what a program made of a value than the value itself; patterns for polars."""

_MONTHS = (
    "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"  # English
    "|Mrz|Mär|Mai|Okt|Dez"  # German, where it differs
    "|janv|févr|mars|avr|juin|juil|août|sept|déc"  # French
    "|ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic"  # Spanish
)
_DAY, _YEAR = "[0-3]?[0-9]", "(?:[0-9]{2}|[0-9]{4})"
_CLOCK = r"(?: 0?0:00(?::00)?)?"

DATE = (
    "^(?:"
    rf"{_DAY}(?:-|\. ?| )(?:{_MONTHS})\.?(?:[-. ]{_YEAR})?"
    rf"|(?:{_MONTHS})\.?[- ]{_YEAR}"
    rf"|[0-9]{{1,2}}/[0-9]{{1,2}}/{_YEAR}{_CLOCK}"
    rf"|(?:19|20)[0-9]{{2}}-[01][0-9]-[0-3][0-9]{_CLOCK}"
    rf"|{_DAY}\.[01]?[0-9]\.(?:19|20)[0-9]{{2}}{_CLOCK}"
    r"|[01]?[0-9]월 ?[0-3]?[0-9]일"
    ")$"
)
"""What is left in a text file of `1-2`, `3/4` or `MAR1` once a spreadsheet program took it for a date.

Months are written as these programs write them, `Jan` and not `JAN`: a code such as `MAR-12` is none.
"""

DATE_PART = rf"[-_/ ](?:{_DAY}-(?:{_MONTHS})|(?:{_MONTHS})-[0-9]{{2}})(?:$|[-_/ ])"
"""Such a date in an id that is put together, such as `S1-2-Jan`; a date of numbers alone may belong there."""

THOUSANDS = "^[0-9]{1,3}(?:,[0-9]{3})+$"
"""A number with thousands separators, which may have been a list."""

POINT_ZERO = r"^[0-9]+\.0+$"
"""A whole number that was held as a decimal one, as data frames do where a column has empty cells."""

POINT_ZERO_PART = r"(?:^|[-_/ :#])[0-9]+\.0+(?:$|[-_/ :#])"
"""Such a number in an id that is put together, too."""

ROUNDED = "^[1-9][0-9]{14}0+$"
"""A number of more than 15 digits of which only 15 are there, as spreadsheet programs save it."""

LONG_NUMBER = "^[1-9][0-9]{15,}$"

TYPOGRAPHIC = "^['`\u00b4]|[\u2018-\u201f\u2032\u2033\u2035\u2036\u00ab\u00bb\u2039\u203a]"
"""A quotation mark of typesetting, or one that opens the text."""
