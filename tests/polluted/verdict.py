"""What became of a polluted file: read exactly, refused, different and told, or silently wrong."""

import re
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase
from typing import Literal

from pollution import Variant

from migrate.errors import InputError
from migrate.model.sources import Table
from migrate.readers.read import read

Kind = Literal["exact", "warned", "refused", "wrong"]
_ABOUT_LETTERS = {"encoding_guessed"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a variant; `told` are the codes that tell of its differences, `untold` what nothing tells of."""

    kind: Kind
    told: frozenset[str] = frozenset()
    untold: tuple[str, ...] = ()
    encoding: str | None = None


def judge(variant: Variant, folder: Path) -> Verdict:
    """Read a variant as a user would, without a hint, and compare."""
    path = folder / f"variant-{variant.seed}.csv"
    path.write_bytes(variant.content)
    try:
        (table,) = read(path)
    except InputError as error:
        return Verdict("refused", untold=(str(error).removeprefix(f"{path}: "),))
    finally:
        path.unlink()
    told, untold = set[str](), list[str]()
    for row, cell, what, is_letters in _differences(variant, table):
        codes = _tellers(table, row, cell, is_letters=is_letters)
        told |= codes
        if not codes:
            untold.append(what)
    kind: Kind = "wrong" if untold else "warned" if told else "exact"
    return Verdict(kind, frozenset(told), tuple(untold), table.encoding)


def _differences(variant: Variant, table: Table) -> list[tuple[int, str | None, str, bool]]:
    """Return (row, cell, what is wrong, whether only letters outside of ASCII are) for each difference."""
    names = dict(zip(variant.table.header, table.columns, strict=False))
    read_rows = {row: dict(zip(table.columns, cells, strict=True)) for row, *cells in table.frame.rows()}
    found = list[tuple[int, str | None, str, bool]]()
    for header, name in names.items():
        if _seen(header) != _seen(name):
            is_letters = _plain(header) == _plain(name)
            found.append((table.header_row, None, f"header {header!r} read as {name!r}", is_letters))
    for row, cells in variant.rows.items():
        got = read_rows.pop(row, {})
        for name, want in zip(table.columns, cells, strict=False):
            value = _seen(got.get(name))
            if value != _seen(want):
                what = f"row {row} {name}: {want!r} read as {value!r}"
                found.append((row, f"{table.letters[name]}{row}", what, _plain(value) == _plain(want)))
        more = [text for text in list(got.values())[len(cells) :] if _seen(text)]
        found += [(row, None, f"row {row}: {text!r} too much", False) for text in more]
        if len(table.columns) < len(cells) and any(cells[len(table.columns) :]):
            found.append((row, None, f"row {row}: columns missing", False))
    left_out = set(table.left_out["_row"])
    extra = [row for row, cells in read_rows.items() if row not in left_out and any(cells.values())]
    return found + [(row, None, f"row {row} is none", False) for row in extra]


def _tellers(table: Table, row: int, cell: str | None, *, is_letters: bool) -> set[str]:
    """Return the codes of findings that tell of a difference: on its cell, its row, or of the file's letters."""
    codes = set[str]()
    for code, told_row, at_cell in table.findings.select("code", "row", "cell").rows():
        at_row = int(at_cell.lstrip(ascii_uppercase)) if told_row is None and at_cell else told_row
        on_cell = at_cell is not None and at_cell == cell
        on_row = at_cell is None and at_row is not None and at_row == row
        below = code == "second_table" and at_row is not None and row >= at_row
        if on_cell or on_row or below or (is_letters and at_row is None and code in _ABOUT_LETTERS):
            codes.add(code)
    return codes


def _seen(text: str | None) -> str:
    """Return a text as a person sees it: white space of any kind is a space, and none is seen at the ends."""
    return re.sub(r"\r\n?", "\n", (text or "").replace("\u00a0", " ")).strip()


def _plain(text: str) -> str:
    return re.sub(r"[^\x20-\x7e]+", "?", text)
