"""How many cells of real workbooks are read as a spreadsheet program shows them.

`python benchmarks/corpus.py FOLDER [PATTERN]`: the folder holds `manifest.csv` (file, sheet, truth, format, first_row,
first_col, agree_cells, ...), workbooks, and for each sheet the CSV that Excel saved of it. Prints the share of agreeing
cells for each format beside that of a plain reader; with a pattern for file names, each other cell too.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from migrate.errors import InputError
from migrate.readers.sniff import sniff
from migrate.readers.workbook import read_workbook

Rows = list[tuple[str | None, ...]]


def read_truth(path: Path) -> list[list[str]]:
    """Return the rows of a CSV that is UTF-8, or has all its other letters lost to `_`."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    return list(csv.reader(text.splitlines(keepends=True)))


def clean(text: str) -> str:
    """Return a text without what formats pad it with, and with one kind of line end."""
    return re.sub(r"\r\n?", "\n", text).strip()


def agrees(got: str, want: str) -> bool:
    """Tell whether a cell is as shown; `_` may stand for a letter that the truth lost."""
    if "_" not in want:
        return got == want
    return re.fullmatch("".join("(?s:.?)" if char == "_" else re.escape(char) for char in want), got) is not None


def why_not(got: str, want: str) -> str:
    """Return in which way a cell differs."""
    if not want.strip("#"):
        return "#### (the column is too narrow)"
    try:
        close = abs(float(got) - float(want)) <= abs(float(want)) * 1e-4
    except ValueError:
        return "other"
    return "more digits of a General number" if close else "other"


def cells(rows: Rows, truth: list[list[str]], *, row: int, col: int) -> Iterator[tuple[int, int, str, str]]:
    """Yield (row, column, read, shown) for each cell that the truth has something in."""
    for i, line in enumerate(truth, row - 1):
        for j, want in enumerate(line, col - 1):
            if clean(want):
                got = rows[i][j] if i < len(rows) and j < len(rows[i]) else None
                yield i + 1, j, clean(got or ""), clean(want)


def read(path: Path) -> dict[str | None, Rows]:
    """Return the rows of each sheet; none where the workbook is refused, which is told."""
    try:
        return {grid.sheet: grid.frame.rows() for grid in read_workbook(path, kind=sniff(path))}
    except InputError as error:
        print(error)
        return {}


def main(folder: Path, pattern: str = "(?!)") -> None:
    """Compare all workbooks of a corpus with their truths."""
    shown, agreed, plain, reasons = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        sheets = [sheet for sheet in csv.DictReader(file) if sheet["file"].startswith("workbooks/")]
    books = {name: read(folder / name) for name in dict.fromkeys(sheet["file"] for sheet in sheets)}
    for sheet in sheets:
        rows, truth = books[sheet["file"]].get(sheet["sheet"]), folder / sheet["truth"]
        if rows is None or not sheet["first_row"] or not truth.is_file():
            continue
        plain[sheet["format"]] += int(sheet["agree_cells"])
        place = {"row": int(sheet["first_row"]), "col": int(sheet["first_col"])}
        for row, col, got, want in cells(rows, read_truth(truth), **place):
            shown[sheet["format"]] += 1
            if agrees(got, want):
                agreed[sheet["format"]] += 1
                continue
            reasons[why_not(got, want)] += 1
            if re.search(pattern, sheet["file"]):
                print(sheet["file"], sheet["sheet"], row, col, repr(want), repr(got))
    for kind, count in [*shown.items(), ("all", shown.total())]:
        mine, theirs = (c.total() if kind == "all" else c[kind] for c in (agreed, plain))
        print(f"{kind:5} {count:6} cells, agreeing {mine / count:.4f}, plain reader {theirs / count:.4f}")
    print("the others:", dict(reasons))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
