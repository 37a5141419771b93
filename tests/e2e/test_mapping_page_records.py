"""The interface page on mappings: the fields of each record, what is normalized, ids, links, and what findings tell."""

from pathlib import Path

import pytest
from mapping_page import Page, codes, lines_of, table, told, values, verdicts
from typer.testing import CliRunner

from migrate.cli.main import app
from migrate.model.records import RECORDS

NY = "America/New_York"
FIELDS = {
    "station": "external_monitoring_station_id* name* prefix linecard",
    "site": "external_site_id* name* timezone* monitoring_station_id external_monitoring_station_id account_number "
    "address1 address2 security_type is_activated",
    "device": "external_site_id* external_device_id* device_type* zone_number* additional_zone_numbers name mac "
    "manufacturer model serial_number",
}
FINDING_COLUMNS = "file,sheet,row,cell,column,record,external_id,field,severity,code,value,message,hint"


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page(tmp_path)


@pytest.mark.parametrize("record", FIELDS)
def test_a_record_has_the_fields_of_the_page_and_those_with_a_star_are_required(record: str) -> None:
    told = FIELDS[record].split()
    assert set(RECORDS[record].field_names) == {name.removesuffix("*") for name in told}
    assert set(RECORDS[record].required) == {name.removesuffix("*") for name in told if name.endswith("*")}


@pytest.mark.parametrize("record", FIELDS)
def test_every_field_of_a_record_can_be_mapped_and_comes_through(page: Page, record: str) -> None:
    samples = {"timezone": NY, "monitoring_station_id": "7", "security_type": "2", "is_activated": "yes"}
    samples |= {"device_type": "bridge", "zone_number": "001", "additional_zone_numbers": "002,003"}
    samples |= {"mac": "AA:BB:CC:DD:EE:01"}
    names = RECORDS[record].field_names
    page.text("a.csv", "\t".join(names), "\t".join(samples.get(name, f"x{name}") for name in names))
    checked = page.check(table(record, **{name: f'"{name}"' for name in names}))
    (row,) = checked.records[record].select(names).to_dicts()
    typed = {"monitoring_station_id": 7, "security_type": 2, "is_activated": True}
    assert row == {name: typed.get(name, samples.get(name, f"x{name}")) for name in names}


def test_a_required_field_that_is_empty_is_an_error(page: Page) -> None:
    page.text("a.csv", "Site,Name,TZ", f"S1,,{NY}", "S2,Bolt,")
    checked = page.check(table("site"))
    assert [(found["cell"], found["code"]) for found in told(checked)] == [("B2", "required"), ("C3", "required")]
    assert verdicts(checked, "site") == ["invalid", "invalid"]


def test_a_security_type_is_1_to_4_or_a_types_name(page: Page) -> None:
    kinds = ["1", "4", "CHeKT Video", "alarm panel with individual bridges", "5", "Video?"]
    page.text("a.csv", "Site,Name,TZ,Kind", *(f"S{at},N,{NY},{kind}" for at, kind in enumerate(kinds)))
    checked = page.check(table("site", security_type='"Kind"'))
    assert values(checked, "site", "security_type") == [1, 4, 3, 2, None, None]
    assert codes(checked) == ["security_type", "security_type"]


def test_is_activated_is_yes_or_no(page: Page) -> None:
    page.text("a.csv", "Site,Name,TZ,On", *(f"S{at},N,{NY},{on}" for at, on in enumerate(["yes", "No", "", "soon"])))
    checked = page.check(table("site", is_activated='"On"'))
    assert values(checked, "site", "is_activated") == [True, False, None, None]
    assert codes(checked) == ["is_activated"]


def test_a_station_is_named_by_the_dealers_number_or_by_an_external_id(page: Page) -> None:
    page.text("a.csv", "Site,Name,TZ,Number,Station", f"S1,N,{NY},17,", f"S2,N,{NY},,CS-1", f"S3,N,{NY},CS-1,")
    fields = {"monitoring_station_id": '"Number"', "external_monitoring_station_id": '"Station"'}
    checked = page.check(table("site", account_number='"Site"', **fields))
    assert values(checked, "site", *fields) == [(17, None), (None, "CS-1"), (None, None)]
    assert codes(checked) == ["monitoring_station_id"]


def test_a_station_that_is_named_both_ways_is_a_warning(page: Page) -> None:
    page.text("a.csv", "Site,Name,TZ,Number,Station", f"S1,N,{NY},17,CS-1")
    fields = {"monitoring_station_id": '"Number"', "external_monitoring_station_id": '"Station"'}
    (warning,) = told(page.check(table("site", account_number='"Site"', **fields)))
    assert (warning["code"], warning["severity"], warning["cell"]) == ("two_stations", "warning", "E2")
    assert warning["message"] == 'the station is named twice, as number 17 and as "CS-1"; the number is taken'


def test_a_device_type_is_camera_or_bridge(page: Page) -> None:
    page.text("a.csv", "Site,Cam,Zone,Type", "S1,C1,1,Camera", "S1,C2,2,bridge", "S1,C3,3,NVR")
    checked = page.check(table("device", device_type='"Type"'))
    assert values(checked, "device", "device_type") == ["camera", "bridge", None]
    assert codes(checked) == ["device_type"]


def test_a_device_whose_site_is_not_in_the_inputs_is_a_warning_as_check_can_not_ask_the_dealer(page: Page) -> None:
    page.text("sites.csv", "Site,Name,TZ", f"S1,Acme,{NY}")
    page.text("cams.csv", "Site,Cam,Zone", "S1,C1,1", "S9,C2,1")
    checked = page.check(table("site"), table("device"))
    (warning,) = told(checked)
    assert (warning["severity"], warning["code"], warning["cell"]) == ("warning", "unknown_site", "A3")
    assert verdicts(checked, "device") == [None, None]


def test_a_device_file_alone_is_checked_without_a_doubt(page: Page) -> None:
    page.text("cams.csv", "Site,Cam,Zone", "S1,C1,001", "S2,C2,001")
    assert told(page.check(table("device"))) == []


def test_external_ids_are_unique_over_the_whole_of_the_inputs(page: Page) -> None:
    page.text("a.csv", "Site,Cam,Zone", "S1,1,1", "S1,2,2")
    page.book("b.xlsx", {"Cams": [["Site", "Cam", "Zone"], ["S2", "1", "1"], ["S2", "3", "2"]]})
    checked = page.check(table("device"))
    (error,) = told(checked, "duplicate_id")
    assert (error["file"], error["sheet"], error["cell"], error["severity"]) == ("b.xlsx", "Cams", "B2", "error")
    assert error["message"] == 'external_device_id "1" stands in row 2 of a.csv already'
    assert verdicts(checked, "device") == [None, None, "invalid", None]


@pytest.mark.parametrize(
    ("spec", "rows"),
    [
        ('"Cam"', ["S1,1,1,M", "S2,1,1,M"]),
        ('"Cam"', ["S1,1,1,M", "S1,1,2,M", "S2,1,1,M"]),
        ('{ template = "{Model}-{Cam}" }', ["S1,1,1,M", "S2,1,1,M"]),
        ('{ template = "{site}-{Model}" }', ["S1,1,1,M", "S1,2,2,M"]),
        ('{ column = ["Model", "Cam"] }', ["S1,1,1,M", "S1,2,2,M"]),
    ],
)
def test_the_hint_of_a_repeated_id_shows_a_template_that_makes_it_unique(
    page: Page, spec: str, rows: list[str]
) -> None:
    page.text("a.csv", "Site,Cam,Zone,Model", *rows)
    hint = told(page.check(table("device", external_device_id=spec)), "duplicate_id")[0]["hint"]
    shown = hint.removeprefix("a template would make it unique: external_device_id = ")
    assert codes(page.check(table("device", external_device_id=shown))) == []


def test_built_in_normalizing_comes_after_the_mappings_steps(page: Page) -> None:
    page.text("a.csv", "Site,Cam,Zone,MAC", "S1,C1,CAM 7,aabbccddee01")
    spec = "{ column = 'Zone', replace = { 'CAM ' = 'Z' } }"
    checked = page.check(table("device", zone_number=spec, mac='"MAC"'))
    assert values(checked, "device", "zone_number", "mac") == [("007", "AA:BB:CC:DD:EE:01")]


def test_what_is_sure_is_told_once_per_column_as_a_count_with_an_example(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(page.folder)
    page.text("a.csv", "Site,Name,TZ,Cam,Zone", *(f"S1,Acme,Eastern,C{at},{at}" for at in range(1, 5)))
    page.mapping(table("site"), table("device"))
    shown = CliRunner().invoke(app, ["check", "a.csv", "-m", "acme.toml"])
    assert shown.exit_code == 0
    assert "4 device.zone_number, such as 1 → 001" in shown.output
    run = CliRunner().invoke(app, ["check", "a.csv", "-m", "acme.toml", "--format", "json"])
    assert '"device.zone_number": {\n      "number": 4,\n      "example": "1 → 001"\n    }' in run.output
    assert told(page.check(table("site"), table("device"))) == []


def test_what_is_doubtful_is_a_warning_on_its_cell(page: Page) -> None:
    page.text("a.csv", "Site,Cam,Zone,MAC", "S1,C1,1204,AA:BB", "S1,C2,1,AA:BB:CC:DD:EE:01")
    checked = page.check(table("device", mac='"MAC"'))
    warnings = [(found["severity"], found["code"], found["cell"], found["value"]) for found in told(checked)]
    assert warnings == [("warning", "zone_number", "C2", "1204"), ("warning", "mac", "D2", "AA:BB")]
    assert verdicts(checked, "device") == [None, None]


def test_findings_csv_has_the_columns_of_the_page_and_names_the_cell_as_a_spreadsheet_does(page: Page) -> None:
    rows = [[], ["", "", "", "Site", "Name", "TZ"], ["", "", "", "S1", "Acme", "Estern"]]
    page.book("a.xlsx", {"Data": [["Customers of Acme"], *rows]})
    run = page.run(table("site"))
    header, line = lines_of(run / "findings.csv")
    assert ",".join(header) == FINDING_COLUMNS
    found = dict(zip(header, line, strict=True))
    assert [found[name] for name in ("file", "sheet", "row", "cell", "column")] == ["a.xlsx", "Data", "4", "F4", "TZ"]
    assert [found[name] for name in ("record", "external_id", "field")] == ["site", "S1", "timezone"]
    assert [found[name] for name in ("severity", "code", "value")] == ["error", "timezone", "Estern"]
    assert found["message"]
    assert found["hint"]
