"""The parameters of lists: fields, filter, sort, dir, limit, offset (seed: overview), as parts of one query."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from migrate.sandbox.problem import Problem

OPERATORS: Final = {"eq": "=", "neq": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">=", "regex": "REGEXP"}
_NAMES: Final = ("fields", "filter", "sort", "dir", "limit", "offset")
_NUMBER: Final = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list is asked for; `where` are conditions on columns, with a value each. A limit of -1 is none."""

    columns: tuple[str, ...]
    where: tuple[tuple[str, str], ...] = ()
    order: str | None = None
    limit: int = -1
    offset: int = 0


def read_params(params: Iterable[tuple[str, str]], columns: tuple[str, ...], *, page_cap: int | None = None) -> Listing:
    """Return what `params` ask for of a list that has `columns`, `page_cap` rows at most; raises Problem."""
    where: list[tuple[str, str]] = []
    once: dict[str, str] = {}
    for name, value in params:
        if name not in _NAMES:
            raise Problem(400, f"unknown parameter {name}; known are {', '.join(_NAMES)}")
        if name == "filter":
            where.append(_condition(value, columns))
        else:
            once[name] = value
    direction = once.get("dir", "asc")
    if direction not in ("asc", "desc"):
        raise Problem(400, "dir must be asc or desc")
    limits = [_number("limit", once["limit"])] if "limit" in once else []
    if page_cap is not None:
        limits.append(page_cap)
    return Listing(
        columns=tuple(_column(name, columns) for name in once["fields"].split(",")) if "fields" in once else columns,
        where=tuple(where),
        order=f"{_column(once['sort'], columns)} {direction}" if "sort" in once else None,
        limit=min(limits, default=-1),
        offset=_number("offset", once["offset"]) if "offset" in once else 0,
    )


def _condition(text: str, columns: tuple[str, ...]) -> tuple[str, str]:
    match text.split(","):
        case [column, value]:
            operator = "eq"
        case [column, value, operator]:
            pass
        case _:
            raise Problem(400, "filter must be column,value or column,value,operator")
    if operator not in OPERATORS:
        raise Problem(400, f"unknown operator {operator}; known are {', '.join(OPERATORS)}")
    if operator == "regex":
        try:
            re.compile(value)
        except (re.error, OverflowError, RecursionError, Warning) as error:
            raise Problem(400, f"filter is not a regular expression: {error}") from None
    return f"{_column(column, columns)} {OPERATORS[operator]} ?", value


def _column(name: str, columns: tuple[str, ...]) -> str:
    if name.strip() not in columns:
        raise Problem(400, f"unknown column {name}")
    return name.strip()


def _number(name: str, text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise Problem(400, f"{name} must be a number from 0")
    return int(text)
