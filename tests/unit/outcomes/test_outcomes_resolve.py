"""What became of each record, at each stage of a run."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from migrate.errors import Defect
from migrate.model.findings import no_findings
from migrate.model.outcomes import OUTCOMES_SCHEMA, RESULTS_SCHEMA
from migrate.model.records import RECORDS
from migrate.model.sources import Source, Table
from migrate.outcomes.resolve import resolve

_LEFT_OUT = pl.Schema({"_row": pl.UInt32(), "why": pl.String()})


def _source(file: str, sheet: str | None = None) -> Source:
    frame = pl.DataFrame({"_row": [2, 3]}, schema={"_row": pl.UInt32})
    table = Table(
        path=Path(file),
        sheet=sheet,
        header_row=1,
        frame=frame,
        letters={},
        findings=no_findings(),
        left_out=_LEFT_OUT.to_frame(),
        format="csv",
    )
    return Source(file, table)


def _records(record: str, *rows: dict[str, Any]) -> pl.DataFrame:
    types = {"integer": pl.Int64, "boolean": pl.Boolean, "text": pl.String}
    fields: dict[str, Any] = {field.name: types[field.kind] for field in RECORDS[record].fields}
    numbers = dict.fromkeys(("_n", "_src", "_row"), pl.UInt32)
    states = dict.fromkeys(("_verdict", "_code", "_message", "_action", "_planned"), pl.String)
    schema: dict[str, Any] = {**numbers, **fields, **states, "_remote_id": pl.Int64}
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def _results(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in RESULTS_SCHEMA} for row in rows], schema=RESULTS_SCHEMA)


def _planned(n: int, planned: str, **more: Any) -> dict[str, Any]:
    return {"_n": n, "_src": 0, "_row": n + 2, "external_site_id": f"S-{n}", "_planned": planned, **more}


SOURCES = (_source("sites.csv"), _source("book.xlsx", "Cameras"))


def test_a_checked_record_is_valid_unless_its_verdict_says_otherwise() -> None:
    sites = _records(
        "site",
        {"_n": 0, "_src": 0, "_row": 2, "external_site_id": "S-1"},
        {"_n": 2, "_src": 0, "_row": 3, "_verdict": "invalid", "_code": "required;timezone", "_message": "a;b"},
    )
    devices = _records(
        "device",
        {
            "_n": 1,
            "_src": 1,
            "_row": 2,
            "external_site_id": "S-1",
            "external_device_id": "D-1",
            "_verdict": "blocked",
            "_code": "blocked",
            "_message": "site S-1 is invalid",
        },
    )

    outcomes = resolve({"site": sites, "device": devices}, SOURCES, stage="check")

    assert outcomes.schema == OUTCOMES_SCHEMA
    assert outcomes["_n"].to_list() == [0, 1, 2]
    assert outcomes.select("file", "sheet", "row", "record", "external_id", "external_site_id").rows() == [
        ("sites.csv", None, 2, "site", "S-1", "S-1"),
        ("book.xlsx", "Cameras", 2, "device", "D-1", "S-1"),
        ("sites.csv", None, 3, "site", None, None),
    ]
    assert outcomes.select("action", "outcome", "retryable", "code", "message", "attempts").rows() == [
        ("none", "valid", False, None, None, 0),
        ("none", "blocked", True, "blocked", "site S-1 is invalid", 0),
        ("none", "invalid", False, "required;timezone", "a;b", 0),
    ]


def test_a_plan_says_what_would_be_done_and_which_remote_record_it_is() -> None:
    sites = _records(
        "site",
        _planned(0, "planned", _action="create"),
        _planned(1, "planned", _action="update", _remote_id=71),
        _planned(2, "skipped", _remote_id=72, _code="differs", _message="name: A → B"),
        _planned(3, "invalid"),
    )

    outcomes = resolve({"site": sites}, SOURCES, stage="plan")

    assert outcomes.select("action", "outcome", "remote_id", "message").rows() == [
        ("create", "planned", None, None),
        ("update", "planned", "71", None),
        ("none", "skipped", "72", "name: A → B"),
        ("none", "invalid", None, None),
    ]


def test_answers_speak_for_planned_records_and_the_others_stand() -> None:
    sites = _records(
        "site",
        _planned(0, "planned", _action="create"),
        _planned(1, "planned", _action="update", _remote_id=71),
        _planned(2, "unchanged", _remote_id=72),
        _planned(3, "planned", _action="create"),
        _planned(4, "planned", _action="create", _code="note", _message="from the plan"),
    )
    answers = _results(
        {"_n": 0, "outcome": "created", "remote_id": "9", "status_code": 201, "attempts": 2, "trace_id": "t-0"},
        {"_n": 1, "outcome": "failed", "retryable": True, "code": "http_503", "message": "no", "attempts": 3},
        {"_n": 2, "outcome": "failed", "code": "stray"},
        {"_n": 4, "outcome": "blocked"},
    )

    outcomes = resolve({"site": sites}, SOURCES, stage="apply", results=answers)

    assert outcomes.select(
        "outcome", "retryable", "code", "status_code", "remote_id", "attempts", "trace_id"
    ).rows() == [
        ("created", False, None, 201, "9", 2, "t-0"),
        ("failed", True, "http_503", None, "71", 3, None),
        ("unchanged", False, None, None, "72", 0, None),
        ("pending", True, None, None, None, 0, None),
        ("blocked", True, None, None, None, 0, None),
    ]
    assert outcomes["message"].to_list() == [None, "no", None, None, None]


def test_an_apply_without_answers_is_pending() -> None:
    sites = _records("site", _planned(0, "planned", _action="create"))

    assert resolve({"site": sites}, SOURCES, stage="apply")["outcome"].to_list() == ["pending"]


def test_a_station_belongs_to_no_site() -> None:
    stations = _records("station", {"_n": 0, "_src": 0, "_row": 2, "external_monitoring_station_id": "CS-1"})

    outcomes = resolve({"station": stations}, SOURCES, stage="check")

    assert outcomes.select("external_id", "external_site_id").row(0) == ("CS-1", None)


def test_no_records_have_no_outcomes() -> None:
    assert resolve({}, SOURCES, stage="check").schema == OUTCOMES_SCHEMA
    assert resolve({}, SOURCES, stage="check").is_empty()


@pytest.mark.parametrize("numbers", [[0, 7], [0, 0]])
def test_an_answer_to_no_record_or_a_second_one_is_a_defect(numbers: list[int]) -> None:
    sites = _records("site", _planned(0, "planned", _action="create"))
    answers = _results(*({"_n": number, "outcome": "created"} for number in numbers))

    with pytest.raises(Defect, match="answers"):
        resolve({"site": sites}, SOURCES, stage="apply", results=answers)
