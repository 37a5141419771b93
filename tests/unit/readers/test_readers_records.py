"""Text is cut into the rows that a spreadsheet program shows, and no row is lost without a word."""

from pathlib import Path

import pytest
from readers_files import cells, codes, reader, refusal, told

from migrate.readers import survey as survey_module
from migrate.readers import text_limits
from migrate.readers.options import ReadOptions


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Site,Zone\nA,1\nB,2\n", ","),
        ("Site;Zone\nA,x;1,5\nB;2\n", ";"),
        ("Site\tStreet\nA\t1 Main St, Troy, NY\nB\t2 Elm St, Troy, NY\n", "\t"),
        ("Site|Zone\nA|1\nB|2\n", "|"),
        ("Cameras of Acme, Inc.\n\nSite;Zone;Name\nA;1;x\nB;2;y\n", ";"),
        ('Site,"Note"\nA,"x;y;z"\nB,"x;y;z"\n', ","),
        ("Site\nA\nB\n", ","),
        ("Owner\nSmith\nJones, Ann\nBrown\n", "|"),
    ],
)
def test_the_delimiter_is_the_one_that_cuts_evenly(tmp_path: Path, text: str, delimiter: str) -> None:
    assert reader(tmp_path)(text).delimiter == delimiter


@pytest.mark.parametrize("line", ["sep=;", "SEP=;\r", '"sep=;"', "sep=; "])
def test_the_line_that_tells_the_delimiter_is_taken_and_counted(tmp_path: Path, line: str) -> None:
    table = reader(tmp_path)(f"{line}\nSite;Zone\nA;1,5\n")
    assert (table.delimiter, table.header_row, cells(table)) == (";", 2, [(3, "A", "1,5")])


def test_powershells_type_line_is_skipped_and_counted(tmp_path: Path) -> None:
    table = reader(tmp_path)('#TYPE Selected.System.Management\r\n"Site","Zone"\r\n"A","1"\r\n')
    assert (table.header_row, cells(table)) == (2, [(3, "A", "1")])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_row_is_a_record_and_blank_lines_count(tmp_path: Path, end: str) -> None:
    text = end.join(["Site,Note", '"A","two', 'lines"', "", "B,", ",", 'C,"say ""hi"""'])
    table = reader(tmp_path)(text)
    assert cells(table) == [(2, "A", f"two{end}lines"), (4, "B", None), (6, "C", 'say "hi"')]
    assert table.left_out.rows() == [(3, "blank"), (5, "blank")]
    assert table.rows == 5


def test_mixed_line_ends_each_end_a_row(tmp_path: Path) -> None:
    assert cells(reader(tmp_path)("Site\nA\rB\r\nC\n\rD")) == [(2, "A"), (3, "B"), (4, "C"), (6, "D")]


def test_cells_are_verbatim(tmp_path: Path) -> None:
    table = reader(tmp_path)('Site,Name\n 007 ," a ""b"" "\n\u00a0,\t\n0042.0,=1+1\n')
    assert cells(table) == [(2, " 007 ", ' a "b" '), (4, "0042.0", "=1+1")]
    assert table.left_out.rows() == [(3, "blank")]


def test_a_stray_quote_is_a_character(tmp_path: Path) -> None:
    table = reader(tmp_path)('Site,Name\nA,12" pipe\nB,5\' 7"\n')
    assert cells(table) == [(2, "A", '12" pipe'), (3, "B", "5' 7\"")]
    assert codes(table) == []


def test_text_behind_a_closing_quote_is_kept_and_told(tmp_path: Path) -> None:
    table = reader(tmp_path)('Site,Name\nA,"Big" Joe\nB,x\n')
    assert cells(table)[0] == (2, "A", "Big Joe")
    (finding,) = told(table, "stray_quote")
    assert (finding["severity"], finding["row"], finding["cell"]) == ("warning", 2, "B2")


@pytest.mark.parametrize("rest", ["", 'C,"x, y"\n', 'C,"x"\nD,"y"\n'])
def test_an_unclosed_quote_swallows_no_row(tmp_path: Path, rest: str) -> None:
    table = reader(tmp_path)(f'Site,Name\nA,"oops\nB,2\n{rest}')
    assert cells(table)[:2] == [(2, "A", '"oops'), (3, "B", "2")]
    assert table.rows == 2 + rest.count("\n")
    (finding,) = told(table, "unclosed_quote")
    assert (finding["severity"], finding["row"], finding["cell"]) == ("error", 2, "B2")


def test_another_quote_character_can_be_told(tmp_path: Path) -> None:
    options = ReadOptions(quote="'", delimiter=",")
    table = reader(tmp_path)("Site,Name\n'A','b, c'\n", options=options)
    assert (table.quote, cells(table)) == ("'", [(2, "A", "b, c")])


def test_an_option_of_more_than_one_character_is_refused(tmp_path: Path) -> None:
    assert 'delimiter = ";;" is not one character' in refusal(tmp_path, b"Site\n", options=ReadOptions(delimiter=";;"))
    assert 'quote = "" is not one character' in refusal(tmp_path, b"Site\n", options=ReadOptions(quote=""))


def test_a_row_longer_than_the_header_is_an_error_and_shifts_nothing(tmp_path: Path) -> None:
    table = reader(tmp_path)("Site,City,Zone\nA,Troy,1\nB,Troy, NY,2\nC,Troy,3,,\n")
    assert table.columns == ["Site", "City", "Zone", "D"]
    assert cells(table)[1] == (3, "B", "Troy", " NY", "2")
    (finding,) = told(table, "ragged_row")
    assert (finding["severity"], finding["row"], finding["column"]) == ("error", 3, None)


def test_a_short_row_among_full_ones_is_told(tmp_path: Path) -> None:
    table = reader(tmp_path)("Site,City,Zone\nA,Troy,1\nB,Troy\nC,Troy,3\n")
    assert cells(table)[1] == (3, "B", "Troy", None)
    assert [(f["severity"], f["row"]) for f in told(table, "short_row")] == [("warning", 3)]


def test_short_rows_are_nothing_where_most_rows_are_short(tmp_path: Path) -> None:
    assert codes(reader(tmp_path)("Site,City,Zone\nA,Troy\nB,Troy\nC,Troy,3\n")) == []


def test_a_password_that_a_long_row_shifts_beside_its_column_is_masked(tmp_path: Path) -> None:
    table = reader(tmp_path)("Site,City,Password,Port\nA,Troy,hunter2,80\nB,Troy, NY,hunter3,81\n")
    assert cells(table) == [(2, "A", "Troy", "80", None), (3, "B", "Troy", "***", "81")]


@pytest.mark.parametrize("data", [b"\n\n\r\n", b"\xef\xbb\xbf", b"sep=;\n", b",,,\n,,,\n"])
def test_a_file_without_a_cell_is_refused(tmp_path: Path, data: bytes) -> None:
    assert "holds no rows" in refusal(tmp_path, data)


def test_a_row_has_at_most_as_many_cells_as_a_sheet_has_columns(tmp_path: Path) -> None:
    header = ",".join(f"c{n}" for n in range(16_384))
    table = reader(tmp_path)(header + "\n" + "," * 16_383 + "x\n")
    assert table.letters[f"c{16_383}"] == "XFD"
    assert "more than 16,384 cells" in refusal(tmp_path, (header + ",c\n").encode())


def test_the_limits_on_rows_and_lines_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_limits, "MAX_TEXT_ROWS", 3)
    assert reader(tmp_path)("Site\nA\nB\n").rows == 2
    assert "has more than 3 rows. Split it" in refusal(tmp_path, b"Site\nA\nB\nC\n")
    monkeypatch.setattr(survey_module, "MAX_LINE_BYTES", 1 << 20)
    assert "a line is longer than 1 MiB" in refusal(tmp_path, b"Site\n" + b"x" * (1 << 21))
    assert len(cells(reader(tmp_path)(b"Site\n" + b"x" * 1_000_000 + b"\nB\n"))[0][1]) == 1_000_000


def test_a_cell_may_be_long_and_full_of_emoji(tmp_path: Path) -> None:
    table = reader(tmp_path)("Site,Name\nA," + "\U0001f363" * 100_000 + '\nB,"' + "x\n" * 40_000 + '"\n')
    assert [len(row[2]) for row in cells(table)] == [100_000, 80_000]


def test_a_first_line_longer_than_the_look_at_the_head_is_read_whole(tmp_path: Path) -> None:
    names = [f"a rather long name of column {n}" for n in range(10_000)]
    table = reader(tmp_path)(";".join(names) + "\n" + ";".join("x" for _ in names) + "\n")
    assert (table.delimiter, table.columns, table.rows) == (";", names, 1)


def test_a_table_that_one_long_row_blows_up_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = ",".join(f"c{n}" for n in range(16_384))
    said = refusal(tmp_path, (f"{wide}\n" + '1,"2"x\n' * 2_000).encode())
    assert "a row has 16,384 cells, and nearly all others have next to none" in said
    monkeypatch.setattr("migrate.readers.text_limits.MAX_TEXT_CELLS", 2_999)
    rows = b"a,b,c\n" * 1_000
    assert "1,000 rows, filled up to the 3 cells of the longest, are more than 2,999 cells" in refusal(tmp_path, rows)
    assert reader(tmp_path)(rows[6:]).rows == 998


def test_a_table_near_the_limit_is_read_whichever_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f'{n},"two\nlines",x\n' for n in range(100_000))
    plain = reader(tmp_path)(f"a,b,c\n{rows}")
    monkeypatch.setattr("migrate.readers.text_limits.MAX_TEXT_CELLS", 300_003)
    assert reader(tmp_path)(f"a,b,c\n{rows}").frame.equals(plain.frame)
