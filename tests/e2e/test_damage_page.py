"""The page about damage says what becomes of a damaged cell, by the kind of field."""

import csv
from pathlib import Path

import pytest
from called import ROOT

from migrate import Mapping, check

FIELDS = ("account_number", "name", "address1")
"""One that identifies, one that is required, and another, in the order of the page's columns."""

MAPPING = """
[[table]]
record = "site"
[table.fields]
external_site_id = "Site"
timezone = { value = "America/Chicago" }
account_number = "Account"
name = "Name"
address1 = "Street"
"""

CELLS = {
    "`1.23457E+14`": "1.23457E+14",
    "zeros from its 16th digit": "1234567890123450000",
    "`1234.0` in few of them": "1234.0",
    "`2-Jan`": "2-Jan",
    "`1,234` in an id": "1,234",
    '`="0042"`': '="0042"',
    "`'0042`": "'0042",
    "a no-break space": "A\u00a0B",
    "zero-width spaces": "A\u200bB",
    "the same without width": "A\u200bB",
    "full-width letters": "\uff21\uff14\uff12",
    "curly quotes": "O\u2019Brien",
    "`#N/A`": "#N/A",
    "exactly 255": "x" * 255,
    "garbled": "Caf\u00c3\u00a9",
    "NUL, SUB": "a\x1bb",
}
"""What begins or names a row of the page's table → a cell of that kind."""


def row_of(page: str, kind: str) -> list[str]:
    (line,) = [line for line in page.splitlines() if line.startswith("| ") and kind in line.split("|")[1]]
    return [cell.strip() for cell in line.strip("|").split("|")]


@pytest.mark.parametrize("kind", CELLS)
def test_a_damaged_cell_is_told_as_the_page_says(tmp_path: Path, kind: str) -> None:
    page = (ROOT / "docs" / "damage.md").read_text(encoding="utf-8")
    *_, identifies, required, other, code = row_of(page, kind)
    cell = CELLS[kind]
    rows = [["Site", "Account", "Name", "Street"], ["S1", "P1", "Shop", "1 Main St"], ["S2", cell, cell, cell]]
    path = tmp_path / "sites.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    found = check([path], Mapping.parse(MAPPING, path="sites.toml")).findings
    told = {
        finding["field"]: finding["severity"]
        for finding in found.to_dicts()
        if finding["code"] == code.strip("`") and finding["row"] == 3
    }
    assert [told.get(field, "") for field in FIELDS] == [identifies, required, other]
    assert any((identifies, required, other))
