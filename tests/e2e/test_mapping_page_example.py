"""The interface page on mappings: its own example, word for word, on the workbook that it is about."""

from pathlib import Path

from mapping_page import Page, codes, left_out, told, values, verdicts

EXAMPLE = r"""
name = "Acme legacy inventory"

[[table]]
record = "site"                       # station | site | device | contact
file = "*.xlsx"                       # optional glob on the input's file name; default: every input
sheet = "Customers"                   # optional; default: the first sheet that has rows. "Region *" takes every sheet
header_row = 3                        # optional; default: found by looking. 0: there is none, columns are called A, B
fill_down = ["Customer #"]            # optional; empty cells of these columns take the value above (grouped rows)
where = { column = "Status", not_in = ["Closed", "Cancelled"] }   # optional: in | not_in | matches; a list means all

[table.fields]
external_site_id = "Customer #"                                   # a column, trimmed
name             = { template = "{Last Name}, {First Name}" }     # columns put together; empty parts leave no separators
timezone         = { column = "TZ", map = { Eastern = "America/New_York", "Cent*" = "America/Chicago" }, default = "America/New_York" }
account_number   = { column = ["Acct", "Account No"], pad = 6 }   # the first column that is not empty
address1         = "Street"
security_type    = { value = 1 }
external_monitoring_station_id = { value = "CS-1" }

[[table]]
record = "device"
sheet = "Cameras"

[table.fields]
external_site_id   = "Customer #"
external_device_id = { template = "{Customer #}-{Zone}" }
device_type        = { column = "Type", map = { "IP Cam*" = "camera", "*bridge*" = "bridge" }, default = "camera" }
zone_number        = { column = "Zone", extract = "(\\d+)", pad = 3 }
additional_zone_numbers = { column = "Other zones", split = "[;/, ]+", pad = 3 }
mac                = "MAC Address"
"""  # noqa: E501 - as it stands on the page

CUSTOMERS: list[list[object]] = [
    ["Acme Alarms, customers"],
    [],
    ["Customer #", "Last Name", "First Name", "TZ", "Acct", "Account No", "Street", "Status"],
    ["C1", "Smith", "Jo", "eastern", "123", None, "1 Elm", "Active"],
    [None, None, None, None, None, None, "1 Elm", None],
    ["C2", "Bolt and Nut", None, "Central Time", None, "000456", "2 Oak", "active"],
    ["C3", "Gone", "Al", None, "789", None, "3 Ash", "CLOSED"],
    ["C4", "Coil", "Di", None, "A7", None, None, None],
]
CAMERAS: list[list[object]] = [
    ["Customer #", "Type", "Zone", "Other zones", "MAC Address"],
    ["C1", "IP Camera 4MP", "Zone 1", "2; 3/4", "aa-bb-cc-dd-ee-01"],
    ["C1", "My Bridge", "Z5", None, None],
    ["C2", None, "7", None, "AABBCCDDEE02"],
    ["C2", "Camera", None, None, None],
    ["C3", "IP Cam", "1", None, None],
]


def checked_example(tmp_path: Path) -> Page:
    page = Page(tmp_path)
    page.book("acme.xlsx", {"Customers": CUSTOMERS, "Cameras": CAMERAS})
    return page


def test_the_pages_example_makes_the_sites_that_it_says(tmp_path: Path) -> None:
    checked = checked_example(tmp_path).check(EXAMPLE)
    assert values(checked, "site", "external_site_id", "name", "timezone", "account_number", "address1", "_rows") == [
        ("C1", "Smith, Jo", "America/New_York", "000123", "1 Elm", 2),
        ("C2", "Bolt and Nut", "America/Chicago", "000456", "2 Oak", 1),
        ("C4", "Coil, Di", "America/New_York", "A7", None, 1),
    ]
    assert set(values(checked, "site", "security_type", "external_monitoring_station_id")) == {(1, "CS-1")}
    assert verdicts(checked, "site") == [None, None, None]
    assert left_out(checked) == [(7, "filtered by where")]


def test_the_pages_example_makes_the_devices_that_it_says(tmp_path: Path) -> None:
    checked = checked_example(tmp_path).check(EXAMPLE)
    fields = ("external_device_id", "device_type", "zone_number", "additional_zone_numbers", "mac")
    assert values(checked, "device", *fields) == [
        ("C1-Zone 1", "camera", "001", "002,003,004", "AA:BB:CC:DD:EE:01"),
        ("C1-Z5", "bridge", "005", None, None),
        ("C2-7", "camera", "007", None, "AA:BB:CC:DD:EE:02"),
        (None, "camera", None, None, None),
        ("C3-1", "camera", "001", None, None),
    ]
    assert verdicts(checked, "device") == [None, None, None, "invalid", None]
    errors = [(found["cell"], found["field"]) for found in told(checked) if found["severity"] == "error"]
    assert errors == [("C5", "external_device_id"), ("C5", "zone_number")]
    assert codes(checked, "warning") == ["filtered_site"]
