"""Which columns are filled down for rows in groups: the site's id, whatever it is, and none that leaves rows out."""

import tomllib
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from typing import Any

from mapping_sources import source

from migrate.mapping.apply import map_sources
from migrate.mapping.mapping import Mapping
from migrate.mapping.suggest.suggest import suggest
from migrate.model.sources import Source
from migrate.readers.layout import MERGED_DOWN_HINT

Columns = Dict[str, Sequence[str | None]]

GROUPS: Columns = {
    "Site ID": ["S1", None, "S2", None, "S3", None],
    "Site Name": ["Troy", None, "Albany", None, "Utica", None],
    "Time Zone": ["Eastern", None, "Eastern", None, "Eastern", None],
    "Camera": ["Front", "Rear"] * 3,
    "Zone": ["1", "2"] * 3,
    "MAC": [f"AA:BB:CC:00:00:{number:02X}" for number in range(1, 7)],
}


def suggested(found: Source) -> tuple[list[dict[str, Any]], str]:
    text = suggest([found]).text()
    return tomllib.loads(text)["table"], text


def merged(cell: str, column: str, row: int) -> Dict[str, object]:
    """Return the reader's finding on a cell that is merged over rows."""
    said = {"severity": "warning", "code": "merged_cells", "message": "merged", "hint": MERGED_DOWN_HINT}
    return {"_row": row, "row": row, "cell": cell, "column": column, **said}


def test_an_open_site_whose_status_is_empty_does_not_inherit_closed_from_the_one_above() -> None:
    found = source({**GROUPS, "Status": ["active", None, "CLOSED", None, None, None]})
    tables, text = suggested(found)
    assert [table["fill_down"] for table in tables] == [["Site ID"], ["Site ID"]]
    mapped = map_sources([found], Mapping.parse(text, path="suggested.toml"))
    assert mapped.frames["site"]["external_site_id"].to_list() == ["S1", "S3"]


def test_which_devices_go_with_a_closed_site_whose_status_stands_once_is_left_to_a_person() -> None:
    (site, device), text = suggested(source({**GROUPS, "Status": ["active", None, "CLOSED", None, "active", None]}))
    assert site["where"] == {"column": "Status", "not_in": ["CLOSED"]}
    assert "where" not in device
    assert '# decide: only the first row of each group has "Status"' in text


def test_a_status_of_each_device_leaves_out_devices() -> None:
    (_, device), _ = suggested(
        source({**GROUPS, "Status": ["active", "active", "CLOSED", "active", "active", "active"]})
    )
    assert device["where"] == {"column": "Status", "not_in": ["CLOSED"]}


def test_an_account_number_that_stands_for_the_id_is_filled_down_like_one() -> None:
    columns = {("Acct #" if name == "Site ID" else name): values for name, values in GROUPS.items()}
    tables, _ = suggested(source({**columns, "Acct #": ["0041", None, "0042", None, "0043", None]}))
    assert [(table["fields"]["external_site_id"], table["fill_down"]) for table in tables] == [
        ("Acct #", ["Acct #"]),
        ("Acct #", ["Acct #"]),
    ]


def test_a_name_that_stands_for_the_id_is_filled_down_like_one() -> None:
    tables, _ = suggested(source({name: values for name, values in GROUPS.items() if name != "Site ID"}))
    assert [(table["fields"]["external_site_id"], table["fill_down"]) for table in tables] == [
        ("Site Name", ["Site Name"]),
        ("Site Name", ["Site Name"]),
    ]


def test_a_single_site_over_several_rows_is_a_group_too() -> None:
    columns = {name: values[:2] for name, values in GROUPS.items()}
    found = source(columns)
    tables, _ = suggested(found)
    assert [table["fill_down"] for table in tables] == [["Site ID"], ["Site ID"]]
    assert (
        suggest([found]).found[0].sheet.shape
        == "one row per device, its site's columns only in the first row of each group"
    )


def test_a_list_of_devices_alone_fills_down_the_site_that_stands_once() -> None:
    names = ("Site ID", "Camera", "Zone", "MAC")
    [table], _ = suggested(source({name: GROUPS[name] for name in names}))
    assert (table["record"], table["fill_down"]) == ("device", ["Site ID"])


def test_a_site_that_some_devices_lack_is_not_filled_down_where_others_repeat_it() -> None:
    columns = {name: GROUPS[name] for name in ("Camera", "Zone", "MAC")}
    [table], _ = suggested(source({"Site ID": ["S1", "S1", "S2", None, "S3", "S3"], **columns}))
    assert "fill_down" not in table


def test_few_merged_cells_among_many_sites_of_one_row_are_filled_down() -> None:
    count = 20
    columns: Columns = {
        "Site ID": [None if at == 1 else f"S{at}" for at in range(count)],
        "Site Name": [None if at == 1 else f"Shop {at}" for at in range(count)],
        "Time Zone": ["Eastern"] * count,
        "Zone": ["2" if at == 1 else "1" for at in range(count)],
        "MAC": [f"AA:BB:CC:00:01:{at:02X}" for at in range(count)],
    }
    assert all("fill_down" not in table for table in suggested(source(columns))[0])
    findings = [merged("A2", "Site ID", 2), merged("B2", "Site Name", 2)]
    tables, _ = suggested(source(columns, findings=findings))
    assert [table["fill_down"] for table in tables] == [["Site ID"], ["Site ID"]]
