"""Quotes and delimiters that nobody told are found, and a stray quote swallows no row."""

from pathlib import Path

import pytest
from readers_files import cells, codes, reader, told

FILLER = "".join(f"{n},Lima,{n:03}\n" for n in range(10, 20))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("'Site','Name'\n'A','b, c'\n'B','O''Brien'\n", [(2, "A", "b, c"), (3, "B", "O'Brien")]),
        ("'Site';'Name'\n'A';'b'\n", [(2, "A", "b")]),
        ("Site,Name\nA,'b, c'\nB,d\nC,e\n", [(2, "A", "b, c"), (3, "B", "d"), (4, "C", "e")]),
        ("Site,Name\nA,'two\nlines'\nB,'b'\nC,e\n", [(2, "A", "two\nlines"), (3, "B", "b"), (4, "C", "e")]),
    ],
)
def test_an_apostrophe_is_the_quote_where_it_surely_is(tmp_path: Path, text: str, rows: list[tuple[object]]) -> None:
    table = reader(tmp_path)(text)
    assert (table.quote, table.columns, cells(table)) == ("'", ["Site", "Name"], rows)


@pytest.mark.parametrize(
    "text",
    [
        "Site,Name\n'007,x\n'008,y\n",
        "Site,Name\nA,'Twas\nB,d'\n",
        "Site,Name\nA,'quoted'\nB,d\n",
        'Site,Name\n"A","it\'s"\n"B",\'b\'\n',
    ],
)
def test_a_mere_apostrophe_is_no_quote(tmp_path: Path, text: str) -> None:
    table = reader(tmp_path)(text)
    assert table.quote == '"'
    assert table.rows == 2


@pytest.mark.parametrize("every", [1, 9])
def test_an_address_of_several_lines_in_quotes_is_one_cell_whatever_commas_it_has(tmp_path: Path, every: int) -> None:
    streets = [f'"{n} Main St, rear door\nDayton, OH, 45402, USA"' if n % every == 0 else "Elm St" for n in range(18)]
    rows = "".join(f"S{n},Shop {n},Eastern,{street}\n" for n, street in enumerate(streets))
    table = reader(tmp_path)("Site,Name,Zone,Street\n" + rows)
    assert table.columns == ["Site", "Name", "Zone", "Street"]
    assert [row[4] for row in cells(table)] == [street.strip('"') for street in streets]


@pytest.mark.parametrize("filler", ["", FILLER, FILLER * 6_000])
@pytest.mark.parametrize(("first", "last"), [(1, 1), (1, 0), (0, 1), (2, 1)])
def test_two_stray_quotes_swallow_no_row_between_them(tmp_path: Path, filler: str, first: int, last: int) -> None:
    rows = [["1", "Kilo", "001"], ["2", "Lima", "002"], ["3", "Mike", "003"], ["4", "Nova", "004"]]
    rows[0][first] = f'"{rows[0][first]}'
    rows[2][last] = f'{rows[2][last]}"'
    lines = "".join(",".join(row) + "\n" for row in rows)
    table = reader(tmp_path)(f"Site,Name,Zone\n{filler}{lines}{filler}")
    assert [list(row[1:]) for row in cells(table)[filler.count("\n") :][:4]] == rows
    (finding,) = told(table, "unclosed_quote")
    assert (finding["severity"], finding["row"]) == ("error", 2 + filler.count("\n"))


@pytest.mark.parametrize("filler", ["", FILLER * 6_000])
def test_a_cell_of_several_lines_is_kept_together(tmp_path: Path, filler: str) -> None:
    text = f'Site,Name,Zone\n{filler}1,"Kilo, Ltd.\nSuite 5",001\n2,Lima,"see\nabove"\n{FILLER}'
    table = reader(tmp_path)(text)
    first = 2 + filler.count("\n")
    assert cells(table)[first - 2 : first] == [
        (first, "1", "Kilo, Ltd.\nSuite 5", "001"),
        (first + 1, "2", "Lima", "see\nabove"),
    ]
    assert codes(table) == []


def test_a_quote_that_the_next_cell_would_close_is_a_character(tmp_path: Path) -> None:
    table = reader(tmp_path)('"Site","Name","Zone"\n"1","Kilo,"001"\n"2","Lima","002"\n')
    assert cells(table)[0] == (2, "1", '"Kilo', "001")
    assert [finding["cell"] for finding in told(table, "unclosed_quote")] == ["B2"]


@pytest.mark.parametrize("filler", ["", FILLER * 6_000])
def test_a_mark_between_two_files_put_together_is_taken_off_and_told(tmp_path: Path, filler: str) -> None:
    table = reader(tmp_path)(f'Site,Name,Zone\n{filler}\ufeff"1",Kilo,001\n')
    row = 2 + filler.count("\n")
    assert cells(table)[-1] == (row, "1", "Kilo", "001")
    assert [(note["severity"], note["row"]) for note in told(table, "mark_inside")] == [("note", row)]


def test_a_row_with_empty_cells_too_many_among_others_is_told(tmp_path: Path) -> None:
    table = reader(tmp_path)("Site,Name,Zone,Note\n1,Kilo, Ltd.,001,\n2,Lima,002,\n3,Mike,003,\n")
    assert [(found["severity"], found["row"]) for found in told(table, "wide_row")] == [("warning", 2)]


def test_a_delimiter_at_the_end_of_each_row_is_nothing(tmp_path: Path) -> None:
    assert codes(reader(tmp_path)("Site,Name\n1,Kilo,\n2,Lima,\n3,Mike,\n")) == []
    assert codes(reader(tmp_path)("Site,Name,\n1,Kilo,\n2,Lima,\n3,Mike,\n")) == []


def test_a_row_cut_short_is_told_where_rows_end_in_a_delimiter(tmp_path: Path) -> None:
    table = reader(tmp_path)("Site,Name,Zone\n1,Kilo,001,\n2,Lima,\n3,Mike,003,\n")
    assert [found["row"] for found in told(table, "short_row")] == [3]


def test_many_short_rows_are_told_where_all_others_fill_what_they_lack(tmp_path: Path) -> None:
    table = reader(tmp_path)("Site,Name,Zone\n1,Kilo,001\n2,Lima\n3,Mike\n4,Nova,004\n")
    assert [found["row"] for found in told(table, "short_row")] == [3, 4]
    assert codes(reader(tmp_path)("Site,Name,Zone\n1,Kilo,001\n2,Lima\n3,Mike\n4,Nova,\n")) == []


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_zero_character_in_utf_16_is_told(tmp_path: Path, encoding: str) -> None:
    table = reader(tmp_path)(f"Site,Name,Zone\n1,Ki\0lo,001\n{FILLER}".encode(encoding))
    assert table.encoding == encoding
    assert [note["cell"] for note in told(table, "control_character")] == ["B2"]


def test_spaces_in_front_of_quotes_are_taken_off_with_them_and_told(tmp_path: Path) -> None:
    table = reader(tmp_path)('Site, Name, Zone\n1, "Kilo, Ltd." , 001\n2, "Li\nma", "a" b\n3, Mike, "oops\n')
    assert cells(table) == [(2, "1", "Kilo, Ltd.", " 001"), (3, "2", "Li\nma", "a b"), (4, "3", " Mike", ' "oops')]
    assert [note["cell"] for note in told(table, "spaced_quote")] == ["B2", "B3"]
    assert [found["cell"] for found in told(table, "stray_quote")] == ["C3"]
    assert [found["cell"] for found in told(table, "unclosed_quote")] == ["C4"]


def test_what_dos_put_behind_the_last_line_is_no_row(tmp_path: Path) -> None:
    assert cells(reader(tmp_path)("Site,Name\n1,Kilo\n\x1a")) == [(2, "1", "Kilo")]
    assert cells(reader(tmp_path)(f"Site,Name,Zone\n{FILLER * 6_000}\x1a"))[-1] == (60_001, "19", "Lima", "019")


def test_a_space_behind_the_last_delimiter_of_each_row_is_nothing(tmp_path: Path) -> None:
    assert codes(reader(tmp_path)("Site, Name\n1, Kilo, \n2, Lima, \n3, Mike, \n")) == []


def test_rows_of_a_second_table_do_not_hide_a_row_cut_short(tmp_path: Path) -> None:
    rows = "1,Kilo,001,x,Troy\n2,Lima\n3,Mike,003,,Rome\n4,Nova,,,Oslo\n"
    table = reader(tmp_path)(f"Site,Name,Zone,Note,City\n{rows}\nCode,Meaning\nA,active\nC,closed\nP,pending\n")
    assert [found["row"] for found in told(table, "short_row")] == [3]


def test_among_rows_of_two_cells_a_swallowed_row_is_only_suspected(tmp_path: Path) -> None:
    table = reader(tmp_path)('Site,Name\nA,"oops\nB,pipe"\nC,x\nD,y\n')
    assert cells(table)[0] == (2, "A", "oops\nB,pipe")
    assert [(found["severity"], found["row"]) for found in told(table, "swallowed_rows")] == [("warning", 2)]


def test_the_beginning_of_a_cell_with_a_stray_quote_is_told_with_its_credentials_masked(tmp_path: Path) -> None:
    long = "rtsp://admin:a-long-secret-word-of-the-camera@10.0.0.1/1"
    table = reader(tmp_path)(f'Site,Name,Note\n1,"Kilo" east,x\n2,"{long}" {"y" * 60},x\n3,Nova,"open\n')
    first, second = told(table, "stray_quote")
    assert first["value"] == "Kilo east"
    assert second["value"] == "rtsp://***@10.0.0.1/1 yyyyyyyyyyyyyyy..."
    assert [found["value"] for found in told(table, "unclosed_quote")] == ['"open']
