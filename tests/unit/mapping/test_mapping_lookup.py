"""Columns that a table's file lacks come from a second file, by a key; what doesn't meet is told, not guessed."""

from collections.abc import Mapping as Dict
from collections.abc import Sequence

import polars as pl
import pytest
from mapping_sources import DEVICE_ID, SITE_ID, mapping, source

from migrate.errors import MappingError
from migrate.mapping.apply import map_sources
from migrate.mapping.choose import choose
from migrate.mapping.lookup import look_up
from migrate.mapping.mapped import Mapped
from migrate.model.sources import Source

LOOKUP = 'lookup = { key = "Cam", columns = ["Site", "Zone"] }'
EXPORT: Dict[str, Sequence[str | None]] = {"Cam": ["C1", "C2", "C3"], "Type": ["camera", "camera", "camera"]}
ZONES: Dict[str, Sequence[str | None]] = {
    "Cam": ["C1", "c2 ", "C3"],
    "Site": ["S1", "S1", "S2"],
    "Zone": ["1", "2", None],
}


def table(lookup: str = LOOKUP, *, options: str = "") -> str:
    return f'[[table]]\nrecord = "device"\n{options}\n{lookup}\n[table.fields]\n{DEVICE_ID}'


def export(columns: Dict[str, Sequence[str | None]] | None = None) -> Source:
    return source(columns or EXPORT, file="export.csv")


def zones(columns: Dict[str, Sequence[str | None]] | None = None, **more: object) -> Source:
    return source(columns or ZONES, file="zones.csv", **more)  # type: ignore[arg-type]


def looked_up(*sources: Source, text: str | None = None) -> Mapped:
    made = mapping(text or table())
    return map_sources(look_up(sources, made), made)


def found(mapped: Mapped, code: str) -> list[tuple[object, ...]]:
    told = mapped.findings.filter(pl.col("code") == code)
    return told.select("file", "row", "cell", "field", "severity").rows()


def values(mapped: Mapped) -> list[tuple[object, ...]]:
    return mapped.frames["device"].select("_row", "external_device_id", "external_site_id", "zone_number").rows()


def test_a_row_takes_what_the_second_file_says_of_its_key_trimmed_and_in_any_case() -> None:
    mapped = looked_up(export(), zones())
    assert values(mapped) == [(2, "C1", "S1", "1"), (3, "C2", "S1", "2"), (4, "C3", "S2", None)]
    assert not found(mapped, "not_looked_up")


def test_rows_that_are_looked_up_are_accounted_for_and_make_no_record() -> None:
    extra = {"Cam": ["C1", "C9", "C2", "C3"], "Site": ["S1"] * 4, "Zone": ["1", "9", "2", "3"]}
    mapped = looked_up(export(), zones(extra, left_out={6: "blank"}))
    assert mapped.used == (0, 1)
    left = mapped.left_out.filter(pl.col("_src") == 1).select("_row", "why").rows()
    assert left == [(2, "looked up"), (3, "looked up by no row"), (4, "looked up"), (5, "looked up"), (6, "blank")]
    assert found(mapped, "looked_up_by_none") == [("zones.csv", 3, None, None, "warning")]


def test_a_row_without_its_like_in_the_second_file_is_told_at_its_key() -> None:
    mapped = looked_up(export({**EXPORT, "Cam": ["C1", "C7", "C3"]}), zones())
    assert found(mapped, "not_looked_up") == [("export.csv", 3, "A3", None, "warning")]
    assert values(mapped)[1] == (3, "C7", None, None)


def test_of_two_rows_with_one_key_only_what_they_agree_on_is_taken() -> None:
    twice = {"Cam": ["C1", "C2", "C3", "C1"], "Site": ["S1"] * 4, "Zone": ["1", "2", "3", "4"]}
    mapped = looked_up(export(), zones(twice))
    assert values(mapped)[0] == (2, "C1", "S1", None)
    assert found(mapped, "looked_up_twice") == [("export.csv", 2, "A2", None, "warning")]
    same = looked_up(export(), zones({**twice, "Zone": ["1", "2", "3", "1"]}))
    assert values(same)[0] == (2, "C1", "S1", "1")
    assert not found(same, "looked_up_twice")


def test_rows_that_where_leaves_out_are_not_missed() -> None:
    kinds = {"Cam": ["C1", "C2", "N1"], "Type": ["camera", "camera", "nvr"]}
    text = table(options='where = { column = "Type", not_in = ["nvr"] }')
    mapped = looked_up(export(kinds), zones({**ZONES, "Cam": ["C1", "C2", None]}), text=text)
    assert not found(mapped, "not_looked_up")


def test_keys_may_be_called_otherwise_in_the_second_file_and_be_several() -> None:
    own = {"IP": ["1", "1"], "Port": ["80", "81"], "Cam": ["C1", "C2"], "Type": ["camera"] * 2}
    theirs = {"Address": ["1", "1"], "Port": ["81", "80"], "Site": ["S1", "S2"], "Zone": ["8", "9"]}
    lookup = 'lookup = { key = { IP = "Address", Port = "port" }, columns = ["Site", "Zone"] }'
    mapped = looked_up(export(own), zones(theirs), text=table(lookup))
    assert values(mapped) == [(2, "C1", "S2", "9"), (3, "C2", "S1", "8")]


def test_several_files_with_the_columns_are_looked_up_together() -> None:
    first = zones({"Cam": ["C1"], "Site": ["S1"], "Zone": ["1"]})
    second = source({"Cam": ["C2", "C3"], "Site": ["S2", "S2"], "Zone": ["1", "2"]}, file="more.csv")
    mapped = looked_up(export(), first, second)
    assert [site for _, _, site, _ in values(mapped)] == ["S1", "S2", "S2"]
    assert mapped.used == (0, 1, 2)


def test_what_was_found_about_a_looked_up_cell_is_told_where_it_goes_and_where_it_stands() -> None:
    place = {"_row": 3, "row": 3, "column": "Zone", "cell": "C3"}
    damage = {**place, "severity": "warning", "code": "date_cell", "message": "a date"}
    mapped = looked_up(export(), zones(findings=[damage]))
    told = mapped.findings.filter(pl.col("code") == "date_cell")
    assert told.select("file", "row", "cell", "column", "field", "message").rows() == [
        ("export.csv", 3, "zones.csv, C3", "Zone", "zone_number", "a date")
    ]


def test_a_file_that_has_all_of_the_columns_looks_nothing_up() -> None:
    whole = export({**EXPORT, "Site": ["S1"] * 3, "Zone": ["1", "2", "3"]})
    made = mapping(table())
    assert look_up([whole], made) == (whole,)
    assert [reading.src for reading in choose([whole], made)] == [0]


def test_a_second_file_that_a_table_reads_makes_its_records_too() -> None:
    sites = (
        '[[table]]\nrecord = "site"\n[table.fields]\nexternal_site_id = "Site"\nname = "Place"\n'
        'timezone = { value = "UTC" }\n'
    )
    mapped = looked_up(export(), zones({**ZONES, "Place": ["A", "A", "B"]}), text=sites + table())
    assert mapped.frames["site"]["external_site_id"].to_list() == ["S1", "S1", "S2"]
    assert mapped.frames["device"]["external_site_id"].to_list() == ["S1", "S1", "S2"]
    assert mapped.left_out.is_empty()


def test_a_key_that_is_damaged_in_both_files_looks_nothing_up() -> None:
    def damaged(column: str) -> list[dict[str, object]]:
        place = {"_row": 2, "row": 2, "column": column, "cell": "A2", "severity": "warning"}
        return [{**place, "code": "e_notation", "message": "lost digits"}]

    own = source(EXPORT, file="export.csv", findings=damaged("Cam"))
    mapped = looked_up(own, zones(findings=damaged("Cam")))
    assert values(mapped)[0] == (2, "C1", None, None)
    assert found(mapped, "not_looked_up") == [("export.csv", 2, "A2", None, "warning")]
    assert found(mapped, "looked_up_by_none") == [("zones.csv", 2, None, None, "warning")]


def test_columns_may_be_called_as_the_tool_calls_its_own() -> None:
    odd = {"Cam": ["C1", "C2", "C3"], **{name: ["S1", "S1", "S2"] for name in ("_key", "_src", "_at", "_ways")}}
    text = table('lookup = { key = "Cam", columns = ["_key", "_src", "_at", "_ways"] }').replace('"Site"', '"_key"')
    mapped = looked_up(export(), zones(odd), text=text.replace('"Zone"', '"_at"'))
    assert [site for _, _, site, _ in values(mapped)] == ["S1", "S1", "S2"]


def test_a_key_that_stands_once_for_several_rows_is_filled_down_before_it_is_looked_up() -> None:
    own = {**EXPORT, "Panel": ["P1", None, "P2"]}
    theirs = {"Panel": ["P1", "P2"], "Site": ["S1", "S2"], "Zone": ["1", "2"]}
    text = table('lookup = { key = "Panel", columns = ["Site", "Zone"] }', options='fill_down = ["Panel"]')
    assert [site for _, _, site, _ in values(looked_up(export(own), zones(theirs), text=text))] == ["S1", "S1", "S2"]


def test_of_two_files_that_differ_both_places_are_told() -> None:
    more = source({"Cam": ["C1", "C2"], "Site": ["S1", "S1"], "Zone": ["1", "9"]}, file="more.csv")
    (told,) = looked_up(export(), zones(), more).findings.filter(code="looked_up_twice")["message"]
    assert told == 'more than one row has this "Cam", such as zones.csv, row 3 and more.csv, row 3, and they differ'
    empty = source({"Cam": ["C1"], "Site": ["S1"], "Zone": [None]}, file="more.csv")
    (told,) = looked_up(export(), zones(), empty).findings.filter(code="looked_up_twice")["message"]
    assert told == 'more than one row has this "Cam", such as zones.csv, row 2 and more.csv, row 2, and they differ'


def test_an_export_that_has_all_columns_is_read_where_another_file_can_give_them() -> None:
    text = table() + 'name = "Name"\n'
    whole = {
        "Cam": ["C8", "C9"],
        "Type": ["camera"] * 2,
        "Name": ["A", "B"],
        "Site": ["S1"] * 2,
        "Zone": ["8", "9"],
    }
    second = source({**EXPORT, "Name": ["C", "D", "E"]}, file="second.csv")
    mapped = looked_up(export(whole), second, zones(), text=text)
    assert [cam for _, cam, _, _ in values(mapped)] == ["C8", "C9", "C1", "C2", "C3"]
    assert mapped.left_out["_src"].to_list() == [2, 2, 2]


@pytest.mark.parametrize(
    ("sources", "text", "told"),
    [
        ([export()], table(), 'give a second file with the columns "Cam", "Site", "Zone" too (table.lookup)'),
        (
            [export({**EXPORT, "Zone": ["1", "2", "3"]}), zones()],
            table(),
            'table[1].lookup: export.csv has "Zone" too; call it otherwise in one of the files',
        ),
        (
            [export({**EXPORT, "Looked up in": ["1", "2", "3"]}), zones()],
            table(),
            'table[1].lookup: export.csv has "Looked up in" too; call it otherwise in one of the files',
        ),
        (
            [export(), zones()],
            table() + table('lookup = { key = "Type", columns = ["Site", "Zone"] }'),
            "table[2].lookup: contradicts table[1].lookup; both read the same file",
        ),
    ],
)
def test_what_can_t_be_looked_up_is_told(sources: list[Source], text: str, told: str) -> None:
    with pytest.raises(MappingError) as refused:
        looked_up(*sources, text=text)
    assert any(told in line for line in refused.value.mistakes), refused.value.mistakes


@pytest.mark.parametrize(
    ("lookup", "told"),
    [
        ('lookup = { columns = ["Site"] }', "lookup.key: is missing"),
        ('lookup = { key = "Cam" }', "lookup.columns: is missing"),
        ('lookup = { key = "Cam", columns = [] }', "lookup.columns: is empty"),
        ('lookup = { key = "Cam", columns = ["Site"], on = "x" }', "lookup.on: is no option here; there are key"),
        ('lookup = { key = 7, columns = ["Site"] }', "lookup.key: must be a column's name"),
        ('lookup = "zones.csv"', "lookup: must be a table"),
        ('lookup = { key = "Cam", columns = ["Site", "site"] }', 'lookup.columns: "site" is there twice'),
        ('lookup = { key = "Cam", columns = ["looked up in"] }', '"looked up in" is what the reports call the place'),
        (f'fill_down = ["site"]\n{LOOKUP}', 'fill_down: "site" is looked up; a row that finds nothing would take'),
    ],
)
def test_a_lookup_that_is_no_lookup_is_told(lookup: str, told: str) -> None:
    with pytest.raises(MappingError) as refused:
        mapping(table(lookup))
    assert any(told in line for line in refused.value.mistakes), refused.value.mistakes


SITES = '[[table]]\nrecord = "site"\n[table.fields]\n' + SITE_ID
LACKS_ZONE: Dict[str, Sequence[str | None]] = {"Cam": ["C1"], "Site": ["S1"], "Zonen": ["1"]}
OTHER_KEY: Dict[str, Sequence[str | None]] = {"Kam": ["C1"], "Site": ["S1"], "Zone": ["1"]}


@pytest.mark.parametrize(
    ("second", "text", "told"),
    [
        (zones(LACKS_ZONE), table(), 'columns: zones.csv has the key "Cam", but no column "Zone" (nearest: "Zonen")'),
        (
            zones(LACKS_ZONE),
            table(options='file = "exp*"'),
            'columns: zones.csv has the key "Cam", but no column "Zone" (nearest: "Zonen")',
        ),
        (
            zones({"Cam": ["C1"], "Zonen": ["1"]}),
            table(),
            'columns: zones.csv has the key "Cam", but no column "Site", "Zone" (nearest: "Zonen")',
        ),
        (
            zones(),
            table('lookup = { key = "Cam", columns = ["Site", "Zone", "Block"] }'),
            'columns: zones.csv has the key "Cam", but no column "Block" (it has "Cam", "Site", "Zone")',
        ),
        (zones(OTHER_KEY), table(), 'key: zones.csv has what is looked up, but no column "Cam" (nearest: "Kam")'),
        (
            zones(),
            table('lookup = { key = "Cam", columns = ["Site", "Zone"], file = "zonen*" }'),
            'file: zones.csv has these columns, but isn\'t called "zonen*"',
        ),
        (
            zones(sheet="Zonen"),
            table('lookup = { key = "Cam", columns = ["Site", "Zone"], sheet = "Zones" }'),
            'sheet: zones.csv, sheet "Zonen" has these columns, but isn\'t called "Zones"',
        ),
    ],
)
def test_why_a_second_file_can_t_be_looked_up_is_told_and_nothing_else(second: Source, text: str, told: str) -> None:
    sites = source({"Site": ["S1"], "Name": ["N"], "TZ": ["UTC"]}, file="sites.csv")
    for sources, whole in (([export(), second], text), ([sites, second, export()], SITES + text)):
        with pytest.raises(MappingError) as refused:
            looked_up(*sources, text=whole)
        (line,) = refused.value.mistakes
        assert f".lookup.{told}" in line


@pytest.mark.parametrize("given", [[], [zones()], [zones({**ZONES, "Zonne": ["1", "2", "3"]})]])
def test_a_column_misspelt_in_lookup_is_told_with_the_one_that_is_read(given: list[Source]) -> None:
    with pytest.raises(MappingError) as refused:
        looked_up(export(), *given, text=table('lookup = { key = "Cam", columns = ["Site", "Zonne"] }'))
    (line,) = refused.value.mistakes
    assert 'lookup.columns: no field of this table reads "Zonne"; did you mean "Zone", which one does?' in line


def test_of_two_second_files_the_one_that_can_t_be_looked_up_is_told() -> None:
    other = source(LACKS_ZONE, file="more.csv")
    with pytest.raises(MappingError) as refused:
        looked_up(export(), zones(), other)
    (line,) = refused.value.mistakes
    assert 'lookup.columns: more.csv has the key "Cam", but no column "Zone"' in line


def test_an_export_with_a_column_misspelt_is_not_taken_for_a_second_file() -> None:
    with pytest.raises(MappingError) as refused:
        looked_up(export(), zones(), source({"Cam": ["C7"], "Tpye": ["camera"]}, file="other.csv"))
    assert not [line for line in refused.value.mistakes if "lookup.columns" in line]
    assert any("other.csv" in line and '"Type" (nearest: "Tpye")' in line for line in refused.value.mistakes)
