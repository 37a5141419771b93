"""Which rows make which records, what is left out, and what stands in the frames."""

import polars as pl
from mapping_sources import DEVICE_ID, SITE_ID, mapping, source

from migrate.mapping.apply import map_sources
from migrate.mapping.mapped import Mapped
from migrate.model.findings import FINDINGS_SCHEMA
from migrate.model.sources import LEFT_OUT_SCHEMA

SITE = f'[[table]]\nrecord = "site"\n[table.fields]\n{SITE_ID}'
DEVICE = f'[[table]]\nrecord = "device"\n[table.fields]\n{DEVICE_ID}'

BOTH: dict[str, list[str | None]] = {
    "Site": ["S1", "S1", "S2", None],
    "Name": ["Acme", None, "Bolt", None],
    "TZ": ["Eastern", None, "Central", None],
    "Cam": ["C1", "C2", None, None],
    "Type": ["camera", "camera", None, None],
    "Zone": ["1", "2", None, None],
    "Notes": [None, None, None, "call first"],
}


def rows(mapped: Mapped, record: str) -> list[int]:
    """Return the rows that make a record."""
    made: list[int] = mapped.frames[record]["_row"].to_list()
    return made


def site_rows(options: str, **columns: list[str | None]) -> tuple[list[int], list[tuple[int, str]]]:
    """Return the rows that make sites, and those left out with why, where a site table has some options."""
    height = len(next(iter(columns.values())))
    whole: dict[str, list[str | None]] = {
        "Site": ["S"] * height,
        "Name": ["N"] * height,
        "TZ": ["Eastern"] * height,
        **columns,
    }
    mapped = map_sources([source(whole)], mapping(SITE.replace("[table.fields]", f"{options}\n[table.fields]")))
    return rows(mapped, "site"), mapped.left_out.select("_row", "why").rows()


def test_a_frame_has_place_and_table_and_then_the_mapped_fields_in_the_records_order() -> None:
    swapped = SITE.replace(SITE_ID, 'timezone = "TZ"\nname = "Name"\nexternal_site_id = " site "\n')
    frame = map_sources([source(BOTH)], mapping(swapped)).frames["site"]
    assert frame.schema == {
        "_src": pl.UInt32,
        "_row": pl.UInt32,
        "_table": pl.UInt32,
        "external_site_id": pl.String,
        "name": pl.String,
        "timezone": pl.String,
    }
    assert frame.row(0) == (0, 2, 0, "S1", "Acme", "Eastern")


def test_two_tables_may_read_the_same_sheet() -> None:
    mapped = map_sources([source(BOTH)], mapping(SITE + DEVICE))
    assert list(mapped.frames) == ["site", "device"]
    assert (rows(mapped, "site"), rows(mapped, "device")) == ([2, 4], [2, 3])


def test_a_row_in_which_all_columns_that_only_this_table_reads_are_empty_makes_no_record() -> None:
    mapped = map_sources([source(BOTH)], mapping(DEVICE + SITE))
    assert rows(mapped, "device") == [2, 3]
    assert mapped.left_out.rows() == [(0, 5, "no values for a record")]


def test_a_table_that_shares_all_its_columns_makes_records_where_any_of_them_has_text() -> None:
    station = '[[table]]\nrecord = "station"\n[table.fields]\nexternal_monitoring_station_id = "Site"\nname = "Name"\n'
    mapped = map_sources([source(BOTH)], mapping(SITE + station))
    assert rows(mapped, "station") == [2, 3, 4]


def test_a_table_of_fixed_values_makes_a_record_of_every_row() -> None:
    fields = 'external_monitoring_station_id = { value = "CS-1" }\nname = { value = "Central" }\n'
    mapped = map_sources([source(BOTH)], mapping(f'[[table]]\nrecord = "station"\n[table.fields]\n{fields}' + SITE))
    assert rows(mapped, "station") == [2, 3, 4, 5]
    assert mapped.left_out.is_empty()


def test_a_device_table_alone_works() -> None:
    mapped = map_sources([source(BOTH)], mapping(DEVICE))
    assert (list(mapped.frames), mapped.used) == (["device"], (0,))


def test_rows_that_the_reader_left_out_make_no_record_and_keep_their_reason() -> None:
    given: dict[str, list[str | None]] = {
        "Site": ["S1", "Site", "Total"],
        "Name": ["A", "Name", None],
        "TZ": ["E", "TZ", "7"],
    }
    left_out = {3: "blank", 4: "repeated header", 5: "total"}
    mapped = map_sources([source(given, left_out=left_out)], mapping(SITE))
    assert rows(mapped, "site") == [2]
    assert mapped.left_out.rows() == [(0, 3, "blank"), (0, 4, "repeated header"), (0, 5, "total")]
    assert mapped.left_out.schema == LEFT_OUT_SCHEMA


def test_where_in_takes_rows_with_one_of_the_values_compared_like_keys_of_a_map() -> None:
    status = ["active", "ACTIVE ", "Activated", "new", None]
    assert site_rows("where = { column = 'st', in = ['Active', 'n*'] }", St=status) == (
        [2, 3, 5],
        [(4, "filtered by where"), (6, "filtered by where")],
    )
    assert site_rows("where = { column = 'st', in = ['Active', ''] }", St=status)[0] == [2, 3, 6]


def test_where_not_in_leaves_rows_with_one_of_the_values_out() -> None:
    status = ["Closed", "CANCELLED 2020", "Open", None, "not closed"]
    assert site_rows("where = { column = 'St', not_in = ['closed', 'cancel*'] }", St=status)[0] == [4, 5, 6]
    assert site_rows("where = { column = 'St', not_in = [''] }", St=["x", " "])[0] == [2]


def test_where_matches_takes_rows_in_whose_cell_the_pattern_is_found() -> None:
    assert site_rows("where = { column = 'St', matches = '^[0-9]+$' }", St=["12", "12a", None])[0] == [2]
    assert site_rows("where = { column = 'St', matches = '^$' }", St=["12", "", None])[0] == [3, 4]


def test_of_a_list_of_conditions_all_must_hold() -> None:
    options = "where = [{ column = 'A', in = ['x'] }, { column = 'B', not_in = [1] }]"
    assert site_rows(options, A=["x", "x", "y"], B=["1", "2", "2"])[0] == [3]


def test_fill_down_gives_empty_cells_the_text_above() -> None:
    text = SITE.replace("[table.fields]", 'fill_down = ["Site", "TZ"]\n[table.fields]')
    given: dict[str, list[str | None]] = {
        "Site": ["S1", None, "S2 ", " "],
        "Name": ["a", "b", "c", "d"],
        "TZ": [None, "E", None, None],
    }
    frame = map_sources([source(given)], mapping(text)).frames["site"]
    assert frame["external_site_id"].to_list() == ["S1", "S1", "S2", "S2"]
    assert frame["timezone"].to_list() == [None, "E", "E", "E"]


def test_fill_down_never_takes_text_from_totals_or_repeated_headers() -> None:
    text = SITE.replace("[table.fields]", 'fill_down = ["Site"]\n[table.fields]')
    given: dict[str, list[str | None]] = {
        "Site": ["S1", "Total", None],
        "Name": ["a", None, "b"],
        "TZ": ["E", None, "E"],
    }
    frame = map_sources([source(given, left_out={3: "total"})], mapping(text)).frames["site"]
    assert frame.select("_row", "external_site_id").rows() == [(2, "S1"), (4, "S1")]


def test_where_looks_after_fill_down() -> None:
    options = "fill_down = ['St']\nwhere = { column = 'St', not_in = ['Closed'] }"
    assert site_rows(options, St=["Closed", None, "Open", None])[0] == [4, 5]


def test_a_row_with_nothing_but_text_filled_down_makes_no_record() -> None:
    text = SITE.replace("[table.fields]", 'fill_down = ["Site", "Name"]\n[table.fields]')
    given: dict[str, list[str | None]] = {
        "Site": ["S1", None],
        "Name": ["a", None],
        "TZ": ["E", None],
        "Notes": [None, "x"],
    }
    mapped = map_sources([source(given)], mapping(text))
    assert mapped.left_out.rows() == [(0, 3, "no values for a record")]


def test_a_row_that_one_table_filters_and_another_takes_is_not_left_out() -> None:
    text = SITE.replace("[table.fields]", 'where = { column = "Name", in = ["Bolt"] }\n[table.fields]') + DEVICE
    mapped = map_sources([source(BOTH)], mapping(text))
    assert (rows(mapped, "site"), rows(mapped, "device")) == ([4], [2, 3])
    assert mapped.left_out.rows() == [(0, 5, "no values for a record")]


def test_a_row_that_is_filtered_where_it_has_values_is_left_out_by_where() -> None:
    text = SITE.replace("[table.fields]", 'where = { column = "Name", not_in = ["Bolt"] }\n[table.fields]') + DEVICE
    mapped = map_sources([source(BOTH)], mapping(text))
    assert mapped.left_out.rows() == [(0, 4, "filtered by where"), (0, 5, "no values for a record")]


def test_source_rows_are_those_of_records_and_those_left_out() -> None:
    given = source(BOTH, left_out={3: "blank"})
    mapped = map_sources([given], mapping(SITE + DEVICE))
    with_record = {*rows(mapped, "site"), *rows(mapped, "device")}
    assert len(with_record) + mapped.left_out.height == given.table.rows


def test_tables_of_one_record_that_read_one_source_stand_in_the_order_of_its_rows() -> None:
    bridge = 'external_site_id = "Site"\nexternal_device_id = "Notes"\ndevice_type = { value = "bridge" }\n'
    text = DEVICE + f'[[table]]\nrecord = "device"\n[table.fields]\n{bridge}zone_number = "Zone"\nmac = "Notes"\n'
    given = {**BOTH, "Notes": ["B1", None, "B2", None]}
    frame = map_sources([source(given)], mapping(text)).frames["device"]
    assert frame.select("_row", "_table", "external_device_id", "mac").rows() == [
        (2, 0, "C1", None),
        (2, 1, "B1", "B1"),
        (3, 0, "C2", None),
        (4, 1, "B2", "B2"),
    ]


def test_sources_without_rows_make_empty_frames() -> None:
    steps = 'address1 = { column = "Notes", extract = "x", split = ",", map = { a = "b" }, default = "d" }\n'
    mapped = map_sources([source({name: [] for name in BOTH})], mapping(SITE + steps + DEVICE))
    assert [frame.height for frame in mapped.frames.values()] == [0, 0]
    assert mapped.findings.schema == FINDINGS_SCHEMA
    assert mapped.left_out.is_empty()


def test_only_used_sources_have_rows_left_out() -> None:
    blank = source({"X": ["1"]}, file="a.xlsx", sheet="Notes", left_out={2: "blank"})
    mapped = map_sources(
        [blank, source(BOTH, file="a.xlsx", sheet="Data")],
        mapping(SITE.replace("[table.fields]", 'sheet = "Data"\n[table.fields]')),
    )
    assert mapped.used == (1,)
    assert mapped.left_out["_src"].unique().to_list() == [1]
