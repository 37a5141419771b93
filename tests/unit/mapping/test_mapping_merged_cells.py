"""Cells merged over several rows are a warning where a row lacks the value then, else one note a column."""

from mapping_sources import DEVICE_ID, SITE_ID, mapping, source

from migrate.mapping.apply import map_sources
from migrate.readers.layout import MERGED_DOWN_HINT

Told = list[tuple[object, ...]]

SITE = f'[[table]]\nrecord = "site"\n[table.fields]\n{SITE_ID}'
DEVICE = f'[[table]]\nrecord = "device"\n[table.fields]\n{DEVICE_ID}'
CELLS: dict[str, list[str | None]] = {
    "Site": ["S1", None, "S2", None],
    "Name": ["A", None, "B", None],
    "TZ": ["E", "E", "E", "E"],
    "Cam": ["1", "2", "3", "4"],
    "Type": ["camera"] * 4,
    "Zone": ["1", "2", "3", "4"],
    "Status": ["Open", None, "Open", None],
}


def merged(column: str, letter: str, *rows: int, hint: str = MERGED_DOWN_HINT) -> list[dict[str, object]]:
    """Return what the reader finds where each of the rows is merged with the next."""
    said = {"severity": "warning", "code": "merged_cells", "column": column, "hint": hint}
    return [
        said | {"_row": row, "cell": f"{letter}{row}", "message": f"{letter}{row}:{letter}{row + 1} are merged"}
        for row in rows
    ]


def told(text: str, *, findings: list[dict[str, object]], down: str = "", where: str = "") -> Told:
    options = (f"fill_down = [{down}]\n" if down else "") + (f"where = {{ {where} }}\n" if where else "")
    given = [source(CELLS, sheet="Cameras", findings=findings)]
    found = map_sources(given, mapping(text.replace("[table.fields]", f"{options}[table.fields]"))).findings
    return found.select("severity", "cell", "record", "field", "message", "hint").rows()


def test_an_id_that_is_not_filled_down_is_a_warning_for_each_range_with_the_line_that_fills_it() -> None:
    line = 'list the column in the mapping\'s table, fill_down = ["Site"], or fill the cells'
    assert told(DEVICE, findings=merged("Site", "A", 2, 4)) == [
        ("warning", "A2", "device", "external_site_id", "A2:A3 are merged", line),
        ("warning", "A4", "device", "external_site_id", "A4:A5 are merged", line),
    ]
    assert [field for _, _, _, field, *_ in told(SITE, findings=merged("Site", "A", 2))] == ["external_site_id"]


def test_a_column_that_is_filled_down_is_one_note() -> None:
    nothing = "nothing to do: no row lacks the value"
    assert told(DEVICE, findings=merged("Site", "A", 2, 4), down='"Site"') == [
        ("note", "A2", None, None, "A2:A3 are merged; the column has 2 such ranges", nothing)
    ]
    assert told(DEVICE, findings=merged("Site", "A", 4), down='"Site"') == [
        ("note", "A4", None, None, "A4:A5 are merged", nothing)
    ]


def test_what_a_site_says_in_its_first_row_its_other_rows_need_not_say() -> None:
    ((severity, cell, record, *_),) = told(SITE, findings=merged("Name", "B", 2), down='"Site"')
    assert (severity, cell, record) == ("note", "B2", None)


def test_a_site_whose_id_is_merged_and_not_filled_down_lacks_the_rest_too() -> None:
    found = told(SITE, findings=[*merged("Site", "A", 2), *merged("Name", "B", 2)])
    assert [(severity, field) for severity, _, _, field, *_ in found] == [
        ("warning", "external_site_id"),
        ("warning", "name"),
    ]


def test_a_device_has_only_what_stands_in_its_own_row() -> None:
    found = told(DEVICE + 'name = "Name"\n', findings=merged("Name", "B", 2))
    assert [(severity, field) for severity, _, _, field, *_ in found] == [("warning", "name")]


def test_a_column_that_says_which_rows_are_taken_must_be_filled_too() -> None:
    given = merged("Status", "G", 2)
    where = 'column = "Status", not_in = ["Closed"]'
    assert [found[0] for found in told(DEVICE, findings=given, where=where)] == ["warning"]
    assert [found[0] for found in told(DEVICE, findings=given, where=where, down='"Status"')] == ["note"]


def test_cells_merged_across_stay_a_warning() -> None:
    found = told(DEVICE, findings=merged("Site", "A", 2, hint="take them apart"), down='"Site"')
    assert [(severity, hint) for severity, *_, hint in found] == [("warning", "take them apart")]


def test_a_column_that_the_mapping_does_not_use_is_not_told() -> None:
    assert told(DEVICE, findings=merged("Status", "G", 2)) == []


def test_columns_that_are_merged_down_and_lack_something_stand_in_one_line_that_fills_them_all() -> None:
    found = told(DEVICE + 'name = "Name"\n', findings=[*merged("Site", "A", 2), *merged("Name", "B", 2)])
    line = 'list the columns in the mapping\'s table, fill_down = ["Site", "Name"], or fill the cells'
    assert {hint for *_, hint in found} == {line}


def test_a_column_that_says_which_rows_are_taken_is_not_to_be_filled_down() -> None:
    where = 'column = "Status", not_in = ["Closed"]'
    as_field = DEVICE + 'name = "Status"\n'
    found = [*told(DEVICE, findings=merged("Status", "G", 2), where=where)]
    found += told(as_field, findings=[*merged("Site", "A", 2), *merged("Status", "G", 2)], where=where)
    hints = [(cell, str(hint)) for _, cell, _, _, _, hint in found]
    assert [cell for cell, _ in hints] == ["G2", "A2", "G2"]
    assert hints[1][1] == 'list the column in the mapping\'s table, fill_down = ["Site"], or fill the cells'
    assert all("take the cells apart" in hint and "fill_down = " not in hint for _, hint in hints[::2])


def test_a_range_over_several_columns_is_told_once() -> None:
    across = {"severity": "warning", "code": "merged_cells", "hint": "take them apart", "message": "A2:C2 are merged"}
    given = [
        across | {"_row": 2, "column": column, "cell": cell}
        for column, cell in (("Site", "A2"), ("Name", "B2"), ("Zone", "F2"))
    ]
    given.append(given[0] | {"_row": 3, "cell": "A3", "message": "A3:C3 are merged"})
    found = told(DEVICE + 'name = "Name"\n', findings=given)
    assert [(cell, field) for _, cell, _, field, *_ in found] == [
        ("A2", "external_site_id"),
        ("A3", "external_site_id"),
    ]
