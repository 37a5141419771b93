"""Which table reads which source, and what is told where they don't fit."""

import pytest
from mapping_sources import DEVICE_ID, SITE_ID, mapping, source

from migrate.errors import MappingError
from migrate.mapping.choose import choose
from migrate.model.sources import Source

SITE = f'[[table]]\nrecord = "site"\n[table.fields]\n{SITE_ID}'
DEVICE = f'[[table]]\nrecord = "device"\n[table.fields]\n{DEVICE_ID}'

SITES = {"Site": ["S1"], "Name": ["N"], "TZ": ["E"]}
DEVICES = {"Site": ["S1"], "Cam": ["C"], "Type": ["camera"], "Zone": ["1"]}


def with_options(table: str, options: str) -> str:
    """Return the table with some options more."""
    return table.replace("[table.fields]", f"{options}\n[table.fields]")


def pairs(sources: list[Source], text: str) -> list[tuple[int, int]]:
    """Return source and table of what is read."""
    return [(reading.src, reading.table) for reading in choose(sources, mapping(text))]


def told(sources: list[Source], text: str) -> list[str]:
    """Return all mistakes."""
    with pytest.raises(MappingError) as refused:
        choose(sources, mapping(text))
    return refused.value.mistakes


def test_a_column_is_found_after_trimming_in_any_case_and_with_white_space_folded() -> None:
    given = source({" SITE\u00a0": ["S"], "Customer \n  name": ["N"], "\ufeffTz": ["E"]})
    text = SITE.replace('"Name"', '"customer NAME "')
    assert choose([given], mapping(text))[0].columns == {
        "Site": " SITE\u00a0",
        "customer NAME ": "Customer \n  name",
        "TZ": "\ufeffTz",
    }


def test_a_column_of_the_very_name_wins_over_one_that_differs_by_case() -> None:
    given = source({"SITE": ["1"], "Site": ["2"], "Name": ["N"], "TZ": ["E"]})
    assert choose([given], mapping(SITE))[0].columns["Site"] == "Site"


def test_by_default_a_table_reads_the_first_visible_sheet_that_has_rows() -> None:
    sheets = [
        source({name: [] for name in SITES}, file="a.xlsx", sheet="Empty"),
        source(SITES, file="a.xlsx", sheet="Hidden", hidden=True),
        source(SITES, file="a.xlsx", sheet="First"),
        source(SITES, file="a.xlsx", sheet="Second"),
        source(SITES, file="b.xlsx", sheet="Only", hidden=True),
    ]
    assert pairs(sheets, SITE) == [(2, 0), (4, 0)]
    assert pairs(sheets[:2], SITE) == [(1, 0)]


def test_a_sheet_is_named_by_a_glob_in_any_case() -> None:
    sheets = [source(SITES, file="a.xlsx", sheet=name) for name in ("REGION 1 ", "Notes", "region 2", "Region")]
    assert pairs(sheets, with_options(SITE, 'sheet = "Region *"')) == [(0, 0), (2, 0)]


def test_a_named_hidden_sheet_is_read() -> None:
    sheets = [source(SITES, file="a.xlsx", sheet="A"), source(SITES, file="a.xlsx", sheet="B", hidden=True)]
    assert pairs(sheets, with_options(SITE, 'sheet = "B"')) == [(1, 0)]


def test_a_file_is_named_by_a_glob_on_its_name_in_any_case() -> None:
    given = [source(SITES, file="x/Sites [1].CSV"), source(DEVICES, file="x/cams.csv")]
    assert pairs(given, with_options(SITE, 'file = "sites*.csv"') + DEVICE) == [(0, 0), (1, 1)]
    assert pairs(given[:1], with_options(SITE, 'file = "Sites [1].csv"')) == [(0, 0)]


def test_without_file_a_table_reads_the_inputs_that_have_its_columns() -> None:
    given = [source(DEVICES, file="cams.csv"), source(SITES, file="sites.csv"), source(SITES, file="more.csv")]
    assert pairs(given, SITE + DEVICE) == [(0, 1), (1, 0), (2, 0)]


def test_a_table_that_shares_some_column_names_with_anothers_file_passes_it_by() -> None:
    given = [source({**SITES, "Street": ["x"]}, file="sites.csv"), source({**DEVICES, "Name": ["x"]}, file="cams.csv")]
    text = SITE + 'address1 = "Street"\n' + DEVICE + 'name = "Name"\n'
    assert pairs(given, text) == [(0, 0), (1, 1)]


def test_a_column_that_the_file_lacks_names_the_nearest_that_it_has() -> None:
    given = [source({"Site": ["S"], "Name": ["N"], "Time Zone": ["E"], "Zone": ["1"]})]
    assert told(given, SITE.replace('"TZ"', '{ column = "Timezone" }')) == [
        'acme.toml:6: table[1].fields.timezone: acme.csv has no column "Timezone" (nearest: "Time Zone", "Zone")'
    ]


def test_a_column_that_is_like_no_other_names_those_that_there_are() -> None:
    given = [source({**SITES, **{f"{letter * 3}": ["x"] for letter in "abcdefgh"}})]
    assert told(given, SITE + 'address1 = "9"\n') == [
        (
            'acme.toml:7: table[1].fields.address1: acme.csv has no column "9"'
            ' (it has "Site", "Name", "TZ", "aaa", "bbb", "ccc", "ddd", "eee" and 3 more)'
        )
    ]


def test_all_missing_columns_are_told_at_once_wherever_they_are_named() -> None:
    fields = 'address1 = { template = "{Site} {Stret}" }\n'
    options = "fill_down = ['Sit']\nwhere = { column = 'Stat', in = ['x'] }"
    text = with_options(SITE + fields + 'account_number = { column = ["Acct", "No"] }\n', options)
    lines = told([source({**SITES, "Street": ["x"], "Status": ["x"]}, file="a.xlsx", sheet="Data")], text)
    assert [line.split(" (")[0] for line in lines] == [
        'acme.toml:3: table[1].fill_down: a.xlsx, sheet "Data" has no column "Sit"',
        'acme.toml:4: table[1].where: a.xlsx, sheet "Data" has no column "Stat"',
        'acme.toml:9: table[1].fields.address1: a.xlsx, sheet "Data" has no column "Stret"',
        'acme.toml:10: table[1].fields.account_number: a.xlsx, sheet "Data" has no column "Acct" or "No"',
    ]


def test_a_column_that_several_sheets_lack_is_told_once_with_their_names() -> None:
    sheets = [source({**SITES, "Street": ["x"]}, file="a.xlsx", sheet="Region 1")]
    sheets += [source(SITES, file="a.xlsx", sheet=f"Region {number}") for number in (2, 3)]
    sheets += [source({**SITES, "Stret": ["x"]}, file="b.xlsx", sheet="Region 1")]
    assert told(sheets, with_options(SITE + 'address1 = "Street"\n', 'sheet = "Region *"')) == [
        (
            'acme.toml:8: table[1].fields.address1: a.xlsx, sheets "Region 2", "Region 3"; b.xlsx, sheet "Region 1" '
            'have no column "Street" (nearest: "Stret", "Site")'
        )
    ]


def test_of_many_files_that_lack_a_column_three_are_named_and_the_others_counted() -> None:
    given = [source(SITES, file=f"{letter}.csv") for letter in "abcde"]
    assert told(given, SITE + 'address1 = "9"\n') == [
        (
            'acme.toml:7: table[1].fields.address1: a.csv; b.csv; c.csv and 2 more files have no column "9" '
            '(they have "Site", "Name", "TZ")'
        )
    ]


def test_sheets_that_are_alike_and_that_no_table_reads_are_told_once() -> None:
    sheets = [source({"Foo": ["x"], "Bar": ["y"]}, file="a.xlsx", sheet=f"Region {number}") for number in (1, 2)]
    lines = told(sheets, with_options(SITE, 'sheet = "Region *"'))
    assert lines == [
        (
            'acme.toml:1: table[1]: no table reads a.xlsx, sheets "Region 1", "Region 2", which have no column '
            '"Site", "Name", "TZ"; they have "Foo", "Bar"'
        )
    ]


def test_of_sheets_named_by_a_glob_those_without_a_cell_are_passed_by() -> None:
    sheets = [source(SITES, file="a.xlsx", sheet="Region 1"), source({}, file="a.xlsx", sheet="Region 2")]
    assert pairs(sheets, with_options(SITE, 'sheet = "Region *"')) == [(0, 0)]
    assert 'sheet "Region 2"' in told(sheets, with_options(SITE, 'sheet = "Region 2"'))[0]


def test_a_column_missing_in_a_sheet_that_another_table_reads_is_told() -> None:
    given = [source({**SITES, **DEVICES, "Time": ["x"]}), source({**SITES, "TZ": ["E"]}, file="sites.csv")]
    del_tz = source({name: ["x"] for name in ("Site", "Name", "Zeit", "Cam", "Type", "Zone")})
    assert told([del_tz, given[1]], SITE + DEVICE)[0].startswith(
        'acme.toml:6: table[1].fields.timezone: acme.csv has no column "TZ"'
    )


def test_an_input_that_no_table_reads_says_what_was_nearest() -> None:
    given = [source(SITES, file="sites.csv"), source({"Nme": ["x"], "Foo": ["y"]}, file="other.csv")]
    assert told(given, SITE) == [
        (
            'acme.toml:1: table[1]: no table reads other.csv, which has no column "Site", "Name" (nearest: "Nme"), '
            '"TZ"; it has "Nme", "Foo"'
        )
    ]


def test_an_input_whose_name_or_sheets_fit_no_table_says_what_the_tables_take() -> None:
    given = [source(SITES, file="a.csv"), source(SITES, file="b.xlsx", sheet="Data"), source(SITES, file="c.txt")]
    text = with_options(SITE, 'file = "*.csv"') + with_options(DEVICE, 'sheet = "Cams"')
    lines = told(given, text)
    assert lines[1:] == [
        (
            'b.xlsx: no table of acme.toml reads it; its sheets are "Data"; '
            'table[1] takes file "*.csv", table[2] takes sheet "Cams"'
        ),
        (
            "c.txt: no table of acme.toml reads it; it is a text file, without sheets; "
            'table[1] takes file "*.csv", table[2] takes sheet "Cams"'
        ),
    ]


def test_a_table_whose_sheet_no_input_has_names_the_nearest() -> None:
    given = [source(SITES, file="a.xlsx", sheet="Customers"), source(DEVICES, file="a.xlsx", sheet="Cams")]
    lines = told(given, with_options(SITE, 'sheet = "Custmers"') + with_options(DEVICE, 'sheet = "Cams"'))
    assert lines == [
        (
            'acme.toml:3: table[1].sheet: no input has a sheet "Custmers"; there are "Customers", "Cams";'
            ' did you mean "Customers"?'
        )
    ]


def test_a_text_file_has_no_sheet() -> None:
    assert told([source(SITES)], with_options(SITE, 'sheet = "Sheet1"'))[0] == (
        'acme.toml:3: table[1].sheet: no input has a sheet "Sheet1"; a text file has none'
    )


def test_a_table_whose_file_no_input_has_names_the_inputs() -> None:
    (line,) = told([source(SITES)], SITE + with_options(DEVICE, 'file = "dev*.csv"'))
    what, cure = 'no input\'s name matches "dev*.csv"; given: "acme.csv"', "name that file too, or mend the glob"
    assert line == f"acme.toml:9: table[2].file: {what}; {cure}"


def test_a_table_that_reads_no_input_says_what_was_nearest() -> None:
    lines = told([source(SITES, file="sites.csv")], SITE + DEVICE)
    assert len(lines) == 1
    assert lines[0].startswith("acme.toml:7: table[2]: it reads no input; nearest is sites.csv, which has no column")


def test_where_another_sheet_has_all_columns_its_name_is_told() -> None:
    sheets = [source({"Read me": ["x"]}, file="a.xlsx", sheet="Cover"), source(SITES, file="a.xlsx", sheet="Data")]
    assert told(sheets, SITE)[0].endswith('; another sheet has all of them: write sheet = "Data"')


def test_a_header_row_that_another_table_decided_is_a_mistake() -> None:
    given = [source({**SITES, **DEVICES}, file="a.xlsx", sheet="Data", header_row=3)]
    text = with_options(SITE, 'sheet = "D*"\nheader_row = 3') + with_options(DEVICE, "header_row = 0")
    assert told(given, text) == [
        'acme.toml:11: table[2].header_row: a.xlsx, sheet "Data" was read with header row 3, as another table wants it'
    ]
