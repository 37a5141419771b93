"""Which tables are suggested for what stands in sheets: joins, groups, conditions, ids, what is left to a person."""

import tomllib
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from typing import Any

import pytest
from mapping_sources import source

from migrate.mapping.choose import choose
from migrate.mapping.mapping import Mapping
from migrate.mapping.suggest.suggest import suggest
from migrate.model.sources import Source

Columns = Dict[str, Sequence[str | None]]

MACS = [f"AA:BB:CC:00:00:{number:02X}" for number in range(1, 9)]
SITES: Columns = {
    "Customer #": ["C100", "C101", "C102", "C103"],
    "Customer": ["Joe's Pizza", "Harbor Storage", "First Church", "Oak Dental"],
    "Street": ["1 Main St", "2 Main St", "3 Main St", "4 Main St"],
    "City": ["Troy", "Troy", "Albany", "Albany"],
    "State": ["NY", "NY", "NY", "NY"],
    "Zip": ["12180", "12181", "12182", "12183"],
    "Time Zone": ["Eastern", "Eastern", "EST", "Estern"],
    "Acct": ["0042", "0043", "0044", "0045"],
}
CAMERAS: Columns = {
    "Site": ["C100", "C100", "C101", "C102", "C103", "C103"],
    "Camera": ["Front", "Rear", "Front", "Till", "Door", "Yard"],
    "Zone": ["1", "2", "1", "1", "1", "2"],
    "MAC": MACS[:6],
    "Serial": ["S1A", "S2A", "S3A", "S4A", "S5A", "S6A"],
}


def suggested(*sources: Source) -> tuple[list[dict[str, Any]], str]:
    """Return the tables of the mapping that is suggested, which fits the sources, and its text."""
    text = suggest(sources).text()
    choose(sources, Mapping.parse(text, path="suggested.toml"))
    return tomllib.loads(text)["table"], text


def test_a_sheet_of_sites_and_one_of_cameras_are_joined_by_their_values_whatever_the_header() -> None:
    cameras = {("Belongs to" if name == "Site" else name): values for name, values in CAMERAS.items()}
    (site, device), text = suggested(source(SITES, sheet="Customers"), source(cameras, sheet="Cams"))
    assert (site["record"], site["sheet"], site["fields"]["external_site_id"]) == ("site", "Customers", "Customer #")
    assert (device["record"], device["sheet"], device["fields"]["external_site_id"]) == ("device", "Cams", "Belongs to")
    assert '# sure: 100 % of its values are in "Customer #" of sheet Customers' in text
    assert device["fields"]["external_device_id"] == {"template": "{Belongs to}-{Serial}"}


def test_where_devices_name_their_site_by_its_name_the_name_is_the_id_of_both() -> None:
    names = dict(zip(SITES["Customer #"], SITES["Customer"], strict=True))
    cameras = {**CAMERAS, "Site": [names[site] for site in CAMERAS["Site"]]}
    (site, device), _ = suggested(source(SITES, sheet="Customers"), source(cameras, sheet="Cams"))
    assert site["fields"]["external_site_id"] == site["fields"]["name"] == "Customer"
    assert device["fields"]["external_site_id"] == "Site"


def test_ids_that_lost_their_zeros_are_told_and_given_back_by_a_person_alone() -> None:
    sites = {**SITES, "Customer #": ["0042", "0043", "0044", "0045"]}
    cameras = {**CAMERAS, "Site": ["42", "42", "43", "44", "45", "45"]}
    (_, device), text = suggested(source(sites, sheet="Customers"), source(cameras, sheet="Cams"))
    assert device["fields"]["external_site_id"] == "Site"
    assert '# decide: pad = 4 would give its values the zeros that they have in "Customer #" of sheet Customers' in text
    assert '# likely: 100 % of its values are in "Customer #" of sheet Customers but for zeros in front' in text


def test_an_account_number_that_may_have_lost_a_zero_is_told_and_left_as_it_is() -> None:
    accounts = ["0042", "0043", "44", "0045", "1046", "0047"]
    sites: Columns = {
        "Site #": [f"S{at}" for at in range(6)],
        "Site": [f"Shop {at}" for at in range(6)],
        "TZ": ["Eastern"] * 6,
        "Acct": accounts,
    }
    tables, text = suggested(source(sites))
    assert tables[0]["fields"]["account_number"] == "Acct"
    assert '# decide: "44" is shorter than the others; pad = 4 would put back zeros that it may have lost' in text
    unlike = {**sites, "Acct": ["42", "143", "44", "1045", "1046", "47"]}
    assert "pad" not in suggested(source(unlike))[1]


def test_a_site_that_stands_inside_of_a_text_is_taken_out_of_it() -> None:
    keys = ["AV-01", "AV-02", "AV-03", "AV-04"]
    groups = [f"/{keys[at % 4]} Cameras/Indoor" for at in range(6)]
    cameras = {"DeviceGroups": groups, **{name: values for name, values in CAMERAS.items() if name != "Site"}}
    (_, device), _ = suggested(source({**SITES, "Customer #": keys}, sheet="A"), source(cameras, sheet="B"))
    assert device["fields"]["external_site_id"] == {"column": "DeviceGroups", "extract": "([A-Z]+-[0-9]+)"}


def test_site_columns_that_stand_once_a_group_are_filled_down_by_the_id_alone() -> None:
    columns = {
        "Store #": ["0012", None, "0013", None, "0014", None],
        "Store": ["Troy", None, "Albany", None, "Utica", None],
        "Address": ["1 Elm", None, "2 Elm", None, "3 Elm", None],
        "Time Zone": ["Eastern", None, "Eastern", None, "Eastern", None],
        **{name: values for name, values in CAMERAS.items() if name != "Site"},
    }
    tables, _ = suggested(source(columns))
    assert [(table["record"], table["fill_down"]) for table in tables] == [
        ("site", ["Store #"]),
        ("device", ["Store #"]),
    ]


def test_rows_that_repeat_the_site_are_told_from_what_varies_within_it() -> None:
    rows = [0, 0, 1, 2, 3, 3]
    columns: Columns = {
        "System No": [SITES["Customer #"][at] for at in rows],
        "Name": [SITES["Customer"][at] for at in rows],
        "Address": [SITES["Street"][at] for at in rows],
        "TZ": ["Eastern"] * 6,
        "Description": CAMERAS["Camera"],
        **{name: CAMERAS[name] for name in ("Zone", "MAC", "Serial")},
    }
    (site, device), _ = suggested(source(columns))
    assert (site["fields"]["name"], device["fields"]["name"]) == ("Name", "Description")


def test_a_company_whose_rows_disagree_is_the_site_s_name_all_the_same() -> None:
    columns: Columns = {
        "N° client": ["001", "001", "002", "002", "003"],
        "Raison sociale": ["Hélène", "Hélène", "Garage « Léon »", "Garage Leon", "Noël"],
        "N° abonné": ["041", "041", "042", "042", "043"],
        "Zone": ["1", "2", "1", "2", "1"],
        "Adresse MAC": MACS[:5],
    }
    (site, _), text = suggested(source(columns))
    assert site["fields"]["name"] == "Raison sociale"
    assert 'name = "Raison sociale"  # doubtful: header means company' in text
    assert (site["fields"]["external_site_id"], site["fields"]["account_number"]) == ("N° client", "N° abonné")


def test_accounts_that_are_closed_are_left_out_and_what_is_not_clear_is_left_to_a_person() -> None:
    status = ["Active", "CLOSED", "Cancelled 3/14", "Frozen", *["Active"] * 4]
    numbers = [f"C10{at}" for at in range(8)]
    sites = {"Customer #": numbers, "Customer": numbers, "Street": numbers, "Time Zone": ["Eastern"] * 8}
    tables, text = suggested(source({**sites, "Status": status}))
    assert tables[0]["where"] == {"column": "Status", "not_in": ["CLOSED", "Cancelled 3/14"]}
    assert '# decide: "Frozen" may not be in use either; such rows come along' in text


def test_a_condition_that_would_leave_out_most_rows_is_only_a_comment() -> None:
    tables, text = suggested(source({**SITES, "Status": ["Closed", "Closed", "Cancelled", "Active"]}))
    assert "where" not in tables[0]
    assert '# where = { column = "Status", not_in = ["Closed", "Cancelled"] }' in text


def test_a_header_that_was_half_understood_leaves_out_no_row() -> None:
    cameras = {**CAMERAS, "HTTPSEnabled": ["False", "True", "True", "True", "True", "True"]}
    tables, _ = suggested(source(SITES, sheet="A"), source(cameras, sheet="B"))
    assert not [table for table in tables if "where" in table]


def test_things_with_serial_numbers_are_no_devices_of_ours() -> None:
    laptops: Columns = {
        "Asset ID": ["A1", "A2", "A3"],
        "Category": ["Laptop", "Monitor", "Laptop"],
        "Make": ["Dell", "Dell", "Apple"],
        "Model": ["L1", "M1", "X1"],
        "Serial Number": ["S1", "S2", "S3"],
    }
    assert suggest([source(laptops)]).tables == ()


def test_a_word_that_is_a_state_or_a_status_is_told_by_its_values() -> None:
    tables, _ = suggested(source({**SITES, "State": ["Activo", "Activo", "Baja", "Activo"]}))
    assert tables[0]["where"] == {"column": "State", "not_in": ["Baja"]}
    assert tables[0]["fields"]["address2"] == {"template": "{City}, {Zip}"}


def test_sites_are_called_as_their_devices_call_them() -> None:
    sites = {**SITES, "System Number": ["0611", "0612", "0613", "0614"]}
    numbers = dict(zip(SITES["Customer #"], sites["System Number"], strict=True))
    cameras = {**CAMERAS, "Site": [numbers[site] for site in CAMERAS["Site"]]}
    (site, device), text = suggested(source(sites, sheet="Customers"), source(cameras, sheet="Cams"))
    assert (site["fields"]["external_site_id"], device["fields"]["external_site_id"]) == ("System Number", "Site")
    assert "# likely: sheet Cams names the sites so" in text


def test_a_second_sheet_about_the_same_sites_makes_no_sites_of_its_own() -> None:
    more: Columns = {"Site": SITES["Customer #"], "Xmit Code": ["1-0442", "1-0443", "1-0444", "1-0445"]}
    tables, text = suggested(source(SITES, sheet="Customers"), source(more, sheet="Transmitters"))
    assert [table["sheet"] for table in tables] == ["Customers"]
    assert "# Not read: acme.csv, sheet Transmitters" in text


def test_an_address_of_several_lines_becomes_one() -> None:
    tables, _ = suggested(source({**SITES, "Street": ["1 Main St\nTroy", "2 Elm", "3 Oak", "4 Ash"]}))
    assert tables[0]["fields"]["address1"] == {"column": "Street", "replace": {"\\s*\\n\\s*": ", "}}


def test_a_switch_of_a_site_is_a_comment_for_no_may_mean_not_yet() -> None:
    tables, text = suggested(source({**SITES, "Active": ["yes", "no", "yes", "yes"]}))
    assert "where" not in tables[0]
    assert '# where = { column = "Active", not_in = ["no"] }' in text


def test_what_is_neither_camera_nor_bridge_is_left_out_and_what_nobody_knows_is_asked() -> None:
    columns = {**CAMERAS, "Type": ["IP Cam", "NVR", "Bridge", "IP Cam", "Whatsit", "ip cam"]}
    tables, text = suggested(source(columns))
    assert tables[0]["where"] == {"column": "Type", "not_in": ["NVR"]}
    assert tables[0]["fields"]["device_type"] == {"column": "Type", "map": {"IP Cam": "camera"}}
    assert '# decide: "Whatsit" (1 row) = "camera" or "bridge"?' in text


def test_time_zones_that_are_known_are_mapped_and_others_are_told_with_their_rows() -> None:
    tables, text = suggested(source(SITES))
    assert tables[0]["fields"]["timezone"] == {"column": "Time Zone", "map": {"Eastern": "America/New_York"}}
    assert '# decide: "Estern" (1 row): time zone "Estern" is not known; did you mean "Eastern"?' in text
    assert '# "EST" is taken as America/New_York' in text


@pytest.mark.parametrize("states", [["NY", "NY", "CT", "NY"], ["NY", "NY", "PA", "NY"]])
def test_a_state_stands_in_for_an_empty_time_zone_unless_it_can_be_read_as_central_time(states: list[str]) -> None:
    columns = {**SITES, "State": states, "Time Zone": ["Eastern", "Eastern", None, "Central"]}
    tables, _ = suggested(source(columns))
    expected = "Time Zone" if "CT" in states else ["Time Zone", "State"]
    assert tables[0]["fields"]["timezone"]["column"] == expected


def test_a_required_field_that_no_column_gives_stays_empty_and_says_what_to_do() -> None:
    columns = {name: values for name, values in SITES.items() if name not in {"Time Zone", "State"}}
    tables, text = suggested(source(columns))
    assert tables[0]["fields"]["timezone"] == {"value": ""}
    assert "# TODO timezone: no column gives it" in text
    assert '# if all sites are in one, write it: timezone = { value = "America/New_York" }' in text
    assert suggest([source(columns)]).open_fields == [("site", "timezone")]


def test_the_device_id_is_what_leaves_the_fewest_rows_without_one_of_their_own() -> None:
    def made(columns: Columns) -> object:
        return suggested(source(SITES, sheet="A"), source(columns, sheet="B"))[0][1]["fields"]["external_device_id"]

    without_serial = {name: values for name, values in CAMERAS.items() if name != "Serial"}
    assert made({**CAMERAS, "Device ID": ["a1", "a2", "a3", "a4", "a5", "a6"]}) == "Device ID"
    assert made(CAMERAS) == {"template": "{Site}-{Serial}"}
    assert made({**CAMERAS, "Serial": ["S1", "S1", "S1", "S1", None, None]}) == {"template": "{Site}-{Zone}"}
    assert made(without_serial) == {"template": "{Site}-{Zone}"}


def test_a_matrix_of_cameras_makes_a_table_of_each_number() -> None:
    cells = {
        "Camera 1": ["Front", "Front", "Front", None],
        "Camera 1 MAC": [*MACS[:3], None],
        "Camera 2": ["Rear", None, None, None],
        "Camera 2 MAC": [MACS[3], None, None, None],
    }
    (site, *devices), _ = suggested(source({**SITES, **cells}))
    assert site["record"] == "site"
    ids = [device["fields"]["external_device_id"]["template"] for device in devices]
    assert ids == ["{Customer #}-C1", "{Customer #}-C2"]
    assert [device["fields"]["mac"] for device in devices] == ["Camera 1 MAC", "Camera 2 MAC"]


def test_sheets_with_the_same_columns_are_one_table_by_a_glob_that_takes_no_other() -> None:
    regions = [source(SITES, sheet=f"Region {name}") for name in ("North", "South")]
    tables, _ = suggested(*regions, source({"Note": ["Ladder needed"]}, sheet="Regions"))
    assert [table["sheet"] for table in tables] == ["Region *"]
    tables, _ = suggested(*regions, source({"Note": ["x"]}, sheet="Region notes"))
    assert [table["sheet"] for table in tables] == ["Region North", "Region South"]


def test_a_hidden_sheet_is_read_and_its_table_left_to_a_person() -> None:
    tables, text = suggested(source(SITES, sheet="Customers", hidden=True))
    assert [table["sheet"] for table in tables] == ["Customers"]
    assert (
        "# decide: the sheet is hidden in the workbook; take this table out if it is not meant to be read\n[[table]]"
        in text
    )


def test_of_several_files_each_table_names_its_own() -> None:
    tables, _ = suggested(source(SITES, file="customers.csv"), source(CAMERAS, file="cams.csv"))
    assert [(table["record"], table["file"]) for table in tables] == [("site", "customers.csv"), ("device", "cams.csv")]


def test_a_person_s_two_names_are_the_site_s_where_it_has_no_other() -> None:
    columns = {name: values for name, values in SITES.items() if name != "Customer"}
    people = {"Last Name": ["Lee", "Kim", "Roy", "Day"], "First Name": ["Ann", "Bob", "Cy", "Di"]}
    tables, _ = suggested(source({**columns, **people}))
    assert tables[0]["fields"]["name"] == {"template": "{Last Name}, {First Name}"}


def test_a_column_of_macs_is_known_without_a_header() -> None:
    columns = {"A": CAMERAS["Zone"], "B": MACS[:6], "C": ["198.51.100.7"] * 6}
    tables, text = suggested(source(columns, header_row=0))
    assert (tables[0]["record"], tables[0]["header_row"], tables[0]["fields"]["mac"]) == ("device", 0, "B")
    assert tables[0]["fields"]["external_site_id"] == tables[0]["fields"]["zone_number"] == {"value": ""}
    assert 'mac = "B"  # sure: 100 % are MAC addresses' in text


def test_phones_and_mails_are_named_at_the_end_and_go_nowhere() -> None:
    columns = {**SITES, "Phone": ["(518) 555-0100"] * 4, "E-mail": [f"a{at}@example.com" for at in range(4)]}
    tables, text = suggested(source(columns))
    assert {"Phone", "E-mail"}.isdisjoint(map(str, tables[0]["fields"].values()))
    assert text.splitlines()[-1] == '# People, who are not migrated by this mapping (acme.csv): "Phone", "E-mail"'


def test_the_values_of_a_column_that_may_hold_a_password_are_no_examples() -> None:
    found = suggest([source({**CAMERAS, "pw": ["s3cret"] * 6})])
    assert found.profiles_of(0)["pw"].examples == ("***",)
    assert "s3cret" not in found.text()


@pytest.mark.parametrize("header", ["계약번호", "Contract No"])
def test_a_contract_s_number_may_be_the_site_s_and_a_person_decides(header: str) -> None:
    columns = {(header if name == "Customer #" else name): values for name, values in SITES.items()}
    tables, text = suggested(source(columns))
    assert (tables[0]["fields"]["external_site_id"], tables[0]["fields"]["account_number"]) == (header, "Acct")
    assert f'external_site_id = "{header}"  # doubtful: header means contract number' in text
    assert f'# decide: "{header}" is a contract\'s number; does it stand for the site or its account?' in text


@pytest.mark.parametrize("name", ["System Login", "Type Login", "Account Login", "Camera 1 Login"])
@pytest.mark.parametrize("value", ["geheim{}", "rose dome {}", "10{}"])
def test_a_column_that_may_hold_a_password_is_named_as_not_mapped_and_none_of_its_values_is_told(
    name: str, value: str
) -> None:
    secrets = [value.format(at % 2 + 71) for at in range(6)]
    found = suggest([source({**CAMERAS, name: secrets}), source({**SITES, name: secrets[:4]}, file="sites.csv")])
    said = found.text() + repr(found.tables)
    assert not [secret for secret in secrets if secret in said]
    assert name not in repr(found.tables)
    assert f'# Not mapped (acme.csv): "{name}"' in said
    assert [*found.profiles_of(0)] == [*CAMERAS, name]
