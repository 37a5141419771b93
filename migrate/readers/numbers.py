"""Numbers as files of workbooks write them: what Python's float would take beyond these is text."""

import math
import re

_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][-+]?[0-9]+)?")


def number_of(text: str) -> float | None:
    """Return the number that a text is, white space around it apart; None for any other text, and beyond a double."""
    number = text.strip()
    if _NUMBER.fullmatch(number) is None or math.isinf(value := float(number)):
        return None
    return value
