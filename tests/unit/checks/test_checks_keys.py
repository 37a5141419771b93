"""Ids are unique over the inputs."""

import polars as pl
from checks_mapped import COLUMNS, Given, camera, check, codes, frames, site, told, verdicts

from migrate.checks.validate import validate


def test_a_repeated_device_id_is_an_error_on_the_later_row_that_names_the_earlier() -> None:
    checked = check(device=[camera("c1"), camera("c2", zone="2"), camera("c1", "S2"), camera("c1", "S3", _src=1)])
    first, second = told(checked, "duplicate_id")
    assert (first["row"], first["message"]) == (4, 'external_device_id "c1" stands in row 2 already')
    assert second["message"] == 'external_device_id "c1" stands in row 2 of a.csv already'
    assert verdicts(checked, "device") == [None, None, "invalid", "invalid"]


def test_the_place_of_an_earlier_row_in_a_workbook_names_its_sheet() -> None:
    checked = check(device=[camera("c1", _src=0), camera("c2", zone="2", _src=1), camera("c2", "S2", _src=1)])
    assert told(checked, "duplicate_id")[0]["message"].endswith("stands in row 3 already")
    swapped = Given(frames(device=[camera("c1"), camera("c1", "S2", _src=1)]), sources=Given({}).sources[::-1])
    message = validate(swapped).findings.item(0, "message")
    assert message == 'external_device_id "c1" stands in row 2 of b.xlsx, sheet "Cameras" already'


def test_the_hint_shows_a_template_of_the_real_columns() -> None:
    (finding,) = told(check(device=[camera("c1"), camera("c1", "S2")]), "duplicate_id")
    assert finding["hint"].endswith('external_device_id = { template = "{Site #}-{Cam}" }')


def test_the_template_takes_the_zone_where_the_site_is_not_enough() -> None:
    found = told(check(device=[camera("c1"), camera("c1", "S2"), camera("c1", "S2", zone="2")]), "duplicate_id")
    assert {finding["hint"].split(" = ", 1)[1] for finding in found} == {'{ template = "{Site #}-{Cam}-{Zone}" }'}


def test_the_template_names_a_column_once_and_fields_where_no_column_is_known() -> None:
    rows = frames(device=[camera("S1"), camera("S1", zone="2")])
    one_column = validate(Given(rows, columns={**COLUMNS, "external_device_id": "Site #"}))
    assert '"{Site #}-{Zone}"' in one_column.findings.item(0, "hint")
    unknown = validate(Given(rows, columns={"name": "Name"}))
    assert '"{external_site_id}-{external_device_id}-{zone_number}"' in unknown.findings.item(0, "hint")


def test_the_hint_adds_to_a_template_what_it_lacks() -> None:
    rows = frames(device=[camera("S1-1"), camera("S1-1", zone="2")])
    of_model = validate(Given(rows, templates={"external_device_id": "{SITE #}-{Model}"}))
    assert of_model.findings.item(0, "hint").endswith('= { template = "{SITE #}-{Model}-{Zone}" }')
    of_zone = validate(Given(rows, templates={"external_device_id": "{Site #}-{Zone}"}))
    assert of_zone.findings.item(0, "hint") == "take out one of the two rows, or give it an id of its own"


def test_a_device_that_stands_there_twice_is_to_be_taken_out() -> None:
    (finding,) = told(check(device=[camera("c1"), camera("c1")]), "duplicate_id")
    assert finding["hint"].startswith("take out one of the two rows")


def test_a_repeated_device_does_not_clash_with_its_own_zone() -> None:
    assert codes(check(device=[camera("c1"), camera("c1")])) == ["duplicate_id"]


def test_ids_of_different_kinds_may_be_the_same() -> None:
    assert check(site=[site("1")], device=[camera("1", "1")]).findings.is_empty()


def test_every_record_of_a_column_that_is_no_key_is_judged() -> None:
    checked = check(device=[camera("x", f"S{number}") for number in range(5)])
    assert checked.findings.filter(pl.col("code") == "duplicate_id").height == 4
