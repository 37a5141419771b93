"""Formulas whose value is a new one whenever the workbook is opened: of today, of chance, of a macro."""

import re

NEW_EACH_TIME = r"(?i)\b(?:NOW|TODAY|RAND|RANDBETWEEN|RANDARRAY|INFO|CELL|OFFSET|INDIRECT)\s*\("
"""What a formula has that is computed anew each time, as Excel and LibreOffice call it in their files."""

_NEW_EACH_TIME = re.compile(NEW_EACH_TIME)


def is_new_each_time(formula: str) -> bool:
    """Tell whether a spreadsheet program computes a formula anew whenever it opens the workbook."""
    return _NEW_EACH_TIME.search(formula) is not None
