"""What the reader found, told of fields, and the cells that findings are about."""

import polars as pl
from mapping_sources import DEVICE_ID, SITE_ID, map_field, mapping, source

from migrate.mapping.apply import map_sources
from migrate.model.findings import findings_frame

SITE = f'[[table]]\nrecord = "site"\n[table.fields]\n{SITE_ID}'
DEVICE = f'[[table]]\nrecord = "device"\n[table.fields]\n{DEVICE_ID}'

CELLS: dict[str, list[str | None]] = {"Site": ["S1", "S2"], "Name": ["A", "B"], "TZ": ["E", "E"], "Notes": ["x", "y"]}


def found(row: int | None, column: str | None, *, code: str = "damaged") -> dict[str, object]:
    """Return a finding as a reader makes it."""
    cell = f"A{row}" if column else None
    return {"_row": row, "cell": cell, "column": column, "code": code, "severity": "note", "message": "m", "hint": "h"}


def test_what_the_reader_found_in_a_cell_is_told_once_for_each_field_that_the_cell_goes_into() -> None:
    cells: dict[str, list[str | None]] = {**CELLS, "Cam": ["C", None], "Type": ["camera", None], "Zone": ["1", None]}
    text = SITE + DEVICE.replace('"Cam"', '{ template = "{site}-{Cam}" }')
    mapped = map_sources([source(cells, findings=[found(2, "Site"), found(3, "Site")])], mapping(text))
    assert mapped.findings.select("_src", "_row", "file", "row", "cell", "record", "field").rows() == [
        (0, 2, "acme.csv", 2, "A2", "site", "external_site_id"),
        (0, 3, "acme.csv", 3, "A3", "site", "external_site_id"),
        (0, 2, "acme.csv", 2, "A2", "device", "external_site_id"),
        (0, 2, "acme.csv", 2, "A2", "device", "external_device_id"),
    ]


def test_what_the_reader_found_in_a_column_that_no_table_uses_is_dropped() -> None:
    mapped = map_sources([source(CELLS, findings=[found(2, "Notes"), found(None, "Notes")])], mapping(SITE))
    assert mapped.findings.is_empty()


def test_what_the_reader_found_about_a_file_or_a_row_is_kept() -> None:
    given = [found(None, None), found(None, "TZ"), found(3, None)]
    mapped = map_sources([source(CELLS, file="a.xlsx", sheet="Data", findings=given)], mapping(SITE))
    assert mapped.findings.select("file", "sheet", "row", "column", "record", "field").rows() == [
        ("a.xlsx", "Data", None, None, None, None),
        ("a.xlsx", "Data", None, "TZ", None, None),
        ("a.xlsx", "Data", 3, None, None, None),
    ]


def test_what_the_reader_found_in_a_row_that_makes_no_record_is_dropped() -> None:
    text = SITE.replace("[table.fields]", 'where = { column = "Notes", in = ["y"] }\n[table.fields]')
    given = [found(2, None), found(2, "Site"), found(2, "Notes"), found(3, "Notes")]
    mapped = map_sources([source(CELLS, findings=given)], mapping(text))
    assert mapped.findings.select("_row", "column", "record", "field").rows() == [(3, "Notes", None, None)]


def test_of_several_columns_only_the_one_that_is_used_has_findings() -> None:
    cells: dict[str, list[str | None]] = {**CELLS, "Acct": ["1", None], "No": ["2", "3"]}
    given = [found(row, column) for row in (2, 3) for column in ("Acct", "No")]
    text = SITE + 'account_number = { column = ["Acct", "No"] }\n'
    mapped = map_sources([source(cells, findings=given)], mapping(text))
    assert mapped.findings.select("_row", "column").rows() == [(2, "Acct"), (3, "No")]


def test_a_finding_about_a_field_is_told_the_cell_it_came_from() -> None:
    mapped = map_field("{ column = ['A', 'B'], default = 'x' }", A=["1", " ", None], B=["2", " 5 ", None])
    asked = findings_frame(
        {"_src": 0, "_row": row, "record": "site", "field": "address1", "code": "c"} for row in (4, 3, 2)
    )
    assert mapped.locate(asked).select("file", "row", "cell", "column", "value").rows() == [
        ("acme.csv", 4, "D4", "A", None),
        ("acme.csv", 3, "E3", "B", " 5 "),
        ("acme.csv", 2, "D2", "A", "1"),
    ]


def test_the_cell_of_a_template_is_its_first_column_that_is_not_empty() -> None:
    mapped = map_field("{ template = '{A} {B}' }", A=[None], B=["2"])
    asked = findings_frame([{"_src": 0, "_row": 2, "record": "site", "field": "address1"}])
    assert mapped.locate(asked)["cell"].to_list() == ["E2"]


def test_the_cell_of_an_ids_template_is_its_first_empty_column() -> None:
    given: dict[str, list[str | None]] = {"A": ["1", "1", None], "B": [" ", "2", None]}
    mapped = map_field("{ template = '{A}-{B}' }", name="external_monitoring_station_id", **given)
    asked = findings_frame(
        {"_src": 0, "_row": row, "record": "site", "field": "external_monitoring_station_id"} for row in (2, 3, 4)
    )
    assert mapped.locate(asked)["cell"].to_list() == ["E2", "D3", "D4"]


def test_a_field_by_value_has_no_cell() -> None:
    mapped = map_field("{ value = 'x' }")
    asked = findings_frame([{"_src": 0, "_row": 2, "record": "site", "field": "address1"}])
    assert mapped.locate(asked).select("file", "row", "cell", "column").rows() == [("acme.csv", 2, None, None)]


def test_a_finding_that_has_its_cell_or_names_no_field_keeps_what_it_has() -> None:
    mapped = map_field("'A'", A=["1"])
    asked = findings_frame(
        [
            {"_src": 0, "_row": 2, "record": "site", "field": "address1", "cell": "Z9", "value": "v"},
            {"_src": 0, "_row": 2, "record": "site", "code": "row"},
            {"_src": 0, "_row": None, "code": "file"},
        ]
    )
    assert mapped.locate(asked).select("row", "cell", "value").rows() == [
        (2, "Z9", "v"),
        (2, None, None),
        (None, None, None),
    ]


def test_the_value_of_a_cell_that_was_filled_down_is_the_text_above_in_its_own_cell() -> None:
    text = SITE.replace("[table.fields]", 'fill_down = ["Site"]\n[table.fields]')
    cells: dict[str, list[str | None]] = {"Site": ["S1", None], "Name": ["A", "B"], "TZ": ["E", "E"]}
    mapped = map_sources([source(cells)], mapping(text))
    asked = findings_frame([{"_src": 0, "_row": 3, "record": "site", "field": "external_site_id"}])
    assert mapped.locate(asked).select("cell", "value").rows() == [("A3", "S1")]


def test_of_two_tables_of_a_record_the_first_with_text_gives_the_cell() -> None:
    one = DEVICE.replace('"Cam"', '"Left"')
    cells: dict[str, list[str | None]] = {
        **CELLS,
        "Left": [None, "L"],
        "Cam": ["C", "C"],
        "Type": ["camera"] * 2,
        "Zone": ["1", "2"],
    }
    mapped = map_sources([source(cells)], mapping(one + DEVICE))
    asked = findings_frame(
        {"_src": 0, "_row": row, "record": "device", "field": "external_device_id"} for row in (2, 3)
    )
    assert mapped.locate(asked)["column"].to_list() == ["Cam", "Left"]
    of_second = asked.with_columns(_table=pl.lit(1, dtype=pl.UInt32))
    assert mapped.locate(of_second)["column"].to_list() == ["Cam", "Cam"]


def test_findings_of_several_sources_are_told_their_own_file() -> None:
    given = [source(CELLS, file="a.csv"), source({**CELLS, "TZ": ["X", "Y"]}, file="b.csv")]
    mapped = map_sources(given, mapping(SITE))
    asked = findings_frame({"_src": src, "_row": 2, "record": "site", "field": "timezone"} for src in (1, 0))
    assert mapped.locate(asked).select("file", "value").rows() == [("b.csv", "X"), ("a.csv", "E")]


def test_a_strict_map_guesses_the_nearest_key_of_the_first_thousand_values_only() -> None:
    cells = [f"Easter{number}" for number in range(1001)]
    hints = map_field("{ column = 'A', map = { Eastern = 'x' }, strict = true }", A=cells).findings["hint"]
    assert hints.str.starts_with("did you mean").sum() == 1000
    assert hints[1000] == 'add "Easter1000" under table.fields.address1.map'


def test_hints_hold_one_line_whatever_the_cell_holds() -> None:
    mapped = map_field("{ column = 'A', map = { x = 'y' }, strict = true }", A=["a\nb"])
    assert mapped.findings["hint"].to_list() == ['add "a\\nb" under table.fields.address1.map']
    assert isinstance(mapped.findings, pl.DataFrame)


def grouped(columns: dict[str, list[str | None]], *, down: str, fields: str = "") -> list[tuple[object, ...]]:
    """Return what is told of values that were filled down."""
    text = SITE.replace("[table.fields]", f"fill_down = {down}\n[table.fields]") + fields
    found = map_sources([source(columns)], mapping(text)).findings
    assert set(found["code"]) <= {"filled_across"}
    return found.select("severity", "cell", "column", "record", "field", "value", "message").rows()


def test_a_value_that_fills_down_from_one_site_into_the_next_is_a_warning_once_per_column_with_a_count() -> None:
    cells: dict[str, list[str | None]] = {
        "Site": ["S1", None, "S2", None, "S3", "S4"],
        "Name": ["A", "A", "B", "B", "C", "D"],
        "TZ": ["E", None, "E", None, None, "E"],
        "Suite": ["5", None, None, None, None, "7"],
    }
    told = grouped(cells, down='["Site", "TZ", "Suite"]', fields='address2 = "Suite"\n')
    assert told == [
        (
            *("warning", "C6", "TZ", "site", "timezone", "E"),
            '1 site took "TZ" from the site above, as its own cell is empty: "E" in row 6',
        ),
        (
            *("warning", "D4", "Suite", "site", "address2", "5"),
            '2 sites took "Suite" from the site above, as their own cells are empty, such as "5" in row 4',
        ),
    ]


def test_a_value_that_fills_across_and_decides_which_rows_are_taken_is_told_of_rows_that_are_not() -> None:
    cells: dict[str, list[str | None]] = {
        "Site": ["S1", "S2"],
        "Name": ["A", "B"],
        "TZ": ["E", "E"],
        "Status": ["Closed", None],
    }
    options = 'fill_down = ["Site", "Status"]\nwhere = { column = "Status", not_in = ["Closed"] }\n'
    mapped = map_sources([source(cells)], mapping(SITE.replace("[table.fields]", f"{options}[table.fields]")))
    assert mapped.frames["site"].is_empty()
    assert mapped.findings.select("code", "cell", "value", "record", "field").rows() == [
        ("filled_across", "D3", "Closed", None, None)
    ]


def test_sites_that_are_left_out_for_what_they_took_from_above_are_told_first() -> None:
    cells: dict[str, list[str | None]] = {
        "Site": ["S1", "S2", "S3", "S4"],
        "Name": ["A", "B", "C", "D"],
        "TZ": ["E"] * 4,
        "Status": ["Open", None, "Closed", None],
    }
    options = 'fill_down = ["Site", "Status"]\nwhere = { column = "Status", not_in = ["Closed"] }\n'
    mapped = map_sources([source(cells)], mapping(SITE.replace("[table.fields]", f"{options}[table.fields]")))
    (told,) = mapped.findings.select("cell", "value", "message").rows()
    assert told[:2] == ("D5", "Closed")
    assert told[2].endswith('such as "Closed" in row 5; 1 of these rows is left out by where')


def test_larger_groups_to_the_left_of_the_site_may_span_several_sites() -> None:
    cells: dict[str, list[str | None]] = {
        "Region": ["North", None, None, "South"],
        "Site": ["S1", None, "S2", "S3"],
        "Name": ["A", "A", "B", "C"],
        "TZ": ["E"] * 4,
    }
    assert grouped(cells, down='["Region", "Site"]', fields='address2 = "Region"\n') == []


def test_a_group_that_repeats_the_key_above_is_the_same_site() -> None:
    cells: dict[str, list[str | None]] = {"Site": ["S1", "S1"], "Name": ["A", "A"], "TZ": ["E", None]}
    assert grouped(cells, down='["Site", "TZ"]') == []


def test_a_column_that_two_tables_fill_down_is_told_once() -> None:
    cells: dict[str, list[str | None]] = {
        "Site": ["S1", "S2"],
        "Name": ["A", "B"],
        "TZ": ["E", None],
        "Cam": ["C1", "C2"],
        "Type": ["camera"] * 2,
        "Zone": ["1", "2"],
    }
    text = (SITE + DEVICE).replace("[table.fields]", 'fill_down = ["Site", "TZ"]\n[table.fields]')
    mapped = map_sources([source(cells)], mapping(text + 'name = "TZ"\n'))
    assert mapped.findings.select("code", "record").rows() == [("filled_across", "site")]


def test_a_station_that_takes_a_value_from_the_one_above_is_called_a_station() -> None:
    fields = 'external_monitoring_station_id = "Station"\nname = "Central"\nprefix = "Prefix"\n'
    text = f'[[table]]\nrecord = "station"\nfill_down = ["Station", "Prefix"]\n[table.fields]\n{fields}'
    cells: dict[str, list[str | None]] = {"Station": ["CS", "CT"], "Central": ["A", "B"], "Prefix": ["P", None]}
    (message,) = map_sources([source(cells)], mapping(text)).findings["message"]
    assert message == '1 station took "Prefix" from the station above, as its own cell is empty: "P" in row 3'
