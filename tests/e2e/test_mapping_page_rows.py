"""The interface page on mappings and rows: which rows make records, which don't and why, and what stands where."""

from pathlib import Path

import pytest
from mapping_page import Page, codes, left_out, lines_of, table, told, values, verdicts

HEADER = "Site,Name,TZ,Status"
NY = "America/New_York"


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page(tmp_path)


def taken(page: Page, where: str, *status: str) -> list[str]:
    """Return the status of the rows that are taken of a file with these."""
    page.text("a.csv", HEADER, *(f"S{at},{text},{NY},{text}" for at, text in enumerate(status)))
    checked = page.check(table("site", f"where = {where}", name='{ column = "Name", default = "-" }'))
    assert {why for _, why in left_out(checked)} <= {"filtered by where"}
    assert checked.left_out.height + checked.records["site"].height == len(status)
    return ["" if name == "-" else name for name in values(checked, "site", "name")]


def test_where_in_and_not_in_match_as_map_keys_do(page: Page) -> None:
    rows = ("Open", "CLOSED", "closed ", "Cancelled 2020", "", "7")
    assert taken(page, '{ column = "status", in = ["open", 7] }', *rows) == ["Open", "7"]
    assert taken(page, '{ column = "Status", not_in = ["Closed", "cancel*"] }', *rows) == ["Open", "", "7"]
    assert taken(page, '{ column = "Status", not_in = [""] }', *rows) == ["Open", "CLOSED", "closed", *rows[3:4], "7"]


def test_where_matches_is_a_regular_expression_found_anywhere_in_the_cell(page: Page) -> None:
    assert taken(page, "{ column = 'Status', matches = '[0-9]+$' }", "A1", "1A", "", "2020") == ["A1", "2020"]


def test_a_list_of_conditions_means_all_of_them(page: Page) -> None:
    where = "[{ column = 'Status', not_in = ['closed'] }, { column = 'Name', matches = '^O' }]"
    assert taken(page, where, "Open", "Closed", "Other", "New") == ["Open", "Other"]


def test_where_looks_after_fill_down(page: Page) -> None:
    page.text("a.csv", HEADER, f"S1,Acme,{NY},Closed", f"S2,Bolt,{NY},", f"S3,Coil,{NY},Open", f"S4,Dent,{NY},")
    where = 'where = { column = "Status", not_in = ["Closed"] }'
    checked = page.check(table("site", 'fill_down = ["Status"]', where))
    assert values(checked, "site", "external_site_id") == ["S3", "S4"]
    assert left_out(checked) == [(2, "filtered by where"), (3, "filtered by where")]


def test_fill_down_lets_empty_cells_take_the_value_above(page: Page) -> None:
    rows: list[list[object]] = [
        ["Site", "Name", "TZ", "Cam", "Zone"],
        ["S1", "Acme", NY, "C1", "1"],
        [None, None, None, "C2", "2"],
    ]
    page.book("a.xlsx", {"Data": [*rows, ["S2", "Bolt", NY, "C3", "1"], [" ", "", None, "C4", "2"]]})
    down = 'fill_down = ["site", "name", "tz"]'
    checked = page.check(table("site", down), table("device", down))
    assert values(checked, "device", "external_site_id") == ["S1", "S1", "S2", "S2"]
    assert values(checked, "site", "external_site_id", "_rows") == [("S1", 1), ("S2", 1)]
    assert codes(checked) == []


def test_a_value_that_fills_down_into_the_next_site_is_told_once_with_a_count(page: Page) -> None:
    page.text("a.csv", "Site,Name,TZ,Suite", f"S1,Acme,{NY},5", f"S2,Bolt,{NY},", f"S3,Coil,{NY},")
    checked = page.check(table("site", 'fill_down = ["Site", "Suite"]', address2='"Suite"'))
    assert values(checked, "site", "address2") == ["5", "5", "5"]
    (finding,) = told(checked)
    assert (finding["code"], finding["severity"], finding["cell"]) == ("filled_across", "warning", "D3")
    told_of = '2 sites took "Suite" from the site above, as their own cells are empty, such as "5" in row 3'
    assert finding["message"] == told_of


def test_a_source_row_is_numbered_as_a_spreadsheet_shows_it(page: Page) -> None:
    page.book("a.xlsx", {"Data": [["Customers"], [], ["Site", "Name", "TZ"], [], ["S1", "Acme", NY], [], ["S2"]]})
    page.text("b.csv", "Site,Name,TZ", "", 'S3,"Bolt\nand Nut",' + NY, f"S4,Coil,{NY}")
    checked = page.check(table("site"))
    assert values(checked, "site", "external_site_id", "_row") == [("S1", 5), ("S2", 7), ("S3", 3), ("S4", 4)]
    assert left_out(checked) == [(4, "blank"), (6, "blank"), (2, "blank")]


def test_left_out_csv_accounts_for_every_row_that_makes_no_record(page: Page) -> None:
    page.text(
        "a.csv",
        "Site,Name,TZ,Status,Notes",
        f"S1,Acme,{NY},Open,",
        ",,,,",
        f"S2,Bolt,{NY},Closed,",
        "Site,Name,TZ,Status,Notes",
        ",,,Open,call first",
        f"S3,Coil,{NY},Open,",
        "Total: 3,,,,",
    )
    run = page.run(table("site", 'where = { column = "Status", in = ["Open"] }'))
    assert lines_of(run / "left_out.csv") == [
        ["file", "sheet", "row", "why"],
        ["a.csv", "", "3", "blank"],
        ["a.csv", "", "4", "filtered by where"],
        ["a.csv", "", "5", "repeated header"],
        ["a.csv", "", "6", "no values for a record"],
        ["a.csv", "", "8", "total"],
    ]
    assert [line[2] for line in lines_of(run / "outcomes.csv")] == ["row", "2", "7"]


def test_rows_with_a_record_and_rows_left_out_are_the_source_rows_of_the_sheets_that_are_read(page: Page) -> None:
    rows: list[list[object]] = [
        ["Site", "Name", "TZ"],
        ["S1", "Acme", NY],
        ["S1", "Acme", NY],
        [],
        ["S2", "Bolt", NY],
        ["Total", 3],
    ]
    page.book("a.xlsx", {"Data": rows, "Notes": [["hello"], ["world"]]})
    checked = page.check(table("site"))
    assert [item.rows for item in checked.inputs] == [5]
    assert (checked.contributing.height, checked.left_out.height) == (3, 2)


def test_a_row_in_which_all_columns_that_only_this_table_reads_are_empty_makes_no_record(page: Page) -> None:
    page.text("a.csv", "Site,Name,TZ,Cam,Zone", f"S1,Acme,{NY},C1,1", f"S2,Bolt,{NY},,", "S1,,,C2,2", "S3,,,,")
    checked = page.check(table("site"), table("device"))
    assert values(checked, "site", "external_site_id", "_row") == [("S1", 2), ("S2", 3)]
    assert values(checked, "device", "external_device_id", "_row") == [("C1", 2), ("C2", 4)]
    assert left_out(checked) == [(5, "no values for a record")]


def test_rows_that_agree_on_the_key_are_one_record_at_its_first_row_and_an_empty_cell_agrees(page: Page) -> None:
    page.text("a.csv", "Site,Name,TZ,Street", f"S1,,{NY},", "S2,Bolt,,", "S1,Acme,,1 Elm")
    page.text("b.csv", "Site,Name,TZ,Street", f"S2,,{NY},2 Oak")
    checked = page.check(table("site", address1='"Street"'))
    fields = ("external_site_id", "name", "timezone", "address1", "_row", "_rows")
    assert values(checked, "site", *fields) == [("S1", "Acme", NY, "1 Elm", 2, 2), ("S2", "Bolt", NY, "2 Oak", 3, 2)]
    assert codes(checked) == []


def test_a_default_stands_for_the_whole_record_and_contradicts_none_of_its_rows(page: Page) -> None:
    page.text("a.csv", "Site,Name,TZ", "S1,Acme,", "S1,,America/Chicago", "S2,Bolt,", "S2,Bolt,", ",Coil,", ",Dent,")
    spec = '{ column = "TZ", default = "America/New_York" }'
    checked = page.check(table("site", timezone=spec))
    assert values(checked, "site", "timezone") == ["America/Chicago", NY, NY, NY]
    assert codes(checked) == ["required", "required"]


def test_what_is_required_is_judged_on_the_whole_of_two_tables(page: Page) -> None:
    page.text("a.csv", "Site,Name", "S1,Acme", "S2,Bolt")
    page.text("b.csv", "Site,TZ", f"S1,{NY}")
    names = '[[table]]\nrecord = "site"\nfile = "a*"\n[table.fields]\nexternal_site_id = "Site"\nname = "Name"\n'
    zones = '[[table]]\nrecord = "site"\nfile = "b*"\n[table.fields]\nexternal_site_id = "Site"\ntimezone = "TZ"\n'
    checked = page.check(names, zones)
    assert verdicts(checked, "site") == [None, "invalid"]
    (finding,) = told(checked, "required")
    assert (finding["external_id"], finding["field"]) == ("S2", "timezone")


def test_stations_are_merged_like_sites(page: Page) -> None:
    page.text("a.csv", "Site,Name,TZ,Station,Station name", *(f"S{at},N{at},{NY},CS,Central" for at in (1, 2)))
    checked = page.check(table("station"), table("site", external_monitoring_station_id='"Station"'))
    assert values(checked, "station", "external_monitoring_station_id", "_rows") == [("CS", 2)]


def test_rows_that_differ_are_an_error_on_the_later_row_that_names_the_earlier(page: Page) -> None:
    page.text("a.csv", "Site,Name,TZ", f"S1,Acme,{NY}", f"S2,Bolt,{NY}")
    page.text("b.csv", "Site,Name,TZ", f"S1,Acme Inc,{NY}")
    checked = page.check(table("site"))
    (finding,) = told(checked)
    assert (finding["code"], finding["severity"]) == ("disagreement", "error")
    assert (finding["file"], finding["cell"], finding["value"]) == ("b.csv", "B2", "Acme Inc")
    assert finding["message"] == 'name is "Acme Inc" in row 2, but "Acme" in row 2 of a.csv'


def test_a_site_whose_rows_differ_is_not_sent_and_what_belongs_to_it_is_blocked(page: Page) -> None:
    rows = (f"S1,Acme,{NY},C1,1", f"S1,Acne,{NY},C2,2", f"S2,Bolt,{NY},C3,1")
    page.text("a.csv", "Site,Name,TZ,Cam,Zone", *rows)
    checked = page.check(table("site"), table("device"))
    assert verdicts(checked, "site") == ["invalid", None]
    assert verdicts(checked, "device") == ["blocked", "blocked", None]
    run = page.run(table("site"), table("device"))
    assert [line[7] for line in lines_of(run / "outcomes.csv")[1:]] == [
        *("invalid", "blocked", "blocked"),
        *("valid", "valid"),
    ]


def test_devices_are_never_merged(page: Page) -> None:
    page.text("a.csv", "Site,Cam,Zone", "S1,C1,1", "S1,C1,1")
    checked = page.check(table("device"))
    assert verdicts(checked, "device") == [None, "invalid"]
    assert codes(checked) == ["duplicate_id"]


def test_cameras_of_a_site_that_where_leaves_out_are_told_in_which_row(page: Page) -> None:
    page.text("sites.csv", HEADER, f"S1,Acme,{NY},Open", f"S2,Bolt,{NY},Closed")
    page.text("cams.csv", "Site,Cam,Zone", "S1,C1,1", "S2,C2,1")
    site = table("site", 'file = "sites*"', 'where = { column = "Status", not_in = ["closed"] }')
    checked = page.check(site, table("device", 'file = "cams*"'))
    (finding,) = told(checked, "filtered_site")
    assert finding["message"] == 'site "S2" is left out by where in row 3 of sites.csv'
    assert (finding["external_id"], finding["severity"]) == ("C2", "warning")
