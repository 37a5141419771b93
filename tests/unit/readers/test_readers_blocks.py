"""A second table in a sheet is told, and a total before a blank row makes no record."""

from pathlib import Path

import pytest
from readers_files import codes, reader, told

TABLE = "Site,Name,Zone,Installed\n1,Kilo,001,2024-01-01\n2,Lima,002,2024-01-02\n3,Mike,003,2024-01-03\n"


@pytest.mark.parametrize(
    "second",
    [
        "Code,Meaning\nA,active\nC,closed\n",
        "Code,Meaning,,\nA,active,,\nC,closed,,\n",
        "Customer,Phone,Mail,Fax\nKilo,555,k@example.com,556\n",
    ],
)
def test_a_second_table_is_told_at_its_header(tmp_path: Path, second: str) -> None:
    table = reader(tmp_path)(f"{TABLE}\n{second}")
    assert [(found["severity"], found["cell"]) for found in told(table, "second_table")] == [("warning", "A6")]


def test_a_second_table_is_told_however_many_blank_rows_stand_before_it(tmp_path: Path) -> None:
    groups = "".join(f"\n{n},Nova,004,2024-01-04\n{n},Oscar,005,2024-01-05\n" for n in range(500))
    table = reader(tmp_path)(f"{TABLE}{groups}\nNVR,Address,,\nN1,10.0.0.1,,\n")
    assert [found["cell"] for found in told(table, "second_table")] == ["A1506"]


@pytest.mark.parametrize(
    "more",
    [
        "",
        "\n4,Nova,004,2024-01-04\n5,Oscar,005,\n",
        "\nNotes\nall fine\n",
        "\nSite,Name,Zone,Installed\n4,Nova,004,2024-01-04\n",
        "\nclosed,Nova,004,2024-01-04\n5,Oscar,005,\n",
    ],
)
def test_rows_behind_a_blank_one_are_the_same_table_as_a_rule(tmp_path: Path, more: str) -> None:
    assert "second_table" not in codes(reader(tmp_path)(f"{TABLE}{more}"))


def test_a_total_before_a_blank_row_makes_no_record(tmp_path: Path) -> None:
    table = reader(tmp_path)(f"{TABLE}Total: 3,,,\n\n4,Nova,004,2024-01-04\nTotal: 1,,,\n")
    assert table.left_out.rows() == [(5, "total"), (6, "blank"), (8, "total")]


def test_a_torn_row_under_the_header_is_no_header(tmp_path: Path) -> None:
    rows = "A,Smith, Jo,Troy,x\nB,Lima,Rome,3\nC,Mike,Oslo,\nD,Nova,Bern,\n"
    table = reader(tmp_path)(f"Site,Name,City,System\n{rows}")
    assert (table.header_row, table.columns) == (1, ["Site", "Name", "City", "System", "E"])
