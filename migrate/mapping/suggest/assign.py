"""The best one-to-one assignment of columns to concepts, all at once: the sum of the scores is the largest there is."""

from collections.abc import Hashable, Mapping, Sequence
from math import inf
from typing import TypeVar

_Row = TypeVar("_Row", bound=Hashable)
_Column = TypeVar("_Column", bound=Hashable)


def assign(scores: Mapping[tuple[_Row, _Column], float]) -> dict[_Row, _Column]:
    """Return row → column so that each stands once and the sum of the positive scores is the largest.

    The Hungarian method with potentials, in time rows² x columns; a row may go without a column.
    """
    positive = {pair: score for pair, score in scores.items() if score > 0}
    rows = list(dict.fromkeys(row for row, _ in positive))
    columns: list[_Column] = list(dict.fromkeys(column for _, column in positive))
    costs = [
        [-positive.get((row, column), 0.0) for column in columns] + [0.0] * len(rows) for row in rows
    ]  # a column of its own for each row that goes without
    taken = _solve(costs)
    return {
        rows[row]: columns[column]
        for row, column in enumerate(taken)
        if column < len(columns) and (rows[row], columns[column]) in positive
    }


def _solve(costs: Sequence[Sequence[float]]) -> list[int]:
    """Return the column of each row at the least sum of costs; there are at least as many columns as rows."""
    width = len(costs[0]) if costs else 0
    of_row, of_column = [0.0] * (len(costs) + 1), [0.0] * (width + 1)
    owner = [0] * (width + 1)  # column → its row, both counted from 1; 0 is free
    for row in range(1, len(costs) + 1):
        owner[0] = row
        at, before = _path(costs, of_row, of_column, owner=owner)
        while at:
            owner[at] = owner[before[at]]
            at = before[at]
    taken = [0] * len(costs)
    for column in range(1, width + 1):
        if owner[column]:
            taken[owner[column] - 1] = column - 1
    return taken


def _path(
    costs: Sequence[Sequence[float]], of_row: list[float], of_column: list[float], *, owner: Sequence[int]
) -> tuple[int, list[int]]:
    """Return the free column at the end of the cheapest path from the row in `owner[0]`, and each column's forerunner.

    The potentials are changed so that no reduced cost is below zero.
    """
    width = len(of_column) - 1
    least, before, used = [inf] * (width + 1), [0] * (width + 1), [False] * (width + 1)
    at = 0
    while True:
        used[at] = True
        row = owner[at]
        for column in range(1, width + 1):
            reduced = costs[row - 1][column - 1] - of_row[row] - of_column[column]
            if not used[column] and reduced < least[column]:
                least[column], before[column] = reduced, at
        nearest = min((column for column in range(1, width + 1) if not used[column]), key=least.__getitem__)
        step = least[nearest]
        for column in range(width + 1):
            if used[column]:
                of_row[owner[column]] += step
                of_column[column] -= step
            else:
                least[column] -= step
        at = nearest
        if not owner[at]:
            return at, before
