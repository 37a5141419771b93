"""What spreadsheet programs did to cells is repaired where the cell proves its value, and told in any case."""

from pathlib import Path

import pytest
from readers_files import cells, codes, reader, told

HEADER = "Site,Account #,Serial\n"


@pytest.mark.parametrize(
    ("cell", "value", "code", "severity"),
    [
        ('="0042"', "0042", "unwrapped", "note"),
        ('"=""0042"""', "0042", "unwrapped", "note"),
        ('=""', None, "unwrapped", "note"),
        ("'0042", "0042", "text_marker", "note"),
        ("'-12", "-12", "text_marker", "note"),
        ("'=1+1", "=1+1", "text_marker", "note"),
        ("1.23457E+14", "1.23457E+14", "e_notation", "warning"),
        ("6.00E+02", "6.00E+02", "e_notation", "warning"),
        ("-1e-05", "-1e-05", "e_notation", "warning"),
        ('"1,2E+11"', "1,2E+11", "e_notation", "warning"),
        ("#N/A", "#N/A", "excel_error", "warning"),
        (" #REF! ", " #REF! ", "excel_error", "warning"),
        ("#NV", "#NV", "excel_error", "warning"),
        ("#¡VALOR!", "#¡VALOR!", "excel_error", "warning"),
        ("#NOM?", "#NOM?", "excel_error", "warning"),
        ("#UNKNOWN!", "#UNKNOWN!", "excel_error", "warning"),
        ("Err:502", "Err:502", "excel_error", "warning"),
        ("#######", "#######", "excel_error", "warning"),
        ("Caf\u00c3\u00a9", "Caf\u00c3\u00a9", "mojibake", "warning"),
        ("Caf\ufffd", "Caf\ufffd", "mojibake", "warning"),
        ("a\x1b[31m", "a\x1b[31m", "control_character", "warning"),
    ],
)
def test_each_damage_is_told_at_its_cell(tmp_path: Path, cell: str, value: str, code: str, severity: str) -> None:
    table = reader(tmp_path)(HEADER + f"A,1,x\nB,{cell},y\n")
    assert cells(table)[1] == (3, "B", value, "y")
    (finding,) = table.findings.to_dicts()
    assert (finding["code"], finding["severity"]) == (code, severity)
    assert (finding["_row"], finding["row"], finding["cell"], finding["column"]) == (3, 3, "B3", "Account #")
    assert finding["value"] == (cell[1:-1].replace('""', '"') if cell.startswith('"') else cell)
    assert finding["message"]
    assert finding["hint"]


@pytest.mark.parametrize(
    "cell",
    [
        "'t Hooft",
        "'70s Diner",
        "'0042'",
        "O'Brien",
        "06E2",
        "1E5",
        "A1E+05",
        "00-1E-22-3E-4F-5E",
        "#12",
        "# of cameras",
        "=A1+B1",
        "Ärger",
        "Ângela",
        "SÃO PAULO",
        "'",
        "E+05",
        "5' x 7'",
        "#N/A?",
        "Err:5021",
        "Err: 502",
    ],
)
def test_what_only_looks_like_damage_is_left_alone(tmp_path: Path, cell: str) -> None:
    table = reader(tmp_path)(HEADER + f"A,{cell},x\n")
    assert cells(table) == [(2, "A", cell, "x")]
    assert codes(table) == []


def test_only_the_bad_cells_are_told(tmp_path: Path) -> None:
    rows = "".join(f"S{n},{'#N/A' if n % 10 == 0 else n},{'1E+10' if n == 7 else 'x'}\n" for n in range(1, 31))
    table = reader(tmp_path)(HEADER + rows)
    assert [f["cell"] for f in told(table, "excel_error")] == ["B11", "B21", "B31"]
    assert [f["cell"] for f in told(table, "e_notation")] == ["C8"]
    assert table.findings["_row"].to_list() == [8, 11, 21, 31]
