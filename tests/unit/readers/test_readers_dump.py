"""A dump holds the rows as they were read, in files that stay in their folder."""

import stat
import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from readers_files import reader

from migrate.readers.dump import dump, safe_name
from migrate.readers.read import read


def test_a_dump_is_the_rows_verbatim_with_their_numbers_first(tmp_path: Path) -> None:
    table = reader(tmp_path)('Site,Note\n 007 ,"a, ""b""\r\nc"\n\n=1+1,\nTotal,2\n')
    (path,) = dump([table], tmp_path / "out" / "deep")
    assert path == tmp_path / "out" / "deep" / "cameras.csv.csv"
    assert path.read_bytes().startswith(b"_row,Site,Note\n")
    frame = pl.read_csv(path, infer_schema=False)
    assert frame.rows() == [("2", " 007 ", 'a, "b"\r\nc'), ("4", "=1+1", None), ("5", "Total", "2")]
    (again,) = read(path)
    assert again.frame.rows()[0] == (2, "2", " 007 ", 'a, "b"\r\nc')


def test_an_older_dump_is_replaced_and_nothing_else_left(tmp_path: Path) -> None:
    for text in ("Site\nA\n", "Site\nB\n"):
        (path,) = dump([reader(tmp_path)(text)], tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == [path]
    assert path.read_text() == "_row,Site\n2,B\n"


@pytest.mark.skipif(sys.platform == "win32", reason="permissions work otherwise there")
def test_only_its_owner_may_read_a_dump_and_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("x")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "cameras.csv.csv").symlink_to(tmp_path / "precious")
    (path,) = dump([reader(tmp_path)("Site\nA\n")], tmp_path / "out")
    assert stat.S_IMODE(path.lstat().st_mode) == 0o600
    assert (tmp_path / "precious").read_text() == "x"


def test_sheets_whose_names_are_alike_on_some_systems_get_a_number(tmp_path: Path) -> None:
    table = reader(tmp_path)("Site\nA\n")
    tables = [replace(table, sheet=name) for name in ("West/East", "West:East", "WEST_EAST", None)]
    names = [path.name for path in dump(tables, tmp_path / "out")]
    assert names == [
        "cameras.csv.West_East.csv",
        "cameras.csv.West_East (2).csv",
        "cameras.csv.WEST_EAST (3).csv",
        "cameras.csv.csv",
    ]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../x", "_.._x"),
        ("CON.csv", "_CON.csv"),
        ("lpt1", "_lpt1"),
        ("console.csv", "console.csv"),
        ("-rf", "_-rf"),
        ("a\nb\u202e.csv", "a_b_.csv"),
        ("\U0001f363.csv", "\U0001f363.csv"),
        ("...", "_"),
        ("C:\\a?.csv", "C__a_.csv"),
        ("é" * 300, "é" * 90),
    ],
)
def test_a_safe_name_means_one_file_in_one_folder(name: str, safe: str) -> None:
    assert safe_name(name) == safe
