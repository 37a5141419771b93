"""Quotes and line ends that may have joined or split rows are told with the row."""

from pathlib import Path

import pytest
from readers_files import cells, codes, reader, told

from migrate.readers.options import ReadOptions

HEADER = "Site,Name,Zone\n"
TAIL = "D,x,4\nE,y,5\n"


@pytest.mark.parametrize(
    "rows",
    [
        'A,"oops,1\nB,x,2\nC,12 pipe",3\n',
        'A,"oops,1\r\nB,x",2\r\n',
        '"A,x,1\nB",x,2\n',
        'A,x,"1\nB,x,2\nC,y,3"\n',
        'A,"5"" pipe,1\nB,2"" pipe",2\n',
    ],
)
def test_a_quoted_cell_that_looks_like_rows_is_read_as_rows_and_an_error(tmp_path: Path, rows: str) -> None:
    table = reader(tmp_path)(HEADER + rows + TAIL)
    (finding,) = told(table, "unclosed_quote")
    assert (finding["severity"], finding["row"]) == ("error", 2)
    assert table.rows == rows.count("\n") + TAIL.count("\n")
    assert cells(table)[-1] == (1 + table.rows, "E", "y", "5")


@pytest.mark.parametrize(
    "rows",
    [
        'A,"two\nlines, and more",1\n',
        'A,"one, two\nthree, four\nfive",1\n',
        'A,"x\ny",1\n',
        'A,x,"Gate 1\nGate 2, left\nGate 3"\n',
        '"A\nB",x,1\n',
    ],
)
def test_a_cell_of_several_lines_is_no_finding(tmp_path: Path, rows: str) -> None:
    table = reader(tmp_path)(HEADER + rows + TAIL)
    assert codes(table) == []
    assert table.rows == 3


def test_among_rows_of_two_cells_it_is_only_suspected(tmp_path: Path) -> None:
    table = reader(tmp_path)('Site,Name\nA,"oops\nB,pipe"\nC,x\nD,y\n')
    assert [(finding["severity"], finding["row"]) for finding in told(table, "swallowed_rows")] == [("warning", 2)]


@pytest.mark.parametrize(("delimiter", "width"), [(";", 3), ("\t", 3), ("|", 12), (",", 60), (",", 200), (",", 300)])
def test_rows_of_any_delimiter_and_width_are_kept_apart(tmp_path: Path, delimiter: str, width: int) -> None:
    def row(*first: str) -> str:
        return delimiter.join([*first, *("x" for _ in range(width - len(first)))]) + "\n"

    opened, closed = row("A", '"5 pipe'), row("B", '6 pipe"')
    table = reader(tmp_path)(row("Site", "Name") + row("1") + opened + closed + row("2"))
    assert codes(table) == ["unclosed_quote"]
    assert table.rows + bool(table.header_row) == 5


def test_a_large_file_is_looked_through_too(tmp_path: Path) -> None:
    lines = "".join(f"S{n},Customer number {n},{n}\n" for n in range(20_000))
    table = reader(tmp_path)(HEADER + lines + 'A,"oops,1\nB,12 pipe",2\n')
    assert table.rows == 20_002
    assert [finding["row"] for finding in told(table, "unclosed_quote")] == [20_002]


def test_a_return_alone_that_ends_some_rows_is_told_with_the_first_of_them(tmp_path: Path) -> None:
    table = reader(tmp_path)("Site,Name,Zone\r\nA,x\ry,1\r\nB,z,2\r\nC,u\rv,3\r\n")
    assert cells(table)[:2] == [(2, "A", "x", None), (3, "y", "1", None)]
    (finding,) = told(table, "mixed_line_ends")
    assert (finding["severity"], finding["row"]) == ("warning", None)
    assert finding["message"].startswith("2 rows end in a carriage return alone, the first of them row 2, and 4 in")


@pytest.mark.parametrize(
    "text", ["Site\rA\rB\r", "Site\nA\r\nB\n", "Site\r\nA\r\nB", 'Site\r\n"A\rB"\r\nC\r\n', "Site\rA"]
)
def test_line_ends_of_one_kind_or_inside_of_quotes_are_no_finding(tmp_path: Path, text: str) -> None:
    assert codes(reader(tmp_path)(text)) == []


def test_nul_is_kept_and_told_at_its_cell(tmp_path: Path) -> None:
    table = reader(tmp_path)(b"Site,Name\nA,x\x00y\nB,a name that is somewhat longer\n")
    assert cells(table)[0] == (2, "A", "x\x00y")
    assert [(finding["cell"], finding["severity"]) for finding in told(table, "control_character")] == [
        ("B2", "warning")
    ]


def test_ragged_rows_are_kept_told_and_never_shifted(tmp_path: Path) -> None:
    options = ReadOptions(delimiter=",")
    table = reader(tmp_path)("Site,City,Zone\nA,Troy,1\nB\nC,Troy,NY,3,,4\nD,Troy,2\nE,,5\n", options=options)
    assert cells(table) == [
        (2, "A", "Troy", "1", None, None, None),
        (3, "B", None, None, None, None, None),
        (4, "C", "Troy", "NY", "3", None, "4"),
        (5, "D", "Troy", "2", None, None, None),
        (6, "E", None, "5", None, None, None),
    ]
    assert [(finding["code"], finding["severity"], finding["row"]) for finding in table.findings.to_dicts()] == [
        ("short_row", "warning", 3),
        ("ragged_row", "error", 4),
    ]
