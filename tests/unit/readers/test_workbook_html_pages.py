"""The tables of a web page are the pages of one export, or each a sheet of its own, by what stands on top of them."""

from pathlib import Path

import polars as pl
import pytest
from workbook_packages import grids, hidden_rows, texts

from migrate.readers.grid import Grid
from migrate.readers.read import read


def page(folder: Path, html: str) -> list[Grid]:
    path = folder / "sites.xls"
    path.write_text(html, encoding="utf-8")
    return grids(path, "html")


def table_of(*rows: str, head: str = "") -> str:
    names = "".join(f"<th>{name}</th>" for name in head.split("|") if name)
    cells = "".join(f"<tr><td>{row.replace('|', '</td><td>')}</td></tr>" for row in rows)
    return f"<table>{f'<tr>{names}</tr>' if names else ''}{cells}</table>"


SITES = table_of("S1|Shop 1|Eastern|1 Main St", "S2|Shop 2|Eastern|2 Main St", head="ID|Name|Time Zone|Street")
MORE = table_of("S3|Shop 3|Central|3 Main St", "S4|Shop 4|Eastern|4 Main St")
LAST = table_of("S5|Shop 5|Central|5 Main St")
CAMERAS = table_of("1|Door|Axis|Dome", head="Zone|Camera|Maker|Kind")
UNMARKED = table_of("ID|Name|Time Zone|Phone", "S1|Shop|Eastern|555-010-0042", "S2|Bar|Pacific|555-010-0043")
UNMARKED_CAMERAS = table_of("Zone|Camera|Maker|Kind", "Z1|Door|Axis|Dome", "Z2|Yard|Axis|Dome")
PAGE = SITES.replace("<table>", "<table><tr><td colspan=4>Page {}</td></tr>")
HEADS_APART = "<table><tr><th>{}<th>{}</table>"


@pytest.mark.parametrize(
    ("html", "rows"),
    [
        pytest.param(SITES + MORE + MORE, [7], id="pages without a header"),
        pytest.param(SITES + "<p>Page 2" + MORE, [6], id="a line between"),
        pytest.param(SITES + LAST, [4], id="a last page of one row"),
        pytest.param(SITES + LAST + SITES, [7], id="a page of one row between"),
        pytest.param(SITES + table_of("S3|Shop 3||", "S4|Shop 4||"), [5], id="empty columns"),
        pytest.param(SITES + table_of("Ann|Rathaus|Berlin|Ring", "Bob|Bahnhof|Bonn|Allee"), [5], id="words only"),
        pytest.param(PAGE.format(1) + PAGE.format(2) + MORE, [10], id="titles in the table"),
        pytest.param(UNMARKED + table_of("S3|Inn|Eastern|n/a", "S4|Gym|Central|555-010-0044"), [5], id="no th"),
        pytest.param(UNMARKED + table_of("S3|Inn|Denver|", "S4|Gym|Denver|"), [5], id="no th, no data"),
        pytest.param(SITES + CAMERAS, [3, 2], id="another header"),
        pytest.param(SITES + LAST + CAMERAS + table_of("2|Yard|Axis|Dome", "3|Gate|Axis|Dome"), [4, 4], id="two kinds"),
        pytest.param(SITES + table_of("1|Door", "2|Yard"), [3, 2], id="another width"),
        pytest.param(SITES + UNMARKED_CAMERAS.replace("Z1", "1").replace("Z2", "2"), [3, 3], id="names above data"),
        pytest.param(UNMARKED + UNMARKED_CAMERAS, [3, 3], id="names above codes"),
        pytest.param(PAGE.format(1) + CAMERAS.replace("<table>", "<table><tr><td>Cameras"), [4, 3], id="another title"),
        pytest.param(
            HEADS_APART.format("ID", "Phone")
            + table_of("S1|555-010-0042", "S2|555-010-0043")
            + HEADS_APART.format("Zone", "Camera")
            + table_of("1|Door", "2|Yard")
            + table_of("3|Gate", "4|Roof"),
            [3, 5],
            id="headers in tables of their own",
        ),
    ],
)
def test_a_table_without_a_header_of_its_own_goes_on_under_the_last(tmp_path: Path, html: str, rows: list[int]) -> None:
    assert [sum(map(any, texts(grid))) for grid in page(tmp_path, html)] == rows


def test_pages_that_are_not_shown_are_read_as_hidden_rows(tmp_path: Path) -> None:
    (grid,) = page(tmp_path, SITES + MORE.replace("<table", "<table style='display:none'") + LAST)
    assert [row[0] for row in texts(grid)] == ["ID", "S1", "S2", "S3", "S4", "S5"]
    assert (grid.hidden, hidden_rows(grid)) == (False, (4, 5))


def test_records_of_all_pages_are_read_under_the_header_of_the_first(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(SITES + MORE + LAST, encoding="utf-8")
    (table,) = read(tmp_path / "a.html")
    assert table.columns == ["ID", "Name", "Time Zone", "Street"]
    assert table.frame["ID"].to_list() == ["S1", "S2", "S3", "S4", "S5"]


def test_the_numbers_of_pages_between_them_are_left_out_in_a_cell_and_beside_the_tables(tmp_path: Path) -> None:
    pages = PAGE.format("1 of 3") + "<p>Page 1 of 3" + PAGE.format("2 of 3") + "<p>Seite 2" + LAST + "<p>Page 3 of 3"
    (tmp_path / "a.html").write_text(pages, encoding="utf-8")
    (table,) = read(tmp_path / "a.html")
    assert [why for _, why in table.left_out.rows()] == ["page number", "page number", "repeated header", "page number"]
    kept = table.frame.filter(~pl.col("_row").is_in(table.left_out["_row"].implode()))
    assert kept["ID"].to_list() == ["S1", "S2", "S1", "S2", "S5"]
    assert "text_below" in table.findings["code"].to_list()
