"""Numbers that have lost leading zeros or their last digits are told where the column shows it."""

import pytest
from checks_mapped import camera, check, codes, site, told


def test_a_number_that_is_shorter_than_nearly_all_others_is_a_warning() -> None:
    accounts = ["000123", "000124", "000125", "000126", "127", "P12"]
    checked = check(site=[site(f"S{number}", account_number=number) for number in accounts])
    (finding,) = told(checked, "shorter_than_others")
    assert (finding["external_id"], finding["field"]) == ("S127", "account_number")
    assert finding["message"].endswith('with its zeros it would be "000127"')
    assert finding["hint"] == "if its leading zeros were lost, give the field pad = 6 under table.fields.account_number"
    assert checked.records["site"]["account_number"].to_list() == accounts


@pytest.mark.parametrize(
    "accounts",
    [
        ["0123", "0124", "125", "126"],
        ["1123", "1124", "1125", "1126", "127"],
        ["01", "1234", "1235", "1236", "1237", "1238"],
        [str(number) for number in range(1, 2001)],
        [*map(str, range(1, 2001)), "0007", "0042"],
        [f"{number:03}" for number in range(1, 1500)],
        ["0", "10", "20", "30", "40"],
        ["0123", "0124", "0125", "0126", "A7"],
    ],
)
def test_numbers_whose_column_proves_no_width_are_no_finding(accounts: list[str]) -> None:
    checked = check(site=[site(f"S{n}", account_number=number) for n, number in enumerate(accounts)])
    assert "shorter_than_others" not in codes(checked)


def test_a_column_of_which_half_lost_its_zeros_is_told_cell_by_cell() -> None:
    accounts = [*(f"{number:04}" for number in range(0, 600, 10)), *(str(number) for number in range(5, 400, 10))]
    checked = check(site=[site(f"S{n}", account_number=number) for n, number in enumerate(accounts)])
    assert [finding["row"] for finding in told(checked, "shorter_than_others")] == [*range(62, 102)]


def test_serial_numbers_are_judged_for_lost_zeros_and_digits() -> None:
    serials = ["00123", "00124", "10125", "126", "88021300000100000"]
    checked = check(device=[camera(f"c{n}", zone=str(n), serial_number=text) for n, text in enumerate(serials, 1)])
    found = [(finding["external_id"], finding["field"], finding["code"]) for finding in checked.findings.to_dicts()]
    assert found == [
        ("c4", "serial_number", "shorter_than_others"),
        ("c5", "serial_number", "maybe_rounded"),
    ]


def test_long_numbers_of_which_one_has_all_of_its_digits_were_not_rounded() -> None:
    numbers = ["1234567890123450", "1234567890123457"]
    assert check(site=[site(number) for number in numbers]).findings.is_empty()
    (finding,) = told(check(site=[site(numbers[0])]), "maybe_rounded")
    assert (finding["severity"], finding["field"]) == ("warning", "external_site_id")


def test_ids_are_judged_for_lost_zeros_and_links_where_the_sites_are_not_in_the_inputs() -> None:
    sites = ["0001", "0002", "0003", "0004", "5"]
    assert codes(check(site=[site(number) for number in sites])) == ["shorter_than_others"]
    devices = [camera(f"c{number}", number) for number in sites]
    (finding,) = told(check(device=devices), "shorter_than_others")
    assert finding["field"] == "external_site_id"
    assert codes(check(site=[site(number) for number in sites[:4]], device=devices)) == ["unknown_site"]
