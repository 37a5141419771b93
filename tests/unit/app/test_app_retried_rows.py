"""What a mended row shares with rows outside the retry is told on the mended row, wherever it stands."""

from pathlib import Path

import pytest
from app_mending import SITES, Desk, errors, outcomes


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def sites(tmp_path: Path) -> Desk:
    """A list of sites alone."""
    return Desk(tmp_path, mapping=SITES)


def test_a_mended_row_that_takes_the_id_of_a_later_row_is_the_duplicate(desk: Desk) -> None:
    desk.check("S-1,Shop,UTC,,,,7", "S-1,Shop,UTC,,,D-2,2")
    run = desk.retry({2: {"id": "D-2"}})
    assert (2, "device", "D-2", "invalid", "duplicate_id") in outcomes(run)
    assert errors(run) == [(2, "duplicate_id", 'external_device_id "D-2" stands in row 3 already')]
    assert run.exit_code == 1
    assert desk.attention().keys() == {2}


def test_a_mended_row_that_takes_the_zone_of_a_later_row_is_the_duplicate(desk: Desk) -> None:
    desk.check("S-1,Shop,UTC,,,D-1,", "S-1,Shop,UTC,,,D-2,2")
    run = desk.retry({2: {"zone": "2"}})
    assert (2, "device", "D-1", "invalid", "duplicate_zone") in outcomes(run)
    assert errors(run) == [(2, "duplicate_zone", 'zone 002 of site "S-1" is taken by "D-2" in row 3')]


def test_a_mended_row_that_takes_the_account_of_a_later_site_is_the_duplicate(sites: Desk) -> None:
    sites.check("S-1,One,Estern,17,CS,,", "S-2,Two,UTC,42,CS,,")
    run = sites.retry({2: {"tz": "UTC", "account": "42"}})
    assert outcomes(run) == [(2, "site", "S-1", "invalid", "duplicate_account")]
    assert errors(run) == [
        (2, "duplicate_account", 'account number "42" at station "CS" is that of site "S-2" in row 3')
    ]


@pytest.mark.parametrize("bad", [0, 1])
def test_a_mended_site_row_that_disagrees_with_the_site_whose_id_it_takes_is_told_wherever_it_stands(
    sites: Desk, bad: int
) -> None:
    lines = ["S-2,Two,UTC,,,,"]
    lines.insert(bad, ",One,UTC,,,,")
    sites.check(*lines)
    run = sites.retry({bad + 2: {"site": "S-2"}})
    assert outcomes(run) == [(bad + 2, "site", "S-2", "invalid", "disagreement")]
    assert errors(run) == [
        (bad + 2, "disagreement", f'name is "One" in row {bad + 2}, but "Two" in row {3 - bad}'),
    ]
    again = sites.retry({bad + 2: {"name": "Two"}})
    assert outcomes(again) == [(bad + 2, "site", "S-2", "valid", None)]


@pytest.mark.parametrize("bad", [0, 1])
def test_a_mended_site_row_that_agrees_with_the_site_whose_id_it_takes_is_that_site(sites: Desk, bad: int) -> None:
    lines = ["S-2,Two,UTC,17,,,"]
    lines.insert(bad, ",Two,UTC,,,,")
    sites.check(*lines)
    run = sites.retry({bad + 2: {"site": "S-2"}})
    assert outcomes(run) == [(bad + 2, "site", "S-2", "valid", None)]
    assert run.report.findings.is_empty()
    assert run.exit_code == 0


def test_cameras_of_a_site_that_a_mended_row_disagrees_with_wait_for_it(desk: Desk) -> None:
    desk.check("S-1,One,UTC,,,D-1,1", "S-1,One,UTC,,,,2")
    run = desk.retry({3: {"id": "D-2", "name": "Other"}})
    assert outcomes(run) == [
        (3, "site", "S-1", "invalid", "disagreement"),
        (3, "device", "D-2", "blocked", "blocked"),
    ]
    assert outcomes(desk.retry({3: {"name": "One"}})) == [(3, "device", "D-2", "valid", None)]


def test_of_two_mended_rows_the_later_one_is_the_duplicate(desk: Desk) -> None:
    desk.check("S-1,One,UTC,,,,1", "S-1,One,UTC,,,,2", "S-1,One,UTC,,,D-3,3")
    run = desk.retry({2: {"id": "D-1"}, 3: {"id": "D-1"}})
    assert outcomes(run) == [
        (2, "site", "S-1", "valid", None),
        (2, "device", "D-1", "valid", None),
        (3, "device", "D-1", "invalid", "duplicate_id"),
    ]


def test_an_error_in_a_row_outside_the_retry_is_told_where_it_keeps_a_retried_record_back(sites: Desk) -> None:
    sites.check("S-1,One,Estern,,,,", "S-1,One,UTC,,CS,,", "S-2,Two,UTC,,,,")
    mapping = sites.folder / "mapping.toml"
    strict = 'external_monitoring_station_id = { column = "station", map = { "CS-1" = "CS-1" }, strict = true }'
    mapping.write_text(SITES.replace('external_monitoring_station_id = "station"', strict), encoding="utf-8")
    run = sites.retry({2: {"tz": "UTC"}})
    assert outcomes(run) == [(2, "site", "S-1", "invalid", "not_in_map")]
    assert [(row, code) for row, code, _ in errors(run)] == [(3, "not_in_map")]
    assert sites.attention().keys() == {2, 3}
    again = sites.retry({3: {"station": "CS-1"}})
    assert outcomes(again) == [(2, "site", "S-1", "valid", None)]


def test_a_mended_row_whose_site_no_longer_fits_the_wave_is_taken(desk: Desk) -> None:
    lines = ("S-11,One,UTC,,,D-1,", "T-11,Two,UTC,,,D-2,2", "U-1,Three,UTC,,,D-3,3")
    assert len(outcomes(desk.check(*lines, only="S-*"))) == 2
    there = desk.retry({2: {"site": "T-11", "name": "Two", "zone": "1"}})
    assert outcomes(there) == [(2, "site", "T-11", "valid", None), (2, "device", "D-1", "valid", None)]
    assert there.exit_code == 0


def test_a_mended_row_that_lost_its_site_is_not_left_out_of_the_wave(desk: Desk) -> None:
    desk.check("S-11,One,UTC,,,D-1,", only="S-*")
    run = desk.retry({2: {"site": ""}})
    assert [(record, outcome, code) for _, record, _, outcome, code in outcomes(run)] == [
        ("site", "invalid", "required"),
        ("device", "invalid", "required"),
    ]
    assert run.exit_code == 1


def test_zeros_that_a_spreadsheet_program_took_are_put_back_with_a_note_in_the_report(sites: Desk) -> None:
    sites.check("0042,One,Estern,,,,")
    run = sites.retry({2: {"site": "42", "tz": "UTC"}})
    assert outcomes(run) == [(2, "site", "0042", "valid", None)]
    notes = run.report.findings.select("row", "field", "severity", "code", "value").rows()
    assert notes == [(2, "external_site_id", "note", "zeros_put_back", "42")]


def test_a_column_of_the_corrected_file_that_no_source_has_is_told(
    sites: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    sites.check("S-1,One,Estern,,,,")
    sites.retry({2: {"time zone": "UTC"}})
    (said,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert said.endswith(
        "mended.csv: columns in no source, and so ignored: time zone; if one was renamed, name it as it was"
    )


def test_a_site_that_was_removed_from_the_corrected_file_is_told_as_removed(desk: Desk) -> None:
    desk.check("S-1,One,Estern,,,,", "S-2,Two,UTC,,,,", "S-1,,,,,D-1,1")
    run = desk.retry({4: {"zone": ""}}, without=frozenset({2}))
    assert outcomes(run) == [(4, "device", "D-1", "invalid", "required")]
    again = desk.retry({4: {"zone": "2"}})
    assert outcomes(again) == [(4, "device", "D-1", "valid", None)]
    for retried in (run, again):
        (doubt,) = retried.report.findings.filter(retried.report.findings["code"] == "filtered_site").to_dicts()
        assert doubt["message"] == 'site "S-1" was removed from the corrected file (row 2)'
        assert doubt["hint"].startswith("put its row back")
