"""Regular expressions, judged by the engine that will run them: polars' own, without look-around or back-references."""

import re
from collections.abc import Mapping

import polars as pl
from polars.exceptions import ComputeError

_REFERENCE = re.compile(r"\$\$|\$\{(?P<braced>[^}]*)\}|\$(?P<bare>\w+)")


def check_pattern(pattern: str) -> str:
    """Return `pattern`; ValueError with the engine's reason where it is none."""
    if not pattern:
        raise ValueError("is empty; write a regular expression")
    try:
        pl.Series([""]).str.contains(pattern)
    except ComputeError as error:
        raise ValueError(f"is no regular expression: {_reason(str(error))}") from error
    return pattern


def check_split(pattern: str) -> str:
    """Return `pattern`; ValueError where it is none or would cut between any two letters."""
    check_pattern(pattern)
    if pl.Series([""]).str.contains(pattern).item():
        raise ValueError("matches the empty text, so it would cut between any two letters")
    return pattern


def check_replacements(table: Mapping[str, str]) -> Mapping[str, str]:
    """Return `table`; ValueError where a text names a group that its pattern lacks."""
    for pattern, text in table.items():
        names = group_names(pattern)
        for reference in _REFERENCE.finditer(text):
            name = reference["braced"] if reference["bare"] is None else reference["bare"]
            if name not in (None, "0", *names):
                lack = f'"{text}" names a group "{name}" that "{pattern}" lacks'
                raise ValueError(f"{lack}; ${{1}} is its first group, $$ a dollar sign")
    return table


def group_names(pattern: str) -> list[str]:
    """Return what the groups of `pattern` can be called: their numbers, and their names where they have one."""
    fields = pl.Series([""]).str.extract_groups(pattern).struct.fields
    return [*map(str, range(1, len(fields) + 1)), *fields]


def _reason(message: str) -> str:
    """Return the line of the engine's message that says why."""
    for line in message.splitlines():
        if line.startswith("error: "):
            return line.removeprefix("error: ")
    return message.splitlines()[0].removeprefix("regex error: ")
