"""The interface page on mappings: which table reads which input, sheet and column."""

from pathlib import Path

import pytest
from mapping_page import Page, codes, keys, table, told, values

from migrate.errors import InputError

SITES = ("Site,Name,TZ", "S1,Acme,America/New_York")
CAMERAS = ("Site,Cam,Zone", "S1,C1,001")
HEAD = ["Site", "Name", "TZ"]


def site_row(number: str) -> list[str]:
    return [number, f"Customer {number}", "America/New_York"]


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page(tmp_path)


def test_file_is_a_glob_on_the_inputs_file_name_and_by_default_every_input(page: Page) -> None:
    page.text("north/Sites 1.csv", *SITES)
    page.text("south/sites 2.CSV", SITES[0], "S2,Bolt,America/Chicago")
    page.text("cams.csv", *CAMERAS)
    checked = page.check(table("site", 'file = "sites*.csv"'), table("device"))
    assert values(checked, "site", "external_site_id") == ["S1", "S2"]
    assert values(checked, "device", "external_device_id") == ["C1"]
    assert [item.file for item in checked.inputs] == ["Sites 1.csv", "sites 2.CSV", "cams.csv"]
    assert [item.rows for item in checked.inputs] == [1, 1, 1]


def test_sheet_is_by_default_the_first_that_has_rows(page: Page) -> None:
    page.book("a.xlsx", {"Empty": [], "First": [HEAD, site_row("S1")], "Second": [HEAD, site_row("S2")]})
    assert values(page.check(table("site")), "site", "external_site_id") == ["S1"]


def test_a_sheet_by_pattern_takes_every_sheet_that_matches(page: Page) -> None:
    sheets = {f"Region {number}": [HEAD, site_row(f"S{number}")] for number in (1, 2, 3)}
    page.book("a.xlsx", {**sheets, "Notes": [["hello"]], "Region 4": []})
    page.book("b.xlsx", {"REGION 9": [HEAD, site_row("S9")]})
    checked = page.check(table("site", 'sheet = "Region *"'))
    assert values(checked, "site", "external_site_id") == ["S1", "S2", "S3", "S9"]
    assert [item.rows for item in checked.inputs] == [3, 1]


def test_a_csv_has_no_sheet(page: Page) -> None:
    page.text("sites.csv", *SITES)
    assert page.check(table("site")).sources[0].table.sheet is None
    assert page.refused(table("site", 'sheet = "Sites"'))[0].endswith("a text file has none")


def test_the_header_row_is_by_default_found_by_looking(page: Page) -> None:
    page.book("a.xlsx", {"Data": [["Customers of Acme"], [], HEAD, site_row("S1")]})
    (source,) = page.check(table("site")).sources
    assert source.table.header_row == 3


def test_a_told_header_row_is_the_spreadsheets_number_of_it(page: Page) -> None:
    page.book("a.xlsx", {"Data": [["A", "B", "C"], ["x", "y", "z"], HEAD, site_row("S1"), site_row("S2")]})
    checked = page.check(table("site", "header_row = 3"))
    assert values(checked, "site", "_row", "external_site_id") == [(4, "S1"), (5, "S2")]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_header_row_0_means_there_is_none_and_columns_are_called_a_b_c(page: Page, kind: str) -> None:
    if kind == "csv":
        page.text("a.csv", "S1,Acme,America/New_York", "S2,Bolt,America/Chicago")
    else:
        page.book("a.xlsx", {"Data": [site_row("S1"), site_row("S2")]})
    fields = {"external_site_id": '"A"', "name": '{ template = "{b} ({a})" }', "timezone": '"C"'}
    checked = page.check(table("site", "header_row = 0", **fields))
    assert values(checked, "site", "_row", "external_site_id") == [(1, "S1"), (2, "S2")]
    assert values(checked, "site", "name")[0] in {"Acme (S1)", "Customer S1 (S1)"}


def test_a_header_row_that_is_not_there_is_told_with_the_rows_that_are(page: Page) -> None:
    page.text("a.csv", *SITES)
    with pytest.raises(InputError, match="header_row = 9 is not among its rows 1 to 2"):
        page.check(table("site", "header_row = 9"))


def test_encoding_delimiter_and_quote_can_be_told_where_looking_goes_wrong(page: Page) -> None:
    page.text("a.csv", "Site;Name;TZ", "S1;'서울; 본점';Asia/Seoul", encoding="cp949")
    checked = page.check(table("site", 'encoding = "cp949"', 'delimiter = ";"', 'quote = "\'"'))
    assert values(checked, "site", "name") == ["서울; 본점"]
    assert codes(checked, "error", "warning", "note") == []


def test_a_column_to_keep_looks_like_a_credential_and_is_none(page: Page) -> None:
    page.text("a.csv", "Site,Name,TZ,Gate PIN,Password", "S1,Acme,America/New_York,7,secret")
    kept = page.check(table("site", 'keep = ["Gate PIN"]'))
    assert kept.sources[0].table.columns == ["Site", "Name", "TZ", "Gate PIN"]
    assert page.check(table("site")).sources[0].table.columns == HEAD
    used = page.check(table("site", address2='"gate pin"'))
    assert values(used, "site", "address2") == ["7"]


def test_column_names_match_after_trimming_in_any_case_and_with_white_space_folded(page: Page) -> None:
    page.book("a.xlsx", {"Data": [[" SITE ", "customer\n  NAME", "tz"], site_row("S1")]})
    checked = page.check(table("site", name='" Customer  Name"'))
    assert values(checked, "site", "name") == ["Customer S1"]


def test_a_column_that_the_file_lacks_is_an_error_that_names_the_nearest_that_it_has(page: Page) -> None:
    page.text("a.csv", "Site,Customer Name,TZ", "S1,Acme,America/New_York")
    (mistake,) = page.refused(table("site", name='"Custmer Name"'))
    told = 'acme.toml:5: table[1].fields.name: a.csv has no column "Custmer Name" (nearest: "Customer Name"'
    assert mistake.startswith(told)


def test_a_column_that_many_sheets_lack_is_one_error_that_names_them(page: Page) -> None:
    sheets = {f"Region {number}": [HEAD, site_row(f"S{number}")] for number in (1, 2, 3)}
    page.book("a.xlsx", {**sheets, "Region 4": [[*HEAD, "Street"], [*site_row("S4"), "1 Elm"]]})
    (mistake,) = page.refused(table("site", 'sheet = "Region *"', address1='"Street"'))
    assert 'a.xlsx, sheets "Region 1", "Region 2", "Region 3" have no column "Street"' in mistake


def test_an_input_that_no_table_reads_is_an_error_that_says_what_was_nearest(page: Page) -> None:
    page.text("a.csv", *SITES)
    page.text("b.csv", "Site No,Nmae,Phone", "S2,Bolt,1")
    (mistake,) = page.refused(table("site"))
    assert 'no table reads b.csv, which has no column "Site" (nearest: "Site No"), "Name" (nearest: "Nmae")' in mistake


def test_a_table_that_reads_no_input_is_an_error_that_says_what_was_nearest(page: Page) -> None:
    page.text("a.csv", *SITES)
    (mistake,) = page.refused(table("site"), table("device"))
    assert mistake.startswith("acme.toml:7: table[2]: it reads no input; nearest is a.csv, which has no column")
    assert keys(page.refused(table("site"), table("device", 'file = "cam*"'))) == ["table[2].file"]


def test_everything_that_does_not_fit_is_told_at_once(page: Page) -> None:
    page.text("a.csv", "Site,Nme,TZ", "S1,Acme,America/New_York")
    page.text("b.csv", "Site,Cam,Zon", "S1,C1,1")
    mistakes = page.refused(table("site", 'file = "a*"'), table("device", 'file = "b*"'))
    assert keys(mistakes) == ["table[1].fields.name", "table[2].fields.zone_number"]


def test_repeated_header_names_get_a_number_and_blank_ones_their_columns_letter(page: Page) -> None:
    page.text("a.csv", "Site,Name,TZ,name,,Site", "S1,Acme,America/New_York,Bolt,x,y")
    fields = {"address1": '"Name (2)"', "address2": '"E"', "account_number": '"Site (2)"'}
    checked = page.check(table("site", **fields))
    assert values(checked, "site", *fields) == [("Bolt", "x", "y")]


def test_two_tables_may_read_the_same_sheet_with_the_sites_columns_repeated(page: Page) -> None:
    page.text("a.csv", "Site,Name,TZ,Cam,Zone", *(f"S1,Acme,America/New_York,C{at},00{at}" for at in (1, 2)))
    checked = page.check(table("site"), table("device"))
    assert values(checked, "site", "external_site_id", "_rows") == [("S1", 2)]
    assert values(checked, "device", "external_device_id", "_row") == [("C1", 2), ("C2", 3)]
    assert told(checked) == []


def test_one_sheet_may_hold_several_devices_in_a_row(page: Page) -> None:
    page.text("a.csv", "Site,Cam,Zone,Cam B,Zone B", "S1,C1,001,B1,002", "S2,C2,001,,")
    second = table("device", external_device_id='"Cam B"', zone_number='"Zone B"')
    checked = page.check(table("device"), second)
    assert values(checked, "device", "external_device_id", "_row") == [("C1", 2), ("B1", 2), ("C2", 3)]


def test_a_table_without_a_sheet_reads_one_sheet_of_each_input(page: Page) -> None:
    for name in ("a", "b"):
        page.book(f"{name}.xlsx", {"One": [HEAD, site_row(name)], "Two": [HEAD, site_row(f"{name}2")]})
    checked = page.check(table("site"))
    assert values(checked, "site", "external_site_id") == ["a", "b"]
    assert [item.rows for item in checked.inputs] == [1, 1]
