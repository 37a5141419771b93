"""How many cells of real workbooks are read as Excel shows them: `python tests/corpus/corpus.py [PATTERN ...]`.

Prints the share of agreeing cells by format and by kind of difference. The goal: of the cells whose truth is not
`####`, 99.5 % equal as text or as value, all of those shown with leading zeros equal as text, every other difference
told by a finding on its cell, no crash. Where the goal is missed the exit code is 1. Cells whose truth is not what this
very file holds are listed in `explained.csv`, with why, be they told or not. With patterns for file names, only those
files are read, and every cell that differs is printed.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from compared import clean, compare, has_leading_zeros

from migrate.errors import InputError
from migrate.readers.addresses import column_letters
from migrate.readers.grid import Grid
from migrate.readers.options import ReadOptions
from migrate.readers.sniff import sniff
from migrate.readers.table import Told, to_table
from migrate.readers.text import read_text
from migrate.readers.workbook import read_workbook

HERE = Path(__file__).parent
GOAL = 0.995
_ABORTED = "can't be read: it is damaged, or there is too little memory"
"""What is said of a workbook whose process left no answer; no file of the corpus is so damaged."""
_COUNTED = ("equal text", "equal value", "told", "not told")
_EXPLAINED = ("explained, told", "explained")
_KINDS = (*_COUNTED, *_EXPLAINED, "####")
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Explained:
    """Cells whose truth is not what this very file holds, and why."""

    file: str
    sheet: str
    cells: str
    why: str

    def takes(self, sheet: Row, address: str) -> bool:
        """Tell whether a cell is among these."""
        at = fnmatchcase(Path(sheet["file"]).name, self.file) and fnmatchcase(sheet["sheet"], self.sheet)
        return at and re.fullmatch(self.cells, address) is not None


@dataclass(slots=True)
class Result:
    """What the comparing counts: cells by format and kind, findings that tell of differences, what is not read."""

    cells: dict[str, Counter[str]] = field(default_factory=dict)
    codes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    zeros: Counter[bool] = field(default_factory=Counter)
    stale: set[Explained] = field(default_factory=set)
    """Explanations of cells that agree by now."""
    refused: dict[str, str] = field(default_factory=dict)
    crashed: dict[str, str] = field(default_factory=dict)
    differing: list[str] = field(default_factory=list)

    @property
    def all_cells(self) -> Counter[str]:
        """The cells of all formats by kind."""
        return sum(self.cells.values(), Counter[str]())

    @property
    def reaches_goal(self) -> bool:
        """Whether the goal is reached."""
        counted = self.all_cells
        return share(counted) >= GOAL and not (counted["not told"] or self.zeros[False] or self.crashed or self.stale)


def share(cells: Counter[str], among: Sequence[str] = _COUNTED) -> float:
    """Return which share of the cells of these kinds agrees as text or as value."""
    total = sum(cells[kind] for kind in among)
    return (cells["equal text"] + cells["equal value"]) / total if total else 1.0


def run(patterns: Sequence[str] = ()) -> Result:
    """Compare the files of the corpus that a pattern fits, all of them where there is none."""
    with (HERE / "manifest.csv").open(encoding="utf-8", newline="") as file:
        sheets = [row for row in csv.DictReader(file) if _fits(row["file"], patterns)]
    with (HERE / "explained.csv").open(encoding="utf-8", newline="") as file:
        explained = [Explained(**row) for row in csv.DictReader(file)]
    result = Result(stale=set() if patterns else set(explained))
    names = list(dict.fromkeys(row["file"] for row in sheets))
    with ThreadPoolExecutor(max_workers=2) as pool:
        grids = dict(zip(names, pool.map(lambda name: _read(name, result), names), strict=True))
    for sheet in sheets:
        grid = next((grid for grid in grids[sheet["file"]] if (grid.sheet or "") == sheet["sheet"]), None)
        if grid is not None and int(sheet["shown_cells"] or 0) and (HERE / sheet["truth"]).is_file():
            _compare_sheet(sheet, grid, explained, result)
    return result


def _fits(name: str, patterns: Sequence[str]) -> bool:
    return not patterns or any(fnmatchcase(Path(name).name, pattern) for pattern in patterns)


def _read(name: str, result: Result) -> list[Grid]:
    """Return the sheets of a workbook, or the one of a text; none of what is refused."""
    path = HERE / name
    try:
        kind = sniff(path)
        if kind != "text":
            return read_workbook(path, kind=kind)
        return [read_text(path, options=ReadOptions(), signs=()).grid]
    except InputError as error:
        told = str(error).removeprefix(f"{path}: ")
        (result.crashed if told.startswith(_ABORTED) else result.refused)[path.name] = told
    except Exception as error:  # noqa: BLE001 - it is what is looked for
        result.crashed[path.name] = repr(error)
    return []


def _compare_sheet(sheet: Row, grid: Grid, explained: Collection[Explained], result: Result) -> None:
    counts = result.cells.setdefault(sheet["format"], Counter())
    findings: dict[str, str] | None = None
    for address, got, want in _cells(sheet, grid):
        kind: str = compare(got, want)
        if has_leading_zeros(want):
            result.zeros[kind == "equal text"] += 1
        if kind != "differing":
            counts[kind] += 1
            continue
        findings = _findings(sheet, grid) if findings is None else findings
        reason = next((one for one in explained if one.takes(sheet, address)), None)
        what = "told" if address in findings else "not told"
        if reason:
            what = "explained, told" if address in findings else "explained"
            result.stale.discard(reason)
            result.reasons[f"{what}: {reason.why}"] += 1
        if address in findings:
            result.codes[findings[address]] += 1
        counts[what] += 1
        result.differing.append(f"{what}: {sheet['file']} {sheet['sheet']} {address}: shown {want!r}, read {got!r}")


def _cells(sheet: Row, grid: Grid) -> Iterator[tuple[str, str, str]]:
    """Yield (address, read, shown) for each cell that the truth has something in."""
    rows = grid.frame.rows()
    for row, line in enumerate(_truth(HERE / sheet["truth"]), int(sheet["first_row"] or 1)):
        for col, want in enumerate(line, int(sheet["first_col"] or 1) - 1):
            if clean(want):
                got = rows[row - 1][col] if row <= len(rows) and col < grid.frame.width else None
                yield f"{column_letters(col)}{row}", clean(got or ""), clean(want)


def _truth(path: Path) -> list[list[str]]:
    """Return the rows of a CSV that is UTF-8, or has all its other letters lost to `_`."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    return list(csv.reader(text.splitlines(keepends=True)))


def _findings(sheet: Row, grid: Grid) -> dict[str, str]:
    """Return the code of a finding on each cell that has one, as a user is told."""
    table = to_table(grid, Told(0, ()), path=HERE / sheet["file"], kind=sheet["format"])
    return {cell: code for cell, code in table.findings.select("cell", "code").rows() if cell}


def told(result: Result) -> Iterator[str]:
    """Yield the lines that tell what was counted."""
    every = result.all_cells
    yield f"{'format':8}" + "".join(f"{kind:>16}" for kind in _KINDS) + f"{'agreeing':>10}"
    for name, counts in [*sorted(result.cells.items()), ("all", every)]:
        yield f"{name:8}" + "".join(f"{counts[kind]:16,}" for kind in _KINDS) + f"{share(counts):10.2%}"
    strictly = share(every, among=(*_COUNTED, *_EXPLAINED))
    told_of = every["told"] + every["explained, told"]
    yield (
        f"with every cell counted: agreeing {strictly:.2%}; differing and told {told_of}, differing and not told "
        + str(every["not told"] + every["explained"])
    )
    yield f"shown with leading zeros: {result.zeros[True]:,} equal as text, {result.zeros[False]:,} not"
    yield "told by: " + (", ".join(f"{code} {count}" for code, count in result.codes.most_common()) or "-")
    yield from (f"{count:4} {why}" for why, count in result.reasons.most_common())
    yield from (f"refused: {name}: {why}" for name, why in result.refused.items())
    yield from (f"EXPLAINS NOTHING: {one.file} {one.sheet} {one.cells}" for one in result.stale)
    yield from (f"CRASHED: {name}: {why}" for name, why in result.crashed.items())
    yield "the goal is reached" if result.reaches_goal else "THE GOAL IS MISSED"


def main(patterns: Sequence[str]) -> int:
    """Compare, print, and return the exit code."""
    result = run(patterns)
    differing = (line for line in result.differing if patterns or line.startswith("not told"))
    for line in (*differing, *told(result)):
        sys.stdout.write(f"{line}\n")
    return 0 if result.reaches_goal else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
